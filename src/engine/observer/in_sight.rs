//! What the ending can see of a run, in its slots and among the system's processes.

use super::records::Records;
use crate::ending::{Launcher, Sight};
use model::{Execution, Stage};
use protocol::slots::{Head, Slots, Word};

/// A run as it is now.
pub struct InSight<'a> {
    records: &'a Records,
    slots: &'a Slots,
}

impl<'a> InSight<'a> {
    /// For a run with these slots.
    pub fn new(records: &'a Records, slots: &'a Slots) -> Self {
        Self { records, slots }
    }

    fn number(&self, id: u32, word: Word) -> Option<u32> {
        u32::try_from(self.slots.slot(id as usize).word(word)).ok().filter(|number| *number != 0)
    }
}

impl Sight for InSight<'_> {
    fn count(&self) -> usize {
        self.records.executions().len()
    }

    fn launched(&self) -> i64 {
        self.slots.head(Head::Launched)
    }

    fn in_flight(&self) -> impl Iterator<Item = &Execution> {
        self.records.in_flight(self.slots).map(|(execution, _)| execution)
    }

    fn stage(&self, id: u32, stage: Stage) -> i64 {
        self.slots.slot(id as usize).stage(stage)
    }

    fn process(&self, id: u32) -> Option<u32> {
        self.number(id, Word::Pid)
    }

    fn thread(&self, id: u32) -> Option<u32> {
        self.number(id, Word::Tid)
    }

    fn is_running(&self, process: u32, thread: Option<u32>) -> bool {
        os::is_running(process, thread)
    }

    fn waits(&self) -> Option<(i64, Option<u32>)> {
        self.slots.waits()
    }

    fn launcher(&self, process: u32) -> Launcher {
        match os::seen_process(process) {
            Some(seen) if seen.stopped => Launcher::Stopped,
            Some(seen) if !seen.ended => Launcher::GoesOn,
            // That nothing can be read about a process, for want of a descriptor, does not mean that it has ended.
            _ if os::is_running(process, None) => Launcher::GoesOn,
            _ => Launcher::Ended,
        }
    }
}
