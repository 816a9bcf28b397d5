//! Shortly before a timeout, Python is asked where its executions are: whoever is ended then can't say it any more.

use super::records::Records;
use crate::{
    model::{Plan, RunSetting, Stage, Target},
    os,
    protocol::slots::{Slots, Word},
};
use std::collections::HashSet;

/// It is asked so long before the timeout, or a quarter of that before.
const AHEAD_NS: u64 = 500_000_000;

/// Whom to ask when.
pub struct AskingWhere {
    /// For each task, how long after it entered; absent where there is no timeout, or nobody who could tell.
    after_ns: Vec<Option<u64>>,
    asked: HashSet<u32>,
}

impl AskingWhere {
    pub fn new(plan: &Plan, setting: RunSetting) -> Self {
        let after_ns = |index: usize| {
            let python = setting.interpreter.is_some() && matches!(plan.tasks[index].target, Target::Python(_));
            let limit = u64::try_from(plan.timeout_of(index)?.as_nanos()).ok()?;
            python.then(|| limit - AHEAD_NS.min(limit / 4))
        };
        Self { after_ns: (0..plan.tasks.len()).map(after_ns).collect(), asked: HashSet::new() }
    }

    /// Asks the processes of those whose timeout is near; call it every tick.
    pub fn tick(&mut self, now: i64, slots: &Slots, records: &Records) {
        let mut processes = HashSet::new();
        for (execution, slot) in records.in_flight(slots) {
            let Some(after_ns) = self.after_ns[execution.task_index as usize] else { continue };
            let entered = slot.stage(Stage::Entered);
            let inside = entered != 0 && [Stage::Left, Stage::Exited].iter().all(|stage| slot.stage(*stage) == 0);
            if inside && u64::try_from(now - entered).is_ok_and(|ns| ns > after_ns) && self.asked.insert(execution.id) {
                processes.extend(u32::try_from(slot.word(Word::Pid)).ok().filter(|pid| *pid != 0));
            }
        }
        processes.into_iter().for_each(os::ask_where);
    }
}
