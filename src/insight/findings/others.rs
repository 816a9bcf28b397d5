//! Other programs took cores, and the result shows it.
//!
//! The advice was tried (`benches/advice.py`, medians of three): without two programs that come and go a run took 0.65
//! of the time.

use super::{
    facts::{Facts, SideFacts},
    found::{Found, percent},
    run_facts::RunFacts,
};
use model::{State, document::Verdict, others::OTHERS_WARN};
use statistics::order;

/// The id.
pub const ID: &str = "others-disturbed";

/// Ready for a tenth of the time, though there are cores for all that want one.
const LEAST_READY: f64 = 0.10;
/// 5 % more than there are cores may be chance.
const NO_CROWD: f64 = 1.05;
/// Repeats whose middle half spreads over more than a tenth of the median can't tell small differences.
const SPREAD: f64 = 0.10;

fn others(run: &RunFacts<'_>) -> f64 {
    run.run.others_share.unwrap_or(0.0)
}

fn ready(run: &RunFacts<'_>) -> f64 {
    run.share(run.state_ns(State::Ready))
}

/// The finding. A share of the machine that other programs took is none by itself: executions must have waited for
/// cores that these had, and the result must be unclear for it, or spread.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let disturbed = |side: &&SideFacts<'_>| took_cores(facts, side) && shows(facts, side);
    let shown: Vec<_> = facts.compared().filter(disturbed).collect();
    let side = *shown.iter().max_by(|a, b| a.median(ready).total_cmp(&b.median(ready)))?;
    let plainest = side.plainest(ready);
    let sentence = format!(
        "{}, executions were ready, and waited for a core, during {} of the time in their targets, though no more than {} \
         wanted one: other programs took about {} of the machine (an estimate). Repeats spread over {} of their median.",
        side.phrase.in_front(),
        percent(side.median(ready)),
        facts.cores(),
        percent(side.median(others)),
        percent(spread(side)),
    );
    let first = plainest.run.id;
    let mut found = Found::new(ID, "Other programs disturbed the runs")
        .sentence(sentence)
        .advice("End other programs, or wait until they are done, and measure again; more repeats help where they come and go.")
        .clause(format!("other programs took about {} of the machine", percent(side.median(others))))
        .percent("ready_percent", side.median(ready))
        .percent("others_percent", side.median(others))
        .percent("spread_percent", spread(side))
        .found_in(shown.iter().map(|side| side.setting).collect::<Vec<_>>())
        .shown_by(
            std::iter::once(first).chain(side.ids().filter(move |id| *id != first)),
            plainest.place_of(&[State::Ready]),
        );
    // Other programs are not to blame where there are too few repeats for an interval.
    let too_few = facts.comparisons.iter().all(|comparison| comparison.low.is_none()) && !facts.comparisons.is_empty();
    found.doubt = if too_few { 0.5 } else { 0.9 };
    Some(found)
}

/// Whether executions were ready though there were cores for all that wanted one, while other programs took a part of
/// the machine.
fn took_cores(facts: &Facts<'_>, side: &SideFacts<'_>) -> bool {
    let no_crowd = side.median(RunFacts::able_at_once) <= facts.cores() * NO_CROWD;
    no_crowd && side.median(others) > OTHERS_WARN && side.median(ready) >= LEAST_READY
}

/// Whether the result suffers: a verdict on this setting is unclear; where there is no verdict, its repeats spread.
fn shows(facts: &Facts<'_>, side: &SideFacts<'_>) -> bool {
    if facts.comparisons.is_empty() {
        return spread(side) >= SPREAD;
    }
    let mut unclear = facts.comparisons.iter().filter(|comparison| comparison.verdict == Verdict::Unclear);
    unclear.any(|comparison| [comparison.a, comparison.b].contains(&side.setting))
}

/// The middle half of the makespans over their median.
fn spread(side: &SideFacts<'_>) -> f64 {
    let makespans = side.values(|run| run.makespan_ns);
    order::Spread::of(&makespans).map_or(0.0, |spread| (spread.high - spread.low) / spread.median.max(1.0))
}
