//! One instance of one task in one run.

use super::{Member, Outcome, OwnWork, Sending, SliceEntry, Stamps, States};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use thin_vec::ThinVec;

/// One instance of one task in one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    /// Its place in the run, from 0.
    pub id: u32,
    /// The task's name, shared by its executions.
    #[serde(with = "shared_text")]
    pub task: Arc<str>,
    /// The task's place in the plan, from 0.
    pub task_index: u32,
    /// Which instance of the task, from 0.
    pub instance: u32,
    /// Whether it is its task's only instance, so that the task's name identifies it. It is not in the document:
    /// [`super::Run::name_alone`] works it out from the list of executions.
    #[serde(skip)]
    pub alone: bool,
    /// The row of the timeline: the smallest slot free when it started; absent while it has not.
    pub lane: Option<u32>,
    /// The process in which it ran.
    pub pid: Option<u32>,
    /// The thread in which it ran.
    pub tid: Option<u32>,
    /// Its lifecycle.
    pub stamps: Stamps,
    /// Whether its launch call put it into a pool's queue, where it then waited for a worker.
    #[serde(default, skip_serializing_if = "is_false")]
    pub queued: bool,
    /// What its arguments and its result cost to be sent to another process and back; absent where they were not sent.
    #[serde(default)]
    pub sending: Option<Box<Sending>>,
    /// How it ended; absent while it has not.
    pub outcome: Option<Outcome>,
    /// What the target returned: a count as a number, a digest as hexadecimal text; of a Python function a whole number
    /// of 64 bits as a number, all else as its `repr()`, cut where it is long.
    pub result: Option<serde_json::Value>,
    /// What it wrote, where that was captured for it alone.
    pub output: Option<Box<Output>>,
    /// What it used, as far as the system says.
    pub usage: Option<Box<Usage>>,
    /// What it did while it was in its target, as far as that was measured.
    #[serde(default)]
    pub states: Option<Box<States>>,
    /// On which core it was, and when. Only in the document: in memory slices are in [`super::Run::slices`].
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    pub slices: ThinVec<SliceEntry>,
    /// The traceback of an exception that nobody caught, the user's lines first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceback: Option<Box<str>>,
    /// Threads and processes that it started besides its own, those that took most CPU time where there are too many.
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    pub members: ThinVec<Member>,
    /// All of its members together; absent where it started none, or where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Box<OwnWork>>,
}

impl Execution {
    /// An execution of which nothing has happened yet.
    pub fn new(id: u32, task: Arc<str>, task_index: u32, instance: u32) -> Self {
        Self {
            id,
            task,
            task_index,
            instance,
            alone: false,
            lane: None,
            pid: None,
            tid: None,
            stamps: Stamps::default(),
            queued: false,
            sending: None,
            outcome: None,
            result: None,
            output: None,
            usage: None,
            states: None,
            slices: ThinVec::new(),
            traceback: None,
            members: ThinVec::new(),
            own: None,
        }
    }

    /// `primes #2`: the task's name and the instance, counted from 1; `primes` where there is one. Threads and processes
    /// have this name too.
    pub fn label(&self) -> String {
        if self.alone { self.task.to_string() } else { format!("{} #{}", self.task, self.instance + 1) }
    }

    /// CPU time of its own thread and of all its members. What the system counts (`usage`) leaves out, depending on the
    /// mode, its threads, its children or neither, so the larger number is nearer.
    pub fn cpu_ns(&self) -> Option<u64> {
        let counted = self.usage.as_ref().and_then(|usage| usage.cpu_ns());
        let Some(own) = &self.own else { return counted };
        let seen = self.states.as_ref().map_or(0, |states| states.on_cpu_ns) + own.on_cpu_ns;
        Some(counted.unwrap_or(0).max(seen))
    }

    /// Whether it ended in another way than success.
    pub fn failed(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| !outcome.is_success())
    }
}

/// What was written to stdout and stderr: all bytes are counted, the last of them kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// All bytes of stdout.
    pub stdout_bytes: u64,
    /// All bytes of stderr.
    pub stderr_bytes: u64,
    /// The end of stdout, at most 1 MiB; bytes that are no UTF-8 are shown as `\u{FFFD}`.
    pub stdout_tail: String,
    /// The end of stderr, likewise.
    pub stderr_tail: String,
}

impl Output {
    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.stdout_bytes == 0 && self.stderr_bytes == 0
    }
}

/// What an execution used, as far as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// CPU time in user mode.
    pub user_ns: Option<u64>,
    /// CPU time in the kernel.
    pub system_ns: Option<u64>,
    /// Times it gave the CPU away.
    pub voluntary_switches: Option<u64>,
    /// Times the CPU was taken from it.
    pub involuntary_switches: Option<u64>,
    /// Page faults served without the disk.
    pub minor_faults: Option<u64>,
    /// Page faults that waited for the disk.
    pub major_faults: Option<u64>,
    /// Most memory resident at once; only where it had a process of its own.
    pub max_rss_bytes: Option<u64>,
    /// Times it moved to another core, by its slices.
    #[serde(default)]
    pub migrations: Option<u32>,
}

impl Usage {
    /// User and system time together.
    pub fn cpu_ns(&self) -> Option<u64> {
        Some(self.user_ns? + self.system_ns?)
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

/// A shared text in files. Serde's own support is a feature that would apply to every crate of the program.
mod shared_text {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::sync::Arc;

    pub fn serialize<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
        String::deserialize(deserializer).map(Arc::from)
    }
}
