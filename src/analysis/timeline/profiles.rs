//! What executions did, as sums up to any instant: the states of a stretch are the difference of two of them.

use super::gil::Gil;
use crate::model::{Bin, Run, State, StatesSource};

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

/// The curves of a run, which grow with it.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    /// By execution.
    curves: Vec<Curve>,
    /// Which states there are.
    seen: [bool; State::COUNT],
    /// Nothing more comes.
    whole: bool,
}

impl Profiles {
    /// Takes in what is new of a run; always the same run.
    pub fn update(&mut self, run: &Run) {
        if self.whole {
            return;
        }
        for (at, profile) in run.profiles.iter().enumerate() {
            if self.curves.get(at).is_none_or(|curve| curve.execution != profile.execution) {
                self.curves.insert(at, Curve::new(profile.execution));
            }
            let curve = &mut self.curves[at];
            curve.lane = run.executions.get(profile.execution as usize).and_then(|execution| execution.lane);
            curve.take(&profile.bins);
            self.seen.iter_mut().zip(curve.total).for_each(|(seen, ns)| *seen |= ns > 0.0);
        }
        let exact = run.states_source == Some(StatesSource::SwitchRecords);
        if run.end.is_some() && exact && Gil::of(run).is_some() {
            self.complete(run);
        }
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
            curve.push(&Bin { from_ns, to_ns, in_state_ns: [on_cpu_ns, 0, 0, 0, 0, 0, 0, 0] });
            self.curves.push(curve);
            self.seen[State::OnCpu.index()] = true;
        }
        self.curves.sort_by_key(|curve| curve.execution);
        self.whole = true;
    }

    /// Whether nothing was looked at.
    pub fn is_empty(&self) -> bool {
        self.curves.is_empty()
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
        self.curves.iter().map(points).sum::<usize>() + self.curves.capacity() * size_of::<Curve>()
    }
}
