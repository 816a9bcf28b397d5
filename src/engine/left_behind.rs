//! The processes that a run left behind, as its launcher and its guard report them.

use model::LeftProcess;
use protocol::slots::{Slots, Word};
use std::collections::{BTreeMap, HashMap};

/// What multiprocessing starts for itself, and leaves to end by itself.
const HELPERS: [&str; 2] = ["multiprocessing.resource_tracker", "multiprocessing.forkserver"];

/// The processes that a run left behind, by their numbers.
#[derive(Default)]
pub struct LeftBehind(BTreeMap<u32, LeftProcess>);

impl LeftBehind {
    /// Takes in a report about one process.
    pub fn hear(&mut self, process: LeftProcess) {
        match self.0.get_mut(&process.pid) {
            Some(known) => known.merge(process),
            None => drop(self.0.insert(process.pid, process)),
        }
    }

    /// The processes to report, together with those that the host itself saw (`seen`), each once. The executions' own
    /// processes are left out: they have outcomes. If the run was cut short, everything was ended, and only processes
    /// that could not be ended matter.
    pub fn of_run(self, complete: bool, slots: &Slots, seen: Vec<LeftProcess>) -> Vec<LeftProcess> {
        if self.0.is_empty() && seen.is_empty() {
            return Vec::new();
        }
        let own = processes(slots);
        let is_told = |process: &LeftProcess| {
            let is_helper = HELPERS.iter().any(|helper| process.command.contains(helper));
            // A process without a command line was already ending by itself.
            let was_left =
                complete && !process.command.is_empty() && !is_helper && !own.contains_key(&process.pid.into());
            process.remains() || was_left
        };
        let mut told = Self(self.0.into_iter().filter(|(_, process)| is_told(process)).collect());
        seen.into_iter().for_each(|process| told.hear(process));
        let name = |process: LeftProcess| {
            let execution = process.execution.or_else(|| own.get(&process.pid.into()).copied().flatten());
            LeftProcess { execution, ..process }
        };
        told.0.into_values().map(name).collect()
    }
}

/// The executions' own processes; for each its execution, if it has only one.
fn processes(slots: &Slots) -> HashMap<i64, Option<u32>> {
    let mut own = HashMap::new();
    for execution in 0..slots.count() {
        let pid = slots.slot(execution).word(Word::Pid);
        own.entry(pid).and_modify(|only| *only = None).or_insert(u32::try_from(execution).ok());
    }
    own
}
