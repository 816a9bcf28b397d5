//! Asking a Python runner's process where its executions are. Python itself answers; where it does not, faulthandler's handler
//! writes the stacks of all threads at once.

use crate::system;
use std::path::Path;

/// Asks a Python runner's process by a signal where its executions are. The signal is sent only to a process that catches it
/// (it would end another), and that is below this one (the process number in a slot may be any). A process that is already gone
/// is no error. Where the system has no such signal, this does nothing.
pub fn ask_where(pid: u32) {
    system::ask_where(pid);
}

/// Has a Python runner's process append the stacks of its threads to a file; false where the process is not asked. It is not
/// asked where the system has no such signal; where it is not below this process or does not catch the signal; where it no
/// longer has the file open (a program may have closed it, and have a file of its own under that number); and while another
/// thread than the main one runs, since its stack may change meanwhile.
pub fn ask_stacks(pid: u32, file: &Path) -> bool {
    system::ask_stacks(pid, file)
}

/// Whether a process that was asked for its stacks has written them: the signal is no longer pending, and its handler is over.
pub fn has_told_stacks(pid: u32) -> bool {
    system::has_told_stacks(pid)
}

/// The stack pointer of a blocked thread; `None` where the thread runs or is gone, or the system does not tell.
pub fn stack_pointer(pid: u32, tid: u32) -> Option<u64> {
    system::stack_pointer(pid, tid)
}

/// How far above its stack pointer a thread's own semaphore lies, at most; 256 to 280 bytes were seen.
const NEAR: u64 = 1 << 16;

/// Whether a futex lies on the stack of the thread that waits for it and has this stack pointer.
pub fn is_on_own_stack(futex: u64, stack_pointer: u64) -> bool {
    (stack_pointer..stack_pointer.saturating_add(NEAR)).contains(&futex)
}

/// The address of the lock for which a thread of CPython is parked, at a futex on its own stack; `None` where it can't be read.
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
