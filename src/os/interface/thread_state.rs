//! What a thread of another process does at an instant: its system call and its clocks. No privileges are needed for one's own
//! descendants.

use crate::{ThreadClocks, system};
use std::io;

/// Whether this system tells the states of threads at all.
pub fn tells_states() -> bool {
    system::tells_states()
}

/// A thread that is looked at repeatedly; the cost of opening its files is paid once.
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
        /// The thread's stack pointer; 0 where the system does not tell.
        stack_pointer: u64,
    },
    /// Blocked, and in no call: in a page fault, or stopped by a signal.
    BlockedOutside,
    /// The thread has ended.
    Gone,
}

impl ThreadWatch {
    /// Opens a thread of a process; `core` says whether [`ThreadWatch::core`] will be asked for.
    ///
    /// # Errors
    /// The thread is gone, it is another user's, no descriptor is free, or the system does not tell the states of threads
    /// (Unsupported).
    pub fn open(pid: u32, tid: u32, core: bool) -> io::Result<Self> {
        system::ThreadWatch::open(pid, tid, core).map(Self)
    }

    /// The core on which the thread is, or was last; `None` where it is gone, or was opened without `core`.
    pub fn core(&self) -> Option<u32> {
        self.0.core()
    }

    /// What the thread does now.
    ///
    /// # Errors
    /// The system forbids it: the thread's process is no descendant of this one, or runs with other rights.
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

/// What a blocking system call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// A futex: a lock, a condition, a semaphore.
    Futex {
        /// Its address in the process; 0 where the call names several.
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

/// What a system call waits for, by its number and arguments. A wait for descriptors that names none and has a timeout is a
/// sleep. [`CallKind::Other`] where the system's calls are not known.
pub fn call_kind(number: i64, args: &[u64; 6]) -> CallKind {
    system::call_kind(number, args)
}

/// Whether a thread's call reads from a pipe that one of the thread's own children has open too, as `subprocess.run` does to
/// read its program's output. The children of other threads don't count (multiprocessing has a helper that lives long). False
/// where the system does not tell.
pub fn reads_from_child(pid: u32, tid: u32, number: i64, args: &[u64; 6]) -> bool {
    system::reads_from_child(pid, tid, number, args)
}

/// Gives up root's rights, if this is root, for the calling thread alone.
#[cfg(any(test, feature = "testing"))]
pub fn give_up_root_in_this_thread() {
    system::give_up_root_in_this_thread();
}
