//! How a run takes in what happens in it, and says what that changed.

use super::{
    Bin, Changes, Did, Execution, MainMark, Profile, Run, RunEnd, RunEvent, RunPart, Stage,
    event::{Sources, Waits},
};

impl Run {
    /// Takes in an event, and says what it changed in the run.
    pub fn apply(&mut self, event: &RunEvent) -> Changes {
        self.take_in(event.clone())
    }

    /// Like [`Run::apply`], for an event that nobody else needs: executions, of which there may be a million, are
    /// moved, not copied.
    pub fn take_in(&mut self, event: RunEvent) -> Changes {
        let mut changes = Changes::default();
        let mut note = |part, changed| changes.note(part, changed);
        match event {
            RunEvent::Executions(executions) => self.replace_all(executions, &mut changes),
            RunEvent::Did(did) => changes.executions.extend(did.iter().filter_map(|did| self.take_did(did))),
            RunEvent::Bins(bins) => changes.profiles.extend(bins.into_iter().map(|bin| self.take_bin(bin))),
            RunEvent::Ended { makespan_ns, end } => self.finish(makespan_ns, end, &mut changes),
            RunEvent::Runner { pid } => note(RunPart::Runner, set(&mut self.runner_pid, Some(pid))),
            RunEvent::Interpreter(facts) => note(RunPart::Runner, set(&mut self.interpreter_facts, Some(facts))),
            RunEvent::Output(output) => note(RunPart::Runner, set(&mut self.output, Some(output))),
            RunEvent::Origin { ns } => note(RunPart::Clock, set(&mut self.origin_ns, Some(ns))),
            RunEvent::Now { ns } => note(RunPart::Clock, self.come_to(ns)),
            RunEvent::Marks(marks) => note(RunPart::Launcher, append(&mut self.marks, marks)),
            RunEvent::Waits(waits) => note(RunPart::Launcher, set(&mut self.waits, waits)),
            RunEvent::Kept(kept) => note(RunPart::Kept, append(&mut self.loop_kept, vec![kept])),
            RunEvent::Sampling(sampling) => note(RunPart::Measuring, set(&mut self.sampling, Some(sampling))),
            RunEvent::Sources(Sources { states, slices, note: why }) => {
                note(RunPart::Measuring, set(&mut self.states_source, states));
                note(RunPart::Measuring, set(&mut self.slices_source, slices));
                note(RunPart::Measuring, set(&mut self.slices_note, why));
            }
            RunEvent::Slices(slices) => {
                slices.iter().for_each(|slice| self.slices.push(slice));
                note(RunPart::Slices, !slices.is_empty());
            }
            RunEvent::Alive(alive) => note(RunPart::Members, append(&mut self.alive, alive)),
            RunEvent::Members { members, own } => {
                note(RunPart::Members, set(&mut self.members, members));
                note(RunPart::Members, set(&mut self.own, Some(own)));
            }
            RunEvent::Sample(sample) => {
                self.cores.push(sample);
                // The sample that covers the run's end comes after that end.
                self.others_share = self.end.is_some().then(|| self.estimate_others()).flatten();
                note(RunPart::Cores, true);
            }
        }
        changes
    }

    /// Takes in the end of the run.
    fn finish(&mut self, makespan_ns: Option<u64>, end: RunEnd, changes: &mut Changes) {
        let ended_ns = makespan_ns.is_none().then_some(end.ended_ns).flatten();
        self.makespan_ns = makespan_ns;
        self.end = Some(end);
        changes.note(RunPart::End, true);
        changes.note(RunPart::Clock, self.come_to(ended_ns.unwrap_or(0)));
        let cut_off = self.cut_off_join();
        changes.note(RunPart::Launcher, self.waits.take().is_some());
        self.marks.extend(cut_off);
        let others_share = self.estimate_others();
        changes.note(RunPart::Cores, set(&mut self.others_share, others_share));
    }

    /// Moves the latest known instant forward; gives whether it has moved.
    fn come_to(&mut self, ns: u64) -> bool {
        let later = ns.max(self.now_ns);
        set(&mut self.now_ns, later)
    }

    /// The join in which the launcher is now. A join of whichever ends first is given to the first execution in flight.
    pub(super) fn open_join(&self) -> Option<MainMark> {
        let Waits { since_ns: from_ns, execution } = self.waits?;
        let in_flight = || self.executions.iter().find(|e| e.lane.is_some() && e.stamps.get(Stage::Joined).is_none());
        let execution = execution.or_else(|| in_flight().map(|execution| execution.id))?;
        let to_ns = self.now_ns.max(from_ns);
        Some(MainMark { from_ns, to_ns, kind: self.wait_kind(), execution, message: None })
    }

    /// The join that the end of the run cuts off, for example in a deadlock that a timeout ended.
    fn cut_off_join(&self) -> Option<MainMark> {
        let whom = if self.waits?.execution.is_none() { "for whichever ended first; " } else { "" };
        let mark = self.open_join()?;
        Some(MainMark { message: Some(format!("{whom}it had not returned when the run ended").into()), ..mark })
    }

    /// Replaces executions by what is known of them now.
    fn replace_all(&mut self, executions: Vec<Execution>, changes: &mut Changes) {
        for execution in executions {
            let last_ns = execution.stamps.last().map_or(0, |(_, ns)| ns);
            changes.note(RunPart::Clock, self.come_to(last_ns));
            let place = self.executions.get_mut(execution.id as usize).filter(|place| **place != execution);
            if let Some(place) = place {
                changes.executions.insert(execution.id);
                *place = execution;
            }
        }
    }

    /// Takes in what an execution did; gives its id if that changed anything.
    fn take_did(&mut self, did: &Did) -> Option<u32> {
        let execution = self.executions.get_mut(did.execution as usize)?;
        let states = execution.states.as_deref().copied() != did.states;
        match (&mut execution.states, did.states) {
            (Some(place), Some(states)) => **place = states,
            (place, states) => *place = states.map(Box::new),
        }
        let had = execution.usage.is_some();
        let migrations = (had || did.migrations.is_some())
            && set(&mut execution.usage.get_or_insert_default().migrations, did.migrations);
        (states || migrations).then_some(did.execution)
    }

    /// Takes in what an execution did between two looks at it; gives its id.
    fn take_bin(&mut self, (execution, bin): (u32, Bin)) -> u32 {
        let at = self.profiles.binary_search_by_key(&execution, |profile| profile.execution).unwrap_or_else(|at| {
            self.profiles.insert(at, Profile { execution, bins: Vec::new() });
            at
        });
        self.profiles[at].push(bin);
        execution
    }
}

/// Sets a value; gives whether it differs from the one before.
fn set<T: PartialEq>(place: &mut T, value: T) -> bool {
    let changes = *place != value;
    *place = value;
    changes
}

/// Appends new items; gives whether there are any.
fn append<T>(all: &mut Vec<T>, new: Vec<T>) -> bool {
    let any = !new.is_empty();
    all.extend(new);
    any
}
