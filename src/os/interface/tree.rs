//! Processes below another, and signals that reach nobody else.
//!
//! A number alone proves nothing: it may be anybody's by now. So whoever is signalled is first held, then looked at, and
//! signalled then; where the number was given again since, the one that was held is gone.

use crate::{AsDescriptor, system};
use std::{ffi::OsStr, io};

/// A process, as the system's table has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenProcess {
    /// Its number.
    pub pid: u32,
    /// Its parent's.
    pub parent: u32,
    /// Who leads its process group.
    pub group: u32,
    /// Who leads its session.
    pub session: u32,
    /// Whether it has ended and waits to be reaped. Not one of which threads go on.
    pub ended: bool,
    /// Whether it was stopped, by SIGSTOP or a debugger.
    pub stopped: bool,
    /// When it was started, in ticks since the machine was: a number and this are one process's for ever.
    pub started: u64,
}

/// A signal on the way to a process's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndSignal {
    /// SIGTERM: please.
    Terminate,
    /// SIGCONT: one that is stopped hears nothing else but SIGKILL.
    Continue,
    /// SIGKILL: now.
    Kill,
}

/// The process with a number; `None` where there is none, or the system does not tell.
pub fn seen_process(pid: u32) -> Option<SeenProcess> {
    system::seen_process(pid)
}

/// Everybody below a process, parents before their children; empty where the system does not tell.
pub fn descendants(root: u32) -> Vec<SeenProcess> {
    system::descendants(root)
}

/// Whether a process, or one of its threads, is there and has not ended. A process that waits to be reaped has ended,
/// unless threads of it go on. One of which nothing can be read, for want of a descriptor, or because the system does not
/// tell, is taken to run.
pub fn is_running(pid: u32, tid: Option<u32>) -> bool {
    system::is_running(pid, tid)
}

/// How a process was called; `None` of one that has ended, and where the system does not tell.
pub fn command_line(process: u32) -> Option<String> {
    system::command_line(process)
}

/// Whether a process group has members; what has ended and is not reaped counts. Not where there are no groups.
pub fn is_group(leader: u32) -> bool {
    system::is_group(leader)
}

/// Signals a process that is below `root`, and nobody who is not. That it is gone already is no error.
///
/// # Errors
/// It is another user's by now (EPERM), or the system does not tell who is below whom (Unsupported).
pub fn signal_descendant(pid: u32, root: u32, signal: EndSignal) -> io::Result<()> {
    system::signal_descendant(pid, root, signal)
}

/// Kills everybody who is below a process now. Who is born meanwhile is found by the next call.
pub fn kill_below(root: u32) {
    for process in descendants(root).iter().filter(|process| !process.ended) {
        let _ = signal_descendant(process.pid, root, EndSignal::Kill);
    }
}

/// What the system's table calls the pipe behind a descriptor (`pipe:[4711]`), for [`has_open`]; `None` where it is none, or
/// has no name.
pub fn pipe_name(pipe: impl AsDescriptor) -> Option<String> {
    system::pipe_name(pipe.as_descriptor())
}

/// Whether a process has a file or a pipe open, by the name that the system's table has for it. False where it does not tell.
pub fn has_open(pid: u32, name: impl AsRef<OsStr>) -> bool {
    system::has_open(pid, name.as_ref())
}

/// Whether a process has the calling process's stdout or stderr.
pub fn shares_output(pid: u32) -> bool {
    let names = [pipe_name(io::stdout()), pipe_name(io::stderr())];
    names.iter().flatten().any(|name| has_open(pid, name))
}

/// Whether a process was started with this line, `NAME=value`, in its environment. Not of one that has ended, nor of another
/// user's, nor where the system does not tell.
pub fn has_in_environment(pid: u32, line: &str) -> bool {
    system::has_in_environment(pid, line)
}

/// Those of which [`has_in_environment`] is true.
pub fn carriers(line: &str) -> Vec<u32> {
    system::carriers(line)
}

/// Kills a process that was started with this line in its environment, and no other. That it is gone already is no error.
///
/// # Errors
/// It is another user's (EPERM), or the system does not tell (Unsupported).
pub fn kill_carrier(pid: u32, line: &str) -> io::Result<()> {
    system::kill_carrier(pid, line)
}
