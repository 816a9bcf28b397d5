//! Which thread was on which core when, in one run: turns the kernel's records of threads into slices and states of
//! executions.
//!
//! A thread says in a slot to which execution it belongs only a moment after it was made; records from before wait for
//! that. So everything goes through one queue, in the order in which it happened.

mod alive;
mod course;
mod courses;
mod members;
mod owners;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod truth;

use alive::AliveCount;
use course::Course;
pub use course::Totals;
use courses::Courses;
use members::Members;
use model::{Alive, Bin, BlockedOn, LaunchMode, Member, OwnWork, Owner, RunEvent, Slice, Stage};
use owners::{Noted, OwnedStretch, Owners};
use protocol::slots::{Slot, Slots};
use samplers::slices::{Armed, Batch, Happening, SliceSampler, ThreadSlice, What};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    io,
};

/// How long a slice waits for its thread's slot to name the execution.
const PATIENCE_NS: i64 = 2_000_000_000;
/// A slice is reported at most a tenth of a second after its start; a thread without a record for longer is off its
/// CPU.
const QUIET_NS: u64 = 150_000_000;
/// How long stretches wait for the looks that say on what a thread was blocked.
const LOOKS_NS: u64 = 600_000_000;

/// An entry of the queue.
#[derive(Clone, Copy)]
enum Queued {
    Slice(ThreadSlice),
    /// This thread ended at this instant.
    Ended(u32, i64),
}

/// Follows the threads of one run.
pub struct Tracing {
    sampler: Option<SliceSampler>,
    owners: Owners,
    alive: AliveCount,
    queue: VecDeque<Queued>,
    /// Everything before this is in the queue or was handled.
    until_ns: i64,
    courses: Courses,
    /// Executions about which more is known; some appear several times.
    fresh: Vec<u32>,
    lost: u64,
    /// Threads and processes that executions started, and those of the run that belong to none.
    members: Members,
    /// On what executions were blocked that waited for their own members.
    blocked_ns: HashMap<u32, [u64; BlockedOn::COUNT]>,
    /// Threads that executed a program.
    executed: HashSet<u32>,
    /// Executions that started threads or processes of their own.
    helped: HashSet<u32>,
    /// Whether the number alive at the origin was reported.
    counted: bool,
}

impl Tracing {
    /// Starts reading the records that were armed before the runner was started. `first` is the first process of its
    /// tree: the guard if it is `guarded`.
    ///
    /// # Errors
    /// No thread can be started for it.
    pub fn start(armed: Armed, first: u32, guarded: bool, mode: LaunchMode) -> io::Result<Self> {
        Ok(Self::of(Some(armed.read()?), first, guarded, mode))
    }

    /// Follows a run whose records come from `sampler`, or from a test.
    pub(super) fn of(sampler: Option<SliceSampler>, first: u32, guarded: bool, mode: LaunchMode) -> Self {
        Self {
            sampler,
            owners: Owners::new(first, guarded, mode),
            alive: if guarded { AliveCount::default() } else { AliveCount::new(first) },
            queue: VecDeque::new(),
            until_ns: i64::MIN,
            courses: Courses::default(),
            fresh: Vec::new(),
            lost: 0,
            members: Members::default(),
            blocked_ns: HashMap::new(),
            executed: HashSet::new(),
            helped: HashSet::new(),
            counted: false,
        }
    }

    /// Takes in what has happened. Call it before the slots are read: then they cover all of it.
    pub fn collect(&mut self) -> Vec<Batch> {
        let Some(sampler) = &self.sampler else { return Vec::new() };
        self.lost = sampler.lost();
        sampler.batches().try_iter().collect()
    }

    /// The run is over: takes in the rest. Nothing can be collected afterwards.
    pub fn collect_rest(&mut self) -> Vec<Batch> {
        let Some(sampler) = self.sampler.take() else { return Vec::new() };
        let (batches, lost) = sampler.finish();
        self.lost = lost;
        batches.try_iter().collect()
    }

    /// Handles what was collected, and returns the events. `changed` are the executions whose slots have changed since.
    pub fn advance(&mut self, batches: Vec<Batch>, changed: &[u32], slots: &Slots, origin_ns: i64) -> Vec<RunEvent> {
        self.owners.origin_ns = origin_ns;
        let mut alive = Vec::new();
        for batch in batches {
            self.until_ns = self.until_ns.max(batch.until_ns);
            batch.happenings.into_iter().for_each(|happening| self.take(happening, origin_ns, &mut alive));
        }
        changed.iter().for_each(|id| self.note(*id, slots.slot(*id as usize), origin_ns));
        let slices = self.settle(slots, origin_ns, false);
        let mut events = self.give_out(origin_ns, false);
        if !slices.is_empty() {
            events.push(RunEvent::Slices(slices));
        }
        if !alive.is_empty() {
            events.push(RunEvent::Alive(alive));
        }
        events
    }

    /// Nothing more comes: returns the last events.
    pub fn finish(&mut self, slots: &Slots, origin_ns: i64) -> Vec<RunEvent> {
        let slices = self.settle(slots, origin_ns, true);
        let mut events = vec![RunEvent::Slices(slices)];
        events.extend(self.give_out(origin_ns, true));
        let of_run = self.members.of_run(relative(self.until_ns, origin_ns));
        events.extend(of_run.map(|(members, own)| RunEvent::Members { members, own }));
        events
    }

    fn take(&mut self, happening: Happening, origin_ns: i64, alive: &mut Vec<Alive>) {
        if happening.at_ns >= origin_ns && !std::mem::replace(&mut self.counted, true) {
            self.alive.tell(0, alive);
        }
        match happening.what {
            What::Slice(slice) => self.queue.push_back(Queued::Slice(slice)),
            What::Named { tid, name, executed } => {
                self.members.named(tid, name);
                if executed {
                    self.executed.insert(tid);
                }
            }
            What::Born(birth) => {
                let own = self.owners.born(happening.at_ns, birth).and_then(|id| self.courses.get_mut(id));
                own.into_iter().for_each(|course| course.born(relative(happening.at_ns, origin_ns)));
                if !self.owners.is_guard(birth.pid) {
                    self.alive.born(birth);
                }
            }
            What::Ended { pid, tid } => {
                self.owners.ended(tid);
                self.queue.push_back(Queued::Ended(tid, happening.at_ns));
                self.alive.ended(pid);
            }
        }
        if matches!(happening.what, What::Born(_) | What::Ended { .. }) && happening.at_ns >= origin_ns {
            self.alive.tell(relative(happening.at_ns, origin_ns), alive);
        }
    }

    /// Takes in a slot. An execution in a pool's worker, of which there may be a million, is followed only from its
    /// first slice on; its slot can be read then.
    fn note(&mut self, id: u32, slot: Slot<'_>, origin_ns: i64) {
        let Some(Noted { born_ns, lasting }) = self.owners.note(id, slot) else { return };
        let course = if lasting { self.courses.get_mut(id) } else { self.courses.open(id, Course::default) };
        let Some(course) = course else { return };
        if let Some(born_ns) = born_ns {
            course.born(relative(born_ns, origin_ns));
        }
        course.stamped(entered_ns(slot, origin_ns), left_ns(slot, origin_ns));
    }

    /// Assigns the slices in the queue to their owners, as far as these are known.
    fn settle(&mut self, slots: &Slots, origin_ns: i64, over: bool) -> Vec<Slice> {
        let (mut slices, mut pieces) = (Vec::new(), Vec::<OwnedStretch>::new());
        while let Some(queued) = self.queue.front().copied() {
            let slice = match queued {
                Queued::Slice(slice) => slice,
                Queued::Ended(tid, at_ns) => {
                    self.queue.pop_front();
                    self.end(tid, at_ns, origin_ns);
                    continue;
                }
            };
            pieces.clear();
            let known = self.owners.pieces(slice.tid, slice.from_ns, slice.to_ns, &mut pieces);
            if known.is_none() {
                if !over && self.until_ns.saturating_sub(slice.to_ns) < PATIENCE_NS {
                    break;
                }
                pieces.push(OwnedStretch::new(Owner::Other, slice.from_ns, slice.to_ns));
            }
            self.queue.pop_front();
            for piece in &pieces {
                self.tell(slice, *piece, slots, origin_ns, &mut slices);
            }
        }
        slices
    }

    /// A thread has ended, and all its slices are handled.
    fn end(&mut self, tid: u32, at_ns: i64, origin_ns: i64) {
        self.members.ended(tid, relative(at_ns, origin_ns));
        self.executed.remove(&tid);
        let Some(id) = self.owners.own_execution(tid, at_ns) else { return };
        if let Some(course) = self.courses.get_mut(id) {
            course.ended();
            self.fresh.push(id);
        }
    }

    fn tell(&mut self, slice: ThreadSlice, piece: OwnedStretch, slots: &Slots, origin_ns: i64, out: &mut Vec<Slice>) {
        let (from_ns, to_ns) = (relative(piece.from_ns, origin_ns), relative(piece.to_ns, origin_ns));
        let preempted = slice.preempted && piece.to_ns == slice.to_ns;
        match piece.owner {
            Owner::Execution(id) => {
                let begin = || begun(slots.slot(id as usize), origin_ns);
                if let Some(course) = self.courses.open(id, begin) {
                    course.slice(from_ns, to_ns, slice.core, preempted);
                    self.fresh.push(id);
                    if piece.is_last && course.is_settled() {
                        self.courses.close(id);
                    }
                }
            }
            Owner::Helper(id) => {
                self.helped.insert(id);
                let over = self.is_over(id, from_ns, slots, origin_ns);
                self.tell_member(slice.tid, piece, (!over).then_some(id), origin_ns, preempted);
            }
            Owner::Other => self.tell_other(slice.tid, piece, origin_ns, preempted),
            Owner::Launcher => {}
        }
        if to_ns > from_ns {
            out.push(Slice { from_ns, to_ns, core: slice.core, owner: piece.owner, preempted });
        }
    }

    /// A slice of a member. What a member does after its execution is over belongs to the run.
    fn tell_member(&mut self, tid: u32, piece: OwnedStretch, whose: Option<u32>, origin_ns: i64, preempted: bool) {
        let Some(birth) = self.owners.birth(tid, piece.from_ns) else { return };
        let (from_ns, to_ns) = (relative(piece.from_ns, origin_ns), relative(piece.to_ns, origin_ns));
        self.members.slice(whose, (relative(birth.0, origin_ns), birth.1), from_ns, to_ns, preempted);
    }

    /// A slice of a thread that works for no execution.
    fn tell_other(&mut self, tid: u32, piece: OwnedStretch, origin_ns: i64, preempted: bool) {
        if self.owners.is_of_the_run(tid, piece.from_ns, || self.executed.contains(&tid)) {
            self.tell_member(tid, piece, None, origin_ns, preempted);
        }
    }

    /// Whether an execution has left its target before an instant.
    fn is_over(&self, id: u32, at_ns: u64, slots: &Slots, origin_ns: i64) -> bool {
        let left_ns = match self.courses.get(id) {
            Some(course) => course.left_ns(),
            None if self.courses.is_over(id) => return true,
            None => left_ns(slots.slot(id as usize), origin_ns),
        };
        left_ns.is_some_and(|left_ns| left_ns <= at_ns)
    }

    /// A look at an execution, which says on what it was blocked.
    pub fn look(&mut self, id: u32, bin: Bin, slots: &Slots, origin_ns: i64) {
        let slot = slots.slot(id as usize);
        let course = match self.owners.is_in_lasting_thread(slot) {
            true => self.courses.open(id, || begun(slot, origin_ns)),
            false => self.courses.get_mut(id),
        };
        if let Some(course) = course {
            course.look(bin);
        }
    }

    /// Gives out the stretches whose states are known.
    fn give_out(&mut self, origin_ns: i64, over: bool) -> Vec<RunEvent> {
        let until_ns = relative(self.until_ns, origin_ns);
        let before = if over { u64::MAX } else { until_ns.saturating_sub(LOOKS_NS) };
        // While a slice waits in the queue, it is also unknown which members worked after it.
        let waits_for = self.queue.front().and_then(|queued| match queued {
            Queued::Slice(slice) => Some(relative(slice.from_ns, origin_ns)),
            Queued::Ended(..) => None,
        });
        let before = before.min(waits_for.unwrap_or(u64::MAX));
        // A slice that waits for its owner holds up everything after it.
        let heard_ns = if self.queue.is_empty() { until_ns.saturating_sub(QUIET_NS) } else { 0 };
        let mut bins = Vec::new();
        for (id, course) in self.courses.iter_mut() {
            course.still(if over { until_ns } else { heard_ns });
            let had_ns = course.blocked_with_own_ns();
            course.give_out(before, self.members.worked(id), |bin| bins.push((id, bin)));
            self.members.forget(id, before);
            if let Some(blocked_ns) = course.blocked_with_own_ns().filter(|now_ns| had_ns != Some(*now_ns)) {
                self.blocked_ns.insert(id, blocked_ns);
                self.fresh.push(id);
            }
        }
        self.courses.close_where(|course| over || (course.is_complete() && course.is_empty()));
        // Courses come in no order, and a run stores what executions did by their numbers.
        bins.sort_by_key(|(id, _)| *id);
        if bins.is_empty() { Vec::new() } else { vec![RunEvent::Bins(bins)] }
    }

    /// Executions about which more is known since the last call; some appear several times.
    pub fn fresh(&mut self) -> Vec<u32> {
        let mut fresh = std::mem::take(&mut self.fresh);
        fresh.extend(self.members.fresh());
        fresh
    }

    /// Reads how much memory the members that are processes have.
    pub fn look_at_memory(&mut self) {
        self.members.look_at_memory(os::peak_resident_bytes_of);
    }

    /// All threads and processes that an execution started, summed up; absent if it started none.
    pub fn own(&self, id: u32) -> Option<OwnWork> {
        self.members.own(id)
    }

    /// The listed members of an execution, as far as they are known by now.
    pub fn members(&self, id: u32, origin_ns: i64) -> Vec<Member> {
        self.members.list(id, relative(self.until_ns, origin_ns))
    }

    /// The executions that started these processes, as far as the records tell, by the processes' numbers.
    pub fn starters(&self, pids: &HashSet<u32>) -> HashMap<u32, u32> {
        self.members.starters(pids)
    }

    /// On what an execution was blocked, as proportions, if it waited for its own members at all.
    pub fn blocked_with_own_ns(&self, id: u32) -> Option<[u64; BlockedOn::COUNT]> {
        self.blocked_ns.get(&id).copied()
    }

    /// What an execution did, as far as it is known by now.
    pub fn totals(&self, id: u32) -> Option<Totals> {
        let totals = self.courses.totals(id)?;
        // If records were lost, their executions are unknown.
        Some(Totals { complete: totals.complete && self.lost == 0, ..totals })
    }

    /// Whether an execution started threads or processes of its own.
    pub fn was_helped(&self, id: u32) -> bool {
        self.helped.contains(&id)
    }

    /// How many records were lost because the buffer was full.
    pub fn lost(&self) -> u64 {
        self.lost
    }
}

/// A new course from an execution's slot.
fn begun(slot: Slot<'_>, origin_ns: i64) -> Course {
    let mut course = Course::default();
    course.stamped(entered_ns(slot, origin_ns), left_ns(slot, origin_ns));
    course
}

fn stamp_ns(slot: Slot<'_>, stage: Stage, origin_ns: i64) -> Option<u64> {
    Some(slot.stage(stage)).filter(|ns| *ns != 0).map(|ns| relative(ns, origin_ns))
}

fn entered_ns(slot: Slot<'_>, origin_ns: i64) -> Option<u64> {
    stamp_ns(slot, Stage::Entered, origin_ns)
}

/// If an execution did not stamp *left* but is joined, it counts as having left when it exited.
fn left_ns(slot: Slot<'_>, origin_ns: i64) -> Option<u64> {
    let gone_ns = || stamp_ns(slot, Stage::Exited, origin_ns).filter(|_| slot.stage(Stage::Joined) != 0);
    stamp_ns(slot, Stage::Left, origin_ns).or_else(gone_ns)
}

fn relative(at_ns: i64, origin_ns: i64) -> u64 {
    u64::try_from(at_ns.saturating_sub(origin_ns)).unwrap_or(0)
}
