//! Tasks plus run settings.

use super::{LaunchMode, StartMethod, Task};
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

/// How the tasks of a plan are run.
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
        Self { mode: LaunchMode::Threads, start_method: None, workers: 0, repeat: 5, warmup: 1, timeout: None }
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

    /// The timeout that holds for the task at `index`.
    pub fn timeout_of(&self, index: usize) -> Option<Duration> {
        self.tasks[index].timeout.or(self.run.timeout)
    }
}
