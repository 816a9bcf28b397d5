//! Ending whatever is left below the calling process: asked, then forced, then let go.

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

/// How long the resource trackers of Python's multiprocessing may take to clear up, from the beginning: one that was started
/// last is still loading, and on a machine that is busy that takes a second.
const TRACKERS_GRACE: Duration = Duration::from_millis(1_400);
/// The same until they are let go.
const TRACKERS_MOST: Duration = Duration::from_millis(1_500);
/// The longest pause between two looks at who is left.
const LOOK: Duration = Duration::from_millis(10);

/// How long those who are left may take.
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

/// Ends everybody below the calling process, which is the parent of all orphans there: the children of each that ends
/// become its own. Gives who they were.
pub fn clear(patience: Patience) -> Vec<LeftProcess> {
    let (own, begun) = (os::pid(), Instant::now());
    let mut all = BTreeMap::new();
    let (mut pause, mut most) = (Duration::from_micros(500), patience.most);
    while os::reap_all() && begun.elapsed() < most {
        let (trackers, others): (Vec<_>, Vec<_>) =
            os::descendants(own).into_iter().filter(|process| !process.ended).partition(is_tracker);
        let signal = if begun.elapsed() < patience.grace { EndSignal::Terminate } else { EndSignal::Kill };
        others.iter().for_each(|process| ask(own, process, signal, &mut all));
        // A tracker ends by itself when nobody is left, and clears semaphores and shared memory away.
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

/// Sends a process the signal: SIGTERM once, SIGKILL until it has gone.
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

/// One that has ended has no command line any more: it is reaped with the others.
fn is_tracker(process: &SeenProcess) -> bool {
    os::command_line(process.pid).is_some_and(|line| line.contains("multiprocessing.resource_tracker"))
}

/// Removes the run's folder where the host is gone, whatever the run ended by: a runner may end in the same moment. The host's
/// end of the orders, which is this process's stdin, tells.
pub fn remove_unless_host_does(folder: Option<&Path>) {
    if let Some(folder) = folder.filter(|_| os::has_hung_up(std::io::stdin())) {
        let _ = HeldFolder::remove(folder);
        // What its executions had for themselves. Whose host is dead has its own guard, or waits for the next host.
        os::sweep_run_folders(|folder| os::carriers(&run_mark(folder)).is_empty());
    }
}

/// Tells the host whom the run left behind.
pub fn tell(folder: Option<&Path>, left: Vec<LeftProcess>) {
    left.into_iter().take(MOST_LEFT_NAMED).for_each(|left| say(folder, &Text::Left(left)));
}

/// Says a text to the host, if it is there.
pub fn say(folder: Option<&Path>, text: &Text) {
    if let Some(Ok(fifo)) = folder.map(|folder| os::open_without_waiting(&folder.join(TEXTS_FILE))) {
        text::send(fifo, text);
    }
}
