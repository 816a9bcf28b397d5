//! Threads and processes that an execution started besides its own.

use super::States;
use serde::{Deserialize, Serialize};

/// The most members that are listed of one execution, and of a run's own; their totals stay exact.
pub const MAX_MEMBERS: usize = 64;

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberKind {
    /// A thread of a process that was there before it.
    Thread,
    /// A process; its first thread.
    Process,
}

/// A thread or process that an execution started besides its own. Instants are nanoseconds since the run's origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Its process.
    pub pid: u32,
    /// The thread; of a process its first one.
    pub tid: u32,
    /// The thread that made it.
    pub parent_tid: u32,
    /// What it is.
    pub kind: MemberKind,
    /// What the system calls it, where that is known: `sha256sum`.
    #[serde(default)]
    pub name: Option<Box<str>>,
    /// When it was made; 0 where that was before the origin.
    pub born_ns: u64,
    /// When it ended; absent where that was not seen.
    pub ended_ns: Option<u64>,
    /// Most memory that a process was seen to have had resident, at looks 20 times a second; absent of threads, whose memory
    /// is their process's, and where it was gone before a look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_rss_bytes: Option<u64>,
    /// The part of its time on a CPU before its first wait, where it was on one at the origin already: a library's
    /// thread, made while the library was loaded, spins for a while before it sleeps, though nobody has given it work
    /// yet.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spun_ns: u64,
    /// What it did between its birth and its end. *Ready* is its wait for a CPU after it was taken off one; a wait
    /// after it was woken up counts as blocked.
    pub states: States,
}

/// All members together. Their numbers and times are exact, however many of them are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnWork {
    /// Threads, without the first ones of processes.
    pub threads: u32,
    /// Processes.
    pub processes: u32,
    /// The most of them that were alive at once.
    pub most_at_once: u32,
    /// On a CPU, all together.
    pub on_cpu_ns: u64,
    /// Taken off a CPU while they could go on, all together.
    pub runnable_ns: u64,
    /// The part of the time on a CPU before first waits, see [`Member::spun_ns`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spun_ns: u64,
    /// How many are not listed among the members, because there are more than [`MAX_MEMBERS`].
    #[serde(default)]
    pub not_listed: u32,
}

impl OwnWork {
    /// Threads and processes together.
    pub fn count(&self) -> u32 {
        self.threads.saturating_add(self.processes)
    }

    /// Counts one more.
    pub fn count_in(&mut self, kind: MemberKind) {
        match kind {
            MemberKind::Thread => self.threads += 1,
            MemberKind::Process => self.processes += 1,
        }
    }
}

fn is_zero(ns: &u64) -> bool {
    *ns == 0
}
