//! How far a run is and which of its executions did not succeed, kept while the run goes on.

use super::answers::silent_join_of;
use model::{Changes, Ids, Run, RunPart};

/// Which executions of a run are over, and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    over: Ids,
    failed: Ids,
    silent: Ids,
}

impl Tally {
    /// The tally of a run as it is.
    pub fn of(run: &Run) -> Self {
        let mut tally = Self::default();
        tally.take(run, &Changes::all(run));
        tally
    }

    /// Takes in what changed in the run; always the same run. Says whether anything of an execution that did not succeed
    /// is another than before.
    pub fn take(&mut self, run: &Run, changes: &Changes) -> bool {
        let mut failures = false;
        for execution in changes.executions_of(run) {
            let (id, failed) = (execution.id, execution.failed());
            failures |= failed || self.failed.contains(id);
            hold(&mut self.over, id, execution.outcome.is_some());
            hold(&mut self.failed, id, failed);
            hold(&mut self.silent, id, silent_join_of(run, execution).is_some());
        }
        if changes.has(RunPart::End) {
            // Of a million executions that are all over nothing is left but two numbers.
            self.over.optimize();
        }
        failures
    }

    /// How many executions are over.
    pub fn over(&self) -> usize {
        self.over.len() as usize
    }

    /// Those that did not succeed.
    pub fn failed(&self) -> &Ids {
        &self.failed
    }

    /// Whether `join()` did not raise what an execution raised.
    pub fn has_silent_join(&self) -> bool {
        !self.silent.is_empty()
    }
}

/// Lets a set hold an execution, or not.
fn hold(ids: &mut Ids, id: u32, held: bool) {
    if held {
        ids.insert(id);
    } else {
        ids.remove(id);
    }
}
