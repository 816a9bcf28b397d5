//! Whom a run left behind, as its launcher and its guard tell it.

use crate::{
    model::{LeftEnd, LeftProcess},
    protocol::slots::{Slots, Word},
};
use std::collections::{BTreeMap, HashSet};

/// What multiprocessing starts for itself, and leaves to end by itself.
const HELPERS: [&str; 2] = ["multiprocessing.resource_tracker", "multiprocessing.forkserver"];

/// Whom a run left behind, by their numbers.
#[derive(Default)]
pub struct LeftBehind(BTreeMap<u32, LeftProcess>);

impl LeftBehind {
    /// Takes in what is said of one.
    pub fn hear(&mut self, process: LeftProcess) {
        match self.0.get_mut(&process.pid) {
            Some(known) => known.merge(process),
            None => drop(self.0.insert(process.pid, process)),
        }
    }

    /// Those of them that are told. The executions' own processes have outcomes. Where a run was cut short everybody was
    /// ended, and only who could not be is of interest.
    pub fn of_run(self, complete: bool, slots: &Slots) -> Vec<LeftProcess> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let own: HashSet<i64> = (0..slots.count()).map(|execution| slots.slot(execution).word(Word::Pid)).collect();
        let is_told = |process: &LeftProcess| {
            let is_helper = HELPERS.iter().any(|helper| process.command.contains(helper));
            let was_left = complete && !is_helper && !own.contains(&i64::from(process.pid));
            process.end == Some(LeftEnd::Remains) || was_left
        };
        self.0.into_values().filter(is_told).collect()
    }
}
