//! Which run of a setting is shown.

use crate::ExportOptions;
use insight::compare::counts;
use model::{Experiment, Run, Setting};
use statistics::order;

/// The settings that get a panel: those compared, or all that were run where none are compared.
pub fn shown(experiment: &Experiment) -> Vec<Setting> {
    if experiment.compared.is_empty() { experiment.settings() } else { experiment.compared.clone() }
}

/// The repeat that the options ask for; else the one with the median makespan, else the last measured, else the last.
pub fn run_of<'a>(experiment: &'a Experiment, setting: Setting, options: &ExportOptions) -> Option<&'a Run> {
    let asked = options.repeats.iter().find(|(of, _)| *of == setting).map(|(_, repeat)| *repeat);
    let measured = || experiment.repeats(setting);
    asked
        .and_then(|repeat| measured().find(|run| run.repeat == repeat))
        .or_else(|| median_run(measured().filter(|run| counts(run)).collect()))
        .or_else(|| measured().last())
        .or_else(|| experiment.runs.iter().rfind(|run| run.setting() == setting))
}

/// The run whose makespan is nearest to the median; of two, the earlier one.
fn median_run(runs: Vec<&Run>) -> Option<&Run> {
    let ns = |run: &Run| run.makespan_ns.unwrap_or(0) as f64;
    let median = order::median(&runs.iter().map(|run| ns(run)).collect::<Vec<_>>())?;
    runs.into_iter().min_by(|a, b| (ns(a) - median).abs().total_cmp(&(ns(b) - median).abs()))
}
