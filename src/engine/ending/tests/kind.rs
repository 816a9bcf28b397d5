//! The kinds of runs whose ends differ.

use model::{Interpreter, LaunchMode, Plan, Setting, StartMethod, Target, Task};
use std::time::Duration;

pub const MS: i64 = 1_000_000;
pub const SECOND: i64 = 1_000 * MS;
/// How long an execution may take.
pub const LIMIT: i64 = 2 * SECOND;
/// How long loading may take.
pub const LOAD_LIMIT: i64 = 4 * SECOND;
/// How long a run of [`Kind::Endless`] may take.
pub const RUN_LIMIT: i64 = 30 * SECOND;

/// What is run, and in which mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Threads,
    /// Threads without a timeout, in a run that has a limit.
    Endless,
    Forks,
    Pool,
    Programs,
    /// Programs among threads.
    Mixed,
    PythonThreads,
    PythonSpawn,
    PythonPool,
}

impl Kind {
    pub const ALL: [Self; 9] = [
        Self::Threads,
        Self::Endless,
        Self::Forks,
        Self::Pool,
        Self::Programs,
        Self::Mixed,
        Self::PythonThreads,
        Self::PythonSpawn,
        Self::PythonPool,
    ];

    pub fn mode(self) -> LaunchMode {
        match self {
            Self::Threads | Self::Endless | Self::Mixed | Self::PythonThreads => LaunchMode::Threads,
            Self::Forks | Self::Programs | Self::PythonSpawn => LaunchMode::Processes,
            Self::Pool | Self::PythonPool => LaunchMode::ProcessPool,
        }
    }

    pub fn is_python(self) -> bool {
        matches!(self, Self::PythonThreads | Self::PythonSpawn | Self::PythonPool)
    }

    fn targets(self) -> &'static [&'static str] {
        match self {
            Self::Programs => &["program:true"; 3],
            Self::Mixed => &["sleep", "program:true", "sleep"],
            _ if self.is_python() => &["python:a.py:f"; 3],
            _ => &["sleep"; 3],
        }
    }

    pub fn plan(self) -> Plan {
        let mut plan = Plan::empty("test");
        plan.tasks = self.targets().iter().map(|target| Task::new(Target::parse(target))).collect();
        plan.run.timeout = (self != Self::Endless).then_some(Duration::from_nanos(LIMIT as u64));
        plan.run.load_timeout = Duration::from_nanos(LOAD_LIMIT as u64);
        plan
    }

    pub fn setting(self) -> Setting {
        let interpreter = self.is_python().then(|| Interpreter::new("python3"));
        let start_method = (self == Self::PythonSpawn).then_some(StartMethod::Spawn);
        Setting { interpreter, start_method, ..Setting::of(self.mode()) }
    }

    pub fn run_limit(self) -> Option<Duration> {
        (self == Self::Endless).then_some(Duration::from_nanos(RUN_LIMIT as u64))
    }

    /// Whether an execution is a process that is not the runner's.
    pub fn is_apart(self, id: u32) -> bool {
        self.mode().isolates() || self.targets()[id as usize].starts_with("program:")
    }
}
