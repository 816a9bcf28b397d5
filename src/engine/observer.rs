//! Observes one run, its executions and what is measured of them, always in the one correct order.

mod asking_stacks;
mod asking_where;
mod in_sight;
mod measured;
mod news;
mod observed;
mod records;

use crate::{
    outcome::{Demand, RunnerEnd},
    run_folder::RunFolder,
};
use asking_where::AskingWhere;
pub use in_sight::InSight;
pub use measured::Arming;
use measured::Measured;
use model::{Execution, LoopKept, MainMark, Plan, Run, RunEvent, Setting, Task, event::Waits, within};
pub use observed::Observed;
use protocol::{
    sending::SendingFile,
    slots::{Head, Slots},
    text::Text,
};
use records::Records;
use std::sync::Arc;

/// Observes one run in progress.
pub struct RunObserver {
    slots: Arc<Slots>,
    records: Records,
    measured: Measured,
    /// Absent if no target could say where it is.
    asking_where: Option<AskingWhere>,
    origin_told: bool,
    /// The join that was last reported.
    waits: Option<Waits>,
}

impl RunObserver {
    /// Observes these executions, and measures nothing but their stamps.
    pub fn new(
        executions: Vec<Execution>,
        tasks: &[Task],
        slots: Arc<Slots>,
        sending: Option<Arc<SendingFile>>,
    ) -> Self {
        Self {
            records: Records::new(executions, tasks).with_sending(sending),
            measured: Measured::nothing(slots.clone()),
            slots,
            asking_where: None,
            origin_told: false,
            waits: None,
        }
    }

    /// Observes a run of a plan, whose runner has just been started below this guard.
    pub fn start(arming: Arming, guard: u32, folder: &RunFolder, plan: &Plan, run: &Run, setting: Setting) -> Self {
        let measured = arming.start(guard, &folder.slots, run.executions.len());
        let asking_where = Some(AskingWhere::new(plan, setting, folder.path()));
        let stamps = Self::new(run.executions.clone(), &plan.tasks, folder.slots.clone(), folder.sending.clone());
        Self { measured, asking_where, ..stamps }
    }

    /// The run's origin, ns of CLOCK_MONOTONIC; absent before it is known.
    pub fn origin_ns(&self) -> Option<i64> {
        Some(self.slots.head(Head::Origin)).filter(|ns| *ns != 0)
    }

    /// Takes in a runner's text about its executions or its launcher, and returns the event to emit at once, if any.
    pub fn hear(&mut self, text: Text) -> Option<RunEvent> {
        match text {
            Text::Mark { kind, execution, from_ns, to_ns, message } => {
                let (from_ns, to_ns) = self.since_origin(from_ns, to_ns)?;
                let message = message.map(Into::into);
                Some(RunEvent::Marks(vec![MainMark { from_ns, to_ns, kind, execution, message }]))
            }
            Text::Kept { execution, from_ns, to_ns } => {
                let (from_ns, to_ns) = self.since_origin(from_ns, to_ns)?;
                Some(RunEvent::Kept(LoopKept { execution, from_ns, to_ns }))
            }
            text => {
                self.records.hear(text);
                None
            }
        }
    }

    /// A stretch relative to the run's origin; none if it began before the origin or ends before it begins, since it is
    /// then not of this run.
    fn since_origin(&self, from_ns: i64, to_ns: i64) -> Option<(u64, u64)> {
        let origin_ns = self.slots.head(Head::Origin);
        since(origin_ns, from_ns).zip(since(origin_ns, to_ns)).filter(|(from, to)| from <= to)
    }

    /// What can be seen of the executions in flight.
    pub fn in_sight(&self) -> InSight<'_> {
        InSight::new(&self.records, &self.slots)
    }

    /// Records why an execution is to end; for each execution the first reason counts.
    pub fn demand(&mut self, execution: u32, demand: Demand) {
        self.records.demand(execution, demand);
    }

    /// Records why all executions that have not ended are to end.
    pub fn demand_of_rest(&mut self, demand: &Demand) {
        self.records.demand_of_rest(demand);
    }

    /// Looks once, and returns what has happened since the last look. `now_ns` is an instant of CLOCK_MONOTONIC.
    pub fn step(&mut self, now_ns: i64) -> Vec<RunEvent> {
        if let Some(asking_where) = &mut self.asking_where {
            asking_where.tick(now_ns, &self.slots, &mut self.records);
        }
        // Collected before the slots are read, so that the slots are never older than the records of their threads.
        self.measured.collect();
        self.records.scan(&self.slots, None);
        let Some(origin_ns) = self.origin_ns() else { return Vec::new() };
        let mut events = self.begun(origin_ns);
        events.extend(self.measured.tick(origin_ns, self.records.changed()));
        events.extend(news::of(&mut self.records, &self.slots, &mut self.measured));
        events.extend(since(origin_ns, now_ns.max(origin_ns)).map(|ns| RunEvent::Now { ns }));
        events
    }

    /// The runner has ended: looks for the last time. `not_begun` is why no part of the run could begin, if so.
    pub fn finish(mut self, end: &RunnerEnd, not_begun: Option<&str>) -> Observed {
        if let Some(asking_where) = &self.asking_where {
            asking_where.take_in(&mut self.records);
        }
        if let Some(why) = not_begun {
            self.records.demand_of_rest(&Demand::NotBegun(why.into()));
        }
        self.measured.collect_rest();
        self.records.scan(&self.slots, Some(end));
        let mut events = Vec::new();
        if let Some(origin_ns) = self.origin_ns() {
            events.extend(self.begun(origin_ns));
            events.extend(self.measured.finish(origin_ns, self.records.changed()));
        }
        events.extend(news::of(&mut self.records, &self.slots, &mut self.measured));
        Observed::new(events, self.records, self.measured, self.slots)
    }

    /// Reports the origin once, and in which join the launcher is blocked whenever that has changed.
    fn begun(&mut self, origin_ns: i64) -> Vec<RunEvent> {
        let mut events = Vec::new();
        if !std::mem::replace(&mut self.origin_told, true) {
            events.extend(u64::try_from(origin_ns).ok().map(|ns| RunEvent::Origin { ns }));
        }
        let waits = self
            .slots
            .waits()
            .and_then(|(since_ns, execution)| Some(Waits { since_ns: since(origin_ns, since_ns)?, execution }));
        if std::mem::replace(&mut self.waits, waits) != waits {
            events.push(RunEvent::Waits(waits));
        }
        events
    }
}

/// An instant relative to the run's origin; none if it was before the origin, or is not of this run.
fn since(origin_ns: i64, ns: i64) -> Option<u64> {
    within(u64::try_from(ns.checked_sub(origin_ns)?).ok()?)
}

#[cfg(test)]
mod tests;
