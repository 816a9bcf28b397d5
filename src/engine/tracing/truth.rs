//! Invents a run in which it is known which thread was on the core when. However the batches are cut, and however early
//! words become visible, no slice may be assigned to another execution, and no time may be lost.

use super::*;
use os::Birth;
use protocol::slots::Word;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::{BTreeMap, BTreeSet};

const RUNNER: u32 = 100;
const ORIGIN: i64 = 1_000;
const EXECUTIONS: usize = 40;
/// Fewer numbers than executions, so that numbers are given again and again.
const TIDS: std::ops::Range<u32> = 101..104;

/// A stretch on the core, since the origin, and its owner.
type Stretch = (u64, u64, Owner);

#[derive(Clone, Copy)]
enum Write {
    Stage(Stage),
    Word(Word),
}

/// What happened, when what was written, and what is true.
#[derive(Default)]
struct World {
    happenings: Vec<Happening>,
    writes: Vec<(i64, usize, Write, i64)>,
    truth: Vec<Stretch>,
    /// For each execution its time on the core in its target.
    on_cpu_ns: BTreeMap<u32, u64>,
    at_ns: i64,
}

/// A thread: its number, its execution, and how far it has come.
struct Alive {
    tid: u32,
    id: usize,
    stage: usize,
}

impl World {
    fn stamp(&mut self, at_ns: i64, id: usize, stage: Stage) {
        self.writes.push((at_ns, id, Write::Stage(stage), at_ns));
    }

    fn happens(&mut self, at_ns: i64, what: What) {
        self.happenings.push(Happening { at_ns, what });
    }

    fn on_core(&mut self, tid: u32, (from_ns, to_ns): (i64, i64), preempted: bool, parts: &[(i64, i64, Owner)]) {
        self.happens(to_ns, What::Slice(ThreadSlice { tid, core: 0, from_ns, to_ns, preempted }));
        let parts = parts.iter().filter(|(from, to, _)| from < to);
        self.truth.extend(parts.map(|(from, to, owner)| ((from - ORIGIN) as u64, (to - ORIGIN) as u64, *owner)));
    }

    /// One thread per execution, at most three at once.
    fn of_threads(rng: &mut Pcg64) -> Self {
        let mut world = Self { at_ns: ORIGIN, ..Self::default() };
        let (mut alive, mut next) = (Vec::<Alive>::new(), 0);
        while next < EXECUTIONS || !alive.is_empty() {
            let from = world.at_ns + rng.random_range(1..40);
            let to = from + rng.random_range(10..200);
            let middle = rng.random_range(from + 2..to - 2);
            let preempted = rng.random_bool(0.5);
            let who = rng.random_range(0..=alive.len());
            match alive.get_mut(who) {
                None => {
                    if next < EXECUTIONS && alive.len() < TIDS.len() {
                        let free =
                            TIDS.clone().find(|tid| alive.iter().all(|one| one.tid != *tid)).expect("one is free");
                        world.stamp(middle, next, Stage::LaunchCalled);
                        let birth = Birth { pid: RUNNER, tid: free, parent_pid: RUNNER, parent_tid: RUNNER };
                        world.happens(middle + 1, What::Born(birth));
                        world.stamp(to - 1, next, Stage::Launched);
                        alive.push(Alive { tid: free, id: next, stage: 0 });
                        next += 1;
                    }
                    world.on_core(RUNNER, (from, to), preempted, &[(from, to, Owner::Launcher)]);
                }
                Some(one) => {
                    let (tid, id, owner) = (one.tid, one.id, Owner::Execution(one.id as u32));
                    let goes_on = rng.random_bool(0.6);
                    let on_cpu = world.on_cpu_ns.entry(id as u32).or_default();
                    *on_cpu += match (one.stage, goes_on) {
                        (0, true) => to - middle,
                        (1, true) => middle - from,
                        (1, false) => to - from,
                        _ => 0,
                    } as u64;
                    let stage = one.stage;
                    one.stage += usize::from(goes_on);
                    if goes_on && stage == 0 {
                        world.writes.push((middle, id, Write::Word(Word::Tid), i64::from(tid)));
                        world.stamp(middle, id, Stage::Entered);
                    } else if goes_on && stage == 1 {
                        world.stamp(middle, id, Stage::Left);
                    } else if goes_on {
                        world.stamp(middle, id, Stage::Exited);
                        world.stamp(to + rng.random_range(1..3_000), id, Stage::Joined);
                    }
                    world.on_core(tid, (from, to), preempted && stage < 2, &[(from, to, owner)]);
                    if goes_on && stage == 2 {
                        world.happens(to, What::Ended { pid: RUNNER, tid });
                        alive.remove(who);
                    }
                }
            }
            world.at_ns = to;
        }
        world.writes.sort_by_key(|write| write.0);
        world
    }

    /// Two workers take one execution after another; the launcher joins them long after.
    fn of_a_pool(rng: &mut Pcg64) -> Self {
        let mut world = Self { at_ns: ORIGIN, ..Self::default() };
        let workers = [101, 102];
        for tid in workers {
            let birth = Birth { pid: RUNNER, tid, parent_pid: RUNNER, parent_tid: RUNNER };
            world.happens(ORIGIN, What::Born(birth));
        }
        let (mut next, mut current) = (0, [None::<usize>; 2]);
        while next < EXECUTIONS || current.iter().any(Option::is_some) {
            let worker = rng.random_range(0..2);
            let (from, tid) = (world.at_ns + rng.random_range(1..40), workers[worker]);
            let (mut at, mut parts) = (from, Vec::new());
            for _ in 0..rng.random_range(0..6) {
                let until = at + rng.random_range(1..60);
                match current[worker] {
                    Some(id) => {
                        world.stamp(until, id, Stage::Left);
                        world.stamp(until, id, Stage::Exited);
                        world.stamp(until + rng.random_range(1..5_000), id, Stage::Joined);
                        current[worker] = None;
                        parts.push((at, until, Owner::Execution(id as u32)));
                        *world.on_cpu_ns.entry(id as u32).or_default() += (until - at) as u64;
                    }
                    None => {
                        parts.push((at, until, Owner::Other));
                        if next < EXECUTIONS {
                            world.stamp(until, next, Stage::LaunchCalled);
                            world.writes.push((until, next, Write::Word(Word::Tid), i64::from(tid)));
                            world.stamp(until, next, Stage::Entered);
                            current[worker] = Some(next);
                            next += 1;
                        }
                    }
                }
                at = until;
            }
            let to = at + rng.random_range(1..20);
            let owner = current[worker].map_or(Owner::Other, |id| Owner::Execution(id as u32));
            if let Some(id) = current[worker] {
                *world.on_cpu_ns.entry(id as u32).or_default() += (to - at) as u64;
            }
            parts.push((at, to, owner));
            world.on_core(tid, (from, to), rng.random_bool(0.5), &parts);
            world.at_ns = to;
        }
        world.writes.sort_by_key(|write| write.0);
        world
    }

    /// Follows the run: batches are cut at these instants, and words written up to `early_ns` after a cut are already
    /// visible.
    fn follow(&self, mode: LaunchMode, cuts: &[i64], early_ns: i64) -> (Vec<Stretch>, Vec<Totals>) {
        let folder = tempfile::tempdir().expect("a folder");
        let slots = Slots::create(&folder.path().join("slots"), EXECUTIONS).expect("made");
        let mut tracing = Tracing::of(None, RUNNER, false, mode);
        let (mut happenings, mut writes) = (self.happenings.iter().copied().peekable(), self.writes.iter().peekable());
        let mut events = Vec::new();
        for until_ns in cuts.iter().copied().chain([i64::MAX / 2]) {
            let batch = std::iter::from_fn(|| happenings.next_if(|one| one.at_ns <= until_ns)).collect();
            let mut changed = BTreeSet::new();
            while let Some((_, id, write, value)) = writes.next_if(|write| write.0 <= until_ns.saturating_add(early_ns))
            {
                match write {
                    Write::Stage(stage) => slots.slot(*id).stamp(*stage, *value),
                    Write::Word(word) => slots.slot(*id).set(*word, *value),
                }
                changed.insert(*id as u32);
            }
            let until_ns = until_ns.min(self.at_ns + 10_000);
            let changed: Vec<u32> = changed.into_iter().collect();
            let batch = Batch { until_ns, happenings: batch };
            events.extend(tracing.advance(vec![batch], &changed, &slots, ORIGIN));
        }
        events.extend(tracing.finish(&slots, ORIGIN));
        let slices = events.iter().flat_map(|event| match event {
            RunEvent::Slices(slices) => slices.clone(),
            _ => Vec::new(),
        });
        let slices = slices.map(|slice| (slice.from_ns, slice.to_ns, slice.owner)).collect();
        (joined(slices), (0..EXECUTIONS as u32).map(|id| tracing.totals(id).expect("followed")).collect())
    }

    fn is_told_as_it_was(&self, mode: LaunchMode, rng: &mut Pcg64) {
        let truth = joined(self.truth.clone());
        let mut wanted: Option<Vec<Totals>> = None;
        for early_ns in [0, 0, 30, 500] {
            let count = rng.random_range(0..60);
            let mut cuts: Vec<i64> = (0..count).map(|_| rng.random_range(ORIGIN..self.at_ns)).collect();
            cuts.sort_unstable();
            let (told, totals) = self.follow(mode, &cuts, early_ns);
            assert_eq!(told, truth, "{mode}, {cuts:?}, {early_ns}");
            for (id, totals) in totals.iter().enumerate() {
                let known = (totals.on_cpu_ns, totals.complete);
                assert_eq!(known, (self.on_cpu_ns[&(id as u32)], true), "{mode}, {id}, {cuts:?}");
            }
            assert_eq!(*wanted.get_or_insert_with(|| totals.clone()), totals, "{mode}, {cuts:?}, {early_ns}");
        }
    }
}

/// Sorts the stretches, and merges those of one owner that touch.
fn joined(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_unstable_by_key(|stretch| stretch.0);
    let mut joined: Vec<Stretch> = Vec::new();
    for (from, to, owner) in stretches {
        match joined.last_mut() {
            Some(last) if last.1 == from && last.2 == owner => last.1 = to,
            _ => joined.push((from, to, owner)),
        }
    }
    joined
}

#[test]
fn threads_whose_numbers_are_given_again_are_told_as_they_were() {
    for seed in 0..60 {
        let mut rng = Pcg64::seed_from_u64(seed);
        World::of_threads(&mut rng).is_told_as_it_was(LaunchMode::Threads, &mut rng);
    }
}

#[test]
fn a_pools_executions_are_told_as_they_were() {
    for seed in 0..60 {
        let mut rng = Pcg64::seed_from_u64(seed);
        World::of_a_pool(&mut rng).is_told_as_it_was(LaunchMode::ThreadPool, &mut rng);
    }
}

#[test]
fn no_lie_makes_it_panic_or_gives_anybody_more_than_there_was() {
    let nasty = [0, 1, -1, 7, 101, 102, ORIGIN - 1, ORIGIN, ORIGIN + 50, 5_000, i64::MAX, i64::MIN, 1 << 40];
    for seed in 0..300 {
        let mut rng = Pcg64::seed_from_u64(seed);
        let folder = tempfile::tempdir().expect("a folder");
        let slots = Slots::create(&folder.path().join("slots"), 4).expect("made");
        let modes = [LaunchMode::Threads, LaunchMode::ThreadPool, LaunchMode::Sequential, LaunchMode::Asyncio];
        let mode = modes[rng.random_range(0..modes.len())];
        let mut tracing = Tracing::of(None, RUNNER, rng.random_bool(0.3), mode);
        let (mut events, mut there_ns) = (Vec::new(), 0);
        for _ in 0..rng.random_range(1..30) {
            let id = rng.random_range(0..4);
            let mut pick = || nasty[rng.random_range(0..nasty.len())];
            let (stage, word) = (pick(), pick());
            slots.slot(id).stamp(Stage::ALL[rng.random_range(0..Stage::ALL.len())], stage);
            slots.slot(id).set(if rng.random_bool(0.5) { Word::Tid } else { Word::Pid }, word);
            // Batches in any order, slices before births, threads without an end.
            let until_ns = ORIGIN + rng.random_range(-500..5_000);
            let happenings: Vec<_> = (0..rng.random_range(0..4))
                .map(|_| {
                    let (tid, from_ns) = (rng.random_range(99..104), until_ns - rng.random_range(1..400));
                    let to_ns = from_ns + rng.random_range(0..300);
                    let what = match rng.random_range(0..4) {
                        0 => What::Born(Birth { pid: RUNNER, tid, parent_pid: RUNNER, parent_tid: 100 + tid % 3 }),
                        1 => What::Ended { pid: RUNNER, tid },
                        _ => {
                            there_ns += (to_ns - from_ns.max(ORIGIN)).max(0) as u64;
                            What::Slice(ThreadSlice { tid, core: 0, from_ns, to_ns, preempted: rng.random_bool(0.5) })
                        }
                    };
                    Happening { at_ns: to_ns, what }
                })
                .collect();
            let changed = [id as u32];
            events.extend(tracing.advance(vec![Batch { until_ns, happenings }], &changed, &slots, ORIGIN));
        }
        events.extend(tracing.finish(&slots, ORIGIN));
        let told = |event: &RunEvent| match event {
            RunEvent::Slices(slices) => slices.iter().map(|slice| slice.to_ns - slice.from_ns).sum::<u64>(),
            _ => 0,
        };
        assert_eq!(events.iter().map(told).sum::<u64>(), there_ns, "{seed}: all that was on a core is told once");
        let on_cpu: u64 = (0..4).filter_map(|id| tracing.totals(id)).map(|totals| totals.on_cpu_ns).sum();
        assert!(on_cpu <= there_ns, "{seed}: {on_cpu} of {there_ns}");
    }
}
