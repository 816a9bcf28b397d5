//! One after another: built-in targets in this thread, programs one process at a time.

use super::processes;
use crate::{
    model::Stage,
    os,
    protocol::slots::{Head, Word},
    runner::{
        perform::{note_place, note_usage, perform},
        session::{Session, Work},
    },
};

/// Runs every execution, one after another.
pub fn run(session: &'static Session) {
    for execution in 0..session.count() {
        if session.stopping() {
            break;
        }
        session.slots.set_head(Head::Launched, execution as i64 + 1);
        match session.work(execution) {
            Work::Builtin(..) => inline(session, execution),
            Work::Program { .. } => processes::run_one(session, execution),
        }
    }
}

/// A plain call: what launching and joining are for the other modes takes no time here.
fn inline(session: &Session, execution: usize) {
    let slot = session.slot(execution);
    slot.set(Word::Lane, 1);
    note_place(slot);
    let before = os::thread_usage();
    session.stamp(execution, Stage::LaunchCalled);
    session.stamp(execution, Stage::Launched);
    perform(session, execution);
    note_usage(slot, os::thread_usage(), before);
    session.stamp(execution, Stage::Exited);
    session.stamp(execution, Stage::Joined);
}
