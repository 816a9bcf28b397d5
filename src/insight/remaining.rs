//! How far an experiment is, and how long the rest of it takes, estimated from its runs so far.

use super::precision::Progress;
use model::{Experiment, Run, Setting};

/// The estimate, in nanoseconds. Each run to come takes as long as the mean of its setting's runs, or else of all; the
/// run under way takes the rest of that. An adaptive experiment takes the rounds that `progress` expects, but stops at
/// its limit. Absent as long as nothing is known.
pub fn remaining_ns(experiment: &Experiment, progress: Option<&Progress>) -> Option<u64> {
    let planned = planned_ns(experiment)?;
    Some((planned + beyond_plan(experiment, progress, planned).ns).max(0.0) as u64)
}

/// How much of an experiment is done, 0 to 1. Each run counts the same, expected ones too; the run under way counts by
/// its executions that have ended, or by its time over that expected of its setting, whichever is more.
pub fn done_share(experiment: &Experiment, progress: Option<&Progress>) -> f64 {
    let (ended, all) = experiment.progress();
    let under_way = experiment.runs.last().filter(|run| run.end.is_none());
    let of_this = under_way.map_or(0.0, |run| {
        let (done, executions) = run.progress();
        let by_time = expected_ns(experiment, run.setting()).map_or(0.0, |ns| run.now_ns as f64 / ns.max(1.0));
        (done as f64 / executions.max(1) as f64).max(by_time.min(0.99))
    });
    let beyond = beyond_plan(experiment, progress, planned_ns(experiment).unwrap_or(0.0)).runs;
    (ended as f64 + of_this) / (all as f64 + beyond).max(1.0)
}

/// How long the runs in the schedule still take.
fn planned_ns(experiment: &Experiment) -> Option<f64> {
    let under_way = experiment.runs.last().filter(|run| run.end.is_none());
    let begun = experiment.runs.len();
    let to_come: Option<f64> =
        experiment.schedule.iter().skip(begun).map(|run| expected_ns(experiment, run.setting)).sum();
    let of_this = under_way.map_or(Some(0.0), |run| rest_of_run_ns(experiment, run));
    Some(to_come? + of_this?)
}

/// What an adaptive experiment is expected to do besides what is in its schedule.
#[derive(Clone, Copy, Debug, Default)]
struct Beyond {
    runs: f64,
    ns: f64,
    /// Whether the limit of time cuts off rounds that are expected.
    cut: bool,
}

/// Whether the limit of time is likely to end an adaptive experiment before its intervals are narrow enough.
pub fn limit_comes_first(experiment: &Experiment, progress: &Progress) -> bool {
    planned_ns(experiment).is_some_and(|planned_ns| beyond_plan(experiment, Some(progress), planned_ns).cut)
}

fn beyond_plan(experiment: &Experiment, progress: Option<&Progress>, planned_ns: f64) -> Beyond {
    let rounds = progress.filter(|_| !experiment.ended).and_then(|progress| progress.rounds_to_come).unwrap_or(0);
    let round_ns: Option<f64> = experiment.compared.iter().map(|setting| expected_ns(experiment, *setting)).sum();
    let Some(round_ns) = round_ns.filter(|ns| *ns > 0.0) else { return Beyond::default() };
    let rounds = f64::from(rounds.saturating_sub(rounds_planned(experiment)));
    let limit_ns = experiment.plan.run.limit.as_nanos() as f64;
    // A round that has begun when the limit comes is completed.
    let until_limit = ((limit_ns - elapsed_ns(experiment) - planned_ns) / round_ns).max(0.0).ceil();
    let cut = until_limit < rounds;
    let rounds = rounds.min(until_limit);
    Beyond { runs: rounds * experiment.compared.len() as f64, ns: rounds * round_ns, cut }
}

/// How many measured rounds in the schedule are not over.
fn rounds_planned(experiment: &Experiment) -> u32 {
    let ended = experiment.runs.iter().filter(|run| run.end.is_some()).count();
    let to_come = experiment.schedule.iter().skip(ended).filter(|run| !run.warmup);
    let first = experiment.compared.first();
    to_come.filter(|run| Some(&run.setting) == first).count() as u32
}

/// The time since the experiment began, by the time of day where it is known, but no less than its runs took.
fn elapsed_ns(experiment: &Experiment) -> f64 {
    let at = |run: &Run| run.started_at.parse::<jiff::Timestamp>().ok();
    let runs: f64 = experiment.runs.iter().map(length_ns).sum();
    let between = || {
        let (first, last) = (experiment.runs.first()?, experiment.runs.last()?);
        Some(at(last)?.duration_since(at(first)?).as_nanos() as f64 + length_ns(last))
    };
    between().unwrap_or(0.0).max(runs)
}

fn expected_ns(experiment: &Experiment, setting: Setting) -> Option<f64> {
    let ended = || experiment.runs.iter().filter(|run| run.end.is_some());
    mean(ended().filter(|run| run.setting() == setting).map(length_ns))
        .or_else(|| mean(ended().map(length_ns)))
        .or_else(
            // Nothing has ended yet: the first run so far is extrapolated.
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
    use crate::testing::Builder;
    use model::{
        LaunchMode::{Processes, Threads},
        experiment::Scheduled,
    };

    fn scheduled(experiment: &mut Experiment, settings: &[Setting]) {
        experiment.schedule = settings.iter().map(|&setting| Scheduled { setting, repeat: 0, warmup: false }).collect();
    }

    #[test]
    fn runs_to_come_take_as_long_as_their_setting_took() {
        let mut experiment = Builder::compare("t").makespans(Threads, &[3.0]).makespans(Processes, &[1.0]).build();
        let (threads, processes) = (experiment.runs[0].setting(), experiment.runs[1].setting());
        scheduled(&mut experiment, &[threads, processes, processes, threads]);
        assert_eq!(remaining_ns(&experiment, None), Some(4_000_000_000));
        assert_eq!(done_share(&experiment, None), 0.5);
        scheduled(&mut experiment, &[threads, processes]);
        assert_eq!(remaining_ns(&experiment, None), Some(0));
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
        assert_eq!(remaining_ns(&experiment, None), Some(6_000_000_000));
        assert_eq!(done_share(&experiment, None), 0.25);
        experiment.runs[0].executions.iter_mut().for_each(|execution| execution.outcome = None);
        assert_eq!(remaining_ns(&experiment, None), None);
    }

    #[test]
    fn rounds_that_precision_asks_for_count_as_far_as_the_limit() {
        let mut experiment =
            Builder::compare("t").makespans(Threads, &[3.0; 6]).makespans(Processes, &[1.0; 6]).build();
        let both = experiment.compared.clone();
        let all: Vec<_> = both.iter().flat_map(|setting| [*setting; 7]).collect();
        scheduled(&mut experiment, &all);
        experiment.ended = false;
        // 24 s are over, and one run of each setting is in the schedule.
        let progress = |rounds| Progress { half_width: Some(0.1), enough: false, rounds_to_come: Some(rounds) };
        let of = |experiment: &Experiment, rounds| remaining_ns(experiment, Some(&progress(rounds)));
        experiment.schedule.truncate(12);
        experiment.plan.run.limit = std::time::Duration::from_secs(1_000);
        assert_eq!(of(&experiment, 5), Some(20_000_000_000));
        assert!((done_share(&experiment, Some(&progress(6))) - 0.5).abs() < 1e-9);
        experiment.plan.run.limit = std::time::Duration::from_secs(32);
        assert_eq!(of(&experiment, 5), Some(8_000_000_000), "two rounds fit");
        assert!(limit_comes_first(&experiment, &progress(5)) && !limit_comes_first(&experiment, &progress(2)));
        experiment.plan.run.limit = std::time::Duration::from_secs(10);
        assert_eq!(of(&experiment, 5), Some(0));
        experiment.schedule.extend(both.iter().map(|&setting| Scheduled { setting, repeat: 6, warmup: false }));
        experiment.plan.run.limit = std::time::Duration::from_secs(1_000);
        assert_eq!(of(&experiment, 5), Some(20_000_000_000), "a round in the schedule is one of those to come");
    }
}
