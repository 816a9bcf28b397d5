//! Tasks plus run settings.

use super::{LaunchMode, StartMethod, Target, Task};
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, time::Duration};

/// The version of the plan file.
pub const PLAN_SCHEMA: u32 = 1;
/// The most executions that a run may have: its slots take 192 bytes each.
pub const MAX_EXECUTIONS: u64 = 1_000_000;
/// The most repeats, and the most warm-ups, of a setting.
pub const MAX_REPEATS: u32 = 10_000;

/// Tasks plus run settings; see the plan file of the design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Always [`PLAN_SCHEMA`].
    pub schema: u32,
    /// The title of charts and windows.
    pub name: String,
    /// How to run the tasks.
    pub run: RunSettings,
    /// What to run.
    #[serde(rename = "task")]
    pub tasks: Vec<Task>,
    /// The folder against which relative paths are read: the plan file's. Not part of the file.
    #[serde(skip)]
    pub folder: Option<PathBuf>,
}

/// How the tasks of a plan are run. By default there are enough repeats for an interval of 95 %, which takes six.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSettings {
    /// How tasks are launched.
    pub mode: LaunchMode,
    /// How processes are started; the system's way, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_method: Option<StartMethod>,
    /// The most executions in flight; 0 for as many as there are.
    pub workers: u32,
    /// Measured runs of each setting, at least 1.
    pub repeat: u32,
    /// Runs before them that are not counted.
    pub warmup: u32,
    /// The longest that one execution may take; unlimited where absent.
    #[serde(default, with = "super::duration", skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self { mode: LaunchMode::Threads, start_method: None, workers: 0, repeat: 7, warmup: 1, timeout: None }
    }
}

impl Plan {
    /// A plan of no tasks with default settings.
    pub fn empty(name: &str) -> Self {
        Self {
            schema: PLAN_SCHEMA,
            name: name.to_owned(),
            run: RunSettings::default(),
            tasks: Vec::new(),
            folder: None,
        }
    }

    /// Executions of one run.
    pub fn executions(&self) -> u64 {
        self.tasks.iter().map(|task| u64::from(task.count)).sum()
    }

    /// The two modes to compare where nobody says otherwise: threads and processes, or their pools where the plan asks
    /// for one. A program is a process by nature: it is compared with itself, one after another.
    pub fn modes_to_compare(&self) -> [LaunchMode; 2] {
        let programs = self.tasks.iter().any(|task| matches!(task.target, Target::Program(_)));
        match self.run.mode {
            _ if programs => [LaunchMode::Sequential, LaunchMode::Processes],
            mode if mode.is_pool() => [LaunchMode::ThreadPool, LaunchMode::ProcessPool],
            _ => [LaunchMode::Threads, LaunchMode::Processes],
        }
    }

    /// The timeout that holds for the task at `index`.
    pub fn timeout_of(&self, index: usize) -> Option<Duration> {
        self.tasks[index].timeout.or(self.run.timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_of_threads_and_processes_unless_there_is_a_reason() {
        let mut plan = Plan::empty("test");
        assert_eq!(plan.modes_to_compare(), [LaunchMode::Threads, LaunchMode::Processes]);
        plan.run.mode = LaunchMode::ProcessPool;
        assert_eq!(plan.modes_to_compare(), [LaunchMode::ThreadPool, LaunchMode::ProcessPool]);
        plan.tasks.push(Task::new(Target::parse("program:xz")));
        assert_eq!(plan.modes_to_compare(), [LaunchMode::Sequential, LaunchMode::Processes]);
    }
}
