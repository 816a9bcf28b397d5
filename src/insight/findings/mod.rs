//! Why: explanations found in what was measured. Each rule is a file. It looks at figures of complete runs and at
//! comparisons, never at a target's name.

mod all_blocked;
mod at_once;
mod cache_line;
mod contrast;
mod event_loop;
mod facts;
mod failures;
mod found;
mod gate;
mod handover;
mod interpreter_lock;
mod join_order;
mod kernel;
mod left_running;
mod lock;
mod loop_kept;
mod memory;
mod others;
mod oversubscription;
mod own_threads;
mod own_work;
mod rank;
mod refusals;
mod results;
mod run_facts;
mod sending;
mod short_calls;
mod start_cost;
mod start_methods;
mod sweeps;
#[cfg(test)]
mod tests;
mod turns;
mod uneven;
mod verdicts;
mod waiting;
mod waits_together;
mod woken;

use super::compare::compare;
use facts::Facts;
use found::Found;
use model::{Experiment, Finding, document::Comparison};

/// A rule: its id, and what finds it.
type Rule = (&'static str, fn(&Facts<'_>) -> Option<Found>);

/// Every rule. Findings of equal rank come in this order.
const RULES: &[Rule] = &[
    (failures::CRASH, failures::crash),
    (all_blocked::ID, all_blocked::find),
    (failures::FAILURES, failures::failures),
    (refusals::JOIN_TIMEOUT, refusals::join_timeout),
    (refusals::SECOND_START, refusals::second_start),
    (left_running::ID, left_running::find),
    (own_threads::ID, own_threads::find),
    (results::NEVER_RUN, results::never_run),
    (results::EQUAL, results::equal_random),
    (results::ORDER, results::order),
    (results::DIFFER, results::differ),
    (loop_kept::ID, loop_kept::find),
    (interpreter_lock::ID, interpreter_lock::find),
    (short_calls::ID, short_calls::find),
    (lock::ID, lock::find),
    (handover::ID, handover::find),
    (kernel::ID, kernel::find),
    (cache_line::ID, cache_line::find),
    (sweeps::CROSSOVER, sweeps::crossover),
    (sweeps::BEST, sweeps::best_workers),
    (sending::ID, sending::find),
    (start_methods::ID, start_methods::find),
    (start_cost::ID, start_cost::find),
    (event_loop::ID, event_loop::find),
    (waiting::ID, waiting::find),
    (at_once::ID, at_once::find),
    (oversubscription::ID, oversubscription::find),
    (memory::ID, memory::find),
    (join_order::ID, join_order::find),
    (uneven::ID, uneven::find),
    (others::ID, others::find),
    (verdicts::TOO_FEW, verdicts::too_few),
    (verdicts::NONE, verdicts::no_difference),
];

/// The id of every rule.
pub fn ids() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(id, _)| *id)
}

/// The findings, the one that explains the first verdict first.
pub fn findings(experiment: &Experiment) -> Vec<Finding> {
    findings_of(experiment, &compare(experiment))
}

/// The same, where the comparisons are at hand.
pub fn findings_of(experiment: &Experiment, comparisons: &[Comparison]) -> Vec<Finding> {
    let facts = Facts::of(experiment, comparisons);
    rank::ranked(&facts, all(&facts)).into_iter().map(|found| found.finding).collect()
}

/// The findings, and the reason of the first verdict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why {
    /// The findings, as [`findings`] gives them.
    pub findings: Vec<Finding>,
    /// Why the first comparison came out as it did, see [`reason`].
    pub reason: Option<String>,
}

/// Findings and reason at once, where the comparisons are at hand.
pub fn why(experiment: &Experiment, comparisons: &[Comparison]) -> Why {
    let facts = Facts::of(experiment, comparisons);
    let found = all(&facts);
    let reason = comparisons.first().and_then(|first| match experiment.compared.len() {
        // Nothing else was compared.
        0..=2 => rank::explaining(&facts, first, &found).map(|found| found.clause.clone()),
        _ => reason(experiment, first),
    });
    Why { findings: rank::ranked(&facts, found).into_iter().map(|found| found.finding).collect(), reason }
}

/// Why a comparison came out as it did, in a clause: that of the finding that explains most of it; absent where none
/// does. It looks at these two settings and at baselines: what others show, a third number of workers or another point
/// of a sweep, explains nothing here.
pub fn reason(experiment: &Experiment, comparison: &Comparison) -> Option<String> {
    let facts = Facts::of_two(experiment, comparison);
    let of_two = RULES.iter().filter(|(id, _)| ![sweeps::CROSSOVER, sweeps::BEST].contains(id));
    let found = gate::passed(&facts, of_two.filter_map(|(_, find)| find(&facts)).collect());
    rank::explaining(&facts, comparison, &found).map(|found| found.clause.clone())
}

fn all(facts: &Facts<'_>) -> Vec<Found> {
    gate::passed(facts, RULES.iter().filter_map(|(_, find)| find(facts)).collect())
}
