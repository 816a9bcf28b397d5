//! What the ending of a run depends on, besides the clock and its inputs.

use model::{Execution, Stage};

/// A run as it is now. Each answer is computed only on demand, since there may be a million executions.
pub trait Sight {
    /// How many executions the run has.
    fn count(&self) -> usize;
    /// Executions with a smaller number than this may have been launched.
    fn launched(&self) -> i64;
    /// Executions that were launched and have not ended, in the order in which they began.
    fn in_flight(&self) -> impl Iterator<Item = &Execution>;
    /// When an execution reached a stage, ns of CLOCK_MONOTONIC; 0 if it has not.
    fn stage(&self, id: u32, stage: Stage) -> i64;
    /// The process of an execution, if known.
    fn process(&self, id: u32) -> Option<u32>;
    /// The thread of an execution, if known.
    fn thread(&self, id: u32) -> Option<u32>;
    /// Whether a process, or a thread of it, exists and has not ended.
    fn is_running(&self, process: u32, thread: Option<u32>) -> bool;
    /// Since when the launcher has been blocked in a join, and of which execution; that is absent if it waits for
    /// whichever ends first.
    fn waits(&self) -> Option<(i64, Option<u32>)>;
    /// The state of the launcher's process.
    fn launcher(&self, process: u32) -> Launcher;
}

/// The state of a launcher's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Launcher {
    /// It runs, or waits for something.
    GoesOn,
    /// It was stopped (SIGSTOP).
    Stopped,
    /// It is gone.
    Ended,
}
