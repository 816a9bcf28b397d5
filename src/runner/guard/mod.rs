//! The guard of a run: it ends everything that a runner started when the run is over or the host is gone.
//!
//! A runner can't do that itself: it may be killed or blocked, and processes that its executions leave behind are not its
//! children. So two processes above it adopt orphans. The inner one starts the runner, takes the host's orders, and ends
//! everything when the runner has ended or the host is gone. The outer one is the host's child: it waits for the inner one, and
//! takes over if that was killed. Both pass on how the runner ended. If a signal tells either to end, it ends the run. An
//! interpreter that is asked what it is has a guard too, without a folder.

mod clear;
mod inner;
mod outer;

use os::{self, Forked, ProcessEnd};
use std::{ffi::OsString, io, path::Path};

/// Starts the program, in the run's folder if there is one, and returns when it and everything that it started are gone.
/// Returns the exit status.
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
    // The host, which reads stderr, may be gone.
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
