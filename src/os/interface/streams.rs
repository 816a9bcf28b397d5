//! The standard streams, and a limit on the size of files.

use crate::{AsDescriptor, system};
use std::{
    fmt::Display,
    io::{self, Write},
};

/// Whether a standard stream was closed when the program was started. Not where a program can't be started so.
pub fn was_closed(stream: impl AsDescriptor) -> bool {
    system::was_closed(stream.as_descriptor())
}

/// Sends what is written to stdout to nowhere.
///
/// # Errors
/// The system has no place that is nowhere, or no way to lead stdout there (Unsupported).
pub fn silence_stdout() -> io::Result<()> {
    system::silence_stdout()
}

/// From now on a write beyond the limit of a file's size (RLIMIT_FSIZE) is an error (EFBIG) of this process, and not its end,
/// as it is anyway where there is no such limit. What it executes has the system's way again.
pub fn bear_file_size_limit() {
    system::bear_file_size_limit();
}

/// Says a line on stderr. Nobody hears it where the reader is gone or the file full; `eprintln!` would panic.
pub fn say_on_stderr(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
