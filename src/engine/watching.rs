//! The states of a run's executions in progress: which ones to look at, and what to do with the looks.

use model::{Sampling, Stage, State};
use protocol::slots::{Head, Slot, Slots, Word};
use samplers::{
    StateSampler, Watched,
    states::{Rate, Seen, Wanted},
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// The rate of looks at Python executions, whose waits for the GIL no other source tells, and wherever looks must say
/// which thread was on which core.
const CLOSE: Rate = Rate { hz: 100.0, most_of_a_core: 0.02 };
/// The rate of looks that only say on what a thread was blocked: on a full machine each of them takes a core from
/// another thread.
const GENTLE: Rate = Rate { hz: 50.0, most_of_a_core: 0.004 };
/// Gentle looks leave out executions that have been in their targets for less than this: opening a thread's files costs
/// most.
const YOUNG_NS: i64 = 20_000_000;
/// How far to search for an execution that has begun before one with a smaller number.
const AHEAD: usize = 256;

/// Looks at the executions of one run.
pub struct Watching {
    /// Absent once it has ended.
    sampler: Option<StateSampler>,
    /// Time in each state, by execution.
    seen: HashMap<u32, [u64; State::COUNT]>,
    fresh: BTreeSet<u32>,
    note: Option<String>,
}

impl Watching {
    /// Starts looking at a run of this many executions. None if no thread can be started for it: a run does not fail
    /// because of that.
    pub fn start(slots: Arc<Slots>, executions: usize, wanted: Wanted) -> Option<Self> {
        let mut in_target = InTarget::new(slots, executions);
        let (rate, young_ns) = if wanted.gil || wanted.cores { (CLOSE, 0) } else { (GENTLE, YOUNG_NS) };
        let watch = move |list: &mut Vec<Watched>| {
            in_target.list(list);
            let before_ns = os::monotonic_ns() - young_ns;
            list.retain(|one| one.entered_ns <= before_ns);
        };
        match StateSampler::start(rate, wanted, Box::new(watch)) {
            Ok(sampler) => {
                Some(Self { sampler: Some(sampler), seen: HashMap::new(), fresh: BTreeSet::new(), note: None })
            }
            Err(error) => {
                tracing::warn!("the states of executions are not sampled: {error}");
                None
            }
        }
    }

    /// What was seen since the last call. Instants count from the run's origin, `origin_ns`. The last looks at an
    /// execution arrive some 200 ms after it has left: see [`Watching::fresh`].
    pub fn drain(&mut self, origin_ns: i64) -> Seen {
        let Some(sampler) = &self.sampler else { return Seen::default() };
        let seen = sampler.seen().try_iter().collect();
        self.take_in(seen, origin_ns)
    }

    fn take_in(&mut self, batches: Vec<Seen>, origin_ns: i64) -> Seen {
        let origin = u64::try_from(origin_ns).unwrap_or(0);
        let mut seen = Seen::default();
        batches.into_iter().for_each(|batch| seen.append(batch));
        for slice in &mut seen.slices {
            slice.from_ns = slice.from_ns.saturating_sub(origin);
            slice.to_ns = slice.to_ns.saturating_sub(origin);
        }
        for (execution, bin) in &mut seen.bins {
            bin.from_ns = bin.from_ns.saturating_sub(origin);
            bin.to_ns = bin.to_ns.saturating_sub(origin);
            let sums = self.seen.entry(*execution).or_default();
            sums.iter_mut().zip(bin.in_state_ns).for_each(|(sum, ns)| *sum += ns);
            self.fresh.insert(*execution);
        }
        seen
    }

    /// The executions about which more was seen since the last call. Their states should be computed again.
    pub fn fresh(&mut self) -> BTreeSet<u32> {
        std::mem::take(&mut self.fresh)
    }

    /// Time in each state by the looks.
    pub fn seen(&self, execution: u32) -> Option<&[u64; State::COUNT]> {
        self.seen.get(&execution)
    }

    /// The run is over: ends looking. Returns the remaining looks, and how the sampling went.
    pub fn finish(&mut self, origin_ns: i64) -> (Seen, Option<Sampling>) {
        let Some(sampler) = self.sampler.take() else { return (Seen::default(), None) };
        let (seen, note) = (sampler.seen().clone(), sampler.shared_note());
        let sampling = sampler.finish();
        self.note = note.get().cloned();
        (self.take_in(seen.iter().collect(), origin_ns), Some(sampling))
    }

    /// Why executions could not be sampled, in one sentence; absent if all could.
    pub fn note(&self) -> Option<String> {
        self.note.clone().or_else(|| self.sampler.as_ref()?.note())
    }
}

/// Finds the executions that are in their targets, in a time that does not grow with the number of executions: in most
/// modes they begin in the order of their numbers, and few are in progress at once.
struct InTarget {
    slots: Arc<Slots>,
    executions: usize,
    /// Executions before this one are in `open` or over.
    next: usize,
    open: Vec<u32>,
}

impl InTarget {
    fn new(slots: Arc<Slots>, executions: usize) -> Self {
        let executions = executions.min(slots.count());
        Self { slots, executions, next: 0, open: Vec::new() }
    }

    fn list(&mut self, list: &mut Vec<Watched>) {
        self.advance();
        let slots = &self.slots;
        self.open.retain(|id| !is_over(slots.slot(*id as usize)));
        list.extend(self.open.iter().filter_map(|id| watched(*id, slots.slot(*id as usize))));
    }

    /// Adds to `open` all executions up to the last one that has begun, also those among them that have not begun.
    fn advance(&mut self) {
        let launched = usize::try_from(self.slots.head(Head::Launched)).unwrap_or(0).min(self.executions);
        let has_begun = |id: &usize| {
            let slot = self.slots.slot(*id);
            slot.stage(Stage::Entered) != 0 || is_over(slot)
        };
        while let Some(last) = (self.next..launched.min(self.next + AHEAD)).rfind(has_begun) {
            let not_over = (self.next..=last).filter(|id| !is_over(self.slots.slot(*id)));
            self.open.extend(not_over.map(|id| id as u32));
            self.next = last + 1;
        }
    }
}

fn is_over(slot: Slot<'_>) -> bool {
    [Stage::Left, Stage::Exited, Stage::Joined].iter().any(|stage| slot.stage(*stage) != 0) || slot.verdict().is_some()
}

fn watched(execution: u32, slot: Slot<'_>) -> Option<Watched> {
    let number = |word| u32::try_from(slot.word(word)).ok().filter(|number| *number != 0);
    let entered_ns = Some(slot.stage(Stage::Entered)).filter(|ns| *ns != 0)?;
    Some(Watched { execution, pid: number(Word::Pid)?, tid: number(Word::Tid)?, entered_ns })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::states::states_of;
    use model::{BlockedOn, Profile};
    use std::time::{Duration, Instant};

    fn slots(count: usize) -> (tempfile::TempDir, Arc<Slots>) {
        let folder = tempfile::tempdir().expect("a folder");
        let slots = Slots::create(&folder.path().join("slots"), count).expect("made");
        (folder, Arc::new(slots))
    }

    fn enter(slots: &Slots, execution: usize) {
        let slot = slots.slot(execution);
        slot.set(Word::Pid, i64::from(os::pid()));
        slot.set(Word::Tid, i64::from(os::tid()));
        slot.stamp(Stage::Entered, os::monotonic_ns());
    }

    fn listed(in_target: &mut InTarget) -> Vec<u32> {
        let mut list = Vec::new();
        in_target.list(&mut list);
        list.iter().map(|one| one.execution).collect()
    }

    #[test]
    fn those_in_their_targets_are_found_in_any_order() {
        let (_folder, slots) = slots(10_000);
        let mut in_target = InTarget::new(slots.clone(), 10_000);
        assert!(listed(&mut in_target).is_empty());
        slots.set_head(Head::Launched, 10_000);
        [3, 200].into_iter().for_each(|id| enter(&slots, id));
        assert_eq!(listed(&mut in_target), [3, 200]);
        enter(&slots, 1);
        slots.slot(3).stamp(Stage::Left, 9);
        (201..5_000).for_each(|id| slots.slot(id).set(Word::Verdict, 5));
        enter(&slots, 5_000);
        let mut found = listed(&mut in_target);
        found.sort_unstable();
        assert_eq!(found, [1, 200, 5_000]);
    }

    #[test]
    fn a_million_executions_cost_no_more_than_those_in_flight() {
        let (_folder, slots) = slots(1_000_000);
        slots.set_head(Head::Launched, 1_000_000);
        let mut in_target = InTarget::new(slots.clone(), 1_000_000);
        enter(&slots, 0);
        (1..300_000).for_each(|id| slots.slot(id).stamp(Stage::Left, 1));
        assert_eq!(listed(&mut in_target), [0]);
        assert_eq!((in_target.next, in_target.open.len()), (300_000, 1));
    }

    #[test]
    fn a_sleep_of_this_thread_is_seen_as_such() {
        let (_folder, slots) = slots(1);
        let (stop, stopped) = crossbeam_channel::bounded::<()>(0);
        let sleeper = std::thread::spawn({
            let slots = slots.clone();
            move || {
                enter(&slots, 0);
                while stopped.try_recv().is_err() {
                    std::thread::sleep(Duration::from_millis(50));
                }
                slots.slot(0).stamp(Stage::Left, os::monotonic_ns());
            }
        });
        let origin = os::monotonic_ns();
        slots.set_head(Head::Launched, 1);
        let wanted = Wanted { gil: true, cores: true };
        let mut watching = Watching::start(slots.clone(), 1, wanted).expect("started");
        let (begin, mut seen) = (Instant::now(), Seen::default());
        while watching.fresh().is_empty() {
            seen.append(watching.drain(origin));
            assert!(begin.elapsed() < Duration::from_secs(120), "no bins; {:?}", watching.note());
            std::thread::sleep(Duration::from_millis(10));
        }
        stop.send(()).expect("the sleeper listens");
        sleeper.join().expect("it ends");
        let (rest, sampling) = watching.finish(origin);
        seen.append(rest);
        assert_eq!(watching.note(), None);
        assert!(sampling.is_some_and(|sampling| sampling.asked_hz == CLOSE.hz && !sampling.sees_gil));
        let mut profile = Profile::default();
        seen.bins.iter().for_each(|(_, bin)| profile.push(*bin));
        let asleep = State::Blocked(BlockedOn::Sleep);
        assert!(profile.bins.iter().map(|bin| bin.share(asleep)).sum::<f64>() > 0.9 * profile.bins.len() as f64);
        assert!(seen.slices.windows(2).all(|pair| pair[0].to_ns <= pair[1].from_ns));
        let stamp = |stage| slots.slot(0).stage(stage);
        let wall_ns = (stamp(Stage::Left) - stamp(Stage::Entered)) as u64;
        let states = states_of(watching.seen(0), None, wall_ns).expect("enough was seen");
        assert_eq!(states.on_cpu_ns + states.runnable_ns + states.blocked_ns, wall_ns);
        assert!(states.get(asleep).expect("looks") > wall_ns / 2, "{states:?}");
    }
}
