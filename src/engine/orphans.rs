//! If both processes of a guard were killed, this process adopts what is left below them, and ends it. If the host was
//! killed too, the next host finds these processes by their run's folder, and ends them.
//!
//! An adopted child looks like any other, and this process may have other children. So all processes of a run carry its
//! mark, a variable of the environment.

use model::{LeftEnd, LeftProcess};
use os::{self, EndSignal, SeenProcess};
use protocol::{GUARD_VERB, RUN_VARIABLE, run_mark};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// How long one process of a guard may take to do the work of both.
const GUARD_PATIENCE: Duration = Duration::from_millis(2_000);
/// How long ending all of them may take.
const MOST: Duration = Duration::from_millis(3_000);
const LOOK: Duration = Duration::from_millis(5);

/// The orphans of one run.
pub struct Orphans {
    /// The mark in the environment of each of its processes.
    mark: String,
}

impl Orphans {
    /// Marks a run's guard, and lets this process adopt the run's orphans until the returned value is dropped. If the
    /// system can't do that, they are not adopted.
    pub fn adopt(guard: &mut Command, folder: &Path) -> Self {
        guard.env(RUN_VARIABLE, folder);
        let _ = os::adopt_orphans();
        Self { mark: run_mark(folder) }
    }

    /// Ends the adopted processes, and returns them; call it once the guard has ended.
    pub fn end(&self) -> Vec<LeftProcess> {
        let (begun, mut all, mut known) = (Instant::now(), BTreeMap::new(), BTreeSet::new());
        loop {
            // Nothing can be read about a process that has ended.
            let is_ours =
                |child: &SeenProcess| known.contains(&child.pid) || os::has_in_environment(child.pid, &self.mark);
            let adopted: Vec<_> = children().filter(is_ours).collect();
            if adopted.is_empty() || begun.elapsed() > MOST {
                let rest: BTreeSet<u32> = adopted.iter().map(|child| child.pid).collect();
                return all.into_values().map(|left: LeftProcess| remaining(left, &rest)).collect();
            }
            for child in adopted {
                known.insert(child.pid);
                if child.ended {
                    let _ = os::reap(child.pid);
                    known.remove(&child.pid);
                } else if begun.elapsed() > GUARD_PATIENCE || !is_guard(child.pid) {
                    kill(&child, &mut all);
                }
            }
            std::thread::sleep(LOOK);
        }
    }
}

impl Drop for Orphans {
    fn drop(&mut self) {
        os::adopt_no_more();
    }
}

/// Ends the processes that dead hosts left running, and removes the folders that they left.
pub fn sweep() {
    os::sweep_run_folders(end_of_dead_host);
}

/// Ends all processes of the run in this folder, whose host is dead. Returns whether none is left. A guard that is
/// alive does this itself.
fn end_of_dead_host(folder: &Path) -> bool {
    let (begun, mark) = (Instant::now(), run_mark(folder));
    loop {
        let carriers = os::carriers(&mark);
        if carriers.is_empty() {
            return true;
        }
        if begun.elapsed() > MOST || carriers.iter().any(|pid| is_guard(*pid)) {
            return false;
        }
        for pid in carriers {
            match os::kill_carrier(pid, &mark) {
                Ok(()) => tracing::info!("ended process {pid}, which a host that was killed left behind"),
                Err(error) => tracing::warn!("process {pid} of a host that was killed can't be ended: {error}"),
            }
        }
        std::thread::sleep(LOOK);
    }
}

fn children() -> impl Iterator<Item = SeenProcess> {
    let own = os::pid();
    os::descendants(own).into_iter().filter(move |process| process.parent == own)
}

fn is_guard(pid: u32) -> bool {
    os::command_line(pid).is_some_and(|line| line.split_whitespace().nth(1) == Some(GUARD_VERB))
}

/// The children of the killed process are then adopted too.
fn kill(child: &SeenProcess, all: &mut BTreeMap<u32, LeftProcess>) {
    let command = || os::command_line(child.pid).unwrap_or_default().trim_end().to_owned();
    if !is_guard(child.pid) {
        all.entry(child.pid).or_insert_with(|| LeftProcess {
            pid: child.pid,
            command: command(),
            execution: None,
            holds_output: false,
            end: Some(LeftEnd::Killed),
        });
    }
    let _ = os::signal_descendant(child.pid, os::pid(), EndSignal::Kill);
}

fn remaining(left: LeftProcess, rest: &BTreeSet<u32>) -> LeftProcess {
    let end = if rest.contains(&left.pid) { Some(LeftEnd::Remains) } else { left.end };
    LeftProcess { end, ..left }
}
