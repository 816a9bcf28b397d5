//! Starting one child process: by fork, by executing our own binary, or a program.

use crate::{
    meter::{Life, Meter},
    perform::{note_place, perform},
    program_clocks::ProgramClocks,
    session::{Session, Work},
};
use model::{Stage, StartMethod};
use os::{self, Forked};
use protocol::{WORKER_VERB, request::WorkRequest, slots::Word, tail::Tail, text::OUTPUT_KEPT};
use std::{
    io,
    path::Path,
    process::{ChildStderr, ChildStdout, Command, Stdio},
};

/// A child process that was started.
pub struct Started {
    pub pid: u32,
    /// Its output, where that is captured.
    pub pipes: Option<Pipes>,
    /// Absent unless it is a program.
    pub clocks: Option<ProgramClocks>,
}

/// The read ends of a program's pipes, and what came through them.
pub struct Pipes {
    pub stdout: Option<ChildStdout>,
    pub stderr: Option<ChildStderr>,
    pub out: Tail,
    pub err: Tail,
}

/// Starts the process of an execution.
///
/// # Errors
/// The system refused.
pub fn start(session: &'static Session, execution: usize) -> io::Result<Started> {
    match (session.work(execution), session.request.start_method) {
        (Work::Program { path, task }, _) => start_program(session, execution, path, *task),
        (Work::Builtin(..), StartMethod::Fork) => start_fork(session, execution),
        (Work::Builtin(..), StartMethod::Spawn) => {
            start_worker(session, &execution.to_string(), Stdio::null()).map(without_pipes)
        }
        (Work::Builtin(..), method) => Err(no_such_method(method)),
    }
}

/// The error for a start method that only Python has.
pub fn no_such_method(method: StartMethod) -> io::Error {
    io::Error::other(format!("built-in targets have no start method {method}"))
}

fn without_pipes(pid: u32) -> Started {
    Started { pid, pipes: None, clocks: None }
}

#[expect(unsafe_code, reason = "fork is unsafe where there are threads")]
fn start_fork(session: &'static Session, execution: usize) -> io::Result<Started> {
    let parent = os::pid();
    // SAFETY: a launcher of processes has one thread.
    match unsafe { os::fork() }? {
        Forked::Parent(pid) => Ok(without_pipes(pid)),
        Forked::Child => {
            os::die_with_parent(parent);
            note_place(session.slot(execution));
            let code = perform(session, execution, &mut Meter::new(session, Life::Fork));
            session.stamp(execution, Stage::Exited);
            os::exit_now(code)
        }
    }
}

/// Executes our own binary as a worker. Only its process number is kept, by which the launcher reaps it.
///
/// # Errors
/// The system refused.
pub fn start_worker(session: &Session, what: &str, stdin: Stdio) -> io::Result<u32> {
    let own = std::env::current_exe()?;
    Command::new(own).arg(WORKER_VERB).arg(&session.folder).arg(what).stdin(stdin).spawn().map(|child| child.id())
}

/// Executes a program in a process group of its own, so that it can be ended with what it starts.
fn start_program(session: &Session, execution: usize, path: &Path, task: usize) -> io::Result<Started> {
    let WorkRequest::Program { args, env, cwd, .. } = &session.request.tasks[task].work else {
        return Err(io::Error::other("the task is no program"));
    };
    let mut command = Command::new(path);
    command.args(args).envs(env);
    os::lead_group(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(cwd) = cwd {
        command.current_dir(cwd);
    }
    let mut child = command.spawn()?;
    // The spawn call returns when the program's image is in place, which is the first instant known to be in the target.
    let slot = session.slot(execution);
    slot.stamp(Stage::Entered, os::monotonic_ns());
    let clocks = ProgramClocks::at_entered(session, slot, child.id());
    slot.set(Word::Pid, i64::from(child.id()));
    slot.set(Word::Tid, i64::from(child.id()));
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    if let Some(stdout) = &stdout {
        os::set_nonblocking(stdout)?;
    }
    if let Some(stderr) = &stderr {
        os::set_nonblocking(stderr)?;
    }
    let pipes = Pipes { stdout, stderr, out: Tail::new(OUTPUT_KEPT), err: Tail::new(OUTPUT_KEPT) };
    Ok(Started { pid: child.id(), pipes: Some(pipes), clocks })
}

impl Pipes {
    /// Reads what is available; false when that stream is at its end.
    pub fn take_in(&mut self, stderr: bool) -> bool {
        match (stderr, &mut self.stdout, &mut self.stderr) {
            (false, Some(stream), _) => self.out.take_in(stream),
            (true, _, Some(stream)) => self.err.take_in(stream),
            _ => false,
        }
    }

    /// Sends what was written to the host.
    pub fn report(&self, session: &Session, execution: usize) {
        for (stderr, tail) in [(false, &self.out), (true, &self.err)] {
            session.say_output(execution, stderr, tail.bytes(), &tail.text());
        }
    }
}
