//! The summary: what the runs on the screen say together, and when it is made.

use insight::{
    answers::{TaskTimes, silent_join, task_times},
    compare::compare,
    failed::{Failed, failed},
    findings::{Why, why},
    launch_costs::{LaunchCosts, launch_costs},
    noise,
    precision::{self, Progress},
    scaling::scaling,
    summary::settings,
    table::{Table, table},
    waterfall::of_setting,
};
use model::{Experiment, Setting, document::Comparison, scaling::Scaling, waterfall::ExecutionCost};
use scene::distribution::{Distribution, distributions};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// A summary that takes no longer than this is made after every run.
const QUICK: Duration = Duration::from_millis(20);
/// A longer one begins no sooner than this many times its length after the last one began: it takes 2 % of the time.
const SUMMARY_EVERY: u32 = 50;

/// What the runs say together; it is made anew when a run has ended.
#[derive(Default)]
pub struct Summary {
    pub table: Option<Table>,
    /// How long each task takes in each compared setting, where there are several.
    pub task_times: Vec<TaskTimes>,
    /// The sentence that `join()` did not raise what an execution raised, where that was so.
    pub silent_join: Option<&'static str>,
    pub comparisons: Vec<Comparison>,
    /// The findings that explain the comparisons.
    pub why: Why,
    /// The makespans of each compared setting.
    pub distributions: Vec<Distribution>,
    /// What disturbed the measurements.
    pub noise: Vec<String>,
    /// How narrow the intervals are, where there is a comparison.
    pub precision: Option<Progress>,
    /// What launching costs, by setting.
    pub launch_costs: Vec<LaunchCosts>,
    /// What an execution costs, by setting.
    pub costs: Vec<(Setting, ExecutionCost)>,
    /// What a sweep says; absent where the runs are none.
    pub scaling: Option<Arc<Scaling>>,
    /// Executions that ended in another way than success.
    pub failed: Failed,
}

/// A summary, and how long it took.
pub struct Summed {
    /// The summary.
    pub summary: Summary,
    begin: Instant,
    took: Duration,
}

/// How far an experiment was when its summary was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Far {
    runs_ended: usize,
    ended: bool,
}

/// When the next summary is due: when a run has ended. A summary that takes long is made less often while the
/// experiment goes on, so that it disturbs few of the runs.
#[derive(Default)]
pub struct Due {
    made: Far,
    not_before: Option<Instant>,
}

impl Due {
    /// Whether a summary is due now. At the end of the experiment it is, however long it takes.
    pub fn is_now(&self, experiment: &Experiment, now: Instant) -> bool {
        self.made != Far::of(experiment) && (experiment.ended || self.not_before.is_none_or(|time| time <= now))
    }

    /// Notes that a summary of the experiment as it is now is being made.
    pub fn begun(&mut self, experiment: &Experiment) {
        self.made = Far::of(experiment);
    }

    /// Notes that a summary is made, and how long it took.
    pub fn done(&mut self, summed: &Summed) {
        self.not_before = (summed.took > QUICK).then(|| summed.begin + summed.took * SUMMARY_EVERY);
    }
}

impl Far {
    fn of(experiment: &Experiment) -> Self {
        Self { runs_ended: experiment.progress().0, ended: experiment.ended }
    }
}

impl Summed {
    /// Sums an experiment up.
    pub fn of(experiment: &Experiment) -> Self {
        let begin = Instant::now();
        let summary = Summary::of(experiment);
        Self { summary, begin, took: begin.elapsed() }
    }

    /// The same summary, as if it had taken this long.
    #[cfg(test)]
    pub fn lasting(self, took: Duration) -> Self {
        Self { took, ..self }
    }
}

impl Summary {
    /// Whether there is one: runs have ended, and were summed up.
    pub fn is_there(&self) -> bool {
        self.table.is_some()
    }

    /// The summary of an experiment.
    pub fn of(experiment: &Experiment) -> Self {
        let comparisons = compare(experiment);
        Self {
            why: why(experiment, &comparisons),
            failed: failed(experiment),
            table: Some(table(experiment)),
            task_times: task_times(experiment),
            silent_join: silent_join(experiment),
            comparisons,
            distributions: distributions(experiment),
            noise: noise::warnings(experiment),
            precision: precision::of_experiment(experiment),
            launch_costs: launch_costs(experiment),
            costs: settings(experiment).into_iter().map(|it| (it, of_setting(experiment, it))).collect(),
            scaling: scaling(experiment).map(Arc::new),
        }
    }
}
