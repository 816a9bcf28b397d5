//! What was seen of a run that is over.

use super::{measured::Measured, records::Records};
use model::{Execution, LeftProcess, RunEvent};
use protocol::slots::Slots;
use std::sync::Arc;

/// What was seen of a run that is over.
pub struct Observed {
    /// What is to be told of it last.
    pub events: Vec<RunEvent>,
    records: Records,
    measured: Measured,
    slots: Arc<Slots>,
}

impl Observed {
    pub(super) fn new(events: Vec<RunEvent>, records: Records, measured: Measured, slots: Arc<Slots>) -> Self {
        Self { events, records, measured, slots }
    }

    /// The executions, each with its outcome.
    pub fn executions(&self) -> &[Execution] {
        self.records.executions()
    }

    /// CPU time by the clocks of all executions; absent where the kernel's records tell who ran when.
    pub fn clocked_ns(&self) -> Option<u64> {
        (!self.measured.has_records()).then(|| self.records.counted_ns(&self.slots))
    }

    /// Notes of processes that were left behind which execution started them, where records tell.
    pub fn name_starters(&self, left: &mut [LeftProcess]) {
        self.measured.name_starters(left);
    }

    /// Why executions could not be looked at, in one sentence; absent where all could.
    pub fn states_note(&self) -> Option<String> {
        self.measured.states_note()
    }
}
