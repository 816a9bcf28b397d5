//! The launcher waits for one execution, while others have long ended: joins come in the order of starts.
//!
//! The advice was tried (`benches/advice.py`, two busy cores, medians of three): three results were there after 50 ms,
//! and one after 400. Joined in order, the last of the three was in hand 349 ms later; by as_completed() or a queue,
//! 0.2 ms later. A pool by itself hands results out in the order of calls.

use super::{
    facts::{Facts, SideFacts},
    found::{Found, percent},
    run_facts::RunFacts,
};
use model::{Execution, FindingPlace, MainMark, Phase, Stage, quantity::human_ns};

/// The id.
pub const ID: &str = "join-order";

/// An execution that has ended waits for at least a quarter of the run to be joined.
const LEAST: f64 = 0.25;
/// The share of repeats in which it is the same execution: chance would choose now one, now another.
const SAME: f64 = 0.75;

/// One join takes half of that time: else it was not that join which kept the launcher.
const LEAST_OF_WAIT: f64 = 0.5;

/// When it was gone and its result was there.
fn ended_ns(execution: &Execution) -> Option<u64> {
    execution.stamps.get(Stage::Exited)?;
    Some(execution.phase(Phase::ToBeJoined)?.0)
}

/// The execution that waited longest between its end and the call of its join, and how long.
fn overtaken<'a>(run: &RunFacts<'a>) -> Option<(&'a Execution, u64)> {
    let kept = |execution: &Execution| execution.stamps.join_called()?.checked_sub(ended_ns(execution)?);
    run.most_of(kept)
}

fn share(run: &RunFacts<'_>) -> f64 {
    overtaken(run).map_or(0.0, |(_, ns)| ns as f64 / run.makespan_ns)
}

/// What the launcher waited for meanwhile: the join of another execution that took most of the time from that end to
/// that call.
fn waited_for(run: &RunFacts<'_>, overtaken: &Execution, kept_ns: u64) -> Option<MainMark> {
    let (ended, called) = (ended_ns(overtaken)?, overtaken.stamps.join_called()?);
    let marks = run.run.main_lane();
    let others = marks.iter().filter(|mark| mark.kind.is_waiting() && mark.execution != overtaken.id);
    let meanwhile = |mark: &MainMark| mark.to_ns.min(called).saturating_sub(mark.from_ns.max(ended));
    let most = others.max_by_key(|mark| meanwhile(mark))?;
    (meanwhile(most) as f64 >= LEAST_OF_WAIT * kept_ns as f64).then(|| most.clone())
}

/// Whether the same execution waited longest in most repeats.
fn is_order(side: &SideFacts<'_>) -> bool {
    let mut who: Vec<u32> = side.runs.iter().filter_map(|run| Some(overtaken(run)?.0.id)).collect();
    who.sort_unstable();
    let most = who.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0);
    most as f64 >= SAME * side.runs.len() as f64
}

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let hits = facts.hits(LEAST, share);
    let hit = hits.into_iter().find(|hit| is_order(hit.side))?;
    let run = hit.runs[0];
    let (ended, kept_ns) = overtaken(run)?;
    let mark = waited_for(run, ended, kept_ns)?;
    let waited = run.run.executions.get(mark.execution as usize)?;
    let sentence = format!(
        "The launcher was blocked in join({}) for {}; {} had ended {} before it was joined, and its join returned at once \
         ({}). Joins come in the order of starts, not of ends.",
        waited.label(),
        human_ns(mark.ns()),
        ended.label(),
        human_ns(kept_ns),
        human_ns(super::run_facts::joining_ns(ended).unwrap_or(0)),
    );
    let place = FindingPlace { execution: Some(waited.id), from_ns: mark.from_ns, to_ns: mark.to_ns };
    let runs: Vec<u32> = hit.runs.iter().map(|facts| facts.run.id).collect();
    let found = Found::new(ID, "Joined in the order of starts")
        .sentence(sentence)
        .advice(
            "That costs nothing where all are to be waited for. To use results as they come, take them in the order of \
             ends: as_completed() of a pool's futures, or a queue.",
        )
        .clause(format!("a join waits for {} of the run while others have ended", percent(hit.value)))
        .ns("blocked_in_join_ns", mark.ns() as f64)
        .ns("ended_before_join_ns", kept_ns as f64)
        .percent("ended_before_join_percent", hit.value)
        .found_in([hit.side.setting])
        .shown_by(runs, Some(place));
    Some(found)
}
