//! What the runs on the screen say together.

use insight::{
    answers::{TaskTimes, silent_join, task_times},
    compare::compare,
    failed::{Failed, failed},
    findings::{Why, why},
    launch_costs::{LaunchCosts, launch_costs},
    noise,
    precision::{self, Progress},
    table::{Table, table},
};
use model::{Experiment, document::Comparison};
use scene::distribution::{Distribution, distributions};

/// What the runs say together; made anew when a run has ended.
#[derive(Default)]
pub struct Summary {
    pub table: Option<Table>,
    /// How long each task takes in each compared setting, where there are several.
    pub task_times: Vec<TaskTimes>,
    /// That `join()` did not raise what an execution raised.
    pub silent_join: Option<&'static str>,
    pub comparisons: Vec<Comparison>,
    /// What explains them.
    pub why: Why,
    /// The makespans of each compared setting.
    pub distributions: Vec<Distribution>,
    /// What disturbed the measurements.
    pub noise: Vec<String>,
    /// How narrow the intervals are, where there is something to compare.
    pub precision: Option<Progress>,
    /// What launching costs, by setting.
    pub launch_costs: Vec<LaunchCosts>,
    /// Executions that ended in another way than success.
    pub failed: Failed,
}

impl Summary {
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
        }
    }
}
