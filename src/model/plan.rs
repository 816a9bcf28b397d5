//! Tasks plus run settings.

use super::{Choice, LaunchMode, Measure, Runtime, StartMethod, SweepAxis, Target, Task};
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, time::Duration};

/// The version of the plan file.
pub const PLAN_SCHEMA: u32 = 1;
/// The most executions that a run may have: its slots take 192 bytes each.
pub const MAX_EXECUTIONS: u64 = 1_000_000;
/// The most settings of one comparison.
pub const MAX_CHOICES: usize = 16;
/// The most repeats, and the most warm-ups, of a setting.
pub const MAX_REPEATS: u32 = 10_000;

/// The precision of a comparison where nobody says otherwise: ±5 %.
pub const DEFAULT_PRECISION: f64 = 0.05;
/// The widest precision there is: ±100 %.
pub const MAX_PRECISION: f64 = 1.0;
/// How long a comparison goes on for its precision, where nobody says otherwise.
pub const DEFAULT_LIMIT: Duration = Duration::from_secs(60);

/// How long loading may take where nobody says otherwise.
pub const DEFAULT_LOAD_TIMEOUT: Duration = Duration::from_secs(60);

/// The message for a plan that is one execution of a program, see [`Plan::is_one_program`].
pub const ONE_PROGRAM: &str = "One execution of a program is one process in every mode: sequential, processes and \
                               process-pool are the same thing here, so nothing is compared.";

/// Tasks plus run settings; see `docs/plan-file.md`.
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
    /// How processes, or Python threads, are started; the mode's default, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_method: Option<StartMethod>,
    /// What to compare where nobody says otherwise; threads and processes, where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compare: Vec<Choice>,
    /// The interpreter of Python functions: a name on PATH or a path; `python3`, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub python: Option<String>,
    /// Python threads: how long each is first joined for, `join(timeout)`; a thread still alive is joined again at the
    /// end, a daemon thread is abandoned. Where absent each is joined without a limit, and a daemon thread not at all.
    #[serde(default, with = "super::duration", skip_serializing_if = "Option::is_none")]
    pub join_timeout: Option<Duration>,
    /// Python threads: whether `start()` is called a second time on each, which raises RuntimeError.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub start_again: bool,
    /// The most executions in flight; 0 for as many as there are.
    pub workers: u32,
    /// Measured runs of each setting, at least 1; in a comparison or a sweep the fewest, see `precision`.
    pub repeat: u32,
    /// How narrow the intervals of a comparison or a sweep are to be: half their width over the middle (0.05 for ±5 %).
    /// While they are wider, and [`RunSettings::limit`] is not over, there are more repeats than `repeat`. With 0 there
    /// are exactly `repeat`.
    #[serde(default)]
    pub precision: f64,
    /// How long a comparison or a sweep goes on for its precision, from its start. It always makes `repeat` repeats.
    #[serde(default = "default_limit", with = "super::duration::plain")]
    pub limit: Duration,
    /// The seed of the order of runs and of resampling for intervals; a new one for each experiment, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// What a sweep varies where nobody says otherwise; where absent the number of workers, to twice the cores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<Box<SweepAxis>>,
    /// Runs of each setting before its repeats, which are not counted.
    pub warmup: u32,
    /// How much is measured.
    #[serde(default)]
    pub measure: Measure,
    /// The longest that one execution may take; unlimited where absent.
    #[serde(default, with = "super::duration", skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
    /// The longest that loading may take: from the start of the runner to its last target loaded, before the first
    /// execution; and again in each child that loads the targets anew.
    #[serde(default = "default_load_timeout", with = "super::duration::plain")]
    pub load_timeout: Duration,
}

fn default_load_timeout() -> Duration {
    DEFAULT_LOAD_TIMEOUT
}

fn default_limit() -> Duration {
    DEFAULT_LIMIT
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            mode: LaunchMode::Threads,
            start_method: None,
            compare: Vec::new(),
            python: None,
            join_timeout: None,
            start_again: false,
            workers: 0,
            repeat: 7,
            precision: DEFAULT_PRECISION,
            limit: DEFAULT_LIMIT,
            seed: None,
            sweep: None,
            warmup: 1,
            measure: Measure::default(),
            timeout: None,
            load_timeout: DEFAULT_LOAD_TIMEOUT,
        }
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

    /// Removes the values of the tasks' environments, and keeps the names.
    pub fn leave_env_out(&mut self) {
        self.tasks.iter_mut().for_each(super::Task::leave_env_out);
    }

    /// Executions of one run.
    pub fn executions(&self) -> u64 {
        self.tasks.iter().map(|task| u64::from(task.count)).sum()
    }

    /// What to compare where nobody says otherwise: what the plan says; else threads and processes, or their pools where
    /// the plan asks for one. A program is a process by nature: it is compared with itself, one after another. Where
    /// there are both Python functions and built-in targets, one is compared with the other in the plan's mode.
    pub fn to_compare(&self) -> Vec<Choice> {
        if !self.run.compare.is_empty() {
            return self.run.compare.clone();
        }
        let any = |is: fn(&Target) -> bool| self.tasks.iter().any(|task| is(&task.target));
        let modes = match self.run.mode {
            mode if self.has_python() && self.has_native() => return vec![mode.into()],
            // A coroutine runs only in an event loop.
            LaunchMode::Asyncio => return vec![LaunchMode::Asyncio.into()],
            _ if any(|target| matches!(target, Target::Program(_))) => [LaunchMode::Sequential, LaunchMode::Processes],
            LaunchMode::Interpreters => [LaunchMode::ThreadPool, LaunchMode::Interpreters],
            mode if mode.is_pool() => [LaunchMode::ThreadPool, LaunchMode::ProcessPool],
            _ => [LaunchMode::Threads, LaunchMode::Processes],
        };
        modes.map(Choice::from).to_vec()
    }

    /// What a run without a comparison runs: the plan's own mode.
    pub fn choice(&self) -> Choice {
        self.run.mode.into()
    }

    /// The choices of Run, Compare and Sweep together: the plan's own mode, and those it is compared and swept in.
    pub fn all_choices(&self) -> Vec<Choice> {
        let mut choices = vec![self.choice()];
        choices.extend(self.to_compare().into_iter().filter(|choice| *choice != self.choice()));
        choices
    }

    /// Whether a run of it is one execution of a program: a process, alone, in every mode that programs have.
    pub fn is_one_program(&self) -> bool {
        self.executions() == 1 && self.tasks.iter().all(|task| matches!(task.target, Target::Program(_)))
    }

    /// Whether it has Python functions.
    pub fn has_python(&self) -> bool {
        self.tasks.iter().any(|task| task.target.is_python())
    }

    /// Whether it has built-in targets or programs.
    pub fn has_native(&self) -> bool {
        self.tasks.iter().any(|task| !task.target.is_python())
    }

    /// The runtimes that a choice runs the plan's tasks in, one setting each: both, where the choice leaves that open
    /// and the plan has both; none, where the plan has no task for the runtime that the choice names.
    pub fn runtimes(&self, choice: Choice) -> Vec<Runtime> {
        let word = self.run.python.as_deref().unwrap_or(super::interpreter::DEFAULT_INTERPRETER);
        let python = Runtime::Python(super::Interpreter::new(word));
        let [native, python] = match choice.runtime {
            Runtime::Any => [Some(Runtime::Native), Some(python)],
            Runtime::Native => [Some(Runtime::Native), None],
            named @ Runtime::Python(_) => [None, Some(named)],
        };
        native.filter(|_| self.has_native()).into_iter().chain(python.filter(|_| self.has_python())).collect()
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
        let modes = |plan: &Plan| plan.to_compare().iter().map(|choice| choice.mode).collect::<Vec<_>>();
        assert_eq!(modes(&plan), [LaunchMode::Threads, LaunchMode::Processes]);
        plan.run.mode = LaunchMode::ProcessPool;
        assert_eq!(modes(&plan), [LaunchMode::ThreadPool, LaunchMode::ProcessPool]);
        plan.tasks.push(Task::new(Target::parse("program:xz")));
        assert_eq!(modes(&plan), [LaunchMode::Sequential, LaunchMode::Processes]);
        plan.run.compare = vec!["processes:fork".parse().expect("a choice"), "processes:spawn".parse().expect("one")];
        assert_eq!(plan.to_compare(), plan.run.compare);
    }

    #[test]
    fn a_plan_of_both_kinds_is_run_in_both_runtimes() {
        let mut plan = Plan::empty("test");
        plan.tasks.push(Task::new(Target::parse("primes")));
        assert_eq!(plan.runtimes(plan.choice()), [Runtime::Native]);
        plan.tasks.push(Task::new(Target::parse("python:w.py:f")));
        let python3 = Runtime::Python(crate::Interpreter::new("python3"));
        assert_eq!(plan.runtimes(plan.choice()), [Runtime::Native, python3]);
        assert_eq!(plan.runtimes("threads@native".parse().expect("a choice")), [Runtime::Native]);
        plan.tasks.remove(0);
        assert_eq!(plan.runtimes("threads@native".parse().expect("a choice")), []);
    }
}
