//! Why: explanations found in what was measured. A rule is a file; it looks at figures of complete runs and at
//! comparisons, never at what a target is called.

mod facts;
mod found;
mod interpreter_lock;
mod lock;
mod oversubscription;
mod rank;
mod run_facts;
mod start_cost;
#[cfg(test)]
mod tests;
mod uneven;
mod waiting;

use super::compare::compare;
use crate::model::{Experiment, Finding, document::Comparison};
use facts::Facts;
use found::Found;

/// A rule: its id, and what finds it.
type Rule = (&'static str, fn(&Facts<'_>) -> Option<Found>);

/// Every rule; where nothing else ranks two findings, the one that stands first comes first.
const RULES: [Rule; 6] = [
    (start_cost::ID, start_cost::find),
    (interpreter_lock::ID, interpreter_lock::find),
    (lock::ID, lock::find),
    (oversubscription::ID, oversubscription::find),
    (uneven::ID, uneven::find),
    (waiting::ID, waiting::find),
];

/// What was found, the one that explains the first verdict first.
pub fn findings(experiment: &Experiment) -> Vec<Finding> {
    findings_of(experiment, &compare(experiment))
}

/// The same, where the comparisons are at hand.
pub fn findings_of(experiment: &Experiment, comparisons: &[Comparison]) -> Vec<Finding> {
    let facts = Facts::of(experiment, comparisons);
    rank::ranked(&facts, all(&facts)).into_iter().map(|found| found.finding).collect()
}

/// Why a comparison came out as it did, in a clause: the finding that explains most of it; absent where none does.
pub fn reason(experiment: &Experiment, comparison: &Comparison) -> Option<String> {
    let facts = Facts::of(experiment, std::slice::from_ref(comparison));
    let found = all(&facts);
    rank::explaining(&facts, comparison, &found).map(|found| found.clause.clone())
}

fn all(facts: &Facts<'_>) -> Vec<Found> {
    RULES.iter().filter_map(|(_, find)| find(facts)).collect()
}
