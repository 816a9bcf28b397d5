//! What an execution costs from its launch to its join, step by step, so that its cost in threads stands beside its
//! cost in processes. Steps are given by their means, because means add up to the mean span, and medians do not.

mod cuts;
mod difference;
pub mod words;

use super::compare::counts;
use cuts::Cuts;
use model::{
    BlockedOn, BlockedTotals, Experiment, Run, Setting,
    waterfall::{ExecutionCost, Quartiles, Step, StepCost, Times, Waterfall},
};

pub use difference::difference;

/// The cost of an execution in each compared setting, in their order; in all that were run, where none are compared.
pub fn waterfall(experiment: &Experiment) -> Waterfall {
    let shown = shown(experiment);
    let settings: Vec<ExecutionCost> = shown.iter().map(|setting| of_setting(experiment, *setting)).collect();
    let others = settings.iter().zip(&shown).skip(1).filter(|_| experiment.sweep.is_none());
    let against_first = |(cost, setting): (&_, &_)| difference((&settings[0], shown[0]), (cost, *setting), &shown);
    let differences = others.filter_map(against_first).collect();
    Waterfall { settings, differences }
}

/// The settings of the waterfall.
pub fn shown(experiment: &Experiment) -> Vec<Setting> {
    if experiment.compared.is_empty() { experiment.settings() } else { experiment.compared.clone() }
}

/// The cost of an execution in one setting.
pub fn of_setting(experiment: &Experiment, setting: Setting) -> ExecutionCost {
    let runs: Vec<&Run> = experiment.repeats(setting).filter(|run| counts(run)).collect();
    let all = runs.iter().flat_map(|run| &run.executions);
    let (mut cuts, mut without) = (Vec::new(), 0);
    for execution in all {
        match Cuts::of(execution) {
            Some(found) => cuts.push(found),
            None => without += 1,
        }
    }
    let note = cuts.is_empty().then(|| match runs.len() {
        0 => "No repeat is complete, so that there is no execution to look at.".to_owned(),
        _ => "No execution has all its stamps.".to_owned(),
    });
    ExecutionCost {
        setting,
        repeats: runs.len(),
        executions: cuts.len(),
        without,
        span: times(cuts.iter().map(Cuts::span_ns), cuts.len()),
        steps: Step::ALL.into_iter().filter_map(|step| step_cost(step, &cuts)).collect(),
        blocked_on: blocked_on(&cuts),
        memory_share_bytes: quartiles(&mut runs.iter().filter_map(|run| memory_share(run)).collect::<Vec<_>>()),
        own_memory_bytes: quartiles(&mut own_memory(&runs)),
        note,
    }
}

fn step_cost(step: Step, cuts: &[Cuts]) -> Option<StepCost> {
    let known = || cuts.iter().filter_map(|cuts| cuts.step_ns(step));
    Some(StepCost { step, times: times(known(), cuts.len())?, executions: known().count() })
}

/// The mean and the quartiles of known times. The mean is over `all`, with unknown times as 0; absent where none is
/// known.
fn times(known: impl Iterator<Item = u64>, all: usize) -> Option<Times> {
    let mut values: Vec<f64> = known.map(|ns| ns as f64).collect();
    let mean_ns = values.iter().sum::<f64>() / all as f64;
    let Quartiles { p25, p50, p75 } = quartiles(&mut values)?;
    Some(Times { mean_ns, p25_ns: p25, p50_ns: p50, p75_ns: p75 })
}

/// Quartiles of values in any order, of type 7 as in [`statistics::order::quantile`], found without a full sort,
/// because there may be hundreds of thousands.
fn quartiles(values: &mut [f64]) -> Option<Quartiles> {
    let last = values.len().checked_sub(1)?;
    let mut at = |p: f64| {
        let place = p * last as f64;
        let (_, below, above) = values.select_nth_unstable_by(place.floor() as usize, f64::total_cmp);
        let above = above.iter().copied().reduce(f64::min).unwrap_or(*below);
        *below + place.fract() * (above - *below)
    };
    Some(Quartiles { p25: at(0.25), p50: at(0.5), p75: at(0.75) })
}

/// The mean time blocked, by what it was blocked on; absent where no execution was sampled.
fn blocked_on(cuts: &[Cuts]) -> Option<BlockedTotals> {
    cuts.iter().find_map(Cuts::blocked_on)?;
    let mut sums = [0; BlockedOn::COUNT];
    for cuts in cuts {
        sums.iter_mut().zip(cuts.blocked_by_kind()).for_each(|(sum, ns)| *sum += ns);
    }
    Some(BlockedTotals::of(sums.map(|sum: u64| (sum as f64 / cuts.len() as f64).round() as u64)))
}

fn memory_share(run: &Run) -> Option<f64> {
    let bytes = run.end.as_ref()?.peak_memory_bytes?;
    Some(bytes as f64 / f64::from(run.lanes().max(1)))
}

fn own_memory(runs: &[&Run]) -> Vec<f64> {
    let usages = runs.iter().flat_map(|run| &run.executions).filter_map(|execution| execution.usage.as_ref());
    usages.filter_map(|usage| usage.max_rss_bytes).map(|bytes| bytes as f64).collect()
}

#[cfg(test)]
mod tests;
