//! Sentences that say why an execution or a run was ended, and how to fix it.

use super::{
    loading::not_loaded,
    overdue::{Carrier, Overdue},
    rules::Rules,
};
use crate::outcome::Demand;
use model::{Execution, Target, duration::limit_text};
use std::time::Duration;

impl Rules {
    /// Why an execution that exceeded this limit is to end.
    pub fn demand(&self, what: Overdue, execution: &Execution) -> Demand {
        let limit_ns = self.limits(execution).call_ns.unwrap_or(0);
        let limit = limit_text(Duration::from_nanos(limit_ns));
        let held = |why: String| Demand::Held(why.into());
        match (what, self.place(execution)) {
            (Overdue::Call, _) => Demand::Timeout(limit_ns),
            (Overdue::Load, _) => {
                let place = " in the process that was started for it";
                Demand::NotBegun(not_loaded(&self.source(execution), place, "", self.load_timeout).into())
            }
            (Overdue::Exit, Carrier::Process) if self.python => held(format!(
                "the function returned, but its process can't exit, and its timeout of {limit} ended it: threads of its \
                 own that go on are waited for, and so is what it has put on a multiprocessing queue until somebody takes \
                 it; end those threads, and empty the queue before the join"
            )),
            (Overdue::Exit, Carrier::Process) => {
                held(format!("it returned, but its process did not exit, and its timeout of {limit} ended it"))
            }
            (Overdue::Exit, _) => held(format!(
                "the function returned, but its thread did not come to its end, and its timeout of {limit} ended it"
            )),
            (Overdue::Result, _) => held(format!(
                "the function returned, but its result did not come back from the pool, and its timeout of {limit} ended \
                 it; return less, or what can be pickled quickly"
            )),
        }
    }

    /// Why an execution that no pool worker has taken did not begin.
    pub fn not_taken(&self, execution: &Execution) -> String {
        format!(
            "no worker of the pool took it within {}: none started, none finished loading {}, or its arguments did not \
             arrive; code at the top level belongs under `if __name__ == \"__main__\":`, and what really takes so long \
             needs a longer load_timeout",
            limit_text(self.load_timeout),
            self.source(execution)
        )
    }

    /// Why a run is ended together with an execution that does not end by itself.
    pub fn shared_end(&self, execution: &Execution) -> String {
        let why = match self.is_apart(execution) {
            true => "its own process can't be ended, so the whole run was",
            false => "a thread can't be killed, so its whole process was",
        };
        format!("`{}` ran past its timeout and did not stop; {why}", execution.label())
    }

    /// The file or module of the task's function, as the plan names it.
    fn source(&self, execution: &Execution) -> String {
        match self.target(execution) {
            Target::Python(python) if python.is_file() => python.source.clone(),
            Target::Python(python) => format!("module {}", python.source),
            target => target.to_string(),
        }
    }
}

/// Why a run is ended if its launcher does not join an execution that is gone.
pub fn not_joined(execution: &Execution) -> String {
    format!(
        "`{}` ran past its timeout; its process, by its slot, is gone, and its launcher did not join it",
        execution.label()
    )
}
