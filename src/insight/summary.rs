//! Summaries of each setting's repeats.

use super::{
    compare::counts,
    gil::{gil_share, state_shares},
    launch_costs::{self, LaunchCosts},
    resources::{self, Resource},
};
use model::{BlockedOn, Execution, Experiment, LaunchMode, Run, Setting, State, SweptValue};
use serde_json::Value;
use statistics::order::{self, Spread};
use std::collections::HashMap;

/// The summary of one setting's repeats. All but launch costs and counts is of complete repeats alone (see [`counts`]);
/// warm-ups are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct ModeSummary {
    /// The setting.
    pub setting: Setting,
    /// Measured repeats that have ended.
    pub repeats: usize,
    /// Those of them in which everything succeeded.
    pub complete: usize,
    /// Executions that did not succeed, in all measured repeats.
    pub failed_executions: usize,
    /// From the origin to the last join, in nanoseconds.
    pub makespan_ns: Option<Spread>,
    /// Median sequential makespan in the same interpreter divided by each makespan; absent where no sequential run is complete.
    pub speedup: Option<Spread>,
    /// CPU time of all executions of a repeat and of all that they started, in nanoseconds.
    pub cpu_ns: Option<Spread>,
    /// How long starts took, and how long after the ends joins returned.
    pub launch_costs: LaunchCosts,
    /// Most memory of the runner's tree, an upper bound.
    pub peak_memory_bytes: Option<Spread>,
    /// Time on a CPU, in percent of the time in the targets; absent where states were not measured.
    pub on_cpu_percent: Option<Spread>,
    /// Time ready, waiting for a CPU, likewise.
    pub ready_percent: Option<Spread>,
    /// Time blocked on anything, likewise.
    pub blocked_percent: Option<Spread>,
    /// Time waiting for the GIL, likewise; absent also where the GIL can't be told from other locks.
    pub gil_percent: Option<Spread>,
    /// Time waiting for their members, likewise.
    pub own_percent: Option<Spread>,
    /// CPU time of members, and of threads and processes of the run that belong to no execution.
    pub own_cpu_ns: Option<Spread>,
    /// The sum of each [`Resource`] over a repeat's executions.
    pub totals: [Option<Spread>; Resource::ALL.len()],
    /// Most processes of the runner's tree at once.
    pub most_processes: Option<Spread>,
    /// Most threads of the runner's tree at once.
    pub most_threads: Option<Spread>,
}

/// The summary of every setting: those compared in their order, then the baselines.
pub fn summarise(experiment: &Experiment) -> Vec<ModeSummary> {
    let of = |setting| of_setting(experiment, setting, sequential_makespan_ns(experiment, setting));
    settings(experiment).into_iter().map(of).collect()
}

/// The compared settings, then the others that were run.
pub fn settings(experiment: &Experiment) -> Vec<Setting> {
    let mut settings = experiment.compared.clone();
    let others = experiment.settings().into_iter().filter(|setting| !experiment.compared.contains(setting));
    settings.extend(others.collect::<Vec<_>>());
    settings
}

fn sequential_makespan_ns(experiment: &Experiment, setting: Setting) -> Option<f64> {
    // A run in another interpreter, or in none, does other work or takes another time.
    let same = |run: &&Run| {
        let alike = run.interpreter == setting.interpreter && run.setting().argument == setting.argument;
        run.mode == LaunchMode::Sequential && alike
    };
    let runs = experiment.runs.iter().filter(same).filter(|run| counts(run));
    order::median(&runs.filter_map(makespan).collect::<Vec<_>>())
}

fn of_setting(experiment: &Experiment, setting: Setting, baseline_ns: Option<f64>) -> ModeSummary {
    let ended: Vec<&Run> = experiment.repeats(setting).filter(|run| run.end.is_some()).collect();
    let complete: Vec<&Run> = ended.iter().copied().filter(|run| counts(run)).collect();
    let spread = |metric: &dyn Fn(&Run) -> Option<f64>| {
        Spread::of(&complete.iter().filter_map(|run| metric(run)).collect::<Vec<_>>())
    };
    ModeSummary {
        setting,
        repeats: ended.len(),
        complete: complete.len(),
        failed_executions: ended.iter().flat_map(|run| &run.executions).filter(|e| e.failed()).count(),
        makespan_ns: spread(&makespan),
        speedup: baseline_ns.and_then(|baseline_ns| spread(&|run| Some(baseline_ns / makespan(run)?))),
        cpu_ns: spread(&|run| run.cpu_ns().map(|ns| ns as f64)),
        launch_costs: launch_costs::of_setting(experiment, setting),
        peak_memory_bytes: spread(&|run| run.end.as_ref()?.peak_memory_bytes.map(|bytes| bytes as f64)),
        on_cpu_percent: spread(&|run| state_shares(run).map(|shares| shares[State::OnCpu.index()] * 100.0)),
        ready_percent: spread(&|run| state_shares(run).map(|shares| shares[State::Ready.index()] * 100.0)),
        blocked_percent: spread(&|run| state_shares(run).map(|shares| shares[2..].iter().sum::<f64>() * 100.0)),
        gil_percent: spread(&|run| gil_share(run).filter(|_| sees_gil(run)).map(|share| share * 100.0)),
        own_percent: spread(&|run| state_shares(run).map(|shares| shares[OWN.index()] * 100.0)),
        own_cpu_ns: spread(&|run| Some(run.own_cpu_ns()? as f64)),
        totals: Resource::ALL.map(|resource| spread(&|run| resources::total(run, resource).map(|sum| sum as f64))),
        most_processes: spread(&|run| resources::most_alive(run).map(|(processes, _)| f64::from(processes))),
        most_threads: spread(&|run| resources::most_alive(run).map(|(_, threads)| f64::from(threads))),
    }
}

const OWN: State = State::Blocked(BlockedOn::Own);

fn sees_gil(run: &Run) -> bool {
    run.interpreter.is_some() && run.sampling.is_some_and(|sampling| sampling.sees_gil)
}

fn makespan(run: &Run) -> Option<f64> {
    run.makespan_ns.map(|ns| ns.max(1) as f64)
}

/// One sentence for each task whose successful executions returned different results; in a sweep over an argument, at
/// the same value of it.
pub fn differing_results(experiment: &Experiment) -> Vec<String> {
    (0..experiment.plan.tasks.len() as u32).filter_map(|task| differing_result(experiment, task)).collect()
}

fn differing_result(experiment: &Experiment, task_index: u32) -> Option<String> {
    let executions = experiment.runs.iter().flat_map(|run| run.executions.iter().map(move |e| (run, e)));
    let mut returned = executions.filter_map(|(run, e)| {
        let succeeded = e.task_index == task_index && e.outcome.as_ref().is_some_and(|o| o.is_success());
        succeeded.then_some((run, e, e.result.as_ref()?))
    });
    let mut firsts: HashMap<Option<SweptValue>, (&Run, &Execution, &Value)> = HashMap::new();
    let (first_run, first, result, (other_run, other, differs)) = returned.find_map(|found| {
        let (run, execution, result) = *firsts.entry(found.0.setting().argument).or_insert(found);
        is_another(found.2, result).then_some((run, execution, result, found))
    })?;
    Some(format!(
        "Task `{}` returned different results: {result} in {}, {differs} in {}; compare the times with care.",
        first.task,
        place(first_run, first),
        place(other_run, other)
    ))
}

/// Whether two results differ in more than addresses in memory: `<object at 0x7f52…>`.
fn is_another(a: &Value, b: &Value) -> bool {
    a != b && without_addresses(&a.to_string()) != without_addresses(&b.to_string())
}

fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + " at " + part.trim_start_matches(|letter: char| letter.is_ascii_hexdigit()))
}

fn place(run: &Run, execution: &Execution) -> String {
    let kind = if run.warmup { "warm-up" } else { "repeat" };
    format!("instance {} ({}, {kind} {})", execution.instance + 1, run.mode, run.repeat + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Builder;
    use model::LaunchMode::{Processes, Sequential, Threads};

    #[test]
    fn medians_and_speedup_are_over_complete_repeats() {
        let experiment = Builder::compare("t")
            .baseline(&[2.0, 2.2])
            .makespans(Threads, &[1.0, 1.1, 1.2])
            .makespans(Processes, &[0.5])
            .change_last(|run| run.warmup = true)
            .build();
        let found = summarise(&experiment);
        assert_eq!(found.iter().map(|s| s.setting.mode).collect::<Vec<_>>(), [Threads, Processes, Sequential]);
        let threads = &found[0];
        assert_eq!((threads.repeats, threads.complete, threads.failed_executions), (3, 3, 0));
        assert_eq!(threads.makespan_ns.expect("complete").median, 1.1e9);
        assert!((threads.speedup.expect("a baseline").median - 2.1 / 1.1).abs() < 1e-9);
        assert!(threads.launch_costs.start.count == 12);
        assert_eq!(threads.peak_memory_bytes.expect("known").median, f64::from(24 << 20));
        assert_eq!((found[1].complete, found[1].makespan_ns), (0, None), "a warm-up is no repeat");
    }

    #[test]
    fn a_speedup_is_over_the_sequential_runs_of_the_same_interpreter() {
        let python = Some(model::Interpreter::new("python3"));
        let experiment = Builder::compare("t")
            .baseline(&[2.0])
            .baseline(&[100.0])
            .change_last(|run| run.interpreter = python)
            .makespans(Threads, &[1.0])
            .build();
        let threads = summarise(&experiment).into_iter().find(|summary| summary.setting.mode == Threads);
        let speedup = threads.and_then(|threads| threads.speedup).expect("a baseline of its own");
        assert!((speedup.median - 2.0).abs() < 1e-9, "{speedup:?}");
    }

    #[test]
    fn crashed_repeats_count_as_such_and_give_no_times() {
        let experiment = Builder::compare("t").crash(Threads, 2).crash(Processes, 2).build();
        let found = summarise(&experiment);
        assert_eq!((found[0].repeats, found[0].complete, found[0].failed_executions), (2, 0, 8));
        assert_eq!((found[1].failed_executions, found[1].makespan_ns, found[1].cpu_ns), (2, None, None));
    }

    #[test]
    fn a_result_that_differs_is_told_with_its_place() {
        let experiment = Builder::compare("t").makespans(Threads, &[1.0, 1.0]);
        assert!(differing_results(&experiment.build()).is_empty());
        let experiment = Builder::compare("t")
            .makespans(Threads, &[1.0, 1.0])
            .change_last(|run| run.executions[2].result = Some(7.into()))
            .build();
        assert_eq!(
            differing_results(&experiment),
            ["Task `primes` returned different results: 216816 in instance 1 (threads, repeat 1), 7 in instance 3 \
              (threads, repeat 2); compare the times with care."]
        );
    }

    #[test]
    fn results_of_other_arguments_are_not_compared() {
        let other = |run: &mut Run| run.executions.iter_mut().for_each(|e| e.result = Some(7.into()));
        let builder = Builder::compare("t").sweep("primes.limit=1,2").argument(1.0).makespans(Threads, &[1.0]);
        let builder = builder.argument(2.0).makespans(Threads, &[1.0]).change_last(other);
        assert!(differing_results(&builder.build()).is_empty());
    }
}
