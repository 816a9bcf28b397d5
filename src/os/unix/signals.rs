//! Signals that are heard instead of obeyed: each makes a descriptor readable, for which a poller can wait.

use crate::{set_nonblocking, system::errno};
use std::{
    io,
    os::fd::{IntoRawFd, OwnedFd},
    sync::atomic::{AtomicI32, Ordering},
};

/// Where [`child_ends`] writes; −1 before it was called.
static CHILD_ENDS: AtomicI32 = AtomicI32::new(-1);
/// Where [`end_signals`] writes; −1 before it was called.
static END_SIGNALS: AtomicI32 = AtomicI32::new(-1);

pub fn child_ends() -> io::Result<io::PipeReader> {
    heard(&CHILD_ENDS, note_child_end, &[libc::SIGCHLD])
}

pub fn end_signals() -> io::Result<io::PipeReader> {
    heard(&END_SIGNALS, note_end_signal, &[libc::SIGTERM, libc::SIGINT, libc::SIGHUP, libc::SIGQUIT])
}

pub fn ignores_hangups() -> bool {
    // SAFETY: it only asks; all zeroes are a valid action.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        libc::sigaction(libc::SIGHUP, std::ptr::null(), &raw mut action) == 0 && action.sa_sigaction == libc::SIG_IGN
    }
}

pub fn ignore_hangups() {
    // SAFETY: no handler is set.
    unsafe { libc::signal(libc::SIGHUP, libc::SIG_IGN) };
}

fn heard(pipe: &AtomicI32, handler: extern "C" fn(libc::c_int), signals: &[libc::c_int]) -> io::Result<io::PipeReader> {
    let (reader, writer) = io::pipe()?;
    set_nonblocking(&reader)?;
    set_nonblocking(&writer)?;
    pipe.store(OwnedFd::from(writer).into_raw_fd(), Ordering::Relaxed);
    for signal in signals {
        // SAFETY: the handler makes one system call that POSIX allows in handlers, and restores errno.
        unsafe { libc::signal(*signal, handler as libc::sighandler_t) };
    }
    Ok(reader)
}

extern "C" fn note_child_end(_signal: libc::c_int) {
    note_in(&CHILD_ENDS);
}

extern "C" fn note_end_signal(_signal: libc::c_int) {
    note_in(&END_SIGNALS);
}

/// What both handlers do: write a byte.
fn note_in(pipe: &AtomicI32) {
    // SAFETY: a write of one byte of a live constant; errno is this thread's own.
    unsafe {
        let before = *errno();
        libc::write(pipe.load(Ordering::Relaxed), c"".as_ptr().cast(), 1);
        *errno() = before;
    }
}
