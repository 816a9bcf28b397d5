//! One at a time, because the interpreter has one lock: the GIL.
//!
//! What is to be tried was tried (`benches/advice.py`, two quiet cores, medians of three): two counts of Python as
//! processes took 0.71 of the time as threads; hashing in its place kept 1.8 times as many cores at work.

use super::{
    facts::Facts,
    found::{Found, likewise, percent},
    run_facts::RunFacts,
};
use crate::model::{BlockedOn, State};

/// The id.
pub const ID: &str = "interpreter-lock";

/// Calls that give the GIL away wait a few per cent to have it back; from a tenth on it is what threads wait for.
const LEAST: f64 = 0.10;
/// An execution of less time than the interpreter's switch interval (5 ms) can't take turns.
const SHORTEST_NS: f64 = 5e6;

fn share(run: &RunFacts<'_>) -> f64 {
    let long = run.known_ns() / run.run.executions.len().max(1) as f64 >= SHORTEST_NS;
    // Who has threads of its own waits for them, too, and of those nobody knows for what they wait.
    if long && !run.is_done_by_own() { run.share(run.blocked_ns(BlockedOn::Gil)) } else { 0.0 }
}

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let hits = facts.hits(LEAST, share);
    let (side, share) = (hits.first()?.side, hits[0].value);
    let at_once = side.median(RunFacts::on_cpu_at_once);
    let sentence = format!(
        "{}, executions wait for the GIL during {} of the time in their targets: {:.1} are in flight, and {at_once:.2} of \
         them on a CPU.{}",
        side.phrase.in_front(),
        percent(share),
        side.median(RunFacts::in_flight),
        likewise(&hits),
    );
    let found = Found::new(ID, "The interpreter's lock")
        .sentence(sentence)
        .advice(
            "Use processes (or a process pool) for what computes in Python, a call that gives the GIL away (NumPy, hashlib, \
             zlib), or an interpreter without one.",
        )
        .clause(format!("{} wait for the GIL during {} of the time", side.phrase.name, percent(share)))
        .percent("gil_percent", share)
        .ratio("on_cpu_at_once_count", at_once)
        .ratio("in_flight_count", side.median(RunFacts::in_flight))
        .costing(facts, |run| run.blocked_ns(BlockedOn::Gil) / run.in_flight().max(1.0))
        .shown_by_hits(&hits, |run| run.place_of(&[State::Blocked(BlockedOn::Gil)]));
    Some(found)
}
