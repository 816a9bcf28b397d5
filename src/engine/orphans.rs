//! Who is left where both processes of a guard were killed: this process adopts them, and ends them.

use crate::{
    interpreters,
    model::{LeftEnd, LeftProcess},
    os::{self, EndSignal, SeenProcess},
    protocol::GUARD_VERB,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// How long one process of a guard may take to do the work of both.
const GUARD_PATIENCE: Duration = Duration::from_millis(2_000);
/// How long the end of all may take.
const MOST: Duration = Duration::from_millis(3_000);
const LOOK: Duration = Duration::from_millis(5);

/// The children that this process has beside a run.
pub struct Orphans {
    others: BTreeSet<u32>,
}

impl Orphans {
    /// Has this process adopt the run's orphans, until this is dropped. Where the system can't do that they are not its own.
    pub fn adopt() -> Self {
        let _ = os::adopt_orphans();
        Self { others: children().map(|child| child.pid).collect() }
    }

    /// Ends whoever was adopted; to be called once the guard has ended. Gives who they were.
    pub fn end(&self) -> Vec<LeftProcess> {
        let (begun, mut all) = (Instant::now(), BTreeMap::new());
        loop {
            let adopted: Vec<_> = children().filter(|child| self.is_adopted(child.pid)).collect();
            if adopted.is_empty() || begun.elapsed() > MOST {
                let rest: BTreeSet<u32> = adopted.iter().map(|child| child.pid).collect();
                return all.into_values().map(|left: LeftProcess| remaining(left, &rest)).collect();
            }
            for child in adopted {
                if child.ended {
                    let _ = os::reap(child.pid);
                } else if begun.elapsed() > GUARD_PATIENCE || !is_guard(child.pid) {
                    kill(&child, &mut all);
                }
            }
            std::thread::sleep(LOOK);
        }
    }

    fn is_adopted(&self, pid: u32) -> bool {
        !self.others.contains(&pid) && !interpreters::is_asked(pid)
    }
}

impl Drop for Orphans {
    fn drop(&mut self) {
        os::adopt_no_more();
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
