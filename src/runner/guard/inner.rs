//! The inner process of a guard: the runner's parent, which takes the host's orders.

use super::clear::{self, Patience};
use os::{self, Descriptor, EndSignal, Poller, ProcessEnd, SeenProcess};
use protocol::{
    SLOTS_FILE,
    slots::{Slots, Word},
    text::{Order, Text},
};
use std::{
    collections::{BTreeSet, HashSet},
    ffi::OsString,
    io::{self, PipeReader, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const ORDERS_KEY: u64 = 0;
const END_KEY: u64 = 1;
const OUTER_KEY: u64 = 2;
const ORPHANS_KEY: u64 = 3;
const TOLD_KEY: u64 = 4;

struct Inner {
    folder: Option<PathBuf>,
    runner: u32,
    /// Mapped when the first order needs it.
    slots: Option<Slots>,
    /// Bytes of orders that make no whole line yet.
    heard: Vec<u8>,
}

/// Why a run is over.
enum Over {
    /// The runner has ended, and how.
    Runner(ProcessEnd),
    /// The host is gone, or the outer process, which stands for it; or a signal told this process to end.
    Host,
}

/// Starts the program, and returns when it and everything that it started are gone.
pub fn stay(folder: Option<&Path>, program: &[OsString], outer: u32) -> io::Result<ProcessEnd> {
    let [program, args @ ..] = program else { return Err(io::ErrorKind::InvalidInput.into()) };
    os::adopt_orphans()?;
    let watch_outer = os::exit_watch(outer)?;
    let (orphans, told) = (os::child_ends()?, os::end_signals()?);
    os::set_nonblocking(io::stdin())?;
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null());
    os::lead_group(&mut command);
    os::tie_to_this_thread(&mut command)?;
    if os::parent_pid() != outer {
        return Ok(ProcessEnd::Exited(1));
    }
    let runner = command.spawn()?.id();
    clear::say(folder, &Text::Runner { pid: runner });
    let mut inner = Inner { folder: folder.map(Path::to_owned), runner, slots: None, heard: Vec::new() };
    let over = inner.serve(watch_outer, orphans, told);
    let end = match over {
        Ok(Over::Runner(end)) => end,
        Ok(Over::Host) | Err(_) => {
            inner.end_runner();
            ProcessEnd::Exited(1)
        }
    };
    // The runner's own end is settled: every other process that is still there was left behind.
    clear::tell(folder, clear::clear(Patience::POLITE));
    clear::remove_unless_host_does(folder);
    over.map(|_| end)
}

impl Inner {
    /// Carries out orders until the run is over.
    fn serve(&mut self, outer: Descriptor, mut orphans: PipeReader, told: PipeReader) -> io::Result<Over> {
        let watch = os::exit_watch(self.runner)?;
        let poller = Poller::new()?;
        poller.add(io::stdin(), ORDERS_KEY)?;
        poller.add(&watch, END_KEY)?;
        poller.add(&outer, OUTER_KEY)?;
        poller.add(&orphans, ORPHANS_KEY)?;
        poller.add(&told, TOLD_KEY)?;
        let mut keys = Vec::new();
        loop {
            poller.wait(true, &mut keys)?;
            if keys.contains(&END_KEY) {
                return os::reap(self.runner).map(|(end, _)| Over::Runner(end));
            }
            if [OUTER_KEY, TOLD_KEY].iter().any(|key| keys.contains(key)) || keys.contains(&ORDERS_KEY) && !self.hear()
            {
                return Ok(Over::Host);
            }
            if keys.contains(&ORPHANS_KEY) {
                while orphans.read(&mut [0; 64]).is_ok_and(|length| length > 0) {}
                os::reap_orphans(self.runner);
            }
        }
    }

    /// Takes in orders; false when the host has closed them.
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
        let pids: HashSet<u32> =
            executions.iter().filter_map(|execution| self.process_of(*execution as usize)).collect();
        let below = os::descendants(os::pid());
        let concerned = match signal {
            EndSignal::Kill => with_all_below(&below, &pids),
            _ => with_groups(&below, &pids),
        };
        for pid in concerned {
            let _ = os::signal_descendant(pid, os::pid(), signal);
        }
    }

    /// The process of an execution, by its slot; `None` where the execution runs in the runner itself.
    fn process_of(&mut self, execution: usize) -> Option<u32> {
        if self.slots.is_none() {
            self.slots = Slots::open(&self.folder.as_ref()?.join(SLOTS_FILE)).ok();
        }
        let slots = self.slots.as_ref().filter(|slots| execution < slots.count())?;
        let pid = u32::try_from(slots.slot(execution).word(Word::Pid)).ok()?;
        (pid != 0 && pid != self.runner).then_some(pid)
    }

    /// Ends the runner alone: this process then adopts what the runner started, and ends that.
    fn end_runner(&self) {
        let _ = os::signal_descendant(self.runner, os::pid(), EndSignal::Kill);
    }
}

/// Those of the processes `below` that are in `pids`, or in a group that one of `pids` leads.
fn with_groups(below: &[SeenProcess], pids: &HashSet<u32>) -> BTreeSet<u32> {
    let of = |process: &&SeenProcess| pids.contains(&process.pid) || pids.contains(&process.group);
    below.iter().filter(of).map(|process| process.pid).collect()
}

/// The same, with the members of their sessions, and with all descendants. In `below`, parents come before their children.
fn with_all_below(below: &[SeenProcess], pids: &HashSet<u32>) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for process in below {
        let SeenProcess { pid, parent, group, session, .. } = process;
        if [pid, group, session].iter().any(|number| pids.contains(number)) || found.contains(parent) {
            found.insert(*pid);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pid: u32, parent: u32, group: u32, session: u32) -> SeenProcess {
        SeenProcess { pid, parent, group, session, ended: false, stopped: false, started: 0 }
    }

    #[test]
    fn who_is_asked_and_who_is_killed_with_a_process() {
        let below =
            [seen(10, 2, 2, 2), seen(20, 10, 20, 2), seen(21, 20, 20, 2), seen(22, 20, 22, 22), seen(30, 10, 2, 2)];
        let of = HashSet::from([20, 99]);
        assert_eq!(with_groups(&below, &of), BTreeSet::from([20, 21]));
        assert_eq!(with_all_below(&below, &of), BTreeSet::from([20, 21, 22]));
    }
}
