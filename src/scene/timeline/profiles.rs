//! What executions did, as sums up to any instant: the states of a stretch are the difference of two sums.

use super::gil::Gil;
use model::{Bin, BlockedOn, Changes, Execution, Ids, LaunchMode, Run, State, States, StatesSource};
use std::collections::{BTreeMap, HashMap};

/// Time in each state, by [`State::index`], in nanoseconds. Whole numbers up to a hundred days are exact.
pub type StateNs = [f64; State::COUNT];

/// A bin, with the sums before it.
#[derive(Clone, Copy, Debug)]
struct Point {
    from_ns: u64,
    to_ns: u64,
    /// The sums of all bins before it.
    before: StateNs,
}

/// The bins of one execution. Within a bin every state is spread evenly, because the order of states in it is unknown.
#[derive(Clone, Debug)]
pub struct StateCurve {
    /// The execution's id.
    pub execution: u32,
    /// Its lane; absent while it has none.
    pub lane: Option<u32>,
    points: Vec<Point>,
    total: StateNs,
}

impl StateCurve {
    fn new(execution: u32) -> Self {
        Self { execution, lane: None, points: Vec::new(), total: StateNs::default() }
    }

    /// Takes in new bins, or all of them where earlier bins were merged in the meantime.
    fn take(&mut self, bins: &[Bin]) {
        // The last bin may have grown.
        if let Some(last) = self.points.pop() {
            self.total = last.before;
        }
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

    /// From the beginning of the first bin to the end of the last.
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

    /// The bin of an instant: its beginning and end.
    pub fn bin_at(&self, ns: f64) -> Option<(f64, f64)> {
        let point = self.points.get(self.first_ending_after(ns))?;
        (point.from_ns as f64 <= ns).then_some((point.from_ns as f64, point.to_ns as f64))
    }

    /// The place of the first bin that ends after an instant.
    pub(super) fn first_ending_after(&self, ns: f64) -> usize {
        self.points.partition_point(|point| point.to_ns as f64 <= ns)
    }

    /// The same, searched from a place on; near places are found first.
    pub(super) fn first_ending_after_from(&self, place: usize, ns: f64) -> usize {
        let points = &self.points[place.min(self.points.len())..];
        let near = points.iter().take(8).take_while(|point| point.to_ns as f64 <= ns).count();
        if near < 8 {
            return place + near;
        }
        place + near + points[near..].partition_point(|point| point.to_ns as f64 <= ns)
    }

    /// The sums up to an instant. It must lie before the end of the bin at `place`, and not before the end of the bin
    /// in front of that.
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

    /// Where the piece at an instant ends: the bin at `place`, or the gap before that bin.
    pub(super) fn piece_end(&self, place: usize, ns: f64) -> f64 {
        let Some(point) = self.points.get(place) else { return f64::INFINITY };
        if ns < point.from_ns as f64 { point.from_ns as f64 } else { point.to_ns as f64 }
    }
}

/// What is known of an execution's states in its target.
#[derive(Clone, Copy, Debug)]
pub enum Course<'a> {
    /// Its states over time.
    Curve(&'a StateCurve),
    /// The share of each state, by its own clocks; their order is unknown.
    Even(&'a [f32; State::COUNT]),
    /// It was on a CPU throughout.
    OnCpu,
    /// Nothing, though the run was looked at.
    Unseen,
    /// Nothing, and nobody looked at the run.
    Plain,
}

impl Course<'_> {
    /// The share of each state over the whole, where their order is unknown.
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

/// An execution on a CPU for this share of its time counts as on a CPU throughout; the rest is within the resolution of
/// the clocks.
const ON_CPU_THROUGHOUT: f32 = 0.999;

/// The share of each state. Where no look says what it was blocked on, it was blocked on something else.
fn shares_of(states: &States) -> [f32; State::COUNT] {
    let mut ns = State::ALL.map(|state| states.get(state).unwrap_or(0) as f32);
    if states.blocked_on.is_none() {
        ns[State::Blocked(BlockedOn::Other).index()] = states.blocked_ns as f32;
    }
    let all: f32 = ns.iter().sum();
    if all > 0.0 { ns.map(|ns| ns / all) } else { on_cpu() }
}

/// What the executions of a run did; grows with the run.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    /// By execution.
    curves: BTreeMap<u32, StateCurve>,
    /// The number of executions known to have been in each state.
    seen: [u32; State::COUNT],
    /// The shares of states of executions that nobody looked at, by their own clocks, unless they were on a CPU
    /// throughout.
    even: HashMap<u32, [f32; State::COUNT]>,
    /// Executions that were on a CPU throughout, by their own clocks.
    on_cpu: Ids,
    /// Whether everything is taken in.
    whole: bool,
    /// Whether the run was measured but the states of its executions can't be told: coroutines share their thread.
    untold: bool,
}

impl Profiles {
    /// Takes in what changed in a run; it must always be the same run.
    pub fn take(&mut self, run: &Run, changes: &Changes) {
        if self.whole {
            return;
        }
        self.untold = run.mode == LaunchMode::Asyncio && run.states_source.is_some();
        for profile in changes.profiles.iter().filter_map(|id| run.profile(id)) {
            let id = profile.execution;
            self.learn(id, |known| known.curves.entry(id).or_insert_with(|| StateCurve::new(id)).take(&profile.bins));
            self.note_lane(run, id);
        }
        for execution in changes.executions_of(run) {
            self.note_lane(run, execution.id);
            self.learn_shares(execution);
        }
        let exact = run.states_source == Some(StatesSource::SwitchRecords);
        if run.end.is_some() && exact && Gil::of(run).is_some() {
            self.complete(run);
            self.whole = true;
        }
    }

    fn note_lane(&mut self, run: &Run, id: u32) {
        if let Some(curve) = self.curves.get_mut(&id) {
            curve.lane = run.executions.get(id as usize).and_then(|execution| execution.lane);
        }
    }

    /// Changes what is known of an execution, and updates the counts of states.
    fn learn(&mut self, id: u32, change: impl FnOnce(&mut Self)) {
        let had = |known: &Self| known.shares(id, 1).map(|share| u32::from(share > 0.0));
        let before = had(self);
        change(self);
        let now = had(self);
        self.seen.iter_mut().zip(before.iter().zip(now)).for_each(|(seen, (before, now))| *seen = *seen + now - before);
    }

    /// Takes in the shares by an execution's own clocks, unless somebody looked at it.
    fn learn_shares(&mut self, execution: &Execution) {
        let id = execution.id;
        if self.curves.contains_key(&id) {
            return;
        }
        let shares = execution.states.as_deref().map(shares_of);
        self.learn(id, |known| {
            known.even.remove(&id);
            known.on_cpu.remove(id);
            match shares {
                Some(shares) if shares[State::OnCpu.index()] >= ON_CPU_THROUGHOUT => drop(known.on_cpu.insert(id)),
                Some(shares) => drop(known.even.insert(id, shares)),
                None => {}
            }
        });
    }

    /// Adds curves of executions that have no profile because they were on a CPU throughout: the GIL's row shows them
    /// too.
    fn complete(&mut self, run: &Run) {
        for execution in run.executions.iter().filter(|execution| execution.states.is_some()) {
            let (id, in_target) = (execution.id, execution.stamps.in_target());
            let Some((from_ns, to_ns)) = in_target.filter(|_| !self.curves.contains_key(&id)) else { continue };
            let mut in_state_ns = [0; State::COUNT];
            in_state_ns[State::OnCpu.index()] = to_ns.saturating_sub(from_ns);
            let mut curve = StateCurve { lane: execution.lane, ..StateCurve::new(id) };
            curve.push(&Bin { from_ns, to_ns, in_state_ns });
            self.learn(id, |known| drop(known.curves.insert(id, curve)));
        }
    }

    /// Whether states of executions are known, or should be; if so, an execution in its target is said to be on a CPU
    /// only where that is known.
    pub fn looked(&self) -> bool {
        self.untold || !self.is_empty()
    }

    /// Whether nothing is known of any execution.
    pub fn is_empty(&self) -> bool {
        self.curves.is_empty() && self.even.is_empty() && self.on_cpu.is_empty()
    }

    /// What is known of an execution's states in its target.
    pub fn course(&self, execution: u32) -> Course<'_> {
        if !self.looked() {
            return Course::Plain;
        }
        match (self.get(execution), self.even.get(&execution)) {
            (Some(curve), _) => Course::Curve(curve),
            (None, Some(shares)) => Course::Even(shares),
            (None, None) if self.on_cpu.contains(execution) => Course::OnCpu,
            (None, None) => Course::Unseen,
        }
    }

    /// The share of each state in an execution's time in its target, `in_target_ns`.
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
        self.seen[state.index()] > 0
    }

    /// The curve of an execution; absent where nobody looked at it.
    pub fn get(&self, execution: u32) -> Option<&StateCurve> {
        self.curves.get(&execution)
    }

    /// Every curve, by execution.
    pub fn curves(&self) -> impl Iterator<Item = &StateCurve> {
        self.curves.values()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let curve = |curve: &StateCurve| size_of::<StateCurve>() + curve.points.capacity() * size_of::<Point>();
        let even = self.even.capacity() * (size_of::<u32>() + size_of::<[f32; State::COUNT]>());
        let on_cpu = self.on_cpu.statistics();
        let on_cpu = on_cpu.n_bytes_array_containers + on_cpu.n_bytes_run_containers + on_cpu.n_bytes_bitset_containers;
        self.curves.values().map(curve).sum::<usize>() + even + on_cpu as usize
    }
}
