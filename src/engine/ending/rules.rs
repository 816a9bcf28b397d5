//! How a plan and a setting let executions end.

use super::overdue::{Carrier, Limits};
use model::{Execution, LaunchMode, Plan, Setting, StartMethod, Target, Task};
use std::time::Duration;

/// How a plan and a setting let executions end.
#[derive(Clone)]
pub struct Rules {
    mode: LaunchMode,
    /// Whether the executions are Python functions.
    pub python: bool,
    /// For each task its limits.
    limits: Vec<Limits>,
    tasks: Vec<Task>,
    /// How long a file or a module may take to load, and how long a pool may take to fetch what waits in its queue.
    pub load_timeout: Duration,
}

impl Rules {
    pub fn new(plan: &Plan, setting: Setting) -> Self {
        let Setting { mode, interpreter, start_method, .. } = setting;
        let python = interpreter.is_some();
        let anew = matches!(start_method, Some(StartMethod::Spawn | StartMethod::Forkserver));
        let loads = python && mode == LaunchMode::Processes && anew;
        let limits = |index| Limits {
            call_ns: plan.timeout_of(index).map(ns),
            load_ns: loads.then(|| ns(plan.run.load_timeout)),
            from_entered: python && (mode.is_pool() || mode == LaunchMode::Asyncio),
        };
        let limits = (0..plan.tasks.len()).map(limits).collect();
        Self { mode, python, limits, tasks: plan.tasks.clone(), load_timeout: plan.run.load_timeout }
    }

    /// How long an execution may take.
    pub fn limits(&self, execution: &Execution) -> Limits {
        self.limits[execution.task_index as usize]
    }

    /// [`Rules::load_timeout`] in nanoseconds.
    pub fn load_ns(&self) -> u64 {
        ns(self.load_timeout)
    }

    /// An execution's target.
    pub fn target(&self, execution: &Execution) -> &Target {
        &self.tasks[execution.task_index as usize].target
    }

    /// Where an execution runs.
    pub fn place(&self, execution: &Execution) -> Carrier {
        match self.mode {
            _ if self.is_program(execution) => Carrier::Process,
            LaunchMode::Processes => Carrier::Process,
            LaunchMode::Threads => Carrier::Thread,
            _ => Carrier::Lasting,
        }
    }

    /// Whether SIGTERM is how it is asked to end: Python processes don't check the stop word, but may handle the
    /// signal.
    pub fn takes_signals(&self, execution: &Execution) -> bool {
        self.is_program(execution) || (self.python && self.mode.isolates())
    }

    /// Whether it can be killed alone: its process is not the runner's.
    pub fn is_apart(&self, execution: &Execution) -> bool {
        self.mode.isolates() || self.is_program(execution)
    }

    /// Whether no execution can be killed alone.
    pub fn none_is_apart(&self) -> bool {
        !self.mode.isolates() && !self.tasks.iter().any(|task| is_program(&task.target))
    }

    pub fn is_python_pool(&self) -> bool {
        self.python && self.mode.is_pool()
    }

    fn is_program(&self, execution: &Execution) -> bool {
        is_program(self.target(execution))
    }
}

fn is_program(target: &Target) -> bool {
    matches!(target, Target::Program(_))
}

fn ns(limit: Duration) -> u64 {
    u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX)
}
