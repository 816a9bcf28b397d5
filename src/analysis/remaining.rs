//! How far an experiment is, and how long the rest of it takes, as far as its runs so far can tell.

use crate::model::{Experiment, Run, RunSetting};

/// The estimate, in nanoseconds: each run to come takes as long as those of its setting took, or else as the mean of
/// all; the run under way, what it still lacks of that. Absent before there is anything to go by.
pub fn remaining_ns(experiment: &Experiment) -> Option<u64> {
    let under_way = experiment.runs.last().filter(|run| run.end.is_none());
    let begun = experiment.runs.len();
    let to_come: Option<f64> =
        experiment.schedule.iter().skip(begun).map(|run| expected_ns(experiment, run.setting)).sum();
    let of_this = under_way.map_or(Some(0.0), |run| rest_of_run_ns(experiment, run));
    Some((to_come? + of_this?).max(0.0) as u64)
}

/// How much of an experiment is done, 0 to 1: each run counts the same, and the one under way by its executions that
/// have ended, or by the time that its setting took so far, whichever is further.
pub fn done_share(experiment: &Experiment) -> f64 {
    let (ended, all) = experiment.progress();
    let under_way = experiment.runs.last().filter(|run| run.end.is_none());
    let of_this = under_way.map_or(0.0, |run| {
        let (done, executions) = run.progress();
        let by_time = expected_ns(experiment, run.setting()).map_or(0.0, |ns| run.now_ns as f64 / ns.max(1.0));
        (done as f64 / executions.max(1) as f64).max(by_time.min(0.99))
    });
    (ended as f64 + of_this) / all.max(1) as f64
}

fn expected_ns(experiment: &Experiment, setting: RunSetting) -> Option<f64> {
    let ended = || experiment.runs.iter().filter(|run| run.end.is_some());
    mean(ended().filter(|run| run.setting() == setting).map(length_ns))
        .or_else(|| mean(ended().map(length_ns)))
        .or_else(
            // Nothing has ended yet: what the first run has done so far stands for the rest.
            || experiment.runs.last().and_then(projected_ns),
        )
}

fn length_ns(run: &Run) -> f64 {
    run.makespan_ns.unwrap_or(run.now_ns) as f64
}

fn rest_of_run_ns(experiment: &Experiment, run: &Run) -> Option<f64> {
    Some((expected_ns(experiment, run.setting())? - run.now_ns as f64).max(0.0))
}

/// The length of a run under way, if it goes on as it did so far.
fn projected_ns(run: &Run) -> Option<f64> {
    let (done, all) = run.progress();
    (done > 0).then(|| run.now_ns as f64 * all as f64 / done as f64)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Builder;
    use crate::model::LaunchMode::{Processes, Threads};
    use crate::model::experiment::Scheduled;

    fn scheduled(experiment: &mut Experiment, settings: &[RunSetting]) {
        experiment.schedule = settings.iter().map(|&setting| Scheduled { setting, repeat: 0, warmup: false }).collect();
    }

    #[test]
    fn runs_to_come_take_as_long_as_their_setting_took() {
        let mut experiment = Builder::compare("t").makespans(Threads, &[3.0]).makespans(Processes, &[1.0]).build();
        let (threads, processes) = (experiment.runs[0].setting(), experiment.runs[1].setting());
        scheduled(&mut experiment, &[threads, processes, processes, threads]);
        assert_eq!(remaining_ns(&experiment), Some(4_000_000_000));
        assert_eq!(done_share(&experiment), 0.5);
        scheduled(&mut experiment, &[threads, processes]);
        assert_eq!(remaining_ns(&experiment), Some(0));
    }

    #[test]
    fn the_first_run_is_projected_from_what_it_has_done() {
        let mut experiment = Builder::compare("t").makespans(Threads, &[4.0]).build();
        let setting = experiment.runs[0].setting();
        scheduled(&mut experiment, &[setting, setting]);
        let run = &mut experiment.runs[0];
        (run.end, run.makespan_ns, run.now_ns) = (None, None, 2_000_000_000);
        let half = run.executions.len() / 2;
        run.executions.iter_mut().skip(half).for_each(|execution| execution.outcome = None);
        assert_eq!(remaining_ns(&experiment), Some(6_000_000_000));
        assert_eq!(done_share(&experiment), 0.25);
        experiment.runs[0].executions.iter_mut().for_each(|execution| execution.outcome = None);
        assert_eq!(remaining_ns(&experiment), None);
    }
}
