//! Starts that were refused and joins that gave up: Python's launcher notes them on the main lane.
//!
//! The advice was tried (`benches/advice.py`): a thread that checks an Event, which another sets, ends before its
//! join(timeout) does, and one that does not goes on; two threads start where a second start of one is refused.

use super::{facts::Facts, found::Found};
use model::{FindingPlace, MainKind, MainMark, Run, quantity::human_ns};

/// The id of a join that gave up waiting.
pub const JOIN_TIMEOUT: &str = "join-timeout";
/// The id of a thread that was started twice.
pub const SECOND_START: &str = "second-start";

/// What a launcher noted is no guess: it comes after failures and before figures.
const WEIGHT: f64 = 5.0;

/// A join with a timeout that returned although the thread was still alive.
pub fn join_timeout(facts: &Facts<'_>) -> Option<Found> {
    let (run, mark, found) = first(facts, MainKind::JoinTimeout, JOIN_TIMEOUT, "join() gave up waiting")?;
    let label = label(run, mark);
    let still = run.executions.get(mark.execution as usize).and_then(|execution| execution.stamps.last());
    let lasted = still.map(|(_, ns)| ns).filter(|ns| *ns > mark.to_ns).map_or_else(
        || "nobody waited for its end".to_owned(),
        |ns| format!("it went on for {}", human_ns(ns - mark.to_ns)),
    );
    let found = found
        .sentence(format!(
            "join({}) with a timeout returned after {} although the thread was still alive; {lasted}.",
            label,
            human_ns(mark.ns())
        ))
        .advice(
            "join(timeout) ends the waiting, not the thread: ask is_alive() afterwards, and tell the thread to stop, for \
             example with an Event.",
        )
        .clause("join(timeout) returns while the thread goes on")
        .ns("waited_ns", mark.ns() as f64);
    Some(found)
}

/// A second start of the same thread.
pub fn second_start(facts: &Facts<'_>) -> Option<Found> {
    let (run, mark, found) = first(facts, MainKind::StartAgain, SECOND_START, "A thread starts once")?;
    let error = mark.message.as_deref().unwrap_or("it was refused").trim_end_matches('.');
    let found = found
        .sentence(format!("A second start() of {} was refused: {error}.", label(run, mark)))
        .advice("Make a new thread for each start; a pool does that for you.")
        .clause("a thread can be started once");
    Some(found)
}

/// The first measured run with such a mark, the mark, and the finding begun.
fn first<'a>(facts: &Facts<'a>, kind: MainKind, id: &str, title: &str) -> Option<(&'a Run, &'a MainMark, Found)> {
    let marks = |run: &'a Run| run.marks.iter().filter(move |mark| mark.kind == kind);
    let runs: Vec<&Run> =
        facts.experiment.runs.iter().filter(|run| !run.warmup && marks(run).next().is_some()).collect();
    let run = *runs.first()?;
    let mark = marks(run).next()?;
    let place = FindingPlace { execution: Some(mark.execution), from_ns: mark.from_ns, to_ns: mark.to_ns };
    let mut found = Found::new(id, title)
        .count("marks_count", runs.iter().map(|run| marks(run).count() as u64).sum())
        .count("runs_count", runs.len() as u64)
        .found_in(runs.iter().map(|run| run.setting()).collect::<Vec<_>>())
        .shown_by(runs.iter().map(|run| run.id).collect::<Vec<_>>(), Some(place));
    found.weight = WEIGHT;
    Some((run, mark, found))
}

fn label(run: &Run, mark: &MainMark) -> String {
    run.executions.get(mark.execution as usize).map(|execution| execution.label()).unwrap_or_default()
}
