//! The points of a curve as numbers with their intervals.

use super::curve::{MeasuredPoint, Sweep, SweepCurve};
use crate::pairs;
use model::{
    SweepAxis,
    scaling::{Estimate, Point},
};
use statistics::{bootstrap, median_interval::median_interval, order::median, signed_rank};

/// The points of one curve.
pub fn points(sweep: &Sweep, curve: &SweepCurve) -> Vec<Point> {
    let one = matches!(sweep.axis, SweepAxis::Workers(_)).then(|| curve.points.iter().find(|point| point.x == 1.0));
    let one = one.flatten();
    curve.points.iter().map(|measured| point(sweep, curve, measured, one)).collect()
}

fn point(sweep: &Sweep, curve: &SweepCurve, measured: &MeasuredPoint, one: Option<&MeasuredPoint>) -> Point {
    let makespan = estimate(&measured.times());
    let speedup = one.and_then(|one| ratio(one, measured, sweep.seed));
    let efficiency = speedup.map(|speedup| speedup.map(|value| value / measured.x));
    Point {
        setting: measured.setting,
        repeats: measured.makespans.len(),
        makespan_ns: makespan,
        throughput_per_s: makespan.map(|ns| ns.turned(|ns| measured.executions as f64 * 1e9 / ns)),
        speedup: speedup.map(|speedup| speedup.median),
        speedup_interval: speedup,
        efficiency: efficiency.map(|efficiency| efficiency.median),
        efficiency_interval: efficiency,
        note: note(curve, measured),
    }
}

/// The median with its interval.
fn estimate(values: &[f64]) -> Option<Estimate> {
    let interval = median_interval(values);
    Some(Estimate { median: median(values)?, low: interval.map(|i| i.0), high: interval.map(|i| i.1) })
}

/// How many times as long `a` takes as `b`, by the repeats that both have, worked out as in comparisons: see
/// [`bootstrap`].
pub fn ratio(a: &MeasuredPoint, b: &MeasuredPoint, seed: u64) -> Option<Estimate> {
    let logs = pairs::log_ratios(&a.makespans, &b.makespans);
    let median = signed_rank::locate(&logs)?.estimate;
    let interval = bootstrap::interval(&logs, seed);
    let logs = Estimate { median, low: interval.map(|i| i.low), high: interval.map(|i| i.high) };
    Some(logs.map(f64::exp))
}

fn note(curve: &SweepCurve, measured: &MeasuredPoint) -> Option<String> {
    let failed = measured.ended - measured.makespans.len();
    if failed == 0 {
        return None;
    }
    let why = measured.why.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
    Some(match measured.makespans.len() {
        0 => format!("No run {} succeeded as a whole{why}.", curve.phrase.manner),
        _ if failed == 1 => format!("1 of {} repeats did not succeed as a whole and is left out{why}.", measured.ended),
        _ => format!("{failed} of {} repeats did not succeed as a whole and are left out{why}.", measured.ended),
    })
}
