//! The run request: what a runner is to execute.

use crate::model::{Args, LaunchMode, StartMethod};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};

/// What a runner is to execute, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRequest {
    /// Always [`super::PROTOCOL`].
    pub protocol: u32,
    /// How to launch.
    pub mode: LaunchMode,
    /// How to start processes of built-in targets.
    pub start_method: StartMethod,
    /// The most in flight; 0 for as many as there are.
    pub workers: u32,
    /// Executions are numbered through the tasks, in order.
    pub tasks: Vec<TaskRequest>,
}

/// One task of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskRequest {
    /// Its name, for the names of threads.
    pub name: String,
    /// Its executions.
    pub count: u32,
    /// What to do.
    pub work: WorkRequest,
}

/// What an execution does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkRequest {
    /// A built-in workload.
    Builtin {
        /// Its name in the registry.
        target: String,
        /// Its args, checked by the host.
        args: Args,
    },
    /// A program.
    Program {
        /// The executable file.
        path: PathBuf,
        /// What it is called with, after its name.
        args: Vec<String>,
        /// Variables added to the environment.
        env: BTreeMap<String, String>,
        /// The folder in which it starts.
        cwd: Option<PathBuf>,
    },
}

impl RunRequest {
    /// All executions.
    pub fn executions(&self) -> usize {
        self.tasks.iter().map(|task| task.count as usize).sum()
    }
}
