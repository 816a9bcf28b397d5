//! What lies under a point.

use super::Index;
use super::bar::{Stretch, solid};
use super::track::Track;
use crate::model::Phase;

/// What lies under a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The execution's id.
    pub execution: u32,
    /// Which of its phases. On row 0, launching is a start call, and waiting to be joined a join.
    pub phase: Phase,
}

/// What lies at an instant (nanoseconds since the run's origin) of a row, or nearest to it, no further than
/// `reach_ns` away: what is narrower than a pixel can be pointed at too.
pub fn hit(index: &Index, ns: f64, row: u32, reach_ns: f64) -> Option<Hit> {
    match row.checked_sub(1) {
        None => on_row(&index.main, index.open_main.iter().copied(), ns, reach_ns),
        Some(lane) => on_row(index.lanes.get(lane as usize)?, index.open_in(lane).copied(), ns, reach_ns),
    }
}

fn on_row<S: Stretch>(track: &Track<S>, open: impl Iterator<Item = S>, ns: f64, reach_ns: f64) -> Option<Hit> {
    let after = track.first_ending_after(ns.max(0.0) as u64);
    // What lies around the instant comes first, and wins where two are as near.
    let near = [Some(after), after.checked_add(1), after.checked_sub(1)].into_iter().flatten();
    let candidates = near.filter_map(|at| track.stretches().get(at).copied()).chain(open);
    let nearest = candidates.map(|stretch| (distance(&stretch, ns), stretch)).min_by(|a, b| a.0.total_cmp(&b.0));
    let (distance, stretch) = nearest.filter(|(distance, _)| *distance <= reach_ns.max(0.0))?;
    let within = stretch.phase_at(ns.max(0.0) as u64).filter(|_| distance == 0.0);
    let phase = within.or_else(|| edge_phase(&stretch, ns)).unwrap_or(Phase::Launching);
    Some(Hit { execution: stretch.execution(), phase })
}

fn distance<S: Stretch>(stretch: &S, ns: f64) -> f64 {
    let (from, to) = (stretch.start() as f64, stretch.end() as f64);
    if ns < from { from - ns } else { (ns - to).max(0.0) }
}

/// The first phase that has a length, or the last, whichever lies nearer.
fn edge_phase<S: Stretch>(stretch: &S, ns: f64) -> Option<Phase> {
    let edges = stretch.edges();
    let mut lasting = Phase::ALL.into_iter().filter(|&phase| edges[phase as usize] < edges[phase as usize + 1]);
    if ns < solid(stretch) as f64 { lasting.next() } else { lasting.next_back() }
}
