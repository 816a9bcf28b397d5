//! Which finding comes first: the one that explains most of a verdict.

use super::{facts::Facts, found::Found};
use model::{
    Setting,
    document::{Comparison, Verdict},
};

/// A finding explains a difference from a fifth of it on.
const LEAST_EXPLAINED: f64 = 0.2;

/// The findings, those first that explain the first comparison, then those that explain others, then the rest.
pub fn ranked(facts: &Facts<'_>, mut all: Vec<Found>) -> Vec<Found> {
    let mut ranks: Vec<(f64, usize)> =
        all.iter().enumerate().map(|(place, found)| (rank(facts, found), place)).collect();
    ranks.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut slots: Vec<Option<Found>> = all.drain(..).map(Some).collect();
    ranks.into_iter().filter_map(|(_, place)| slots[place].take()).collect()
}

/// The finding that explains most of a comparison.
pub fn explaining<'f>(facts: &Facts<'_>, comparison: &Comparison, all: &'f [Found]) -> Option<&'f Found> {
    let explained = all.iter().map(|found| (explains(facts, found, comparison), found));
    let worth = explained.filter(|(share, _)| *share >= LEAST_EXPLAINED);
    worth.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, found)| found)
}

fn rank(facts: &Facts<'_>, found: &Found) -> f64 {
    let explained = facts.comparisons.iter().enumerate().map(|(place, comparison)| {
        let share = explains(facts, found, comparison);
        let first = if place == 0 { 2.0 } else { 1.0 };
        if share >= LEAST_EXPLAINED { first + share } else { 0.0 }
    });
    explained.fold(0.0, f64::max) + found.weight
}

/// How much of a comparison's verdict a finding explains, 0 to 1.
fn explains(facts: &Facts<'_>, found: &Found, comparison: &Comparison) -> f64 {
    let (a, b) = (comparison.a, comparison.b);
    if [a, b].iter().any(|setting| !facts.compared().any(|side| side.setting == *setting)) {
        return 0.0;
    }
    let in_side = |side| found.settings.contains(&side);
    match comparison.verdict {
        Verdict::A if in_side(a) || in_side(b) => of_difference(facts, found, b, a),
        Verdict::B if in_side(a) || in_side(b) => of_difference(facts, found, a, b),
        // Neither setting gains by what both have in common.
        Verdict::None if in_side(a) && in_side(b) => found.likeness,
        // The same, however unclear the rest is.
        Verdict::Unclear if in_side(a) && in_side(b) => found.doubt.max(found.likeness),
        Verdict::Unclear => found.doubt,
        _ => 0.0,
    }
}

/// The share of the difference between two makespans that a finding's cost explains.
fn of_difference(facts: &Facts<'_>, found: &Found, slow: Setting, fast: Setting) -> f64 {
    let makespan = |setting| facts.side(setting).map(|side| side.median(|run| run.makespan_ns));
    let share = || {
        let paid = found.cost(slow)? - found.cost(fast)?;
        let lost = makespan(slow)? - makespan(fast)?;
        (lost > 0.0).then(|| (paid / lost).clamp(0.0, 1.0))
    };
    share().unwrap_or(0.0)
}
