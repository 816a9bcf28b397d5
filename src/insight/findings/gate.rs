//! The gate that every finding passes. It drops findings that a verdict contradicts, whose cost is below the noise of
//! the machine, that have a simpler cause, or that follow from another finding.

use super::{
    at_once, event_loop,
    facts::{Facts, SideFacts},
    found::{Claim, Found},
    handover, interpreter_lock, join_order, lock, loop_kept, memory, results,
    run_facts::RunFacts,
    sweeps, waiting,
};
use crate::compare::compare_two;
use model::{
    Setting, State,
    document::{Comparison, Verdict},
};
use statistics::order::{self, quantile};

/// Where too few repeats leave the verdict open, a setting that is this many times as fast counts as faster.
const BY_MUCH: f64 = 1.2;
/// A cost below this in a whole run is within the noise of scheduler and clock.
const LEAST_NS: f64 = 100_000.0;
/// A page fault that the kernel serves without a disk. Measured: touching 25,600 fresh pages took 75 ms of system time
/// and up to 6 ms of user time (3.2 µs a fault), and 130 to 230 ms by the wall; clocks that count ticks put some of it
/// into user mode.
const FAULT_NS: f64 = 1_500.0;
/// A context switch, with what it evicts from the caches. Measured: two processes that pass a byte to and fro on one
/// core took 6.6 to 6.9 µs for each.
const SWITCH_NS: f64 = 5_000.0;

/// Findings that follow from another one, and are not said beside it.
const FOLLOWS: [(&str, &[&str]); 6] = [
    (memory::ID, &[at_once::ID]),
    (lock::ID, &[handover::ID]),
    (handover::ID, &[waiting::ID]),
    (loop_kept::ID, &[join_order::ID, event_loop::ID, waiting::ID]),
    (results::ORDER, &[at_once::ID]),
    (
        results::NEVER_RUN,
        &[at_once::ID, waiting::ID, memory::ID, interpreter_lock::ID, sweeps::BEST, sweeps::CROSSOVER],
    ),
];

/// The findings that pass.
pub fn passed(facts: &Facts<'_>, mut all: Vec<Found>) -> Vec<Found> {
    all.retain(|found| !is_contradicted(facts, found) && !is_noise(facts, found) && !has_simpler_cause(facts, found));
    let follows = |found: &Found| {
        let from = |other: &Found| {
            let what = FOLLOWS.iter().find(|(id, _)| *id == other.finding.id).map_or(&[][..], |(_, what)| *what);
            let same = other.settings.iter().any(|setting| found.settings.contains(setting));
            same && what.contains(&found.finding.id.as_str())
        };
        all.iter().any(from)
    };
    let keep: Vec<bool> = all.iter().map(|found| !follows(found)).collect();
    let mut keep = keep.into_iter();
    all.retain(|_| keep.next().unwrap_or(true));
    all.iter_mut().for_each(|found| settle_advice(facts, found));
    all
}

/// Whether a verdict contradicts its claim.
fn is_contradicted(facts: &Facts<'_>, found: &Found) -> bool {
    found.claim.as_ref().is_some_and(|claim| contradicts(facts, claim))
}

/// Adds to the advice each part that no verdict contradicts, and else what is said instead.
fn settle_advice(facts: &Facts<'_>, found: &mut Found) {
    for part in std::mem::take(&mut found.tries) {
        let contradicted = part.claims.iter().any(|claim| contradicts(facts, claim));
        let said = if contradicted { part.instead } else { part.text };
        let advice = &mut found.finding.advice;
        if !advice.is_empty() && !said.is_empty() {
            advice.push(' ');
        }
        advice.push_str(&said);
    }
}

fn contradicts(facts: &Facts<'_>, claim: &Claim) -> bool {
    match claim {
        Claim::Pays { sides, over } => none_of(facts, sides, *over, seems_faster),
        Claim::LosesNothing { sides, to } => none_of(facts, sides, *to, |it, _| !seems_faster(it, *to)),
        Claim::Suffices { side } => {
            let of_it = |comparison: &&Comparison| has(comparison, *side);
            facts.comparisons.iter().filter(of_it).any(|it| winner(it).is_some_and(|winner| winner != *side))
        }
    }
}

/// Whether some of these settings were measured beside another, and a condition holds for none of the comparisons.
/// Where an experiment has no verdict on two settings, such as a baseline or two points of a sweep, their repeats give
/// one.
fn none_of(facts: &Facts<'_>, sides: &[Setting], other: Setting, holds: impl Fn(&Comparison, Setting) -> bool) -> bool {
    let measured = |setting: Setting| facts.side(setting).is_some();
    let known: Vec<Setting> = sides.iter().copied().filter(|side| measured(*side) && measured(other)).collect();
    let holds = |side: &Setting| {
        let told = facts.comparisons.iter().find(|it| has(it, *side) && has(it, other));
        match told {
            Some(comparison) => holds(comparison, *side),
            None => holds(&compare_two(facts.experiment, *side, other), *side),
        }
    };
    !known.is_empty() && !known.iter().any(holds)
}

/// Whether repeats leave it open which of two settings is faster.
pub fn is_open(facts: &Facts<'_>, a: Setting, b: Setting) -> bool {
    let told = facts.comparisons.iter().find(|it| has(it, a) && has(it, b));
    let verdict = told.map_or_else(|| compare_two(facts.experiment, a, b).verdict, |comparison| comparison.verdict);
    verdict == Verdict::Unclear
}

/// The comparison by whose verdict another setting is faster than this one, where it is by little; absent where one is
/// by much.
pub fn slightly_faster<'a>(facts: &'a Facts<'_>, side: Setting) -> Option<&'a Comparison> {
    let is_beaten = |it: &&Comparison| has(it, side) && winner(it).is_some_and(|winner| winner != side);
    let much = |it: &Comparison| it.ratio.is_none_or(|ratio| !(1.0 / BY_MUCH..BY_MUCH).contains(&ratio));
    let beaten = || facts.comparisons.iter().filter(is_beaten);
    beaten().next().filter(|_| !beaten().any(much))
}

fn has(comparison: &Comparison, setting: Setting) -> bool {
    [comparison.a, comparison.b].contains(&setting)
}

/// Whether a setting is faster; where the verdict is unclear, whether its repeats were faster by much.
fn seems_faster(comparison: &Comparison, side: Setting) -> bool {
    let ratio = comparison.ratio.map(|ratio| if comparison.b == side { ratio } else { 1.0 / ratio });
    match comparison.verdict {
        Verdict::Unclear => ratio.is_some_and(|ratio| ratio >= BY_MUCH),
        _ => winner(comparison) == Some(side),
    }
}

fn winner(comparison: &Comparison) -> Option<Setting> {
    match comparison.verdict {
        Verdict::A => Some(comparison.a),
        Verdict::B => Some(comparison.b),
        _ => None,
    }
}

/// Whether its cost in a run is less than what runs of that setting differ by anyway.
fn is_noise(facts: &Facts<'_>, found: &Found) -> bool {
    let hidden = |setting: &Setting| {
        let (Some(cost), Some(side)) = (found.cost(*setting), facts.side(*setting)) else { return false };
        cost < noise_ns(side)
    };
    !found.settings.is_empty() && found.settings.iter().all(hidden)
}

/// Half of the distance between the quartiles of a setting's makespans, in nanoseconds.
fn noise_ns(side: &SideFacts<'_>) -> f64 {
    let makespans = order::sorted(&side.values(|run| run.makespan_ns));
    let at = |p| quantile(&makespans, p).unwrap_or(0.0);
    ((at(0.75) - at(0.25)) / 2.0).max(LEAST_NS)
}

/// Whether most of the additional CPU time is system time, page faults and switches: then the inferred cause is not the
/// cause.
fn has_simpler_cause(facts: &Facts<'_>, found: &Found) -> bool {
    let sides = found.grown.and_then(|(own, other)| Some((facts.side(own)?, facts.side(other)?)));
    let Some((own, other)) = sides else { return false };
    let more = |of: fn(&RunFacts<'_>) -> f64| own.median(of) - other.median(of);
    let system = more(|run| run.system_ns.unwrap_or(0.0)).max(0.0);
    // Clocks that tell user time from system time count ticks in some kernels; time on a CPU is exact.
    let user = more(|run| run.user_ns.unwrap_or(0.0)).max(more(|run| run.state_ns(State::OnCpu)) - system);
    let faults = more(|run| run.faults.unwrap_or(0.0)).max(0.0) * FAULT_NS;
    let switches = more(|run| run.switches.unwrap_or(0.0)).max(0.0) * SWITCH_NS;
    let known = own.runs.iter().chain(&other.runs).all(|run| run.user_ns.is_some());
    let left = user - faults - switches;
    known && (left < (user + system) / 2.0 || left < noise_ns(own))
}
