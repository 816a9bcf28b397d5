//! Signals that are heard instead of obeyed: each makes a descriptor readable, which a poller can wait for.

use crate::system;
use std::io;

/// A descriptor that becomes readable whenever a child of the calling process has ended, an adopted one too. To be called
/// once. A program that is executed later has the signal's default again.
///
/// # Errors
/// No descriptor is free, or the system has no such signal (Unsupported).
pub fn child_ends() -> io::Result<io::PipeReader> {
    system::child_ends()
}

/// A descriptor that becomes readable when the calling process is told to end, which does not end it any more: by SIGTERM,
/// SIGINT, SIGHUP or SIGQUIT. To be called once; a forked child calls it for itself. A program that is executed later has
/// the signals' defaults again.
///
/// # Errors
/// No descriptor is free, or the system has no such signals (Unsupported).
pub fn end_signals() -> io::Result<io::PipeReader> {
    system::end_signals()
}

/// Whether the process was started to go on when its terminal is closed, as `nohup` starts it. Not where there is no such
/// signal.
pub fn ignores_hangups() -> bool {
    system::ignores_hangups()
}

/// The process goes on when its terminal is closed, where that is told by a signal.
pub fn ignore_hangups() {
    system::ignore_hangups();
}
