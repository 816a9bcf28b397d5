//! Executions run one at a time, because the interpreter has one lock: the GIL.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): two counts of Python as processes
//! took 0.71 of the time as threads; hashing in its place kept 1.8 times as many cores at work.

use super::{
    facts::{Facts, SideFacts},
    found::{Claim, Found, likewise, percent},
    gate,
    run_facts::RunFacts,
};
use model::{BlockedOn, LaunchMode, Setting, State};

/// The id.
pub const ID: &str = "interpreter-lock";

/// Calls that give the GIL away wait a few per cent to have it back; from a tenth on it is what threads wait for.
const LEAST: f64 = 0.10;
/// An execution of less time than the interpreter's switch interval (5 ms) can't take turns.
const SHORTEST_NS: f64 = 5e6;
/// Processes pay where they take less than this share of the time.
const PAYS: f64 = 0.9;

fn share(run: &RunFacts<'_>) -> f64 {
    let long = run.known_ns() / run.run.executions.len().max(1) as f64 >= SHORTEST_NS;
    // An execution with members waits for them too, and what these wait for is unknown. One that waits for a lock for
    // longer waits for that.
    let most = run.blocked_ns(BlockedOn::Gil) > run.blocked_ns(BlockedOn::Lock);
    if long && most && !run.is_done_by_own() { run.share(run.blocked_ns(BlockedOn::Gil)) } else { 0.0 }
}

/// Advises processes as far as they were measured: sending arguments and results may cost more than the waits.
fn advised(found: Found, facts: &Facts<'_>, side: &SideFacts<'_>) -> Found {
    // Only modes in which each worker has a process, and so a GIL, of its own.
    let measured = facts.ways(side, |it| matches!(it.mode, LaunchMode::Processes | LaunchMode::ProcessPool));
    let without = "a call that gives the GIL away (NumPy, hashlib, zlib), or an interpreter without one";
    if measured.is_empty() {
        return found.advice(format!(
            "Use {without}. Processes (or a process pool) have a GIL each; a comparison with them tells whether they gain \
             more than it costs to start them and to send arguments and results."
        ));
    }
    let makespan = |side: &SideFacts<'_>| side.median(|run| run.makespan_ns);
    let quick = |it: &Setting| facts.side(*it).is_some_and(|it| makespan(it) < PAYS * makespan(side));
    let is_open = measured.iter().any(|it| gate::is_open(facts, *it, side.setting));
    let sides: Vec<Setting> = measured.into_iter().filter(quick).collect();
    let little = match is_open {
        true => format!("These repeats don't tell whether processes gain. What gains in any case is {without}."),
        false => format!("Processes gain little or nothing here, as measured; what is left is {without}."),
    };
    if sides.is_empty() {
        return found.advice(little);
    }
    let text = format!("Use processes for what computes in Python: they pay here. Or {without}.");
    found.trying([Claim::Pays { sides, over: side.setting }], text, little)
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
        .clause(format!("{} wait for the GIL during {} of the time", side.phrase.name, percent(share)))
        .percent("gil_percent", share)
        .ratio("on_cpu_at_once_count", at_once)
        .ratio("in_flight_count", side.median(RunFacts::in_flight))
        .costing(facts, |run| run.blocked_ns(BlockedOn::Gil) / run.in_flight().max(1.0))
        .shown_by_hits(&hits, |run| run.place_of(&[State::Blocked(BlockedOn::Gil)]));
    Some(advised(found, facts, side))
}
