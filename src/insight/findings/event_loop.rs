//! Many executions at once in one thread: an event loop.
//!
//! The advice was tried (`benches/advice.py`, two busy cores, medians of three): a thousand waits of 200 ms took 211 ms
//! in an event loop, 645 ms in a thread each. A process pool for what computes: see `loop_kept`.

use super::{
    facts::Facts,
    found::{Claim, Found},
    run_facts::{RunFacts, place},
};
use model::{Owner, Phase, Slice, quantity::human_ns};

/// The id.
pub const ID: &str = "one-thread-overlaps";

/// Two are in flight at once for half of the time, or more for less.
const LEAST: f64 = 1.5;

/// The loop's thread is on a CPU for more than half of the time: its coroutines compute in turns.
const COMPUTES: f64 = 0.5;

/// The share of a stretch in which the loop's thread was on a CPU, or was taken off one and wanted it back; absent
/// without slices.
pub fn loop_on_cpu(run: &RunFacts<'_>, from_ns: u64, to_ns: u64) -> Option<f64> {
    run.run.slices_source?;
    let is_loops = |owner: Owner| matches!(owner, Owner::Execution(_) | Owner::Launcher);
    let mut own: Vec<Slice> = run.run.slices.iter(from_ns, to_ns).filter(|slice| is_loops(slice.owner)).collect();
    own.sort_unstable_by_key(|slice| slice.from_ns);
    let next = own.iter().skip(1).map(|slice| slice.from_ns).chain([to_ns]);
    let wants = own.iter().zip(next).map(|(slice, next)| {
        let end_ns = if slice.preempted { next } else { slice.to_ns };
        end_ns.min(to_ns).saturating_sub(slice.from_ns.max(from_ns))
    });
    Some(wants.sum::<u64>() as f64 / to_ns.saturating_sub(from_ns).max(1) as f64)
}

/// Whether its coroutines are known to compute.
fn computes(run: &RunFacts<'_>) -> bool {
    let stretches = || run.run.executions.iter().filter_map(|execution| execution.stamps.in_target());
    let ends = stretches().map(|(from, _)| from).min().zip(stretches().map(|(_, to)| to).max());
    ends.and_then(|(from, to)| loop_on_cpu(run, from, to)).is_some_and(|share| share > COMPUTES)
}

/// How many are in their targets at once, where all of them ran in one thread and it mostly waits; else 0.
fn overlap(run: &RunFacts<'_>) -> f64 {
    let mut threads = run.run.executions.iter().map(|execution| (execution.pid, execution.tid));
    let first = threads.next();
    let known = first.is_some_and(|(pid, tid)| pid.is_some() && tid.is_some());
    let in_one = known && threads.all(|thread| Some(thread) == first);
    if in_one && !computes(run) { run.in_flight() } else { 0.0 }
}

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let mut hits = facts.hits(LEAST, overlap);
    hits.retain(|hit| facts.saves_time(hit.side) != Some(false));
    let side = hits.first()?.side;
    let [sum, covered] = [side.median(|run| run.in_target_ns), side.median(|run| run.covered_ns)];
    let sentence = format!(
        "{}, all executions ran in one thread, and {:.1} were in their targets at once: {} of them took {}. One thread can \
         do that because they wait; what computes would stop all others.",
        side.phrase.in_front(),
        hits[0].value,
        human_ns(sum as u64),
        human_ns(covered as u64),
    );
    let found = Found::new(ID, "Waits overlap in one thread")
        .sentence(sentence)
        .advice("An event loop is the cheapest way to wait for many things; give what computes to a process pool.")
        .clause("one thread waits for all of them at once")
        .ratio("in_flight_count", hits[0].value)
        .count("most_in_flight_count", hits[0].runs[0].most as u64)
        .ns("in_target_ns", sum)
        .ns("covered_ns", covered)
        .costing(facts, |run| run.covered_ns)
        .claiming(Claim::Suffices { side: side.setting })
        .shown_by_hits(&hits, |run| {
            place(run.most_of(|execution| execution.stamps.in_target_ns())?.0, Phase::InTarget)
        });
    Some(found)
}
