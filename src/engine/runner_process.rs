//! The runner's process as the host sees it, and how the host ends it in every case.
//!
//! The host *asks* a run to end by the stop word. Its guard *tells* it by SIGTERM and *forces* it by SIGKILL. If the
//! guard itself does not react, the host kills all processes below it, then the guard, and then lets go: it closes the
//! streams that it reads, and names the processes that could not be ended. `ending` decides when.

use super::{
    orphans::Orphans,
    outcome::RunnerEnd,
    reading::{LetGo, Reading},
    request::Surroundings,
};
use crossbeam_channel::{Receiver, bounded};
use model::{LeftEnd, LeftProcess, Output};
use os::{self, AsDescriptor};
use protocol::{
    GUARD_VERB, PYTHON_RUNNER_FILE, RUNNER_VERB,
    tail::Tail,
    text::{OUTPUT_KEPT, Order},
};
use std::{
    io::{self, Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
};

/// A runner that was started; its guard is the host's child.
pub struct RunnerProcess {
    child: Child,
    orders: Option<ChildStdin>,
    streams: LetGo,
    out: Reader,
    err: Reader,
    /// Receives one message, when the process has ended.
    pub ended: Receiver<()>,
    /// Why the host ended it, if it did.
    ended_because: Option<String>,
    /// Processes that could not be ended.
    remaining: Vec<LeftProcess>,
    orphans: Orphans,
}

impl RunnerProcess {
    /// Starts a runner on a run's folder, under a guard. With an interpreter, the runner is that interpreter in its
    /// surroundings, executing the script in the run's folder.
    ///
    /// # Errors
    /// The program can't be executed, or no thread can be started.
    pub fn start(program: &Path, folder: &Path, interpreter: Option<&(&Path, Surroundings)>) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.arg(GUARD_VERB).arg(folder);
        if let Some((python, Surroundings { cwd, env })) = interpreter {
            command.arg(python).arg(folder.join(PYTHON_RUNNER_FILE)).arg(folder);
            // The guard passes both on.
            command.envs(env);
            cwd.iter().for_each(|cwd| {
                command.current_dir(cwd);
            });
        } else {
            command.arg(program).arg(RUNNER_VERB).arg(folder);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (streams, orphans) = (LetGo::new()?, Orphans::adopt(&mut command, folder));
        // Ctrl-C in a terminal signals the host's whole process group, but only the host decides how a run ends.
        let mut child = os::spawn_leader(&mut command)?;
        match watch(&mut child, &streams) {
            Ok((out, err, ended)) => {
                let orders = child.stdin.take();
                let (ended_because, remaining) = (None, Vec::new());
                Ok(Self { child, orders, streams, out, err, ended, ended_because, remaining, orphans })
            }
            Err(error) => {
                // Closing its orders ends the guard, and with it the runner.
                drop((child.stdin.take(), child.stdout.take(), child.stderr.take()));
                let _ = child.wait();
                Err(error)
            }
        }
    }

    /// The guard's outer process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends an order. If the runner is gone, the order is no longer needed.
    pub fn order(&mut self, order: &Order) {
        let Ok(mut line) = serde_json::to_vec(order) else { return };
        line.push(b'\n');
        if let Some(orders) = &mut self.orders {
            let _ = orders.write_all(&line);
        }
    }

    /// Orders the guard to end the runner, and so every thread in it.
    pub fn end(&mut self, reason: String) {
        self.order(&Order::End {});
        self.ended_because = Some(reason);
    }

    /// Kills all processes below the guard.
    pub fn kill_below(&self) {
        os::kill_below(self.pid());
    }

    /// Kills the guard. It is not reaped yet, so its number can't belong to another process.
    pub fn kill_guard(&mut self) {
        let _ = self.child.kill();
    }

    /// Nothing more can be done: records which processes could not be ended.
    pub fn let_go(&mut self) {
        let left = os::descendants(self.pid()).into_iter().map(|process| process.pid).chain([self.pid()]);
        self.remaining = left.filter(|pid| os::is_running(*pid, None)).map(remains).collect();
    }

    /// The runner has ended, or is let go: collects its output. Also returns the processes that were left behind, if
    /// the guard could not end them.
    pub fn finish(mut self) -> (RunnerEnd, Output, Vec<LeftProcess>) {
        drop(self.orders.take());
        let is_let_go = self.remaining.iter().any(|process| process.pid == self.child.id());
        let reaped = if is_let_go { None } else { os::reap(self.child.id()).ok() };
        let end = reaped.map_or(os::ProcessEnd::Signalled(9), |(end, _)| end);
        let may_have_orphans = matches!(end, os::ProcessEnd::Signalled(_)) && !is_let_go;
        let orphans = if may_have_orphans { self.orphans.end() } else { Vec::new() };
        os::reap_strays();
        let left = self.remaining.iter().cloned().chain(orphans).collect();
        let Self { mut streams, out, err, ended_because: reason, .. } = self;
        let mut finish = |stream: Reader| stream.and_then(|stream| stream.finish(&mut streams));
        let (out, err) = (finish(out), finish(err));
        let text = |tail: &Option<Tail>| tail.as_ref().map_or_else(String::new, Tail::text);
        let bytes = |tail: &Option<Tail>| tail.as_ref().map_or(0, Tail::bytes);
        let output = Output {
            stdout_bytes: bytes(&out),
            stderr_bytes: bytes(&err),
            stdout_tail: text(&out),
            stderr_tail: text(&err),
        };
        (RunnerEnd { end, reason }, output, left)
    }
}

type Reader = Option<Reading<Tail>>;

/// Starts the readers of its output, and the thread that waits for its end.
fn watch(child: &mut Child, streams: &LetGo) -> io::Result<(Reader, Reader, Receiver<()>)> {
    let out = child.stdout.take().map(|stream| read_all(streams, stream)).transpose()?;
    let err = child.stderr.take().map(|stream| read_all(streams, stream)).transpose()?;
    // The host must not block on a guard that does not read its orders.
    child.stdin.iter().try_for_each(os::set_nonblocking)?;
    Ok((out, err, watch_end(child.id())?))
}

fn remains(pid: u32) -> LeftProcess {
    let command = os::command_line(pid).unwrap_or_default().trim_end().to_owned();
    LeftProcess { pid, command, execution: None, holds_output: false, end: Some(LeftEnd::Remains) }
}

fn read_all(streams: &LetGo, stream: impl Read + AsDescriptor + Send + 'static) -> io::Result<Reading<Tail>> {
    streams.read("runner output", stream, Tail::new(OUTPUT_KEPT), |tail, more| tail.push(more))
}

fn watch_end(pid: u32) -> io::Result<Receiver<()>> {
    let (tell, ended) = bounded(1);
    std::thread::Builder::new().name("runner end".to_owned()).spawn(move || {
        os::wait_without_reaping(pid);
        let _ = tell.send(());
    })?;
    Ok(ended)
}
