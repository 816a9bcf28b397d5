//! The host's record of a run's executions: slots and texts in, changed executions out.

mod concluding;
mod said;
mod slot;
mod telling;
#[cfg(test)]
mod tests;

use crate::outcome::{Demand, RunnerEnd};
use concluding::{Shown, result_kind};
use model::{Execution, Stage, Task};
use protocol::{
    sending::SendingFile,
    slots::{Head, Reported, Slot, Slots},
    text::Text,
};
use said::Said;
use slot::{came_back, copy_stamps, words_set};
use std::{collections::HashMap, sync::Arc};

/// A search for newly begun executions stops after this many in a row that have not begun: most begin in the order of
/// their numbers.
const AHEAD: usize = 1024;
/// How many of the later executions are also checked each time, in turns: chunks of a pool begin far apart.
const ROUND: usize = 16 * 1024;
/// A flag in `seen`: the execution has begun, so it is in flight or over.
const BEGUN: u8 = 0x80;

/// The host's record of a run's executions.
///
/// What an execution used and did is stored here until it has ended and was reported. Later it is read again from the
/// slot and the measurements, if more becomes known.
pub struct Records {
    executions: Vec<Execution>,
    /// For each execution how many words of its slot were set at the last look, and [`BEGUN`].
    seen: Vec<u8>,
    /// All executions before this one have begun or are over.
    next: usize,
    /// Where the next check of later executions begins.
    turn: usize,
    /// Executions that had begun and were not over at the last look.
    open: Vec<u32>,
    said: Said,
    demands: HashMap<u32, Demand>,
    /// Executions that have changed since they were reported, in the order in which they began.
    changed: Vec<u32>,
    /// How each task's result is shown; absent for a program.
    result_kinds: Vec<Option<Shown>>,
    /// What is sent for each execution, if anything is.
    sending: Option<Arc<SendingFile>>,
}

impl Records {
    /// Records in which nothing has happened yet.
    pub fn new(executions: Vec<Execution>, tasks: &[Task]) -> Self {
        let seen = vec![0; executions.len()];
        let result_kinds = tasks.iter().map(result_kind).collect();
        Self {
            executions,
            seen,
            next: 0,
            turn: 0,
            open: Vec::new(),
            said: Said::default(),
            demands: HashMap::new(),
            changed: Vec::new(),
            result_kinds,
            sending: None,
        }
    }

    /// The same, for executions that are sent something.
    pub fn with_sending(self, sending: Option<Arc<SendingFile>>) -> Self {
        Self { sending, ..self }
    }

    /// The executions as they are now known.
    pub fn executions(&self) -> &[Execution] {
        &self.executions
    }

    /// Records why the host wants an execution to end; the first reason counts.
    pub fn demand(&mut self, execution: u32, demand: Demand) {
        self.demands.entry(execution).or_insert(demand);
    }

    /// Records why the host wants all executions to end that have not; for each the first reason counts.
    pub fn demand_of_rest(&mut self, demand: &Demand) {
        let Self { executions, demands, .. } = self;
        for execution in executions.iter().filter(|execution| execution.outcome.is_none()) {
            demands.entry(execution.id).or_insert_with(|| demand.clone());
        }
    }

    /// Takes in a text about an execution.
    pub fn hear(&mut self, text: Text) {
        self.said.hear(text, &mut self.executions);
    }

    /// Takes in where an execution is, unless it has already said so itself.
    pub fn hear_late(&mut self, text: Text) {
        if !matches!(text, Text::Where { execution, .. } if self.knows_place(execution)) {
            self.hear(text);
        }
    }

    /// Whether it is known where an execution was shortly before its timeout.
    pub fn knows_place(&self, execution: u32) -> bool {
        self.said.place(execution).is_some()
    }

    /// Executions that were launched and have not ended, with their slots.
    pub fn in_flight<'a>(&'a self, slots: &'a Slots) -> impl Iterator<Item = (&'a Execution, Slot<'a>)> {
        // Executions that began since the last look have the next numbers.
        let fresh = self.next..self.launched(slots).min(self.next + AHEAD);
        let fresh = fresh.filter(|id| self.seen[*id] & BEGUN == 0);
        self.open.iter().map(|id| *id as usize).chain(fresh).filter_map(|id| {
            let (execution, slot) = (&self.executions[id], slots.slot(id));
            (execution.outcome.is_none() && slot.stage(Stage::LaunchCalled) != 0).then_some((execution, slot))
        })
    }

    fn launched(&self, slots: &Slots) -> usize {
        usize::try_from(slots.head(Head::Launched)).unwrap_or(0).min(self.executions.len())
    }

    /// Reads the slots, and notes which executions have changed. `runner` is present once the run is over. The work
    /// depends on how many executions are in flight, not on how many there are.
    pub fn scan(&mut self, slots: &Slots, runner: Option<&RunnerEnd>) {
        let origin = slots.head(Head::Origin);
        if origin == 0 && runner.is_none() {
            return;
        }
        let look = Look { slots, origin, runner };
        for id in std::mem::take(&mut self.open) {
            self.look(&look, id as usize);
        }
        if runner.is_some() {
            (self.next..self.executions.len()).for_each(|id| self.look_for_begun(&look, id));
        } else {
            self.find_begun(&look);
        }
        self.add_late_texts(&look);
    }

    /// Executions that have changed since they were reported, in the order in which they began.
    pub fn changed(&self) -> &[u32] {
        &self.changed
    }

    /// Takes these out, to report them now.
    pub fn take_changed(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.changed)
    }

    /// Searches for newly begun executions.
    fn find_begun(&mut self, look: &Look<'_>) {
        let end = self.launched(look.slots);
        let (mut id, mut waiting) = (self.next, 0);
        while id < end && waiting < AHEAD {
            self.look_for_begun(look, id);
            waiting = if self.seen[id] & BEGUN == 0 { waiting + 1 } else { 0 };
            id += 1;
        }
        while self.next < end && self.seen[self.next] & BEGUN != 0 {
            self.next += 1;
        }
        let from = if (id..end).contains(&self.turn) { self.turn } else { id };
        self.turn = end.min(from + ROUND);
        (from..self.turn).for_each(|id| self.look_for_begun(look, id));
    }

    fn look_for_begun(&mut self, look: &Look<'_>, id: usize) {
        if self.seen[id] & BEGUN == 0 {
            self.look(look, id);
        }
    }

    fn look(&mut self, look: &Look<'_>, id: usize) {
        if self.refresh(look, id) {
            self.changed.push(id as u32);
        }
        if self.seen[id] & BEGUN != 0 && self.executions[id].outcome.is_none() {
            self.open.push(id as u32);
        }
    }

    /// A text may arrive after the stamps that ended its execution.
    fn add_late_texts(&mut self, look: &Look<'_>) {
        for id in self.said.take_touched() {
            let Some(execution) = self.executions.get(id as usize) else { continue };
            if execution.outcome.is_some() {
                self.conclude(look.slots.slot(id as usize), id as usize, look.runner);
                self.changed.push(id);
            }
        }
    }

    fn refresh(&mut self, look: &Look<'_>, id: usize) -> bool {
        if self.executions[id].outcome.is_some() {
            return false;
        }
        let (slot, runner) = (look.slots.slot(id), look.runner);
        // Read before the stamps, because it is written last.
        let over =
            slot.stage(Stage::Joined) != 0 || slot.verdict() == Some(Reported::CouldNotStart) || runner.is_some();
        let begun = over || slot.stage(Stage::LaunchCalled) != 0;
        let set = words_set(slot) | if begun { BEGUN } else { 0 };
        // An execution that was created and has not begun is not reported.
        if !begun || (set == self.seen[id] && !over) {
            return false;
        }
        self.seen[id] = set;
        let most = self.executions.len() as u32;
        copy_stamps(&mut self.executions[id], slot, look.origin, most);
        if let Some(sending) = &self.sending {
            let known = sending.get(id, look.origin).filter(|_| slot.verdict() != Some(Reported::CouldNotStart));
            self.executions[id].sending = known.map(|known| Box::new(came_back(known, slot)));
        }
        if over {
            self.conclude(slot, id, runner);
        }
        true
    }
}

/// What a look needs to know.
struct Look<'a> {
    slots: &'a Slots,
    origin: i64,
    runner: Option<&'a RunnerEnd>,
}
