//! What another process's thread does at an instant: in which system call it is, and its clocks. No privileges are needed for
//! one's own descendants.

use crate::{ThreadClocks, system};
use std::io;

/// Whether this system tells the states of threads at all.
pub fn tells_states() -> bool {
    system::tells_states()
}

/// A thread that is looked at again and again: what opening it costs is paid once.
pub struct ThreadWatch(system::ThreadWatch);

/// What a thread does at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyscallNow {
    /// On a CPU, or ready for one.
    Running,
    /// Blocked in this system call.
    InCall {
        /// The call's number on this architecture.
        number: i64,
        /// Its arguments.
        args: [u64; 6],
        /// The thread's stack pointer; 0 where it is not told.
        stack_pointer: u64,
    },
    /// Blocked, and in no call: a page fault, or a signal that stops it.
    BlockedOutside,
    /// The thread is no more.
    Gone,
}

impl ThreadWatch {
    /// Opens a thread of a process; with `core`, so that its core can be asked for.
    ///
    /// # Errors
    /// The thread is gone, it is another user's, no descriptor is free, or the system does not tell the states of threads
    /// (Unsupported).
    pub fn open(pid: u32, tid: u32, core: bool) -> io::Result<Self> {
        system::ThreadWatch::open(pid, tid, core).map(Self)
    }

    /// The core on which the thread is, or was last; `None` where it is gone, or was not to be asked for.
    pub fn core(&self) -> Option<u32> {
        self.0.core()
    }

    /// What the thread does now.
    ///
    /// # Errors
    /// The system forbids to look: the thread's process is no descendant of this one, or runs with other rights.
    pub fn now(&self) -> io::Result<SyscallNow> {
        self.0.now()
    }

    /// The thread's clocks; `None` where it is gone.
    pub fn clocks(&self) -> Option<ThreadClocks> {
        self.0.clocks()
    }
}

/// What to do about an error of looking at a thread; empty where nothing is known to help.
pub fn look_hint(error: &io::Error) -> &'static str {
    system::look_hint(error)
}

/// For what a system call blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// A futex: a lock, a condition, a semaphore.
    Futex {
        /// Where it lies in the process; 0 where the call names several.
        address: u64,
    },
    /// A given time.
    Sleep,
    /// A child to end.
    Child,
    /// A descriptor or a disk.
    Io,
    /// Anything else.
    Other,
}

/// For what a system call blocks, by its number and arguments; a wait for descriptors that names none and has a timeout is a
/// sleep. [`CallKind::Other`] where the calls of the system are not known.
pub fn call_kind(number: i64, args: &[u64; 6]) -> CallKind {
    system::call_kind(number, args)
}

/// Whether this call of a thread reads from a pipe that a child which the thread made has open too: `subprocess.run` waits
/// so for what its program writes. Other children (multiprocessing has a helper that lives long) have no part in it. False
/// where the system does not tell.
pub fn reads_from_child(pid: u32, tid: u32, number: i64, args: &[u64; 6]) -> bool {
    system::reads_from_child(pid, tid, number, args)
}

/// Gives up what root may, where this is root, for this thread alone.
#[cfg(any(test, feature = "testing"))]
pub fn give_up_root_in_this_thread() {
    system::give_up_root_in_this_thread();
}
