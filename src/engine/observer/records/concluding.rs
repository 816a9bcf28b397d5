//! How executions ended, and what they returned.

use super::{
    Records,
    slot::{clocked, usage_of},
};
use crate::outcome::{Known, RunnerEnd};
use model::{Outcome, OutcomeKind, Stage, Target, Task};
use protocol::slots::{Reported, Slot, Word};
use targets::ResultKind;

/// How to show a result that is in a slot's word.
#[derive(Clone, Copy)]
pub(super) enum Shown {
    Native(ResultKind),
    Python,
}

/// How to show the results of a task; absent for a program.
pub(super) fn result_kind(task: &Task) -> Option<Shown> {
    match &task.target {
        Target::Builtin(name) => targets::find(name).map(|target| Shown::Native(target.result)),
        Target::Program(_) => None,
        Target::Python(_) => Some(Shown::Python),
    }
}

impl Records {
    /// Records how an execution ended; `runner` is present once the run is over.
    pub(super) fn conclude(&mut self, slot: Slot<'_>, id: usize, runner: Option<&RunnerEnd>) {
        let process = slot.counted(Word::WaitStatus).map(|status| os::end_of(status as i32));
        let known = Known {
            verdict: slot.verdict(),
            process,
            exit_status: slot.word(Word::Result) as i32,
            demand: self.demands.get(&(id as u32)),
            message: self.said.message(id as u32),
            launched: slot.stage(Stage::LaunchCalled) != 0,
            joined: slot.stage(Stage::Joined) != 0,
            runner,
        };
        let mut outcome = known.outcome();
        // If an execution succeeded after all, its place is outdated. If its pool broke because of another's timeout,
        // it was there until the end.
        let ended = matches!(outcome.kind, OutcomeKind::TimedOut | OutcomeKind::Lost)
            || known.verdict == Some(Reported::PoolBroke);
        let at = self.said.place(id as u32).filter(|_| ended);
        if let Some((place, _)) = at {
            let message = outcome.message.as_deref().unwrap_or("it was ended");
            outcome.message = Some(Outcome::message_at(message, place));
        }
        let result = self.result_of(slot, id);
        let execution = &mut self.executions[id];
        execution.result = result.filter(|_| outcome.is_success());
        let traceback = self.said.traceback(id as u32).or(at.map(|(_, stack)| stack));
        execution.traceback = traceback.map(Into::into);
        // The host counts migrations, and may already have done so.
        let migrations = execution.usage.as_ref().and_then(|usage| usage.migrations);
        execution.usage = usage_of(slot, migrations);
        if execution.states.is_none() {
            execution.states = execution.stamps.in_target_ns().and_then(|wall_ns| clocked(slot, wall_ns)).map(Box::new);
        }
        execution.outcome = Some(outcome);
    }

    fn result_of(&self, slot: Slot<'_>, id: usize) -> Option<serde_json::Value> {
        let shown = self.result_kinds.get(self.executions[id].task_index as usize).copied().flatten();
        match (slot.verdict()?, shown) {
            (Reported::Returned, Some(Shown::Native(kind))) => Some(kind.json(slot.word(Word::Result) as u64)),
            (Reported::Returned, Some(Shown::Python)) => Some(slot.word(Word::Result).into()),
            (Reported::ReturnedNone, _) => Some("None".into()),
            (Reported::ReturnedText, _) => self.said.result(id as u32).map(Into::into),
            _ => None,
        }
    }
}
