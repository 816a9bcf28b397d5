//! What executions did, as sums up to any instant: the states of a stretch are the difference of two of them.

use super::gil::Gil;
use model::{Bin, BlockedOn, Execution, LaunchMode, Run, State, States, StatesSource};
use std::collections::HashMap;

/// Time in each state, by [`State::index`], in nanoseconds. Whole numbers up to a hundred days are exact.
pub type StateNs = [f64; State::COUNT];

/// A bin, and what was before it.
#[derive(Clone, Copy, Debug)]
struct Point {
    from_ns: u64,
    to_ns: u64,
    /// Of all bins before it.
    before: StateNs,
}

/// The bins of one execution. Within a bin every state is spread evenly: in which order they came is not known.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The execution's id.
    pub execution: u32,
    /// Its lane; absent while it has none.
    pub lane: Option<u32>,
    points: Vec<Point>,
    total: StateNs,
}

impl Curve {
    fn new(execution: u32) -> Self {
        Self { execution, lane: None, points: Vec::new(), total: StateNs::default() }
    }

    /// Takes in what is new; all of it where the bins were put together since.
    fn take(&mut self, bins: &[Bin]) {
        let same = |point: &Point, bin: &Bin| (point.from_ns, point.to_ns) == (bin.from_ns, bin.to_ns);
        let known = self.points.len();
        let grew = match (self.points.last(), known.checked_sub(1).and_then(|last| bins.get(last))) {
            (Some(point), Some(bin)) => same(point, bin),
            (point, _) => point.is_none(),
        };
        if !grew {
            (self.points, self.total) = (Vec::new(), StateNs::default());
        }
        self.points.reserve(bins.len() - self.points.len());
        bins[self.points.len()..].iter().for_each(|bin| self.push(bin));
    }

    fn push(&mut self, bin: &Bin) {
        let from_ns = bin.from_ns.max(self.points.last().map_or(0, |last| last.to_ns));
        self.points.push(Point { from_ns, to_ns: bin.to_ns.max(from_ns), before: self.total });
        self.total.iter_mut().zip(bin.in_state_ns).for_each(|(sum, ns)| *sum += ns as f64);
    }

    /// From the first bin to the last.
    pub fn extent(&self) -> (f64, f64) {
        let ends = self.points.first().zip(self.points.last());
        ends.map_or((0.0, 0.0), |(first, last)| (first.from_ns as f64, last.to_ns as f64))
    }

    /// Time in each state between two instants.
    pub fn between(&self, from_ns: f64, to_ns: f64) -> StateNs {
        let (first, last) = self.extent();
        if from_ns <= first && last <= to_ns {
            return self.total;
        }
        let from = self.sum(self.first_ending_after(from_ns), from_ns);
        let to = self.sum(self.first_ending_after(to_ns), to_ns);
        std::array::from_fn(|state| to[state] - from[state])
    }

    /// The bin in which an instant lies.
    pub fn bin_at(&self, ns: f64) -> Option<(f64, f64)> {
        let point = self.points.get(self.first_ending_after(ns))?;
        (point.from_ns as f64 <= ns).then_some((point.from_ns as f64, point.to_ns as f64))
    }

    /// The place of the first bin that ends after an instant.
    pub(super) fn first_ending_after(&self, ns: f64) -> usize {
        self.points.partition_point(|point| point.to_ns as f64 <= ns)
    }

    /// The same from a place on: it is near.
    pub(super) fn first_ending_after_from(&self, place: usize, ns: f64) -> usize {
        let points = &self.points[place.min(self.points.len())..];
        let near = points.iter().take(8).take_while(|point| point.to_ns as f64 <= ns).count();
        if near < 8 {
            return place + near;
        }
        place + near + points[near..].partition_point(|point| point.to_ns as f64 <= ns)
    }

    /// The sums up to an instant, which lies before the end of the bin at `place` and not before the one in front of it.
    pub(super) fn sum(&self, place: usize, ns: f64) -> StateNs {
        let Some(point) = self.points.get(place) else { return self.total };
        let (from, to) = (point.from_ns as f64, point.to_ns as f64);
        if ns <= from {
            return point.before;
        }
        let after = self.points.get(place + 1).map_or(&self.total, |next| &next.before);
        let share = (ns - from) / (to - from);
        std::array::from_fn(|state| point.before[state] + (after[state] - point.before[state]) * share)
    }

    /// Where what lies at an instant of the bin at `place` ends: the bin, or the gap in front of it.
    pub(super) fn piece_end(&self, place: usize, ns: f64) -> f64 {
        let Some(point) = self.points.get(place) else { return f64::INFINITY };
        if ns < point.from_ns as f64 { point.from_ns as f64 } else { point.to_ns as f64 }
    }
}

/// What is known of what an execution did in its target.
#[derive(Clone, Copy, Debug)]
pub enum Course<'a> {
    /// What it did when.
    Curve(&'a Curve),
    /// The share of each state, by its own clocks; in which order they came is not known.
    Even(&'a [f32; State::COUNT]),
    /// It was on a CPU throughout.
    OnCpu,
    /// Nothing, while others of the run were looked at.
    Unseen,
    /// Nothing of any execution of the run.
    Plain,
}

impl Course<'_> {
    /// The share of each state over the whole, where the order is not known.
    pub fn even(self) -> Option<[f32; State::COUNT]> {
        match self {
            Self::Even(shares) => Some(*shares),
            Self::OnCpu => Some(on_cpu()),
            Self::Curve(_) | Self::Unseen | Self::Plain => None,
        }
    }
}

fn on_cpu() -> [f32; State::COUNT] {
    let mut shares = [0.0; State::COUNT];
    shares[State::OnCpu.index()] = 1.0;
    shares
}

/// Of executions that ended before what they did was known, so many of the latest are asked again.
const MOST_EXPECTED: usize = 4096;
/// Who was on a CPU for such a share of its time was so throughout; what is missing is the clocks' grain.
const ON_CPU_THROUGHOUT: f32 = 0.999;

/// The share of each state. Where no look says on what it was blocked, it was blocked otherwise.
fn shares_of(states: &States) -> [f32; State::COUNT] {
    let mut ns = State::ALL.map(|state| states.get(state).unwrap_or(0) as f32);
    if states.blocked_on.is_none() {
        ns[State::Blocked(BlockedOn::Other).index()] = states.blocked_ns as f32;
    }
    let all: f32 = ns.iter().sum();
    if all > 0.0 { ns.map(|ns| ns / all) } else { on_cpu() }
}

/// The curves of a run, which grow with it.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    /// By execution.
    curves: Vec<Curve>,
    /// Which states there are.
    seen: [bool; State::COUNT],
    /// Executions that nobody looked at, by whose own clocks the shares of their states are known, and that were not on a CPU
    /// throughout.
    even: HashMap<u32, [f32; State::COUNT]>,
    /// A bit for each execution: it was on a CPU throughout.
    on_cpu: Vec<u64>,
    /// Executions that have ended, and of which what they did may still come.
    expected: Vec<u32>,
    /// The run has ended, and what its executions' own clocks say is taken in.
    learned: bool,
    /// Nothing more comes.
    whole: bool,
    /// The run was measured, and what its executions did can't be told: coroutines share their thread.
    untold: bool,
}

impl Profiles {
    /// Takes in what is new of a run; always the same run.
    pub fn update(&mut self, run: &Run) {
        if self.whole {
            return;
        }
        self.untold = run.mode == LaunchMode::Asyncio && run.states_source.is_some();
        for (at, profile) in run.profiles.iter().enumerate() {
            if self.curves.get(at).is_none_or(|curve| curve.execution != profile.execution) {
                self.curves.insert(at, Curve::new(profile.execution));
            }
            let curve = &mut self.curves[at];
            curve.lane = run.executions.get(profile.execution as usize).and_then(|execution| execution.lane);
            curve.take(&profile.bins);
            self.seen.iter_mut().zip(curve.total).for_each(|(seen, ns)| *seen |= ns > 0.0);
        }
        self.learn_expected(run);
        let exact = run.states_source == Some(StatesSource::SwitchRecords);
        if run.end.is_some() {
            if exact && Gil::of(run).is_some() {
                self.complete(run);
                self.whole = true;
            }
            if !std::mem::replace(&mut self.learned, true) {
                run.executions.iter().for_each(|execution| {
                    self.learn(execution);
                });
            }
        }
    }

    /// Nothing of an execution's own changes any more; what it did may come later.
    pub fn expect(&mut self, execution: u32) {
        if !self.learned {
            self.expected.push(execution);
        }
    }

    fn learn_expected(&mut self, run: &Run) {
        let from = self.expected.len().saturating_sub(MOST_EXPECTED);
        let latest = self.expected.split_off(from);
        self.expected.clear();
        let unknown = latest.into_iter().filter(|id| !run.executions.get(*id as usize).is_some_and(|e| self.learn(e)));
        self.expected = unknown.collect();
    }

    /// Takes in what an execution's own clocks say, where nobody looked at it; says whether they do.
    fn learn(&mut self, execution: &Execution) -> bool {
        let Some(states) = execution.states.as_deref() else { return false };
        if self.get(execution.id).is_some() {
            return true;
        }
        let shares = shares_of(states);
        let on_cpu = shares[State::OnCpu.index()] >= ON_CPU_THROUGHOUT;
        self.seen.iter_mut().zip(shares).for_each(|(seen, share)| *seen |= share > 0.0);
        if !on_cpu {
            self.even.insert(execution.id, shares);
            return true;
        }
        let word = execution.id as usize / 64;
        if self.on_cpu.len() <= word {
            self.on_cpu.resize(word + 1, 0);
        }
        self.on_cpu[word] |= 1 << (execution.id % 64);
        true
    }

    /// Adds executions that were on a CPU throughout, which have no profile: the GIL's row shows them too.
    fn complete(&mut self, run: &Run) {
        let known: Vec<u32> = self.curves.iter().map(|curve| curve.execution).collect();
        for execution in run.executions.iter().filter(|execution| known.binary_search(&execution.id).is_err()) {
            let Some((from_ns, to_ns)) = execution.stamps.in_target().filter(|_| execution.states.is_some()) else {
                continue;
            };
            let mut curve = Curve { lane: execution.lane, ..Curve::new(execution.id) };
            let on_cpu_ns = to_ns.saturating_sub(from_ns);
            let mut in_state_ns = [0; State::COUNT];
            in_state_ns[State::OnCpu.index()] = on_cpu_ns;
            curve.push(&Bin { from_ns, to_ns, in_state_ns });
            self.curves.push(curve);
            self.seen[State::OnCpu.index()] = true;
        }
        self.curves.sort_by_key(|curve| curve.execution);
    }

    /// Whether states are told of executions, or should be: then one in its target is not said to be on a CPU unless it is
    /// known to be.
    pub fn looked(&self) -> bool {
        self.untold || !self.is_empty()
    }

    /// Whether nothing is known of any execution.
    pub fn is_empty(&self) -> bool {
        self.curves.is_empty() && self.even.is_empty() && self.on_cpu.is_empty()
    }

    /// What is known of what an execution did in its target.
    pub fn course(&self, execution: u32) -> Course<'_> {
        if !self.looked() {
            return Course::Plain;
        }
        let bit = self.on_cpu.get(execution as usize / 64).is_some_and(|word| word & (1 << (execution % 64)) != 0);
        match (self.get(execution), self.even.get(&execution)) {
            (Some(curve), _) => Course::Curve(curve),
            (None, Some(shares)) => Course::Even(shares),
            (None, None) if bit => Course::OnCpu,
            (None, None) => Course::Unseen,
        }
    }

    /// The share of an execution's time in its target, `in_target_ns`, that it was in each state.
    pub fn shares(&self, execution: u32, in_target_ns: u64) -> [f32; State::COUNT] {
        match self.course(execution) {
            Course::Curve(curve) => curve.total.map(|ns| (ns / (in_target_ns as f64).max(1.0)).min(1.0) as f32),
            Course::Even(shares) => *shares,
            Course::OnCpu => on_cpu(),
            Course::Unseen | Course::Plain => [0.0; State::COUNT],
        }
    }

    /// Whether any execution was in a state.
    pub fn has(&self, state: State) -> bool {
        self.seen[state.index()]
    }

    /// What an execution did; absent where it was not looked at.
    pub fn get(&self, execution: u32) -> Option<&Curve> {
        let at = self.curves.binary_search_by_key(&execution, |curve| curve.execution).ok()?;
        Some(&self.curves[at])
    }

    /// Every curve, by execution.
    pub fn curves(&self) -> &[Curve] {
        &self.curves
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let points = |curve: &Curve| curve.points.capacity() * size_of::<Point>();
        let even = self.even.capacity() * (size_of::<u32>() + size_of::<[f32; State::COUNT]>());
        let curves = self.curves.iter().map(points).sum::<usize>() + self.curves.capacity() * size_of::<Curve>();
        curves + even + self.on_cpu.capacity() * size_of::<u64>()
    }
}
