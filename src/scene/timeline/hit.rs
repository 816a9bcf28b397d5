//! What lies under a point.

use super::Index;
use super::bar::{Stretch, solid};
use super::mark::Mark;
use super::profiles::StateCurve;
use super::stacks::Stack;
use super::track::Track;
use model::Phase;

/// What lies under a point of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The execution's id.
    pub execution: u32,
    /// The phase of the execution.
    pub phase: Phase,
}

/// What lies at an instant (nanoseconds since the run's origin) on a lane's row, or nearest to it within `reach_ns`, so
/// that stretches narrower than a pixel can be pointed at. Absent on row 0, see [`main_at`].
pub fn hit(index: &Index, ns: f64, row: u32, reach_ns: f64) -> Option<Hit> {
    let lane = row.checked_sub(1)?;
    let stretch = nearest(index.lanes.get(lane as usize)?, index.open_in(lane).copied(), ns, reach_ns)?;
    let within = stretch.phase_at(ns.max(0.0) as u64).filter(|_| distance(&stretch, ns) == 0.0);
    let phase = within.or_else(|| edge_phase(&stretch, ns)).unwrap_or(Phase::Launching);
    Some(Hit { execution: stretch.execution(), phase })
}

/// What the launcher did at an instant, or nearest to it within `reach_ns`. A tick goes before the stretch that it
/// marks.
pub fn main_at(index: &Index, ns: f64, reach_ns: f64) -> Option<Mark> {
    let from = index.ticks.partition_point(|mark| (mark.to_ns as f64) < ns - reach_ns);
    let away = |mark: &Mark| mark.tick_ns().map_or(f64::INFINITY, |tick| (tick as f64 - ns).abs());
    let inside = |mark: &Mark| !mark.is_stretch() && distance(mark, ns) == 0.0;
    let near = index.ticks[from..].iter().take_while(|mark| mark.from_ns as f64 <= ns + reach_ns.max(0.0));
    let tick = near.filter(|mark| away(mark) <= reach_ns || inside(mark)).min_by(|a, b| away(a).total_cmp(&away(b)));
    tick.copied().or_else(|| nearest(&index.main, index.open_main.iter().copied(), ns, reach_ns))
}

/// What the launcher did between two instants, marks that are only ticks last; absent where there are more than `most`.
pub fn marks_between(index: &Index, from_ns: f64, to_ns: f64, most: usize) -> Option<Vec<Mark>> {
    let in_view = |mark: &&Mark| mark.to_ns as f64 >= from_ns && mark.from_ns as f64 <= to_ns;
    let first = index.main.first_ending_after((from_ns - 1.0).max(0.0) as u64);
    let stretches = index.main.range(first..index.main.len()).take_while(|mark| mark.from_ns as f64 <= to_ns);
    // A stretch with a tick may be cut on its row, but is whole among the ticks.
    let ticks = |stretch: bool| index.ticks.iter().filter(move |mark| mark.is_stretch() == stretch).filter(in_view);
    let plain = stretches.filter(|mark| mark.tick_ns().is_none());
    let all = ticks(true).copied().chain(plain).chain(index.open_main.iter().copied()).chain(ticks(false).copied());
    let marks: Vec<Mark> = all.take(most + 1).collect();
    (marks.len() <= most).then_some(marks)
}

/// What an execution did around an instant: over its bin, or over `least_ns` where that is longer. Absent where nobody
/// looked at it.
pub fn states_at(index: &Index, execution: u32, ns: f64, least_ns: f64) -> Option<Stack> {
    let curve = index.profiles.get(execution)?;
    let (from_ns, to_ns) = looked_at(curve, ns, least_ns)?;
    Some(Stack { from_ns, to_ns, ns: curve.between(from_ns, to_ns) })
}

/// The known stretch around an instant: its bin, or the part of `least_ns` around it that lies within the profile.
fn looked_at(curve: &StateCurve, ns: f64, least_ns: f64) -> Option<(f64, f64)> {
    let bin = curve.bin_at(ns).filter(|(from, to)| to - from >= least_ns);
    let (first, last) = curve.extent();
    let around = ((ns - least_ns / 2.0).max(first), (ns + least_ns / 2.0).min(last));
    bin.or(Some(around)).filter(|(from, to)| from < to)
}

fn nearest<S: Stretch>(track: &Track<S>, open: impl Iterator<Item = S>, ns: f64, reach_ns: f64) -> Option<S> {
    let after = track.first_ending_after(ns.max(0.0) as u64);
    // The stretch that holds the instant comes first, and so wins where two are as near.
    let near = [Some(after), after.checked_add(1), after.checked_sub(1)].into_iter().flatten();
    let candidates = near.filter_map(|at| track.get(at)).chain(open);
    let nearest = candidates.map(|stretch| (distance(&stretch, ns), stretch)).min_by(|a, b| a.0.total_cmp(&b.0));
    nearest.filter(|(distance, _)| *distance <= reach_ns.max(0.0)).map(|(_, stretch)| stretch)
}

fn distance<S: Stretch>(stretch: &S, ns: f64) -> f64 {
    let (from, to) = (stretch.start() as f64, stretch.end() as f64);
    if ns < from { from - ns } else { (ns - to).max(0.0) }
}

/// The first or the last phase that has a length, whichever is nearer.
fn edge_phase<S: Stretch>(stretch: &S, ns: f64) -> Option<Phase> {
    let mut lasting = stretch.stretches().filter(|(_, from, to)| from < to).map(|(phase, ..)| phase);
    if ns < solid(stretch) as f64 { lasting.next() } else { lasting.next_back() }
}
