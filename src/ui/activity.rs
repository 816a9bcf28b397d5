//! What the engine is doing, how far it is, and about how long it will take.

use crate::model::{Experiment, Run, RunSetting};
use std::time::{Duration, Instant};

/// What the engine is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Nothing.
    Idle,
    /// A request was sent; nothing has come back yet.
    Starting,
    /// Runs are made.
    Running {
        /// When the experiment began.
        since: Instant,
        /// When its latest run began.
        run_since: Instant,
    },
    /// The user asked to stop.
    Stopping,
}

impl Activity {
    /// Whether an experiment is in the making.
    pub fn is_busy(self) -> bool {
        self != Self::Idle
    }
}

/// How far an experiment is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Runs that have ended.
    pub done: usize,
    /// Runs that were asked for.
    pub all: usize,
    /// The share that is done, 0 to 1, the executions of the current run counted in.
    pub share: f32,
}

/// How far `experiment` is.
pub fn progress(experiment: &Experiment) -> Progress {
    let (done, all) = experiment.progress();
    let current = experiment.runs.last().filter(|run| run.end.is_none()).map_or(0.0, share_of_run);
    Progress { done, all, share: ((done as f32 + current) / all.max(1) as f32).min(1.0) }
}

fn share_of_run(run: &Run) -> f32 {
    let (done, all) = run.progress();
    done as f32 / all.max(1) as f32
}

/// About how long the rest takes: each run to come as long as those of its setting took so far, or as the mean of all;
/// `elapsed` since the experiment began, `in_run` since the latest run did. Absent before the first run has ended.
pub fn remaining(experiment: &Experiment, elapsed: Duration, in_run: Duration) -> Option<Duration> {
    let made = experiment.runs.len();
    let done_secs: f64 = experiment.runs.iter().filter_map(secs).sum();
    let done = experiment.runs.iter().filter_map(secs).count();
    if done == 0 {
        return None;
    }
    let running = experiment.runs.last().is_some_and(|run| run.end.is_none());
    let first = if running { made - 1 } else { made };
    let schedule = experiment.schedule.get(first..).unwrap_or_default();
    let expected = |setting: RunSetting| mean_secs(experiment, setting).unwrap_or(done_secs / done as f64);
    let in_run = if running { in_run } else { Duration::ZERO };
    let rest: f64 = schedule.iter().map(|scheduled| expected(scheduled.setting)).sum();
    // Starting runners takes time beside the makespans: what was seen so far stands for the rest.
    let overhead = ((elapsed - in_run.min(elapsed)).as_secs_f64() / done_secs.max(1e-9)).clamp(1.0, 1e3);
    Duration::try_from_secs_f64((rest * overhead - in_run.as_secs_f64()).max(0.0)).ok()
}

fn secs(run: &Run) -> Option<f64> {
    run.end.as_ref().and(run.makespan_ns).map(|ns| ns as f64 / 1e9)
}

fn mean_secs(experiment: &Experiment, setting: RunSetting) -> Option<f64> {
    let known: Vec<f64> = experiment.runs.iter().filter(|run| run.setting() == setting).filter_map(secs).collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

/// A remaining time in words: `about 4 s left`.
pub fn remaining_words(left: Duration) -> String {
    match left.as_secs_f64().ceil() as u64 {
        0 | 1 => "about 1 s left".to_owned(),
        secs @ 2..=119 => format!("about {secs} s left"),
        secs => format!("about {} min left", secs.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::tests::fixture;

    #[test]
    fn the_rest_takes_as_long_as_its_settings_took() {
        let mut experiment = fixture::experiment(2);
        let elapsed = Duration::from_secs(3);
        assert_eq!(remaining(&experiment, elapsed, Duration::ZERO), None);
        fixture::run_to_end(&mut experiment, 0, 1_000_000_000);
        fixture::run_to_end(&mut experiment, 1, 2_000_000_000);
        let left = remaining(&experiment, elapsed, Duration::ZERO).expect("known");
        assert!((left.as_secs_f64() - 3.0).abs() < 0.01, "{left:?}");
        fixture::start_run(&mut experiment, 2);
        let left = remaining(&experiment, Duration::from_millis(3500), Duration::from_millis(500)).expect("known");
        assert!((left.as_secs_f64() - 2.5).abs() < 0.01, "{left:?}");
        assert_eq!(progress(&experiment), Progress { done: 2, all: 4, share: 0.5 });
    }

    #[test]
    fn words_never_promise_zero() {
        assert_eq!(remaining_words(Duration::ZERO), "about 1 s left");
        assert_eq!(remaining_words(Duration::from_millis(3400)), "about 4 s left");
        assert_eq!(remaining_words(Duration::from_secs(150)), "about 3 min left");
    }
}
