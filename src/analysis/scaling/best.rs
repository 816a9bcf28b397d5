//! The best number of workers of a curve: the fewest of which no other number is surely faster.

use super::{
    curve::{Curve, Measured, Sweep},
    points::ratio,
};
use crate::{
    analysis::{
        label::workers,
        pairs::log_ratios,
        rank_test::p_value,
        signed_rank::{CONFIDENCE, Interval},
        stats::{figures, median},
        verdict::verdict,
    },
    model::{
        document::Verdict,
        duration::human_ns,
        scaling::{Best, Estimate},
    },
};

/// The best point of a curve; `None` where no point has a complete repeat.
pub fn best(sweep: &Sweep, curve: &Curve) -> Option<Best> {
    let points: Vec<&Measured> = curve.points.iter().filter(|point| !point.makespans.is_empty()).collect();
    let enough = points.windows(2).any(|pair| told(pair[0], pair[1], sweep.seed).is_some());
    let (best, sentence) = match points.as_slice() {
        [] => return None,
        [only] => (*only, one_point(curve, only)),
        _ if !enough => fastest_so_far(curve, &points)?,
        _ => {
            let unbeaten = |a: &&&Measured| !points.iter().any(|b| is_slower(a, b, sweep.seed));
            // Of three that beat each other in a circle none is unbeaten: then the least median is taken.
            let best = points.iter().find(unbeaten).copied().or_else(|| fastest(&points))?;
            (best, sentence(sweep, curve, best, &points))
        }
    };
    Some(Best { setting: best.setting.into(), told: enough, sentence })
}

fn one_point(curve: &Curve, only: &Measured) -> String {
    format!("{} ran with {} alone: there is no other number to compare it with.", curve.phrase.subject(), at(only))
}

fn fastest<'a>(points: &[&'a Measured]) -> Option<&'a Measured> {
    let of = |point: &Measured| median(&point.times()).unwrap_or(f64::INFINITY);
    points.iter().min_by(|a, b| of(a).total_cmp(&of(b))).copied()
}

fn fastest_so_far<'a>(curve: &Curve, points: &[&'a Measured]) -> Option<(&'a Measured, String)> {
    let best = fastest(points)?;
    let time = human_ns(median(&best.times())?.round() as u64);
    let sentence = format!(
        "Too few repeats to tell how many workers are best for {}; so far {} took the least, {time}.",
        curve.phrase.name,
        at(best)
    );
    Some((best, sentence))
}

/// `Threads are best at 2 workers; beyond it 4 workers cost 12 % (95 %: 8–17 %).`
fn sentence(sweep: &Sweep, curve: &Curve, best: &Measured, points: &[&Measured]) -> String {
    let [name, verb, place] = [curve.phrase.subject(), curve.phrase.verb.to_owned(), at(best)];
    let beyond: Vec<_> = points.iter().filter(|point| point.x > best.x).collect();
    let costly = beyond.iter().rev().find(|point| is_slower(point, best, sweep.seed));
    let costs = costly.and_then(|point| Some((point, ratio(point, best, sweep.seed)?)));
    let rest = match costs {
        Some((point, times)) => format!("beyond it {} cost {}", at(point), cost(times)),
        None if beyond.is_empty() => match gain(sweep, best, points) {
            Some(gain) => format!("the most of the sweep: {gain}"),
            None => "the most of the sweep".to_owned(),
        },
        None => "more workers gain nothing that can be told".to_owned(),
    };
    let joint = if beyond.is_empty() { "," } else { ";" };
    format!("{name} {verb} best at {place}{joint} {rest}.")
}

/// `3.71 × as fast as 1 worker (95 %: 3.60–3.80)`.
fn gain(sweep: &Sweep, best: &Measured, points: &[&Measured]) -> Option<String> {
    let first = points.first().filter(|first| first.x < best.x)?;
    let times = ratio(first, best, sweep.seed)?;
    let (low, high) = (times.low?, times.high?);
    Some(format!("{} × as fast as {} (95 %: {}–{})", figures(times.median), at(first), figures(low), figures(high)))
}

/// `12 % (95 %: 8–17 %)`, or from twice as long on `2.30 × as much (95 %: 2.10–2.50)`.
fn cost(times: Estimate) -> String {
    let (low, high) = (times.low.unwrap_or(times.median), times.high.unwrap_or(times.median));
    if times.median >= 2.0 {
        return format!("{} × as much time (95 %: {}–{})", figures(times.median), figures(low), figures(high));
    }
    let decimals = if low < 1.1 { 1 } else { 0 };
    let [median, low, high] = [times.median, low, high].map(|ratio| format!("{:.decimals$}", (ratio - 1.0) * 100.0));
    format!("{median} % (95 %: {low}–{high} %)")
}

/// `2 workers`.
fn at(point: &Measured) -> String {
    workers(point.setting.workers)
}

/// Whether `a` surely takes longer than `b`, by a difference that matters.
fn is_slower(a: &Measured, b: &Measured, seed: u64) -> bool {
    // Who took no longer is not surely slower: most pairs need no resampling.
    median(&a.times()) > median(&b.times()) && told(a, b, seed) == Some(Verdict::B)
}

/// What comparisons say of the two; `None` where there are too few repeats.
fn told(a: &Measured, b: &Measured, seed: u64) -> Option<Verdict> {
    let times = ratio(a, b, seed)?;
    let interval = Interval { low: times.low?, high: times.high?, confidence: CONFIDENCE };
    Some(verdict(&interval, p_value(&log_ratios(&a.makespans, &b.makespans))))
}
