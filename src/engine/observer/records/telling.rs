//! What is reported about executions, and then forgotten.

use super::{Records, slot::usage_of};
use crate::observer::measured::Measured;
use model::{Did, Execution};
use protocol::slots::Slots;

impl Records {
    /// Stores what is known of some executions' states.
    pub fn take_states(&mut self, slots: &Slots, ids: &[u32], known: &Measured) {
        for id in ids.iter().copied() {
            let Some(execution) = self.executions.get_mut(id as usize) else { continue };
            let slot = slots.slot(id as usize);
            if let Some((members, own)) = known.own(id) {
                (execution.members, execution.own) = (members.into(), Some(Box::new(own)));
            }
            if let Some(wall_ns) = execution.stamps.in_target_ns() {
                let program = self.result_kinds[execution.task_index as usize].is_none();
                execution.states = known.states(id, slot, program, wall_ns).map(Box::new);
            }
            if execution.outcome.is_some() {
                execution.usage = usage_of(slot, known.migrations(id));
            }
        }
    }

    /// What an execution that has ended did, as far as it is measured by now.
    pub fn did(&self, slots: &Slots, id: u32, known: &Measured) -> Option<Did> {
        let execution = self.executions.get(id as usize)?;
        let program = self.result_kinds[execution.task_index as usize].is_none();
        let states = execution
            .stamps
            .in_target_ns()
            .and_then(|wall_ns| known.states(id, slots.slot(id as usize), program, wall_ns));
        Some(Did { execution: id, states, migrations: known.migrations(id) })
    }

    /// Executions as they are now known, to be reported. For those that have ended, what they used and did is removed
    /// here.
    pub fn told(&mut self, ids: Vec<u32>) -> Vec<Execution> {
        let mut told = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(execution) = self.executions.get_mut(id as usize) else { continue };
            if execution.outcome.is_none() {
                told.push(execution.clone());
                continue;
            }
            let (usage, states) = (execution.usage.take(), execution.states.take());
            told.push(Execution { usage, states, ..execution.clone() });
            // The peaks of processes are needed when the run is over.
            let usage = told.last().and_then(|told| told.usage.as_ref());
            execution.usage = usage.filter(|usage| usage.max_rss_bytes.is_some()).cloned();
        }
        told
    }

    /// CPU time by the clocks of all executions.
    pub fn counted_ns(&self, slots: &Slots) -> u64 {
        let counted = (0..self.executions.len()).filter_map(|id| usage_of(slots.slot(id), None)?.cpu_ns());
        counted.fold(0, u64::saturating_add)
    }

    /// Whether an execution has ended.
    pub fn is_over(&self, id: u32) -> bool {
        self.executions.get(id as usize).is_some_and(|execution| execution.outcome.is_some())
    }
}
