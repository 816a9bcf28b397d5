//! The calling process, its children, and how they end.

use crate::{Descriptor, UsageCount, system};
use std::io;

/// The calling process.
pub fn pid() -> u32 {
    std::process::id()
}

/// The calling thread's number in the kernel; 0 where that has more than 32 bits.
pub fn tid() -> u32 {
    system::tid()
}

/// The calling process's parent; 0 where it can't be seen, or the system does not tell.
pub fn parent_pid() -> u32 {
    system::parent_pid()
}

/// Whether the system has [`fork`].
pub const fn has_fork() -> bool {
    system::HAS_FORK
}

/// Which side of a fork the caller is on.
pub enum Forked {
    /// The new process.
    Child,
    /// The old one; the number is the child's.
    Parent(u32),
}

/// Forks the calling process: the child continues with a copy of all memory.
///
/// # Errors
/// The system has no room for another process (EAGAIN, ENOMEM), or no fork (Unsupported).
///
/// # Safety
/// The calling thread must be the only one of its process: the child gets copies of the locks that other threads hold, and not
/// those threads.
pub unsafe fn fork() -> io::Result<Forked> {
    // SAFETY: the caller sees to it.
    unsafe { system::fork() }
}

/// Ends the process at once: no destructor, no exit handler.
pub fn exit_now(code: i32) -> ! {
    system::exit_now(code)
}

/// Ends the process as a signal would, without a core file: for a process that passes on how another ended. A system without
/// signals ends it with the exit status by which a shell reports a signal.
pub fn die_by(signal: i32) -> ! {
    system::die_by(signal)
}

/// Where the kernel can, has it kill the calling process when the thread that made it ends. If the parent has already gone, the
/// calling process ends here.
pub fn die_with_parent(parent: u32) {
    system::die_with_parent(parent);
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessEnd {
    /// With this exit status.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
}

/// The bits of a wait status that hold the signal; 0 where there is none.
const SIGNAL_BITS: i32 = 0x7F;

/// What a wait status says. Slots keep the number of POSIX's `wait` on every system.
pub fn end_of(status: i32) -> ProcessEnd {
    match status & SIGNAL_BITS {
        // All bits set: the process was stopped and has not ended.
        0 | SIGNAL_BITS => ProcessEnd::Exited((status >> 8) & 0xFF),
        signal => ProcessEnd::Signalled(signal),
    }
}

/// The wait status for an end; the counterpart of [`end_of`].
pub fn status_of(end: ProcessEnd) -> i32 {
    match end {
        ProcessEnd::Exited(code) => (code & 0xFF) << 8,
        ProcessEnd::Signalled(signal) => signal & SIGNAL_BITS,
    }
}

/// A descriptor that becomes readable when a child has ended.
///
/// # Errors
/// No descriptor is free, or the system has no such descriptor (Unsupported).
pub fn exit_watch(child: u32) -> io::Result<Descriptor> {
    system::exit_watch(child)
}

/// Blocks until a child has ended, and does not reap it. Returns at once where there is no such child, or the system can't wait
/// for a process by its number.
pub fn wait_without_reaping(child: u32) {
    system::wait_without_reaping(child);
}

/// Reaps a child; blocks until it has ended.
///
/// # Errors
/// It is no child of this process, or the system can't reap a process by its number (Unsupported).
pub fn reap(child: u32) -> io::Result<(ProcessEnd, UsageCount)> {
    system::reap(child)
}

/// Reaps children that have ended, until none is left, or `kept` is next: its end is collected elsewhere.
pub fn reap_orphans(kept: u32) {
    system::reap_orphans(kept);
}

/// Reaps all children that have ended. Returns whether any children are left.
pub fn reap_all() -> bool {
    system::reap_all()
}

/// Makes the calling process the parent of every orphan among its descendants.
///
/// # Errors
/// Linux is older than 3.4, or the system has no such thing (Unsupported).
pub fn adopt_orphans() -> io::Result<()> {
    system::adopt_orphans()
}

/// Ends [`adopt_orphans`]: new orphans go to another process.
pub fn adopt_no_more() {
    system::adopt_no_more();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_status_says_what_was_put_in() {
        for end in [ProcessEnd::Exited(0), ProcessEnd::Exited(101), ProcessEnd::Signalled(11)] {
            assert_eq!(end_of(status_of(end)), end);
        }
        assert_eq!(end_of(0x80 | 11), ProcessEnd::Signalled(11), "with a core file");
        assert_eq!(end_of(0x137F), ProcessEnd::Exited(0x13), "it was stopped");
    }
}
