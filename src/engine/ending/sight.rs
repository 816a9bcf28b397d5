//! What the ending of a run depends on, besides the clock and what it is told.

use model::{Execution, Stage};

/// A run as it is now: asked for only as far as something depends on it, for there may be a million executions.
pub trait Sight {
    /// How many executions the run has.
    fn count(&self) -> usize;
    /// Executions up to this one may have been launched.
    fn launched(&self) -> i64;
    /// Executions that were launched and have not ended, those that began the earliest first.
    fn in_flight(&self) -> impl Iterator<Item = &Execution>;
    /// When an execution reached a stage, ns of CLOCK_MONOTONIC; 0 where it has not.
    fn stage(&self, id: u32, stage: Stage) -> i64;
    /// The process of an execution, where that is known.
    fn process(&self, id: u32) -> Option<u32>;
    /// The thread of an execution, where that is known.
    fn thread(&self, id: u32) -> Option<u32>;
    /// Whether a process, or a thread of it, is there and has not ended.
    fn is_running(&self, process: u32, thread: Option<u32>) -> bool;
    /// Since when the launcher is blocked in a join, and in whose: absent where it waits for whichever ends first.
    fn waits(&self) -> Option<(i64, Option<u32>)>;
    /// How the launcher's process is.
    fn launcher(&self, process: u32) -> Launcher;
}

/// How a launcher's process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Launcher {
    /// It runs, or waits for something.
    GoesOn,
    /// Somebody has stopped it (SIGSTOP).
    Stopped,
    /// It is gone.
    Ended,
}
