//! More executions want a core than there are.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): two workers for eight that compute
//! took as long (1.03), and each was in its target for 0.29 of the time.

use super::{
    facts::Facts,
    found::{Claim, Found, likewise, percent},
    run_facts::RunFacts,
};
use model::{Setting, State};

/// The id.
pub const ID: &str = "oversubscription";

/// An execution that is ready for a quarter of the time takes a third longer than alone.
const LEAST: f64 = 0.25;
/// Work that all cores share takes the time of one after another, divided by their number. What takes much less than
/// that shares no work among cores.
const LEAST_OF_CORES: f64 = 0.8;
/// One more than there are cores may be the launcher, or chance; half as many again is a queue.
const CROWD: f64 = 1.5;

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let cores = facts.cores();
    // Only executions that are ready or on a CPU want a core; those that sleep do not.
    let crowded =
        |run: &RunFacts<'_>| !run.is_done_by_own() && run.able_at_once() >= CROWD * cores && run.most as f64 > cores;
    let ready = |run: &RunFacts<'_>| if crowded(run) { run.share(run.state_ns(State::Ready)) } else { 0.0 };
    let mut hits = facts.hits(LEAST, ready);
    // An execution that works until a time has passed ends no sooner with a core to itself.
    hits.retain(|hit| facts.of_sequence(hit.side).is_none_or(|share| share * cores >= LEAST_OF_CORES));
    let (side, share) = (hits.first()?.side, hits[0].value);
    let at_once = side.median(RunFacts::able_at_once);
    let as_cores = |it| Setting { workers: cores as u32, ..side.setting } == it;
    let sentence = format!(
        "{}, {at_once:.1} executions want a core at once and there are {cores:.0}: each is ready, and waits for one, during \
         {} of the time in its target.{}",
        side.phrase.in_front(),
        percent(share),
        likewise(&hits),
    );
    let found = Found::new(ID, "Oversubscription")
        .sentence(sentence)
        .trying(
            [Claim::LosesNothing { sides: facts.ways(side, as_cores), to: side.setting }],
            format!(
                "Set workers to {cores:.0}, the number of cores: the whole takes as long, each execution is done sooner, and \
                 less memory is in use at once."
            ),
            format!("Each execution is done sooner with {cores:.0} workers, but the whole takes longer here, as measured."),
        )
        .clause(format!("{at_once:.0} want one of {cores:.0} cores at once"))
        .percent("ready_percent", share)
        .ratio("want_a_core_count", at_once)
        .count("most_in_flight_count", hits[0].runs[0].most as u64)
        .count("cores_count", cores as u64)
        .shown_by_hits(&hits, |run| run.place_of(&[State::Ready]));
    Some(found)
}
