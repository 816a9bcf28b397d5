//! What was observed of a run that is over.

use super::{measured::Measured, records::Records};
use model::{Execution, LeftProcess, RunEvent};
use protocol::slots::Slots;
use std::sync::Arc;

/// What was observed of a run that is over.
pub struct Observed {
    /// The last events of the run.
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

    /// CPU time by the clocks of all executions; absent if there are switch records.
    pub fn clocked_ns(&self) -> Option<u64> {
        (!self.measured.has_records()).then(|| self.records.counted_ns(&self.slots))
    }

    /// Sets, for processes that were left behind, which execution started them, as far as the records tell.
    pub fn name_starters(&self, left: &mut [LeftProcess]) {
        self.measured.name_starters(left);
    }

    /// Why executions could not be sampled, in one sentence; absent if all could.
    pub fn states_note(&self) -> Option<String> {
        self.measured.states_note()
    }
}
