//! Which run of a setting is shown.

use crate::ExportOptions;
use insight::compare::counts;
use model::{Experiment, Run, RunSetting};
use statistics::order;

/// The settings that get a panel: those compared; all that were run, where none are.
pub fn shown(experiment: &Experiment) -> Vec<RunSetting> {
    if experiment.compared.is_empty() { experiment.settings() } else { experiment.compared.clone() }
}

/// The repeat that was asked for, else the one of median makespan, else the last that was measured, else the last.
pub fn run_of<'a>(experiment: &'a Experiment, setting: RunSetting, options: &ExportOptions) -> Option<&'a Run> {
    let asked = options.repeats.iter().find(|(of, _)| *of == setting).map(|(_, repeat)| *repeat);
    let measured = || experiment.repeats(setting);
    asked
        .and_then(|repeat| measured().find(|run| run.repeat == repeat))
        .or_else(|| median_run(measured().filter(|run| counts(run)).collect()))
        .or_else(|| measured().last())
        .or_else(|| experiment.runs.iter().rfind(|run| run.setting() == setting))
}

/// The run whose makespan is next to the median; the earlier of two.
fn median_run(runs: Vec<&Run>) -> Option<&Run> {
    let ns = |run: &Run| run.makespan_ns.unwrap_or(0) as f64;
    let median = order::median(&runs.iter().map(|run| ns(run)).collect::<Vec<_>>())?;
    runs.into_iter().min_by(|a, b| (ns(a) - median).abs().total_cmp(&(ns(b) - median).abs()))
}
