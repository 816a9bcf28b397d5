//! Threads of one process contend in the kernel; processes do not.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): processes took 0.10 of the time of
//! threads that flip a mapping's protection; fewer, larger mappings 0.20.

use super::{
    contrast::{Contrast, contrasts, gave_away, system},
    facts::Facts,
    found::{Claim, Found, percent},
    run_facts::{RunFacts, place},
    sending,
};
use model::{
    BlockedOn, Phase,
    quantity::{grouped, human_ns},
};

/// The id.
pub const ID: &str = "kernel-contention";

/// The most that a switch from one thread to another takes in the kernel, with the calls that make it. Measured: 7 to
/// 14 µs, of threads that hand over a GIL, a lock or one of the kernel's own.
const SWITCH_NS: f64 = 20_000.0;

/// Whether threads hand over a GIL so often that this explains the growth: each short call that gives it away waits to
/// have it back, mostly too briefly for a sample.
fn hands_over_the_gil(contrast: &Contrast<'_, '_>) -> bool {
    let more = |of: fn(&RunFacts<'_>) -> f64| contrast.shared.median(of) - contrast.apart.median(of);
    contrast.shared.runs.iter().any(RunFacts::has_gil) && more(system) <= SWITCH_NS * more(gave_away)
}

/// The finding: system time grows, and user time does not, as it would where threads spin on a lock of the program's
/// own.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    // Where processes send more than they work, that is how threads differ from them.
    let sends = |it: &Contrast<'_, '_>| it.apart.runs.iter().any(sending::dominates);
    let all = contrasts(facts).into_iter().filter(|it| it.system_share > 0.0 && it.user_share < it.system_share);
    let all = all.filter(|it| !sends(it) && !hands_over_the_gil(it));
    let worst = all.max_by(|a, b| a.system_share.total_cmp(&b.system_share))?;
    let (shared, apart) = (worst.shared, worst.apart);
    let blocked = shared.median(|run| run.share(run.blocked_ns(BlockedOn::Other)));
    let [own, others] = [shared, apart].map(|side| side.median(system));
    let sentence = format!(
        "{}, a run takes {} of CPU time in the kernel, {} {}; user time does not grow like that. Threads are blocked in the \
         kernel during {} of the time in their targets, and gave the CPU away {} times ({} {}).",
        shared.phrase.in_front(),
        human_ns(own as u64),
        human_ns(others as u64),
        apart.phrase.manner,
        percent(blocked),
        grouped(shared.median(gave_away).round() as i128),
        grouped(apart.median(gave_away).round() as i128),
        apart.phrase.manner,
    );
    let plainest = shared.plainest(system);
    let slowest = plainest.most_of(|execution| execution.usage.as_ref()?.system_ns);
    let found = Found::new(ID, "Contention in the kernel")
        .sentence(sentence)
        .advice(
            "Threads share what the kernel keeps for a process: its memory map, its files. Map and allocate once and reuse \
             it, in larger pieces.",
        )
        .trying(
            [Claim::Pays { sides: facts.ways(shared, |it| it.mode.isolates()), over: shared.setting }],
            "Or use processes, which have their own.",
            "Processes, which have their own, gain nothing here, as measured.",
        )
        .clause(format!(
            "{} spend {} in the kernel, {} {}",
            shared.phrase.name,
            human_ns(own as u64),
            apart.phrase.name,
            human_ns(others as u64)
        ))
        .ns("system_ns", own)
        .ns("system_elsewhere_ns", others)
        .ratio("system_growth_ratio", worst.ratio(system))
        .percent("blocked_in_kernel_percent", blocked)
        .count("gave_cpu_away_count", shared.median(gave_away).round() as u64)
        .count("gave_cpu_away_elsewhere_count", apart.median(gave_away).round() as u64)
        .costing(facts, cost_ns)
        .found_in([shared.setting])
        .shown_by(worst.runs(system), slowest.and_then(|(execution, _)| place(execution, Phase::InTarget)));
    Some(found)
}

fn cost_ns(run: &RunFacts<'_>) -> f64 {
    (system(run) + run.blocked_ns(BlockedOn::Other)) / run.in_flight().max(1.0)
}
