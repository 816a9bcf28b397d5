//! Ending everything below the calling process: SIGTERM, then SIGKILL, then letting go.

use model::{LeftEnd, LeftProcess, MOST_LEFT_NAMED};
use os::{self, EndSignal, HeldFolder, SeenProcess};
use protocol::{
    TEXTS_FILE, run_mark,
    text::{self, Text},
};
use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

/// How long the resource trackers of Python's multiprocessing may clean up, from the beginning. A tracker that was just started
/// is still loading, which takes a second on a busy machine.
const TRACKERS_GRACE: Duration = Duration::from_millis(1_400);
/// From the beginning until trackers are let go.
const TRACKERS_MOST: Duration = Duration::from_millis(1_500);
/// The longest pause between two looks at what is left.
const LOOK: Duration = Duration::from_millis(10);

/// How long the remaining processes may take.
#[derive(Clone, Copy)]
pub struct Patience {
    /// From SIGTERM to SIGKILL.
    grace: Duration,
    /// From the beginning until they are let go.
    most: Duration,
}

impl Patience {
    pub const POLITE: Self = Self { grace: Duration::from_millis(300), most: Duration::from_millis(1_400) };
    pub const AT_ONCE: Self = Self { grace: Duration::ZERO, most: Duration::from_millis(300) };
}

/// Ends all processes below the calling one, which has to adopt orphans: when a process ends, its children become the caller's.
/// Returns the processes that were left.
pub fn clear(patience: Patience) -> Vec<LeftProcess> {
    let (own, begun) = (os::pid(), Instant::now());
    let mut all = BTreeMap::new();
    let (mut pause, mut most) = (Duration::from_micros(500), patience.most);
    while os::reap_all() && begun.elapsed() < most {
        let (trackers, others): (Vec<_>, Vec<_>) =
            os::descendants(own).into_iter().filter(|process| !process.ended).partition(is_tracker);
        let signal = if begun.elapsed() < patience.grace { EndSignal::Terminate } else { EndSignal::Kill };
        others.iter().for_each(|process| ask(own, process, signal, &mut all));
        // A tracker ends by itself when its users are gone, and removes their semaphores and shared memory.
        let alone = others.is_empty() && !trackers.is_empty();
        most = if alone { TRACKERS_MOST } else { patience.most };
        if alone && begun.elapsed() > TRACKERS_GRACE {
            trackers.iter().for_each(|tracker| drop(os::signal_descendant(tracker.pid, own, EndSignal::Kill)));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(LOOK);
    }
    let rest: Vec<u32> =
        os::descendants(own).iter().filter(|process| !process.ended).map(|process| process.pid).collect();
    let remains = |left: &LeftProcess| rest.contains(&left.pid);
    let end_of =
        |left: LeftProcess| LeftProcess { end: if remains(&left) { Some(LeftEnd::Remains) } else { left.end }, ..left };
    all.into_values().map(end_of).collect()
}

/// Sends a process the signal: SIGTERM once, SIGKILL until it is gone.
fn ask(own: u32, process: &SeenProcess, signal: EndSignal, all: &mut BTreeMap<(u32, u64), LeftProcess>) {
    let SeenProcess { pid, started, .. } = *process;
    let is_new = !all.contains_key(&(pid, started));
    if is_new {
        let command = text::cut(os::command_line(pid).unwrap_or_default().trim_end());
        let holds_output = os::shares_output(pid);
        let end = Some(LeftEnd::Terminated);
        all.insert((pid, started), LeftProcess { pid, command, execution: None, holds_output, end });
    }
    if signal == EndSignal::Kill {
        all.entry((pid, started)).and_modify(|left| left.end = Some(LeftEnd::Killed));
    }
    if is_new || signal == EndSignal::Kill {
        let _ = os::signal_descendant(pid, own, signal);
        if signal == EndSignal::Terminate {
            let _ = os::signal_descendant(pid, own, EndSignal::Continue);
        }
    }
}

/// A tracker that has ended has no command line any more; it is reaped with the others.
fn is_tracker(process: &SeenProcess) -> bool {
    os::command_line(process.pid).is_some_and(|line| line.contains("multiprocessing.resource_tracker"))
}

/// Removes the run's folder if the host is gone, which the hangup of our stdin shows. The cause of the run's end does not: a
/// runner may end at the same moment as the host.
pub fn remove_unless_host_does(folder: Option<&Path>) {
    if let Some(folder) = folder.filter(|_| os::has_hung_up(std::io::stdin())) {
        let _ = HeldFolder::remove(folder);
        // Other folders too: those of the run's own executions. A run whose host died has its own guard, or waits for the next
        // host.
        os::sweep_run_folders(|folder| os::carriers(&run_mark(folder)).is_empty());
    }
}

/// Tells the host which processes the run left behind.
pub fn tell(folder: Option<&Path>, left: Vec<LeftProcess>) {
    left.into_iter().take(MOST_LEFT_NAMED).for_each(|left| say(folder, &Text::Left(left)));
}

/// Sends a text to the host, if the host is there.
pub fn say(folder: Option<&Path>, text: &Text) {
    if let Some(Ok(fifo)) = folder.map(|folder| os::open_without_waiting(&folder.join(TEXTS_FILE))) {
        text::send(fifo, text);
    }
}
