//! A `std::thread` for each execution.
//!
//! With room for all, the launcher starts every thread and then joins them in the order of their start, as Python's tutorial
//! does. With less room, it joins whichever ends first, and starts the next in its lane.

use crate::{
    lanes::Lanes,
    meter::{Life, Meter},
    perform::{note_place, perform},
    session::Session,
};
use crossbeam_channel::{Receiver, Sender, unbounded};
use model::Stage;
use protocol::slots::{Head, Word};
use std::{cell::OnceCell, io, thread::JoinHandle};

/// Stamps *exited* when its thread's locals are dropped, which is the last thing a thread does itself; then tells the launcher.
struct Exit {
    session: &'static Session,
    execution: usize,
    tell: Option<Sender<usize>>,
}

impl Drop for Exit {
    fn drop(&mut self) {
        self.session.stamp(self.execution, Stage::Exited);
        if let Some(tell) = &self.tell {
            let _ = tell.send(self.execution);
        }
    }
}

thread_local! {
    static EXIT: OnceCell<Exit> = const { OnceCell::new() };
}

/// Launches every execution as a thread, at most the session's limit at a time.
pub fn run(session: &'static Session) {
    let (tell, ended) = unbounded();
    let crowded = session.limit() < session.count();
    let tell = crowded.then_some(tell);
    let mut launcher = Launcher { session, lanes: Lanes::default(), running: Running::new() };
    for execution in 0..session.count() {
        if crowded && launcher.running.len() == session.limit() {
            launcher.join_any(&ended);
        }
        if session.stopping() {
            break;
        }
        launcher.start(execution, tell.clone());
    }
    launcher.join_rest(crowded.then_some(&ended));
}

type Running = std::collections::BTreeMap<usize, (JoinHandle<()>, u32)>;

struct Launcher {
    session: &'static Session,
    lanes: Lanes,
    running: Running,
}

impl Launcher {
    fn start(&mut self, execution: usize, tell: Option<Sender<usize>>) {
        let session = self.session;
        let lane = self.lanes.take();
        let slot = session.slot(execution);
        slot.set(Word::Lane, i64::from(lane) + 1);
        session.slots.set_head(Head::Launched, execution as i64 + 1);
        let (task, instance) = session.task_of(execution);
        let task = &session.request.tasks[task];
        let name = thread_name(&task.name, (task.count > 1).then_some(instance));
        session.stamp(execution, Stage::LaunchCalled);
        match spawn(session, execution, name, tell) {
            Ok(handle) => {
                session.stamp(execution, Stage::Launched);
                self.running.insert(execution, (handle, lane));
            }
            Err(error) => {
                session.could_not_start(execution, &error);
                self.lanes.give(lane);
            }
        }
    }

    fn join_any(&mut self, ended: &Receiver<usize>) {
        let since = os::monotonic_ns();
        self.session.slots.wait_begins(since, None);
        if let Ok(execution) = ended.recv() {
            self.join(execution, since);
        }
    }

    fn join_rest(&mut self, ended: Option<&Receiver<usize>>) {
        while let Some(first) = self.running.keys().next().copied() {
            match ended {
                Some(ended) => self.join_any(ended),
                None => {
                    let since = os::monotonic_ns();
                    self.session.slots.wait_begins(since, Some(first));
                    self.join(first, since);
                }
            }
        }
    }

    fn join(&mut self, execution: usize, since: i64) {
        let Some((handle, lane)) = self.running.remove(&execution) else { return };
        let slot = self.session.slot(execution);
        // The target's panics are caught in the thread, so join reports nothing.
        let _ = handle.join();
        slot.set(Word::JoinCalled, since);
        self.session.stamp(execution, Stage::Joined);
        self.session.slots.wait_is_over();
        self.lanes.give(lane);
    }
}

fn spawn(
    session: &'static Session,
    execution: usize,
    name: String,
    tell: Option<Sender<usize>>,
) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name).spawn(move || {
        let slot = session.slot(execution);
        note_place(slot);
        perform(session, execution, &mut Meter::new(session, Life::Thread));
        EXIT.with(|exit| exit.set(Exit { session, execution, tell }).ok());
    })
}

/// `primes #2`, or `primes` where there is one instance. NULs are removed, since no thread name can contain them.
fn thread_name(task: &str, instance: Option<usize>) -> String {
    let task = task.replace('\0', "");
    instance.map_or_else(|| task.clone(), |instance| format!("{task} #{}", instance + 1))
}
