//! The guard of a run: whatever its runner starts is gone when the run is over, or the host.
//!
//! A runner can't see to that itself: it may be killed, it may be blocked, and what its executions leave behind is nobody's
//! child. So there are two processes above it, each of which adopts orphans. The inner one starts the runner, takes the
//! host's orders, and ends everything when the runner has ended or the host is gone. The outer one is the host's child: it
//! waits for the inner one, and does its work where that was killed. Both pass on how the runner ended. One that is told to
//! end by a signal ends the run. An interpreter that is asked what it is has a guard, too, and no folder.

mod clear;
mod inner;
mod outer;

use os::{self, Forked, ProcessEnd};
use std::{ffi::OsString, io, path::Path};

/// Starts the program, on the run's folder where there is one, and stays until it and all that it started are gone. The exit
/// status.
pub fn run(folder: Option<&Path>, program: &[OsString]) -> i32 {
    let end = start(folder, program).unwrap_or_else(|error| failed(program, &error));
    pass_on(end)
}

#[expect(unsafe_code, reason = "fork is unsafe where there are threads")]
fn start(folder: Option<&Path>, program: &[OsString]) -> io::Result<ProcessEnd> {
    os::adopt_orphans()?;
    let outer = os::pid();
    // SAFETY: a guard has one thread.
    match unsafe { os::fork() }? {
        Forked::Parent(inner) => outer::stay(folder, inner),
        Forked::Child => {
            os::lead_own_group();
            let end = inner::stay(folder, program, outer).unwrap_or_else(|error| failed(program, &error));
            os::exit_now(pass_on(end))
        }
    }
}

fn failed(program: &[OsString], error: &io::Error) -> ProcessEnd {
    // The host, which reads it, may be gone.
    os::say_on_stderr(format_args!(
        "spawnscope guard: {}: {error}",
        program.first().map_or(Path::new(""), Path::new).display()
    ));
    ProcessEnd::Exited(3)
}

fn pass_on(end: ProcessEnd) -> i32 {
    match end {
        ProcessEnd::Exited(code) => code,
        ProcessEnd::Signalled(signal) => os::die_by(signal),
    }
}
