//! The best point of a curve: the fewest workers, or the least value of an argument, such that no other is surely
//! faster. A curve over an argument that only grows with it, because the argument is the amount of work, has no best.

use super::{
    curve::{MeasuredPoint, Sweep, SweepCurve},
    points::ratio,
};
use crate::{label::workers, pairs::log_ratios, verdict::verdict};
use model::{
    SweepAxis,
    document::Verdict,
    quantity::{exact, figures, human_ns},
    scaling::{Best, Estimate},
};
use statistics::{
    order::median,
    rank_test::p_value,
    signed_rank::{CONFIDENCE, Interval},
};

/// A point that takes a ninth less time by the medians may well be better: then no other is called best.
const BY_MUCH: f64 = 1.125;

/// The best point of a curve; `None` where no point has a complete repeat.
pub fn best(sweep: &Sweep, curve: &SweepCurve) -> Option<Best> {
    let points: Vec<&MeasuredPoint> = curve.points.iter().filter(|point| !point.makespans.is_empty()).collect();
    let mut enough = points.windows(2).any(|pair| told(pair[0], pair[1], sweep.seed).is_some());
    let (best, sentence) = match points.as_slice() {
        [] => return None,
        [only] => (*only, one_point(sweep, curve, only)),
        _ if !enough => fastest_so_far(sweep, curve, &points)?,
        _ => {
            let unbeaten = |a: &&&MeasuredPoint| !points.iter().any(|b| is_slower(a, b, sweep.seed));
            // Of points that beat each other in a circle none is unbeaten: then the least median is taken.
            let best = points.iter().find(unbeaten).copied().or_else(|| fastest(&points))?;
            if points.iter().any(|other| may_be_faster(other, best, sweep.seed)) {
                enough = false;
                fastest_so_far(sweep, curve, &points)?
            } else {
                (best, sentence(sweep, curve, best, &points))
            }
        }
    };
    let told = enough && !grows(sweep, &points);
    // Where several curves over an argument may cross, it says nothing that each is best at its least value.
    let is_best = told || sweep.curves.len() == 1 || matches!(sweep.axis, SweepAxis::Workers(_));
    is_best.then_some(Best { setting: best.setting, told, sentence })
}

/// Whether a curve over an argument grows from its least value on; of a single curve, by at least a factor of two.
fn grows(sweep: &Sweep, points: &[&MeasuredPoint]) -> bool {
    let times: Vec<f64> = points.iter().filter_map(|point| median(&point.times())).collect();
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return false };
    let argument = matches!(sweep.axis, SweepAxis::Argument { .. });
    argument && times.is_sorted() && (*last >= 2.0 * first || sweep.curves.len() > 1)
}

fn one_point(sweep: &Sweep, curve: &SweepCurve, only: &MeasuredPoint) -> String {
    let (subject, at) = (curve.phrase.subject(), at(sweep, only));
    format!("{subject} ran with {at} alone: there is no other {} to compare it with.", value(sweep))
}

/// What a point is called: a `number` of workers, or a `value` of an argument.
fn value(sweep: &Sweep) -> &'static str {
    if matches!(sweep.axis, SweepAxis::Workers(_)) { "number" } else { "value" }
}

fn fastest<'a>(points: &[&'a MeasuredPoint]) -> Option<&'a MeasuredPoint> {
    let of = |point: &MeasuredPoint| median(&point.times()).unwrap_or(f64::INFINITY);
    points.iter().min_by(|a, b| of(a).total_cmp(&of(b))).copied()
}

fn fastest_so_far<'a>(
    sweep: &Sweep,
    curve: &SweepCurve,
    points: &[&'a MeasuredPoint],
) -> Option<(&'a MeasuredPoint, String)> {
    let best = fastest(points)?;
    let time = human_ns(median(&best.times())?.round() as u64);
    let question = match &sweep.axis {
        SweepAxis::Workers(_) => "how many workers are best".to_owned(),
        axis => format!("which {} is best", axis.variable()),
    };
    let sentence = format!(
        "Too few repeats to tell {question} for {}; so far {} took the least, {time}.",
        curve.phrase.name,
        at(sweep, best)
    );
    Some((best, sentence))
}

/// `Threads are best at 2 workers; beyond it 4 workers cost 12 % (95 %: 8–17 %).`
fn sentence(sweep: &Sweep, curve: &SweepCurve, best: &MeasuredPoint, points: &[&MeasuredPoint]) -> String {
    if grows(sweep, points) {
        return growth(sweep, curve, points);
    }
    let [name, verb, place] = [curve.phrase.subject(), curve.phrase.verb.to_owned(), at(sweep, best)];
    let (costs_word, more) = match sweep.axis {
        SweepAxis::Workers(_) => ("cost", "more workers gain"),
        SweepAxis::Argument { .. } => ("costs", "larger values gain"),
    };
    let beyond: Vec<_> = points.iter().filter(|point| point.x > best.x).collect();
    let costly = beyond.iter().rev().find(|point| is_slower(point, best, sweep.seed));
    let costs = costly.and_then(|point| Some((point, ratio(point, best, sweep.seed)?)));
    let rest = match costs {
        Some((point, times)) => format!("beyond it {} {costs_word} {}", at(sweep, point), cost(times)),
        None if beyond.is_empty() => match gain(sweep, best, points) {
            Some(gain) => format!("the most of the sweep: {gain}"),
            None => "the most of the sweep".to_owned(),
        },
        None => format!("{more} nothing that can be told"),
    };
    let joint = if beyond.is_empty() { "," } else { ";" };
    format!("{name} {verb} best at {place}{joint} {rest}.")
}

/// `3.71 × as fast as 1 worker (95 %: 3.60–3.80)`.
fn gain(sweep: &Sweep, best: &MeasuredPoint, points: &[&MeasuredPoint]) -> Option<String> {
    let first = points.first().filter(|first| first.x < best.x)?;
    let times = ratio(first, best, sweep.seed)?;
    let (low, high) = (times.low?, times.high?);
    Some(format!(
        "{} × as fast as {} (95 %: {}–{})",
        figures(times.median),
        at(sweep, first),
        figures(low),
        figures(high)
    ))
}

/// `12 % (95 %: 8–17 %)`, or from twice as long on `2.30 × as much time (95 %: 2.10–2.50)`.
fn cost(times: Estimate) -> String {
    let (low, high) = (times.low.unwrap_or(times.median), times.high.unwrap_or(times.median));
    if times.median >= 2.0 {
        return format!("{} × as much time (95 %: {}–{})", figures(times.median), figures(low), figures(high));
    }
    let decimals = if low < 1.1 { 1 } else { 0 };
    let [median, low, high] = [times.median, low, high].map(|ratio| format!("{:.decimals$}", (ratio - 1.0) * 100.0));
    format!("{median} % (95 %: {low}–{high} %)")
}

/// `Threads take longer the larger n is: 61.2 × as much time at n 1,000,000 as at n 1,000 (95 %: 60.0–62.0).`
fn growth(sweep: &Sweep, curve: &SweepCurve, points: &[&MeasuredPoint]) -> String {
    let (first, last) = (points[0], points[points.len() - 1]);
    let times = ratio(last, first, sweep.seed);
    let interval = times.and_then(|times| Some(format!(" (95 %: {}–{})", figures(times.low?), figures(times.high?))));
    let take = if curve.phrase.verb == "are" { "take" } else { "takes" };
    format!(
        "{} {take} longer the larger {} is: {} × as much time at {} as at {}{}.",
        curve.phrase.subject(),
        sweep.variable(),
        times.map_or_else(String::new, |times| figures(times.median)),
        at(sweep, last),
        at(sweep, first),
        interval.unwrap_or_default()
    )
}

/// `2 workers`, `-T 2`.
fn at(sweep: &Sweep, point: &MeasuredPoint) -> String {
    match &sweep.axis {
        SweepAxis::Workers(_) => workers(point.setting.workers),
        axis => axis.at(&exact(point.x)),
    }
}

/// Whether `a` surely takes longer than `b`, by a difference that matters.
fn is_slower(a: &MeasuredPoint, b: &MeasuredPoint, seed: u64) -> bool {
    // A point that took no longer is not surely slower, so most pairs need no resampling.
    median(&a.times()) > median(&b.times()) && told(a, b, seed) == Some(Verdict::B)
}

/// Whether `a` was faster by a difference that matters, but its repeats do not rule out chance.
fn may_be_faster(a: &MeasuredPoint, b: &MeasuredPoint, seed: u64) -> bool {
    let [a_ns, b_ns] = [a, b].map(|point| median(&point.times()));
    let by_much = a_ns.zip(b_ns).is_some_and(|(a, b)| a * BY_MUCH < b);
    by_much && told(a, b, seed) == Some(Verdict::Unclear)
}

/// The verdict on two points; `None` where there are too few repeats.
fn told(a: &MeasuredPoint, b: &MeasuredPoint, seed: u64) -> Option<Verdict> {
    let times = ratio(a, b, seed)?;
    let interval = Interval { low: times.low?, high: times.high?, confidence: CONFIDENCE };
    Some(verdict(&interval, p_value(&log_ratios(&a.makespans, &b.makespans))))
}
