//! What the list of executions shows of a run besides the executions themselves.

use insight::{
    causes::{Cause, causes},
    tally::Tally,
};
use model::{Changes, Run};

/// What the list of executions shows of a run besides the executions themselves.
#[derive(Default)]
pub struct Listing {
    /// Which executions are over, and which of them did not succeed.
    pub tally: Tally,
    /// Why these did not succeed, a line for each cause; absent until it is asked for.
    causes: Option<Vec<String>>,
}

impl Listing {
    /// The listing of a run as it is now.
    pub fn of(run: &Run) -> Self {
        Self { tally: Tally::of(run), causes: None }
    }

    /// Takes in what changed in the run; always the same run.
    pub fn take(&mut self, run: &Run, changes: &Changes) {
        if self.tally.take(run, changes) {
            self.causes = None;
        }
    }

    /// Why executions did not succeed; the cause with the most executions first.
    pub fn causes(&mut self, run: &Run) -> &[String] {
        self.causes.get_or_insert_with(|| {
            let failed = self.tally.failed().iter().filter_map(|id| run.executions.get(id as usize));
            causes(failed.map(|execution| (run, execution))).iter().map(cause_text).collect()
        })
    }
}

/// `20 × exception: ValueError: bad`, and what to do about it where that is known.
fn cause_text(cause: &Cause<'_>) -> String {
    let mend = cause.mend.map_or_else(String::new, |mend| format!(". To mend it: {mend}."));
    format!("{} × {}{mend}", cause.count, cause.sentence)
}
