//! Signals that are heard instead of obeyed: each makes a descriptor readable, for which a poller can wait.

use crate::system;
use std::io;

/// A descriptor that becomes readable whenever a child of the calling process, own or adopted, has ended. Call it once. A
/// program that is executed later has the signal's default action again.
///
/// # Errors
/// No descriptor is free, or the system has no such signal (Unsupported).
pub fn child_ends() -> io::Result<io::PipeReader> {
    system::child_ends()
}

/// A descriptor that becomes readable when SIGTERM, SIGINT, SIGHUP or SIGQUIT tells the calling process to end; these no longer
/// end it. Call it once; a forked child calls it for itself. A program that is executed later has the signals' default actions
/// again.
///
/// # Errors
/// No descriptor is free, or the system has no such signals (Unsupported).
pub fn end_signals() -> io::Result<io::PipeReader> {
    system::end_signals()
}

/// Whether the process was started to go on when its terminal is closed, as `nohup` starts it. False where the system has no
/// such signal.
pub fn ignores_hangups() -> bool {
    system::ignores_hangups()
}

/// Has the process go on when its terminal is closed, where a signal tells that.
pub fn ignore_hangups() {
    system::ignore_hangups();
}
