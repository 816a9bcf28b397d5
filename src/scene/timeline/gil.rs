//! The row *GIL*: which of the threads that share an interpreter's lock was on a CPU.

use super::Index;
use super::stacks::stacks;
use super::view::{BarItem, Columns, Fill, ViewRect, WHOLE};
use crate::palette::LANES;
use model::{BlockedOn, LaunchMode, Run, State};

const COLOURS: usize = LANES.len();
const ON_CPU: usize = 0;
/// Shares below this are rounding errors.
const NOTHING: f64 = 1e-6;

/// What is known of a run's GIL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gil {
    /// One GIL for all executions; waiting for it was seen.
    One,
    /// Each subinterpreter has its own GIL.
    Several,
    /// There may be a GIL, but waiting for it can't be seen, or nobody looked.
    Unseen,
    /// There is no GIL.
    Off,
}

impl Gil {
    /// The GIL of a run's executions; absent unless they are Python functions in one process.
    pub fn of(run: &Run) -> Option<Self> {
        run.interpreter.filter(|_| !run.mode.isolates())?;
        let Some(facts) = &run.interpreter_facts else { return Some(Self::One) };
        let seen = run.sampling.map_or(facts.implementation == "CPython", |sampling| sampling.sees_gil);
        Some(match run.mode {
            _ if facts.free_threaded && facts.gil_enabled != Some(true) => Self::Off,
            LaunchMode::Interpreters => Self::Several,
            _ if seen || facts.free_threaded => Self::One,
            _ => Self::Unseen,
        })
    }

    /// A note for the row where its name alone would mislead.
    pub fn note(self) -> Option<&'static str> {
        match self {
            Self::One => None,
            Self::Several => Some("who was on a CPU (each subinterpreter has a GIL of its own)"),
            Self::Unseen => Some("who was on a CPU (who waited for the GIL was not seen)"),
            Self::Off => Some("no GIL: free-threaded build"),
        }
    }

    /// Whether the row shows who was running.
    pub fn has_holders(self) -> bool {
        self != Self::Off
    }
}

/// Who was on a CPU, and how many waited for the GIL, over a stretch.
#[derive(Clone, Debug, PartialEq)]
pub struct GilMoment {
    /// Where it begins, in nanoseconds since the run's origin.
    pub from_ns: f64,
    /// Where it ends.
    pub to_ns: f64,
    /// The executions on a CPU, each with its share of the stretch; the largest share first.
    pub running: Vec<(u32, f64)>,
    /// The mean number of executions that waited for the GIL.
    pub waiting: f64,
}

/// Calls `draw` with the rectangles of the row in a view. In each column the executions on a CPU are stacked by their
/// shares; unused height stays free, and executions on a CPU at the same time share the height.
pub fn gil(index: &Index, view: &ViewRect, mut draw: impl FnMut(BarItem)) {
    if !view.is_valid() {
        return;
    }
    let columns = Columns::of(view, 1.0);
    let shares = on_cpu(index, &columns);
    for (column, shares) in shares.iter().enumerate() {
        let whole = shares.iter().sum::<f64>().max(columns.width_ns);
        let (from_px, to_px) = (columns.edge_px(column), columns.edge_px(column + 1));
        let mut foot = 0.0;
        for (colour, ns) in shares.iter().enumerate() {
            let height = ns / whole;
            if height > NOTHING {
                let band = (foot as f32, (foot + height).min(f64::from(WHOLE.1)) as f32);
                draw(BarItem { row: 0, rows: 1, from_px, to_px, band, fill: Fill::Lane(colour as u32) });
                foot += height;
            }
        }
    }
}

/// Time on a CPU in each column, by colour of the lane.
fn on_cpu(index: &Index, columns: &Columns) -> Vec<[f64; COLOURS]> {
    let mut sums = vec![[0.0; COLOURS]; columns.count];
    for curve in index.profiles.curves() {
        let (first, last) = curve.extent();
        let (from, to) = (first.max(columns.from_ns), last.min(columns.end_ns()));
        let Some(lane) = curve.lane.filter(|_| from < to) else { continue };
        let colour = lane as usize % COLOURS;
        stacks(curve, from, to, columns, |stack| {
            let share = stack.shares()[ON_CPU];
            if share > 0.0 {
                columns.spread(stack.from_ns, stack.to_ns, |column, ns| sums[column][colour] += ns * share);
            }
        });
    }
    sums
}

/// Who was on a CPU, and how many waited, between two instants.
pub fn gil_between(index: &Index, from_ns: f64, to_ns: f64) -> GilMoment {
    let length = (to_ns - from_ns).max(f64::MIN_POSITIVE);
    let mut moment = GilMoment { from_ns, to_ns, running: Vec::new(), waiting: 0.0 };
    for curve in index.profiles.curves() {
        let (first, last) = curve.extent();
        if first < to_ns && last > from_ns {
            let shares = curve.between(from_ns, to_ns).map(|ns| ns / length);
            moment.waiting += shares[State::Blocked(BlockedOn::Gil).index()];
            moment.running.extend((shares[ON_CPU] > NOTHING).then_some((curve.execution, shares[ON_CPU])));
        }
    }
    moment.running.sort_by(|a, b| b.1.total_cmp(&a.1));
    moment
}

/// The same around an instant: over the stretch in which no bin begins or ends, or over `least_ns` where that is
/// longer.
pub fn gil_at(index: &Index, ns: f64, least_ns: f64) -> GilMoment {
    let bins = index.profiles.curves().filter_map(|curve| curve.bin_at(ns));
    let common = bins.fold((0.0_f64, f64::INFINITY), |(from, to), bin| (from.max(bin.0), to.min(bin.1)));
    let (from, to) = match common {
        (from, to) if to.is_finite() && to - from >= least_ns => (from, to),
        _ => ((ns - least_ns / 2.0).max(0.0), ns + least_ns / 2.0),
    };
    gil_between(index, from, to)
}
