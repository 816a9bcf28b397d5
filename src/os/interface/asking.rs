//! Asking a Python runner's process where its executions are: Python itself, or where that does not come to answer, the
//! handler of faulthandler, which writes the stacks of all threads at once.

use crate::system;
use std::path::Path;

/// Asks a Python runner's process where its executions are, by a signal. One that does not catch the signal is not sent it,
/// which would end it, nor one that is not below this process: a slot may have any number. That it is gone already is no
/// error. Nobody is asked where the system has no such signal.
pub fn ask_where(pid: u32) {
    system::ask_where(pid);
}

/// Has a Python runner's process write the stacks of its threads at the end of a file; false where it is not asked. That is
/// where the system has no such signal, where the process is not below this one or does not catch the signal, where the file
/// is not open in it any more (a program may have closed it, and have a file of its own under that number), and where a
/// thread beside the main one runs: its stack may change meanwhile.
pub fn ask_stacks(pid: u32, file: &Path) -> bool {
    system::ask_stacks(pid, file)
}

/// Whether a process that was asked for its stacks has written them: the signal waits no more, and its handler is over.
pub fn has_told_stacks(pid: u32) -> bool {
    system::has_told_stacks(pid)
}

/// Where the stack of a thread ends, as an address, while the thread is blocked; `None` where it runs, is gone, or the system
/// does not tell.
pub fn stack_pointer(pid: u32, tid: u32) -> Option<u64> {
    system::stack_pointer(pid, tid)
}

/// How far above its stack pointer a thread's own semaphore lies, at most; 256 to 280 bytes were seen.
const NEAR: u64 = 1 << 16;

/// Whether a futex lies on the stack of the thread that waits at it, whose stack pointer this is.
pub fn is_on_own_stack(futex: u64, stack_pointer: u64) -> bool {
    (stack_pointer..stack_pointer.saturating_add(NEAR)).contains(&futex)
}

/// The lock, as an address, for which a thread of CPython is parked at a futex on its own stack; `None` where it can't be
/// read.
pub fn parked_for(pid: u32, futex: u64, stack_pointer: u64) -> Option<u64> {
    system::parked_for(pid, futex, stack_pointer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_futex_that_others_can_reach_is_not_on_the_own_stack() {
        assert!(is_on_own_stack(0x7ffe_1108, 0x7ffe_1000));
        assert!(!is_on_own_stack(0x7ffe_0ff8, 0x7ffe_1000) && !is_on_own_stack(0xa5_6bd8, 0x7ffe_1000));
    }
}
