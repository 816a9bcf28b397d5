//! How tasks are launched.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// How the tasks of a run are launched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaunchMode {
    /// One after another, in the runner itself.
    Sequential,
    /// A thread for each execution.
    Threads,
    /// A process for each execution.
    Processes,
    /// Long-lived threads that take the executions from a queue.
    ThreadPool,
    /// Long-lived processes that take the executions from a queue.
    ProcessPool,
}

impl LaunchMode {
    /// Every mode, in the order in which they are offered.
    pub const ALL: [LaunchMode; 5] =
        [Self::Sequential, Self::Threads, Self::Processes, Self::ThreadPool, Self::ProcessPool];

    /// The word of the plan file and of the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Threads => "threads",
            Self::Processes => "processes",
            Self::ThreadPool => "thread-pool",
            Self::ProcessPool => "process-pool",
        }
    }

    /// The word of a heading or a button.
    pub fn title(self) -> &'static str {
        match self {
            Self::Sequential => "Sequential",
            Self::Threads => "Threads",
            Self::Processes => "Processes",
            Self::ThreadPool => "Thread pool",
            Self::ProcessPool => "Process pool",
        }
    }

    /// Whether each execution has an address space of its own.
    pub fn isolates(self) -> bool {
        matches!(self, Self::Processes | Self::ProcessPool)
    }

    /// Whether long-lived workers take the executions: then a lane is a worker, which goes on while a result waits to be
    /// collected.
    pub fn is_pool(self) -> bool {
        matches!(self, Self::ThreadPool | Self::ProcessPool)
    }

    /// Whether the mode runs threads of the runner, which a program (a process by nature) can't be.
    pub fn is_threaded(self) -> bool {
        matches!(self, Self::Threads | Self::ThreadPool)
    }
}

impl fmt::Display for LaunchMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The word is no mode; holds the sentence to show.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct UnknownWord(String);

impl FromStr for LaunchMode {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|mode| mode.word() == word).ok_or_else(|| {
            UnknownWord(format!("`{word}` is no mode; use sequential, threads, processes, thread-pool or process-pool"))
        })
    }
}

/// How a process is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartMethod {
    /// The single-threaded runner forks.
    Fork,
    /// The program's own binary is executed anew as a worker.
    Spawn,
}

impl StartMethod {
    /// Every start method of built-in targets.
    pub const ALL: [StartMethod; 2] = [Self::Fork, Self::Spawn];

    /// The word of the plan file and of the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::Spawn => "spawn",
        }
    }

    /// What the system does where nothing was asked for.
    pub fn system_default() -> Self {
        if cfg!(unix) { Self::Fork } else { Self::Spawn }
    }
}

impl fmt::Display for StartMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for StartMethod {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .into_iter()
            .find(|method| method.word() == word)
            .ok_or_else(|| UnknownWord(format!("`{word}` is no start method; use fork or spawn")))
    }
}
