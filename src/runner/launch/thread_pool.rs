//! Long-lived threads that take executions from a queue.
//!
//! A pool's thread outlives its executions. So *launch called* and *launched* are the instant at which a thread takes the
//! execution from the queue, and *exited* is the instant at which it is done with it.

use crate::{
    meter::{Life, Meter},
    perform::{note_place, perform},
    session::Session,
};
use crossbeam_channel::{Receiver, Sender, unbounded};
use model::Stage;
use protocol::slots::{Head, Word};
use std::thread::JoinHandle;

/// Runs every execution in a pool of the session's limit.
pub fn run(session: &'static Session) {
    let (queue, work) = unbounded();
    let (done, results) = unbounded();
    let pool = start(session, &work, &done);
    drop((work, done));
    if pool.is_empty() {
        return;
    }
    for execution in 0..session.count() {
        let _ = queue.send(execution);
    }
    drop(queue);
    collect(session, &results);
    pool.into_iter().for_each(|thread| drop(thread.join()));
}

fn start(session: &'static Session, work: &Receiver<usize>, done: &Sender<usize>) -> Vec<JoinHandle<()>> {
    let mut pool = Vec::new();
    for lane in 0..session.limit() {
        let (work, done) = (work.clone(), done.clone());
        let name = format!("pool {lane}");
        match std::thread::Builder::new().name(name).spawn(move || serve(session, lane, &work, &done)) {
            Ok(thread) => pool.push(thread),
            // A smaller pool does the same work; one without threads can't.
            Err(error) if pool.is_empty() => {
                (0..session.count()).for_each(|execution| session.could_not_start(execution, &error));
            }
            Err(_) => break,
        }
    }
    pool
}

fn serve(session: &Session, lane: usize, work: &Receiver<usize>, done: &Sender<usize>) {
    let mut meter = Meter::new(session, Life::Lasting);
    for execution in work {
        if session.stopping() {
            break;
        }
        one(session, lane, execution, &mut meter);
        let _ = done.send(execution);
    }
}

/// Runs one execution in a pool's thread or process; `meter` belongs to that thread.
pub fn one(session: &Session, lane: usize, execution: usize, meter: &mut Meter) {
    let slot = session.slot(execution);
    session.stamp(execution, Stage::LaunchCalled);
    session.stamp(execution, Stage::Launched);
    slot.set(Word::Lane, lane as i64 + 1);
    note_place(slot);
    perform(session, execution, meter);
    session.stamp(execution, Stage::Exited);
}

fn collect(session: &Session, results: &Receiver<usize>) {
    session.slots.set_head(Head::Launched, session.count() as i64);
    let mut since = os::monotonic_ns();
    session.slots.wait_begins(since, None);
    for execution in results {
        session.slot(execution).set(Word::JoinCalled, since);
        session.stamp(execution, Stage::Joined);
        since = session.slot(execution).stage(Stage::Joined);
        session.slots.wait_begins(since, None);
    }
    session.slots.wait_is_over();
}
