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
    /// Long-lived subinterpreters of one Python process, each with a GIL of its own (Python 3.14 and later).
    Interpreters,
    /// Tasks of one asyncio event loop (Python's `async def` functions).
    Asyncio,
}

impl LaunchMode {
    /// Every mode, in the order in which they are offered.
    pub const ALL: [LaunchMode; 7] = [
        Self::Sequential,
        Self::Threads,
        Self::Processes,
        Self::ThreadPool,
        Self::ProcessPool,
        Self::Interpreters,
        Self::Asyncio,
    ];
    /// The modes that built-in targets have.
    pub const NATIVE: [LaunchMode; 5] =
        [Self::Sequential, Self::Threads, Self::Processes, Self::ThreadPool, Self::ProcessPool];

    /// The word of the plan file and of the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Threads => "threads",
            Self::Processes => "processes",
            Self::ThreadPool => "thread-pool",
            Self::ProcessPool => "process-pool",
            Self::Interpreters => "interpreters",
            Self::Asyncio => "asyncio",
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
            Self::Interpreters => "Interpreters",
            Self::Asyncio => "Asyncio",
        }
    }

    /// Whether each execution has an address space of its own.
    pub fn isolates(self) -> bool {
        matches!(self, Self::Processes | Self::ProcessPool)
    }

    /// Whether long-lived workers take the executions: then a lane is a worker, which goes on while a result waits to be
    /// collected.
    pub fn is_pool(self) -> bool {
        matches!(self, Self::ThreadPool | Self::ProcessPool | Self::Interpreters)
    }

    /// Whether only Python functions can be launched in it.
    pub fn is_python_only(self) -> bool {
        matches!(self, Self::Interpreters | Self::Asyncio)
    }

    /// Whether the mode runs threads of the runner, which a program (a process by nature) can't be.
    pub fn is_threaded(self) -> bool {
        matches!(self, Self::Threads | Self::ThreadPool | Self::Interpreters | Self::Asyncio)
    }
}

impl fmt::Display for LaunchMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A word that is no mode, start method or level of measurement; holds the sentence to show.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct UnknownWord(String);

impl UnknownWord {
    /// An error with the sentence to show.
    pub fn new(sentence: String) -> Self {
        Self(sentence)
    }
}

impl FromStr for LaunchMode {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|mode| mode.word() == word).ok_or_else(|| {
            UnknownWord(format!("`{word}` is no mode; use sequential, threads, processes, thread-pool or process-pool, or for Python functions interpreters or asyncio"))
        })
    }
}

/// How a process, or a Python thread, is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartMethod {
    /// The single-threaded runner forks.
    Fork,
    /// The program's own binary, or the interpreter, is executed anew.
    Spawn,
    /// Python: a server process that was executed anew forks.
    Forkserver,
    /// Python: `threading.Thread(target=…, args=…)`.
    Thread,
    /// Python: a subclass of `threading.Thread` or `multiprocessing.Process` that overrides `run()`.
    Subclass,
    /// Python: `_thread.start_new_thread(function, args)`, which can't be joined.
    Raw,
    /// Python: `threading.Thread(…, daemon=True)`, which nobody joins.
    Daemon,
    /// Python, sequential: the function is called.
    Call,
    /// Python, sequential: a Thread is made, and its `run()` called instead of `start()`.
    Run,
}

impl StartMethod {
    /// Every start method, in the order in which they are offered.
    pub const ALL: [StartMethod; 9] = [
        Self::Fork,
        Self::Spawn,
        Self::Forkserver,
        Self::Thread,
        Self::Subclass,
        Self::Raw,
        Self::Daemon,
        Self::Call,
        Self::Run,
    ];
    /// The start methods of built-in targets' processes.
    pub const NATIVE: [StartMethod; 2] = [Self::Fork, Self::Spawn];

    /// The word of the plan file and of the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fork => "fork",
            Self::Spawn => "spawn",
            Self::Forkserver => "forkserver",
            Self::Thread => "thread",
            Self::Subclass => "subclass",
            Self::Raw => "raw",
            Self::Daemon => "daemon",
            Self::Call => "call",
            Self::Run => "run",
        }
    }

    /// The start methods that a mode has, the default first; none where there is nothing to choose.
    pub fn of_mode(mode: LaunchMode, python: bool) -> &'static [StartMethod] {
        match (mode, python) {
            (LaunchMode::Processes | LaunchMode::ProcessPool, true) => &[Self::Fork, Self::Spawn, Self::Forkserver],
            (LaunchMode::Processes | LaunchMode::ProcessPool, false) => &Self::NATIVE,
            (LaunchMode::Threads, true) => &[Self::Thread, Self::Subclass, Self::Raw, Self::Daemon],
            (LaunchMode::Sequential, true) => &[Self::Call, Self::Run],
            _ => &[],
        }
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
        let unknown = || {
            UnknownWord(format!(
                "`{word}` is no start method; use fork, spawn or forkserver for processes, thread, subclass, raw or \
                 daemon for Python's threads, call or run for sequential"
            ))
        };
        Self::ALL.into_iter().find(|method| method.word() == word).ok_or_else(unknown)
    }
}
