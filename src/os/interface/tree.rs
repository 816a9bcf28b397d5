//! Processes below another, and signals that reach no other process.
//!
//! A process number alone proves nothing: another process may have it by now. So we first take a descriptor of the process,
//! then check it, then signal it. If the number was reused meanwhile, the process behind the descriptor is gone, and no other
//! is hit.

use crate::{AsDescriptor, system};
use std::{ffi::OsStr, io};

/// A process, as the system's process table shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenProcess {
    /// Its number.
    pub pid: u32,
    /// Its parent's.
    pub parent: u32,
    /// The leader of its process group.
    pub group: u32,
    /// The leader of its session.
    pub session: u32,
    /// Whether it has ended and waits to be reaped. False while any of its threads goes on.
    pub ended: bool,
    /// Whether it was stopped, by SIGSTOP or a debugger.
    pub stopped: bool,
    /// When it was started, in ticks since the machine was; the number and this together identify one process for ever.
    pub started: u64,
}

/// A signal on the way to a process's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndSignal {
    /// SIGTERM: please.
    Terminate,
    /// SIGCONT: a stopped process handles no other signal but SIGKILL.
    Continue,
    /// SIGKILL: now.
    Kill,
}

/// The process with a number; `None` where there is none, or the system does not tell.
pub fn seen_process(pid: u32) -> Option<SeenProcess> {
    system::seen_process(pid)
}

/// All processes below a process, parents before their children; empty where the system does not tell.
pub fn descendants(root: u32) -> Vec<SeenProcess> {
    system::descendants(root)
}

/// Whether a process, or one of its threads, exists and has not ended. A process that waits to be reaped has ended, unless
/// threads of it go on. Where nothing can be read of it (no descriptor is free, or the system does not tell), it counts as
/// running.
pub fn is_running(pid: u32, tid: Option<u32>) -> bool {
    system::is_running(pid, tid)
}

/// A process's command line; `None` where it has ended, or the system does not tell.
pub fn command_line(process: u32) -> Option<String> {
    system::command_line(process)
}

/// Whether a process group has members; a member that has ended and is not reaped counts. False where there are no groups.
pub fn is_group(leader: u32) -> bool {
    system::is_group(leader)
}

/// Signals a process if it is below `root`. A process that is already gone is no error.
///
/// # Errors
/// It is another user's by now (EPERM), or the system does not tell parents (Unsupported).
pub fn signal_descendant(pid: u32, root: u32, signal: EndSignal) -> io::Result<()> {
    system::signal_descendant(pid, root, signal)
}

/// Kills all processes that are below a process now. The next call finds those that are born meanwhile.
pub fn kill_below(root: u32) {
    for process in descendants(root).iter().filter(|process| !process.ended) {
        let _ = signal_descendant(process.pid, root, EndSignal::Kill);
    }
}

/// The name of a pipe in the system's table (`pipe:[4711]`), for [`has_open`]; `None` where the system does not tell. Linux
/// does not check that the descriptor is a pipe's.
pub fn pipe_name(pipe: impl AsDescriptor) -> Option<String> {
    system::pipe_name(pipe.as_descriptor())
}

/// Whether a process has a file or a pipe open, by its name in the system's table. False where the system does not tell.
pub fn has_open(pid: u32, name: impl AsRef<OsStr>) -> bool {
    system::has_open(pid, name.as_ref())
}

/// Whether a process has the pipe open that is the calling process's stdout or stderr.
pub fn shares_output(pid: u32) -> bool {
    let names = [pipe_name(io::stdout()), pipe_name(io::stderr())];
    names.iter().flatten().any(|name| has_open(pid, name))
}

/// Whether a process was started with this line, `NAME=value`, in its environment. False where it has ended or is another
/// user's, or the system does not tell.
pub fn has_in_environment(pid: u32, line: &str) -> bool {
    system::has_in_environment(pid, line)
}

/// The processes for which [`has_in_environment`] is true.
pub fn carriers(line: &str) -> Vec<u32> {
    system::carriers(line)
}

/// Kills a process if it was started with this line in its environment. A process that is already gone is no error.
///
/// # Errors
/// It is another user's (EPERM), or the system does not tell (Unsupported).
pub fn kill_carrier(pid: u32, line: &str) -> io::Result<()> {
    system::kill_carrier(pid, line)
}
