//! One at a time, because they wait for a lock.

use super::{
    facts::Facts,
    found::{Found, likewise, percent},
    run_facts::RunFacts,
};
use crate::model::{BlockedOn, State};

/// The id.
pub const ID: &str = "serialised-on-a-lock";

/// A lock that is held for a tenth of the time is waited for now and then; below that it is no bottleneck.
const LEAST: f64 = 0.10;
/// Without others in flight nobody holds the lock.
const FEWEST_IN_FLIGHT: f64 = 1.2;

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let lock = |run: &RunFacts<'_>| {
        let together = run.in_flight() >= FEWEST_IN_FLIGHT;
        if together { run.share(run.blocked_ns(BlockedOn::Lock)) } else { 0.0 }
    };
    let hits = facts.hits(LEAST, lock);
    let (side, share) = (hits.first()?.side, hits[0].value);
    let at_once = side.median(RunFacts::on_cpu_at_once);
    let sentence = format!(
        "{}, executions are blocked on a lock during {} of the time in their targets: {:.1} are in flight, and {at_once:.2} \
         of them on a CPU.{}",
        side.phrase.in_front(),
        percent(share),
        side.median(RunFacts::in_flight),
        likewise(&hits),
    );
    let found = Found::new(ID, "Serialised on a lock")
        .sentence(sentence)
        .advice(
            "Hold the lock for less, or take it less often: gather results in each execution and hand them over once, or \
             give each one its own and put them together at the end.",
        )
        .clause(format!("{} {} blocked on a lock during {} of the time", side.phrase.name, side.phrase.verb, percent(share)))
        .percent("lock_percent", share)
        .ratio("on_cpu_at_once_count", at_once)
        .ratio("in_flight_count", side.median(RunFacts::in_flight))
        .costing(facts, |run| lock_cost_ns(run))
        .shown_by_hits(&hits, |run| run.place_of(&[State::Blocked(BlockedOn::Lock)]));
    Some(found)
}

/// Waiting for a lock, and what the CPU does meanwhile for those who spin and switch.
fn lock_cost_ns(run: &RunFacts<'_>) -> f64 {
    (run.blocked_ns(BlockedOn::Lock) + run.state_ns(State::OnCpu)) / run.in_flight().max(1.0)
}
