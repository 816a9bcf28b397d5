//! Who is left where both processes of a guard were killed: this process adopts them, and ends them. Where the host was
//! killed with them, the next host finds them by their run's folder, and ends them.
//!
//! A child that was adopted looks like any other, and this process may have others. So whoever belongs to a run carries its
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
/// How long the end of all may take.
const MOST: Duration = Duration::from_millis(3_000);
const LOOK: Duration = Duration::from_millis(5);

/// The orphans of one run.
pub struct Orphans {
    /// What each of its processes has in its environment.
    mark: String,
}

impl Orphans {
    /// Marks a run's guard, and has this process adopt the run's orphans until this is dropped. Where the system can't do
    /// that they are not its own.
    pub fn adopt(guard: &mut Command, folder: &Path) -> Self {
        guard.env(RUN_VARIABLE, folder);
        let _ = os::adopt_orphans();
        Self { mark: run_mark(folder) }
    }

    /// Ends whoever was adopted; to be called once the guard has ended. Gives who they were.
    pub fn end(&self) -> Vec<LeftProcess> {
        let (begun, mut all, mut known) = (Instant::now(), BTreeMap::new(), BTreeSet::new());
        loop {
            // Of one that has ended nothing can be read any more.
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

/// Ends whom dead hosts left running, and removes the folders that they left.
pub fn sweep() {
    os::sweep_run_folders(end_of_dead_host);
}

/// Ends all of the run of this folder, whose host is dead; whether nobody of it is there any more. A guard that lives does
/// that itself.
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

/// Its own children are adopted in their turn.
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
