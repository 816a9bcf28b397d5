//! Executions run one at a time, because they wait for a lock.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): results gathered and handed over once
//! took 0.61 of the time, each with its own list 0.44.

use super::{
    contrast::{Contrast, contrasts, gave_away, user},
    facts::Facts,
    found::{Found, likewise, percent},
    run_facts::RunFacts,
    turns::Turns,
};
use model::{
    BlockedOn, State,
    quantity::{grouped, human_ns},
};

/// The id.
pub const ID: &str = "serialised-on-a-lock";

/// A lock that is waited for during less than a tenth of the time is no bottleneck.
const LEAST: f64 = 0.10;
/// Without others in flight nobody holds the lock.
const FEWEST_IN_FLIGHT: f64 = 1.2;

const ADVICE: &str = "Hold the lock for less, or take it less often: gather results in each execution and hand them over \
                      once, or give each its own and put them together at the end.";

fn blocked(run: &RunFacts<'_>) -> f64 {
    run.share(run.blocked_ns(BlockedOn::Lock))
}

fn share(run: &RunFacts<'_>) -> f64 {
    let share = blocked(run);
    // An execution that waits for its members may do so in any lock.
    let worth = share >= LEAST && run.in_flight() >= FEWEST_IN_FLIGHT && !run.is_done_by_own();
    // The stretches are gone through only then.
    if worth && Turns::of(run).pass_a_lock() { share } else { 0.0 }
}

/// The finding: executions are blocked on a lock for long; or often and briefly, with more CPU time for spinning than
/// the same work takes apart.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    blocked_long(facts).or_else(|| blocked_often(facts))
}

fn blocked_long(facts: &Facts<'_>) -> Option<Found> {
    let hits = facts.hits(LEAST, share);
    let (side, share) = (hits.first()?.side, hits[0].value);
    let at_once = side.median(RunFacts::on_cpu_at_once);
    let turns = Turns::of(hits[0].runs.first()?);
    let held = turns.held_ns / turns.blocked_ns.max(1.0);
    let sentence = format!(
        "{}, executions are blocked on a lock during {} of the time in their targets: {:.1} are in flight, and {at_once:.2} \
         of them on a CPU. During {} of that another of them goes on, and the lock passes from one to another.{}",
        side.phrase.in_front(),
        percent(share),
        side.median(RunFacts::in_flight),
        percent(held),
        likewise(&hits),
    );
    let found = found(facts, sentence)
        .clause(format!(
            "{} {} blocked on a lock during {} of the time",
            side.phrase.name,
            side.phrase.verb,
            percent(share)
        ))
        .percent("lock_percent", share)
        .percent("held_percent", held)
        .ratio("on_cpu_at_once_count", at_once)
        .ratio("in_flight_count", side.median(RunFacts::in_flight))
        .count("gave_cpu_away_count", side.median(gave_away).round() as u64)
        .shown_by_hits(&hits, |run| run.place_of(&[State::Blocked(BlockedOn::Lock)]));
    Some(found)
}

fn blocked_often(facts: &Facts<'_>) -> Option<Found> {
    // Spinning is user time: where only the kernel's time grows, the lock is the kernel's own.
    let often = contrasts(facts).into_iter().filter(|it| it.switches && it.user_share > it.system_share);
    // Handing over a GIL takes switches, too.
    let gil = |it: &Contrast<'_, '_>| it.shared.median(|run| run.share(run.blocked_ns(BlockedOn::Gil)));
    let often = often.filter(|it| gil(it) < LEAST);
    let worst = often.max_by(|a, b| a.user_share.total_cmp(&b.user_share))?;
    let Contrast { shared, apart, .. } = worst;
    let seen = match shared.median(blocked) {
        seen if seen >= 0.001 => format!(", blocked on a lock during {} of the time", percent(seen)),
        _ => String::new(),
    };
    let sentence = format!(
        "{}, executions gave the CPU away {} times ({} {}){seen}, and take {} of CPU time in user mode, {} {}: they \
         spin on a lock, and wait for it.",
        shared.phrase.in_front(),
        grouped(shared.median(gave_away).round() as i128),
        grouped(apart.median(gave_away).round() as i128),
        apart.phrase.manner,
        human_ns(shared.median(user) as u64),
        human_ns(apart.median(user) as u64),
        apart.phrase.manner,
    );
    let place = shared.plainest(gave_away).place_of(&[State::Blocked(BlockedOn::Lock), State::OnCpu]);
    let found = found(facts, sentence)
        .clause(format!("{} spin on a lock and wait for it", shared.phrase.name))
        .percent("lock_percent", shared.median(blocked))
        .count("gave_cpu_away_count", shared.median(gave_away).round() as u64)
        .count("gave_cpu_away_elsewhere_count", apart.median(gave_away).round() as u64)
        .ratio("user_growth_ratio", worst.ratio(user))
        .found_in([shared.setting])
        .shown_by(worst.runs(gave_away), place);
    Some(found)
}

fn found(facts: &Facts<'_>, sentence: String) -> Found {
    Found::new(ID, "Serialised on a lock").sentence(sentence).advice(ADVICE).costing(facts, cost_ns)
}

/// Time blocked on a lock, and CPU time, in which executions spin on it and switch.
fn cost_ns(run: &RunFacts<'_>) -> f64 {
    (run.blocked_ns(BlockedOn::Lock) + run.state_ns(State::OnCpu)) / run.in_flight().max(1.0)
}
