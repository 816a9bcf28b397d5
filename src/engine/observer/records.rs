//! The host's picture of a run's executions: slots and texts in, changed executions out.

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

/// A look goes on past executions that have not begun until so many of them follow one another: most begin in the order of
/// their numbers.
const AHEAD: usize = 1024;
/// So many of those further on are looked at each time, in turns: chunks of a pool begin far apart.
const ROUND: usize = 16 * 1024;
/// Of what is noted of an execution: it has begun, so that it is among those in flight, or over.
const BEGUN: u8 = 0x80;

/// The host's picture of a run's executions.
///
/// What an execution used and did is kept here until it has ended and was told; after that it is read again from its slot,
/// and from what was measured, where more becomes known.
pub struct Records {
    executions: Vec<Execution>,
    /// For each execution how many of its words were set when it was last looked at, and [`BEGUN`].
    seen: Vec<u8>,
    /// All before this one have begun, or are over.
    next: usize,
    /// Where the look at those further on begins.
    turn: usize,
    /// Begun, and not over when they were last looked at.
    open: Vec<u32>,
    said: Said,
    demands: HashMap<u32, Demand>,
    /// Those that have changed since they were told, those that began the earliest first.
    changed: Vec<u32>,
    /// How each task's result is shown; a program has none.
    result_kinds: Vec<Option<Shown>>,
    /// What is sent for each execution, where anything is.
    sending: Option<Arc<SendingFile>>,
}

impl Records {
    /// A picture in which nothing has happened.
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

    /// The same, where executions are sent something.
    pub fn with_sending(self, sending: Option<Arc<SendingFile>>) -> Self {
        Self { sending, ..self }
    }

    /// The executions as they are known.
    pub fn executions(&self) -> &[Execution] {
        &self.executions
    }

    /// Notes why the host wants an execution to end; the first reason counts.
    pub fn demand(&mut self, execution: u32, demand: Demand) {
        self.demands.entry(execution).or_insert(demand);
    }

    /// Notes why the host wants all to end that have not; of each the first reason counts.
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

    /// Takes in where an execution is, unless it has said so itself meanwhile.
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
        // Those that began since the last look are the next ones.
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

    /// Looks at the slots, and notes who has changed. `runner` says that the run is over. The work follows what is in flight,
    /// not what there is.
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

    /// Those that have changed since they were told, those that began the earliest first.
    pub fn changed(&self) -> &[u32] {
        &self.changed
    }

    /// The same, which are to be told now.
    pub fn take_changed(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.changed)
    }

    /// Looks at those of which nothing was seen yet.
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

    /// A text may come after the stamps that ended its execution.
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
        // Read before the stamps: whoever writes it, writes it last.
        let over =
            slot.stage(Stage::Joined) != 0 || slot.verdict() == Some(Reported::CouldNotStart) || runner.is_some();
        let begun = over || slot.stage(Stage::LaunchCalled) != 0;
        let set = words_set(slot) | if begun { BEGUN } else { 0 };
        // What was made and has not begun is nothing to tell.
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

/// With what the slots are looked at.
struct Look<'a> {
    slots: &'a Slots,
    origin: i64,
    runner: Option<&'a RunnerEnd>,
}
