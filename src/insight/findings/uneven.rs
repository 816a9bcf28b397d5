//! The last execution works alone.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): the longest first took 0.81 of the
//! time.

use super::{
    facts::{Facts, SideFacts},
    found::{Found, likewise, percent},
    run_facts::{RunFacts, place},
};
use model::{Execution, Phase, Stage, quantity::human_ns};

/// The id.
pub const ID: &str = "uneven-work";

/// The last is alone for a fifth of the run: with the work spread evenly over two lanes it would take a tenth less.
const LEAST_ALONE: f64 = 0.2;
/// The lane of the last has a fifth more to do than its share: less than that is chance.
const LEAST_UNEVEN: f64 = 0.2;

/// With more executions than this, it is not worked out what each takes alone.
const MOST_LOOKED_AT: usize = 4_096;

/// How much more than an even share the lane of the last has to do, 0 for none.
fn imbalance(run: &RunFacts<'_>) -> f64 {
    excess(run, &run.lanes_ns)
}

/// The same for other times of its lanes.
fn excess(run: &RunFacts<'_>, lanes: &[f64]) -> f64 {
    let lane = run.last.and_then(|id| run.run.executions.get(id as usize)?.lane);
    let its = lane.and_then(|lane| lanes.get(lane as usize)).copied().unwrap_or(0.0);
    let mean = lanes.iter().sum::<f64>() / lanes.len().max(1) as f64;
    if mean > 0.0 { (its / mean - 1.0).max(0.0) } else { 0.0 }
}

fn alone(run: &RunFacts<'_>) -> f64 {
    let uneven = run.lanes_ns.len() > 1 && imbalance(run) >= LEAST_UNEVEN;
    if uneven { run.alone_ns / run.makespan_ns } else { 0.0 }
}

/// Whether the lane of the last had no more than an even share to do, by what the same executions take one after
/// another: then something else made it late.
fn is_even_alone(facts: &Facts<'_>, side: &SideFacts<'_>, run: &RunFacts<'_>) -> bool {
    let Some(alone) = facts.beside_sequence(side).filter(|_| run.run.executions.len() <= MOST_LOOKED_AT) else {
        return false;
    };
    let takes = |id: usize| {
        let of = |run: &RunFacts<'_>| run.run.executions.get(id)?.stamps.in_target_ns();
        alone.median(|run| of(run).map_or(0.0, |ns| ns as f64))
    };
    let mut lanes = vec![0.0; run.lanes_ns.len()];
    for (id, execution) in run.run.executions.iter().enumerate() {
        if let Some(lane) = execution.lane.and_then(|lane| lanes.get_mut(lane as usize)) {
            *lane += takes(id);
        }
    }
    excess(run, &lanes) < LEAST_UNEVEN
}

/// Whether nothing was launched before it: then it can't be started any sooner.
fn is_first(run: &RunFacts<'_>, last: &Execution) -> bool {
    let launched = |execution: &Execution| execution.stamps.get(Stage::LaunchCalled);
    run.run.executions.iter().all(|other| launched(other) >= launched(last))
}

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let mut hits = facts.hits(LEAST_ALONE, alone);
    hits.retain(|hit| !is_even_alone(facts, hit.side, hit.runs[0]));
    let (side, share) = (hits.first()?.side, hits[0].value);
    let run = hits[0].runs[0];
    let last = run.last.and_then(|id| run.run.executions.get(id as usize))?;
    let mend = if is_first(run, last) { "It was launched first: cut it" } else { "Start the longest first, or cut it" };
    let sentence = format!(
        "{}, {} is alone at the end for {}, {} of the run: its lane has {} more to do than an even share.{}",
        side.phrase.in_front(),
        last.label(),
        human_ns(run.alone_ns as u64),
        percent(share),
        percent(side.median(imbalance)),
        likewise(&hits),
    );
    let found = Found::new(ID, "Uneven work")
        .sentence(sentence)
        .advice(format!(
            "{mend} into smaller pieces, so that all lanes end together; nothing that comes before can make the run shorter \
             than its longest execution."
        ))
        .clause(format!("the last lane works alone for {} of the run", percent(share)))
        .percent("alone_percent", share)
        .ns("alone_ns", run.alone_ns)
        .percent("imbalance_percent", side.median(imbalance))
        .costing(facts, |run| if run.lanes_ns.len() > 1 { run.alone_ns } else { 0.0 })
        .shown_by_hits(&hits, |run| place(run.run.executions.get(run.last? as usize)?, Phase::InTarget));
    Some(found)
}
