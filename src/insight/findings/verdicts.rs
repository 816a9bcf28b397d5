//! What the verdicts themselves say: no difference, or too few repeats to tell.

use super::{facts::Facts, found::Found, run_facts::RunFacts};
use crate::compare::EQUIVALENCE;
use model::{
    BlockedOn, Setting,
    document::{Comparison, Verdict},
    quantity::figures,
};
use statistics::signed_rank::FEWEST_PAIRS;

/// The id of no difference.
pub const NONE: &str = "no-difference";
/// The id of too few repeats.
pub const TOO_FEW: &str = "too-few-repeats";

/// All compared settings take as long.
pub fn no_difference(facts: &Facts<'_>) -> Option<Found> {
    let first = facts.comparisons.first()?;
    let all = facts.comparisons.iter().all(|comparison| comparison.verdict == Verdict::None);
    let (ratio, low, high) = (first.ratio?, first.low?, first.high?);
    let mut found = Found::new(NONE, "No difference")
        .sentence(format!(
            "Of {} repeats each, the ratio of {} is {} (95 %: {}–{}): within {:.0} % of 1, neither setting gains.",
            repeats(facts, first),
            sides(facts, first),
            figures(ratio),
            figures(low),
            figures(high),
            EQUIVALENCE * 100.0
        ))
        .advice(
            "Choose by other things: threads take less memory and share it, processes keep a crash to themselves. A \
             difference shows where executions share something, are short, or are many.",
        )
        .clause(unhindered(facts))
        .ratio("makespan_ratio", ratio)
        .ratio("low_ratio", low)
        .ratio("high_ratio", high)
        .count("repeats_count", repeats(facts, first))
        .found_in(settings(facts))
        .shown_by(runs(facts), None);
    found.likeness = 0.3;
    all.then_some(found)
}

/// Says that no setting waits for a lock, where that was measured.
fn unhindered(facts: &Facts<'_>) -> &'static str {
    const NOTHING: f64 = 0.01;
    let waits = |run: &RunFacts<'_>| run.share(run.blocked_ns(BlockedOn::Lock) + run.blocked_ns(BlockedOn::Gil));
    let known = |run: &RunFacts<'_>| run.known_ns() > 0.0 && run.unseen_ns == 0.0;
    let free = facts.compared().all(|side| side.runs.iter().all(known) && side.median(waits) < NOTHING);
    if free { "neither waits for a lock" } else { "neither pays for what the other does not" }
}

/// The repeats don't allow a verdict.
pub fn too_few(facts: &Facts<'_>) -> Option<Found> {
    let unclear = |comparison: &&Comparison| comparison.verdict == Verdict::Unclear && comparison.ratio.is_some();
    let comparison = facts.comparisons.iter().find(unclear)?;
    // A sweep has points on its way at which settings are close to each other: what counts is its curves.
    if facts.experiment.sweep.is_some() && !facts.comparisons.iter().all(|comparison| unclear(&comparison)) {
        return None;
    }
    let mut found = Found::new(TOO_FEW, "Too few repeats to tell")
        .sentence(match (comparison.low, comparison.high) {
            (Some(low), Some(high)) if low > 1.0 || high < 1.0 => format!(
                "The interval of the ratio of {} reaches from {} to {}, and yet the rank test does not rule out chance: after \
                 {} repeats each it can't be told which is faster.",
                sides(facts, comparison),
                figures(low),
                figures(high),
                repeats(facts, comparison)
            ),
            (Some(low), Some(high)) => format!(
                "The interval of the ratio of {} reaches from {} to {}: after {} repeats each it can't be told which is \
                 faster.",
                sides(facts, comparison),
                figures(low),
                figures(high),
                repeats(facts, comparison)
            ),
            _ => {
                let there_are = match repeats(facts, comparison) {
                    1 => "There is 1 complete repeat".to_owned(),
                    n => format!("There are {n} complete repeats"),
                };
                let of = sides(facts, comparison);
                format!(
                    "{there_are} of {of}, and an interval of 95 % takes {FEWEST_PAIRS}: what they say so far may be chance."
                )
            }
        })
        .advice(
            "Measure more repeats, or leave the number open, so that they go on until the interval is narrow enough.",
        )
        .clause("the repeats are too few, or too far apart, to tell")
        .count("repeats_count", repeats(facts, comparison))
        .ratio("makespan_ratio", comparison.ratio?)
        .found_in(settings(facts))
        .shown_by(runs(facts), None);
    if let (Some(low), Some(high)) = (comparison.low, comparison.high) {
        found = found.ratio("low_ratio", low).ratio("high_ratio", high);
    }
    found.doubt = 0.8;
    Some(found)
}

fn settings(facts: &Facts<'_>) -> Vec<Setting> {
    facts.compared().map(|side| side.setting).collect()
}

fn runs(facts: &Facts<'_>) -> Vec<u32> {
    facts.compared().flat_map(|side| side.ids().collect::<Vec<_>>()).collect()
}

/// `threads and processes`.
fn sides(facts: &Facts<'_>, comparison: &Comparison) -> String {
    let name = |side: Setting| {
        let found = facts.compared().find(|facts| facts.setting == side);
        found.map_or_else(String::new, |facts| facts.phrase.name.clone())
    };
    format!("{} and {}", name(comparison.a), name(comparison.b))
}

/// The complete repeats of the setting that has fewer.
fn repeats(facts: &Facts<'_>, comparison: &Comparison) -> u64 {
    let of = |side: Setting| facts.compared().find(|facts| facts.setting == side);
    let count = |side| of(side).map_or(0, |side| side.runs.len()) as u64;
    count(comparison.a).min(count(comparison.b))
}
