//! The run request: what a runner is to execute.

use model::{Args, LaunchMode, Measure, StartMethod};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, path::PathBuf};

/// What a runner is to execute, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRequest {
    /// Always [`super::PROTOCOL`].
    pub protocol: u32,
    /// How to launch.
    pub mode: LaunchMode,
    /// How to start processes, or Python threads.
    pub start_method: StartMethod,
    /// The most executions in flight; 0 for no limit.
    pub workers: u32,
    /// How much to measure. At `stamps` words 22 and 23 of a slot stay empty.
    #[serde(default)]
    pub measure: Measure,
    /// What Python functions need in addition; absent for built-in targets and programs.
    #[serde(default)]
    pub python: Option<PythonRequest>,
    /// Executions are numbered through the tasks, in order.
    pub tasks: Vec<TaskRequest>,
}

/// What a run of Python functions needs in addition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PythonRequest {
    /// The plan's folder: the last place on `sys.path`.
    pub folder: Option<PathBuf>,
    /// How long each thread is first joined for; see `RunSettings::join_timeout`.
    pub join_timeout_ns: Option<u64>,
    /// How long loading may take; shortly before that is over, the runner says where loading is.
    #[serde(default)]
    pub load_timeout_ns: Option<u64>,
    /// Whether `start()` is called a second time on each thread.
    pub start_again: bool,
}

/// One task of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskRequest {
    /// Its name, for the names of threads.
    pub name: String,
    /// How many executions it has.
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
        /// The program's arguments, after its name.
        args: Vec<String>,
        /// Variables added to the environment.
        env: BTreeMap<String, String>,
        /// The folder in which it starts.
        cwd: Option<PathBuf>,
    },
    /// A Python function.
    Python {
        /// The absolute path of the file that defines the function; absent where `module` is given.
        file: Option<PathBuf>,
        /// The module that defines the function; absent where `file` is given.
        module: Option<String>,
        /// The callable, with dots for one inside a class.
        function: String,
        /// Its arguments in order.
        args: Vec<Value>,
        /// Its arguments by name.
        kwargs: BTreeMap<String, Value>,
    },
}

impl RunRequest {
    /// How many executions the run has.
    pub fn executions(&self) -> usize {
        self.tasks.iter().map(|task| task.count as usize).sum()
    }
}
