//! Whether waits overlap: executions that are in flight at once may yet wait one after another, as where each holds a lock
//! while it sleeps.

use super::{
    run_facts::{RunFacts, covered_ns},
    turns::stretches,
};
use model::BlockedOn;

/// The least share of all waits that stretches must cover to stand for them.
const LEAST_SEEN: f64 = 0.5;

/// How many of a run's executions are asleep, in I/O or blocked otherwise on average, while any is; where stretches
/// cover too little of that, how many are in flight. `waits_ns` is the sum of their waits.
pub fn waiting_at_once(facts: &RunFacts<'_>, waits_ns: f64) -> f64 {
    let waits = [BlockedOn::Sleep, BlockedOn::Io, BlockedOn::Other];
    let all: Vec<_> = facts.run.profiles.iter().flat_map(|profile| stretches(profile, &waits)).collect();
    let seen_ns = all.iter().map(|(from, to)| to - from).sum::<u64>() as f64;
    if seen_ns < LEAST_SEEN * waits_ns { facts.in_flight() } else { seen_ns / covered_ns(all).max(1.0) }
}
