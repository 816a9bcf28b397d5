//! The kernel's records of context switches: which thread was put on which core when, and was taken off; and of the births and
//! ends of threads.

use crate::{AsDescriptor, system};
use std::{io, time::Duration};

/// One of the kernel's records. Instants are absolute nanoseconds of this process's CLOCK_MONOTONIC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwitchRecord {
    /// When.
    pub at_ns: i64,
    /// On which core.
    pub core: u32,
    /// What.
    pub kind: SwitchKind,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwitchKind {
    /// This thread was put on the core.
    On {
        /// The thread.
        tid: u32,
    },
    /// This thread executed a program, on the core. The runner's records begin with its exec: it was put on its core before.
    Executed {
        /// The thread.
        tid: u32,
        /// Its new name.
        name: Name,
    },
    /// This thread was given a name.
    Named {
        /// The thread.
        tid: u32,
        /// Its name.
        name: Name,
    },
    /// This thread was taken off the core.
    Off {
        /// The thread.
        tid: u32,
        /// Whether it could have gone on.
        preempted: bool,
    },
    /// A thread was made.
    Born(Birth),
    /// A thread ended.
    Ended {
        /// Its process.
        pid: u32,
        /// The thread.
        tid: u32,
    },
    /// So many records were lost, since the core's ring was full.
    Lost(u64),
}

/// A thread's name, as the kernel keeps it: at most 15 bytes, then zeroes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Name([u8; 16]);

impl Name {
    /// The first bytes of a name.
    pub fn of(name: &[u8]) -> Self {
        let mut bytes = [0; 16];
        let length = name.len().min(15);
        bytes[..length].copy_from_slice(&name[..length]);
        Self(bytes)
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        f.write_str(&String::from_utf8_lossy(&self.0[..end]))
    }
}

/// A thread that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birth {
    /// Its process; a new one where it is the thread's number too.
    pub pid: u32,
    /// The thread.
    pub tid: u32,
    /// The process of the thread that made it.
    pub parent_pid: u32,
    /// The thread that made it.
    pub parent_tid: u32,
}

/// The switch records of what the calling thread will execute, from its exec on, with all its threads and processes.
pub struct SwitchRecords(system::SwitchRecords);

impl SwitchRecords {
    /// Opens the rings for what the calling thread will execute.
    ///
    /// # Errors
    /// The kernel has no such records or refuses them, or no descriptor or locked memory is left: see [`switch_records_hint`].
    pub fn open() -> io::Result<Self> {
        system::SwitchRecords::open().map(Self)
    }

    /// Waits until many records are there, until `wake` is readable or closed, or until `most` is over.
    pub fn wait(&self, most: Duration, wake: impl AsDescriptor) {
        self.0.wait(most, wake.as_descriptor());
    }

    /// Takes the records that are there, core by core; each core's are in order.
    pub fn read(&mut self, each: impl FnMut(SwitchRecord)) {
        self.0.read(each);
    }
}

/// Why switch records can't be had, and what would allow them, as the end of a sentence.
pub fn switch_records_hint(error: &io::Error) -> String {
    system::switch_records_hint(error)
}
