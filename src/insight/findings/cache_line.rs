//! Threads slow each other down in the processor itself: cache lines that they share go from core to core.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): counters 64 bytes apart took 0.28 of
//! the time.

use super::{
    contrast::{contrasts, user},
    facts::Facts,
    found::Found,
    run_facts::{RunFacts, place},
};
use model::{Phase, State, quantity::human_ns};

/// The id.
pub const ID: &str = "shared-cache-line";

/// Where executions are blocked for more than this, something else is the matter.
const MOST_BLOCKED: f64 = 0.10;

fn blocked(run: &RunFacts<'_>) -> f64 {
    1.0 - run.share(run.state_ns(State::OnCpu) + run.state_ns(State::Ready))
}

/// The finding: user time grows while nobody is blocked, and the kernel has no part in it. What the caches do is not
/// measured: it is the cause that is left.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let all = contrasts(facts).into_iter().filter(|it| it.user_share > 2.0 * it.system_share && !it.switches);
    // Without user time apart there is no ratio.
    let all = all.filter(|it| it.shared.median(blocked) < MOST_BLOCKED && it.apart.median(user) > 0.0);
    let worst = all.max_by(|a, b| a.user_share.total_cmp(&b.user_share))?;
    let (shared, apart) = (worst.shared, worst.apart);
    let [own, others] = [shared, apart].map(|side| side.median(user));
    let sentence = format!(
        "{}, the same work takes {} of CPU time in user mode, {} {}: {:.1} times as much, with nobody blocked. Inferred, \
         not measured: they write to memory of the same cache lines, which then go from core to core.",
        shared.phrase.in_front(),
        human_ns(own as u64),
        human_ns(others as u64),
        apart.phrase.manner,
        worst.ratio(user),
    );
    let plainest = shared.plainest(user);
    let slowest = plainest.most_of(|execution| execution.usage.as_ref()?.user_ns);
    let found = Found::new(ID, "A shared cache line")
        .sentence(sentence)
        .advice(
            "Keep what different threads write at least 64 bytes apart (padding, or a local variable that is stored once \
             at the end); a hardware counter of cache misses (perf c2c) would prove it.",
        )
        .clause(format!(
            "the same work takes {:.1} times the CPU time {}, as where cores write to one cache line",
            worst.ratio(user),
            shared.phrase.manner
        ))
        .ns("user_ns", own)
        .ns("user_elsewhere_ns", others)
        .ratio("user_growth_ratio", worst.ratio(user))
        .costing(facts, |run: &RunFacts<'_>| user(run) / run.in_flight().max(1.0))
        .inferred_from(shared.setting, apart.setting)
        .found_in([shared.setting])
        .shown_by(worst.runs(user), slowest.and_then(|(execution, _)| place(execution, Phase::InTarget)));
    Some(found)
}
