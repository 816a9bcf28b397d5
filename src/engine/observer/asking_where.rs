//! Shortly before a timeout, asks Python where its executions are: after they are ended, they can't say it. The
//! runner's own handler is asked first; for executions that have not answered a little later, faulthandler is.

use super::{
    asking_stacks::{AskingStacks, Silent},
    records::Records,
};
use model::{Plan, Setting, Stage, Target};
use protocol::slots::{Slot, Slots, Word};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

/// How long before the timeout to ask; for short timeouts a quarter of the timeout.
const AHEAD_NS: u64 = 500_000_000;

/// How long Python has for its answer before faulthandler is asked, which can't tell a running thread's calls.
const PATIENCE_NS: i64 = 40_000_000;

/// Which executions to ask, and when.
pub struct AskingWhere {
    /// For each task, how long after *entered* to ask; absent without a timeout or if the target can't answer.
    after_ns: Vec<Option<u64>>,
    /// When each execution's process was asked; absent once its stacks were asked for.
    asked: HashMap<u32, Option<i64>>,
    stacks: AskingStacks,
}

impl AskingWhere {
    /// For a run in this folder.
    pub fn new(plan: &Plan, setting: Setting, folder: &Path) -> Self {
        let after_ns = |index: usize| {
            let python = setting.interpreter.is_some() && matches!(plan.tasks[index].target, Target::Python(_));
            let limit = u64::try_from(plan.timeout_of(index)?.as_nanos()).ok()?;
            python.then(|| limit - AHEAD_NS.min(limit / 4))
        };
        let after_ns = (0..plan.tasks.len()).map(after_ns).collect();
        Self { after_ns, asked: HashMap::new(), stacks: AskingStacks::new(folder) }
    }

    /// Takes in the answers since the last call.
    pub fn take_in(&self, records: &mut Records) {
        self.stacks.answered().for_each(|text| records.hear_late(text));
    }

    /// Asks the processes of executions whose timeout is near, and takes in answers; call it every tick.
    pub fn tick(&mut self, now: i64, slots: &Slots, records: &mut Records) {
        self.take_in(records);
        let mut processes = HashSet::new();
        let mut silent = Vec::new();
        for (execution, slot) in records.in_flight(slots) {
            let Some(after_ns) = self.after_ns[execution.task_index as usize] else { continue };
            let entered = slot.stage(Stage::Entered);
            let inside = entered != 0 && [Stage::Left, Stage::Exited].iter().all(|stage| slot.stage(*stage) == 0);
            if !inside || u64::try_from(now.saturating_sub(entered)).is_ok_and(|ns| ns <= after_ns) {
                continue;
            }
            match self.asked.get_mut(&execution.id) {
                None => {
                    self.asked.insert(execution.id, Some(now));
                    processes.extend(number(slot, Word::Pid));
                }
                Some(asked) if asked.is_some_and(|asked| now - asked > PATIENCE_NS) => {
                    *asked = None;
                    let threads = number(slot, Word::Pid).zip(number(slot, Word::Tid));
                    let threads = threads.filter(|_| !records.knows_place(execution.id));
                    silent.extend(threads.map(|(pid, tid)| Silent { execution: execution.id, pid, tid }));
                }
                Some(_) => {}
            }
        }
        processes.into_iter().for_each(os::ask_where);
        if !silent.is_empty() {
            self.stacks.ask(silent);
        }
    }
}

/// A process's or a thread's number in a slot; absent before it is known.
fn number(slot: Slot<'_>, word: Word) -> Option<u32> {
    u32::try_from(slot.word(word)).ok().filter(|number| *number != 0)
}
