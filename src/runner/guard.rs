//! The guard of another runtime's runner: its parent, which takes the host's orders, ends everything when the run is over or
//! the host is gone, and passes on how the runner ended.
//!
//! A Python runner may start no thread of its own (it forks), and can't hear while it is blocked in a join; and what a user's
//! function leaves behind is nobody's child. So its parent is a process of ours that adopts orphans and waits.

use crate::{
    os::{self, EndSignal, Poller, ProcessEnd},
    protocol::{
        SLOTS_FILE,
        slots::{Slots, Word},
        text::Order,
    },
};
use std::{
    ffi::OsString,
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// How long the resource trackers of Python's multiprocessing may take to clear up.
const TRACKERS_GRACE: Duration = Duration::from_millis(300);

const ORDERS_KEY: u64 = 0;
const END_KEY: u64 = 1;

struct Guard {
    folder: PathBuf,
    runner: u32,
    /// Mapped when the first order needs it.
    slots: Option<Slots>,
    /// Of the orders what is not a whole line yet.
    heard: Vec<u8>,
}

/// Starts the program on the run's folder, and stays until it and all that it started are gone. The exit status.
pub fn run(folder: &Path, program: &[OsString]) -> i32 {
    match guard(folder, program) {
        Ok(ProcessEnd::Exited(code)) => code,
        Ok(ProcessEnd::Signalled(signal)) => os::die_by(signal),
        Err(error) => {
            eprintln!("spawnscope guard: {}: {error}", program.first().map_or(Path::new(""), Path::new).display());
            3
        }
    }
}

fn guard(folder: &Path, program: &[OsString]) -> io::Result<ProcessEnd> {
    let [program, args @ ..] = program else { return Err(io::ErrorKind::InvalidInput.into()) };
    os::adopt_orphans()?;
    os::set_nonblocking(io::stdin())?;
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null());
    os::lead_group(&mut command);
    os::tie_to_this_thread(&mut command);
    let runner = command.spawn()?.id();
    let guard = Guard { folder: folder.to_owned(), runner, slots: None, heard: Vec::new() };
    let end = guard.stay();
    // The runner's own end is known: whoever is left was left behind.
    end_descendants();
    end
}

impl Guard {
    /// Carries out orders until the runner has ended.
    fn stay(mut self) -> io::Result<ProcessEnd> {
        let watch = os::exit_watch(self.runner)?;
        let poller = Poller::new()?;
        poller.add(io::stdin(), ORDERS_KEY)?;
        poller.add(&watch, END_KEY)?;
        let mut keys = Vec::new();
        loop {
            poller.wait(true, &mut keys)?;
            if keys.contains(&END_KEY) {
                return os::reap(self.runner).map(|(end, _)| end);
            }
            if keys.contains(&ORDERS_KEY) && !self.hear() {
                // The host is gone.
                self.end_runner();
                let _ = std::fs::remove_dir_all(&self.folder);
                return Ok(ProcessEnd::Exited(1));
            }
        }
    }

    /// Takes in orders; false at their end.
    fn hear(&mut self) -> bool {
        let mut buffer = [0; 4096];
        loop {
            match io::stdin().lock().read(&mut buffer) {
                Ok(0) => return false,
                Ok(length) => self.heard.extend(&buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        let lines = std::mem::take(&mut self.heard);
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            match (line.ends_with(b"\n"), serde_json::from_slice(line)) {
                (false, _) => self.heard = line.to_vec(),
                (true, Ok(order)) => self.obey(&order),
                (true, Err(_)) => {}
            }
        }
        true
    }

    fn obey(&mut self, order: &Order) {
        let (executions, signal) = match order {
            Order::Terminate { executions } => (executions, EndSignal::Terminate),
            Order::Kill { executions } => (executions, EndSignal::Kill),
            Order::End {} => return self.end_runner(),
        };
        for execution in executions {
            if let Some(pid) = self.process_of(*execution as usize) {
                os::signal_process(pid, signal);
            }
        }
    }

    /// The process of an execution, where it has one of its own that is still there.
    fn process_of(&mut self, execution: usize) -> Option<u32> {
        if self.slots.is_none() {
            self.slots = Slots::open(&self.folder.join(SLOTS_FILE)).ok();
        }
        let slots = self.slots.as_ref().filter(|slots| execution < slots.count())?;
        let pid = u32::try_from(slots.slot(execution).word(Word::Pid)).ok()?;
        (pid != 0 && pid != self.runner && os::descends_from(pid, os::pid())).then_some(pid)
    }

    /// Ends the runner alone: what it started becomes this process's own, and is ended then.
    fn end_runner(&self) {
        os::signal_process(self.runner, EndSignal::Kill);
    }
}

/// Kills and reaps child after child: the children of each that ends become this process's own. A resource tracker of
/// Python's multiprocessing ends by itself when nobody is left, and clears semaphores away; it gets a moment for that.
fn end_descendants() {
    let deadline = Instant::now() + TRACKERS_GRACE;
    loop {
        let (trackers, others): (Vec<_>, Vec<_>) = os::children().into_iter().partition(|child| is_tracker(*child));
        if others.is_empty() && !trackers.is_empty() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
            continue;
        }
        let ending = if others.is_empty() { trackers } else { others };
        if ending.is_empty() {
            return;
        }
        for child in ending {
            os::signal_process(child, EndSignal::Kill);
            let _ = os::reap(child);
        }
    }
}

/// One that has ended has no command line any more: it is reaped with the others.
fn is_tracker(child: u32) -> bool {
    os::command_line(child).is_some_and(|line| line.contains("multiprocessing.resource_tracker"))
}
