//! The standard streams, and a limit on the size of files.

use crate::{AsDescriptor, system};
use std::{
    fmt::Display,
    io::{self, Write},
};

/// Whether a standard stream was closed when this program was started. False where a program can't be started so.
pub fn was_closed(stream: impl AsDescriptor) -> bool {
    system::was_closed(stream.as_descriptor())
}

/// Discards what is written to stdout from now on.
///
/// # Errors
/// The system has no null device, or can't redirect stdout to it (Unsupported).
pub fn silence_stdout() -> io::Result<()> {
    system::silence_stdout()
}

/// From now on, a write beyond the file size limit (RLIMIT_FSIZE) is an error (EFBIG) in this process and does not end it. A
/// program that it executes has the default action again.
pub fn bear_file_size_limit() {
    system::bear_file_size_limit();
}

/// Writes a line to stderr. Unlike `eprintln!`, it does not panic where the reader is gone or the file is full.
pub fn say_on_stderr(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
