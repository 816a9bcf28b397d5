//! The runner's process, as its host has it.

use super::{outcome::RunnerEnd, request::Surroundings};
use crate::{
    model::Output,
    os,
    protocol::{
        GUARD_VERB, PYTHON_RUNNER_FILE, RUNNER_VERB,
        tail::Tail,
        text::{OUTPUT_KEPT, Order},
    },
};
use crossbeam_channel::{Receiver, bounded};
use std::{
    io::{self, Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    thread::JoinHandle,
};

/// A runner that was started: its guard is the host's child.
pub struct RunnerProcess {
    child: Child,
    orders: Option<ChildStdin>,
    out: Reader,
    err: Reader,
    /// Hears once, when the process has ended.
    pub ended: Receiver<()>,
    /// Why the host killed it, where it did.
    killed_because: Option<String>,
}

impl RunnerProcess {
    /// Starts a runner on a run's folder, under a guard. With an interpreter it is that interpreter in its surroundings, on
    /// the script in the run's folder.
    ///
    /// # Errors
    /// The program can't be executed, or no thread started.
    pub fn start(program: &Path, folder: &Path, interpreter: Option<&(&Path, Surroundings)>) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.arg(GUARD_VERB).arg(folder);
        if let Some((python, Surroundings { cwd, env })) = interpreter {
            command.arg(python).arg(folder.join(PYTHON_RUNNER_FILE)).arg(folder);
            // The guard hands both on.
            command.envs(env);
            cwd.iter().for_each(|cwd| {
                command.current_dir(cwd);
            });
        } else {
            command.arg(program).arg(RUNNER_VERB).arg(folder);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C in a terminal goes to the host's whole group; how a run ends is the host's to say.
        os::lead_group(&mut command);
        let mut child = command.spawn()?;
        match watch(&mut child) {
            Ok((out, err, ended)) => {
                let orders = child.stdin.take();
                Ok(Self { child, orders, out, err, ended, killed_because: None })
            }
            Err(error) => {
                // The end of its orders ends the guard, and with it the runner.
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

    /// Sends an order. A runner that is gone does not need it.
    pub fn order(&mut self, order: &Order) {
        let Ok(mut line) = serde_json::to_vec(order) else { return };
        line.push(b'\n');
        if let Some(orders) = &mut self.orders {
            let _ = orders.write_all(&line);
        }
    }

    /// Ends the runner, and with it every thread in it.
    pub fn kill(&mut self, reason: String) {
        if self.killed_because.is_none() {
            self.killed_because = Some(reason);
            self.order(&Order::End {});
        }
    }

    /// Waits for its end, and collects what it wrote.
    pub fn finish(mut self) -> (RunnerEnd, Output) {
        drop(self.orders.take());
        let end = os::reap(self.child.id()).map_or(os::ProcessEnd::Exited(0), |(end, _)| end);
        let join = |reader: Reader| reader.and_then(|reader| reader.join().ok());
        let (out, err) = (join(self.out.take()), join(self.err.take()));
        let text = |tail: &Option<Tail>| tail.as_ref().map_or_else(String::new, Tail::text);
        let bytes = |tail: &Option<Tail>| tail.as_ref().map_or(0, Tail::bytes);
        let output = Output {
            stdout_bytes: bytes(&out),
            stderr_bytes: bytes(&err),
            stdout_tail: text(&out),
            stderr_tail: text(&err),
        };
        (RunnerEnd { end, reason: self.killed_because }, output)
    }
}

type Reader = Option<JoinHandle<Tail>>;

/// The readers of what it writes, and who hears of its end.
fn watch(child: &mut Child) -> io::Result<(Reader, Reader, Receiver<()>)> {
    let out = child.stdout.take().map(read_all).transpose()?;
    let err = child.stderr.take().map(read_all).transpose()?;
    Ok((out, err, watch_end(child.id())?))
}

fn read_all(mut stream: impl Read + Send + 'static) -> io::Result<JoinHandle<Tail>> {
    std::thread::Builder::new().name("runner output".to_owned()).spawn(move || {
        let mut tail = Tail::new(OUTPUT_KEPT);
        tail.take_in(&mut stream);
        tail
    })
}

fn watch_end(pid: u32) -> io::Result<Receiver<()>> {
    let (tell, ended) = bounded(1);
    std::thread::Builder::new().name("runner end".to_owned()).spawn(move || {
        os::wait_without_reaping(pid);
        let _ = tell.send(());
    })?;
    Ok(ended)
}
