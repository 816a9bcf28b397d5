//! Which of the standard streams were closed when the program was started.

use crate::BorrowedDescriptor;
use std::{
    os::fd::AsRawFd,
    sync::atomic::{AtomicU8, Ordering},
};

/// A bit for each closed stream among stdin, stdout and stderr.
static CLOSED: AtomicU8 = AtomicU8::new(0);

/// Before `main`, Rust's runtime opens /dev/null in place of a closed stream, so that no file gets its number; what is written
/// to it is then lost without an error. So we have the loader call `look` before that.
#[used]
// SAFETY: the loader calls each function of this section once, before `main`, in the only thread. This one makes a system call
// and stores a number; it needs nothing of the runtime, which is not ready yet.
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

extern "C" fn look() {
    for stream in 0..3 {
        // SAFETY: plain numbers go to the kernel, and no memory of ours.
        if unsafe { libc::fcntl(stream, libc::F_GETFD) } == -1 {
            CLOSED.fetch_or(1 << stream, Ordering::Relaxed);
        }
    }
}

pub fn was_closed(stream: BorrowedDescriptor<'_>) -> bool {
    let number = stream.as_raw_fd();
    (0..3).contains(&number) && CLOSED.load(Ordering::Relaxed) & (1 << number) != 0
}
