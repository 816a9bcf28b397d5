//! One after another: built-in targets in the launcher's thread, programs one process at a time.

use super::processes;
use crate::{
    meter::{Life, Meter},
    perform::{note_place, perform},
    session::{Session, Work},
};
use model::Stage;
use protocol::slots::{Head, Word};

/// Runs every execution, one after another.
pub fn run(session: &'static Session) {
    let mut meter = Meter::new(session, Life::Lasting);
    for execution in 0..session.count() {
        if session.stopping() {
            break;
        }
        session.slots.set_head(Head::Launched, execution as i64 + 1);
        match session.work(execution) {
            Work::Builtin(..) => inline(session, execution, &mut meter),
            Work::Program { .. } => processes::run_one(session, execution),
        }
    }
}

/// A plain call: launching and joining take no time here.
fn inline(session: &Session, execution: usize, meter: &mut Meter) {
    let slot = session.slot(execution);
    slot.set(Word::Lane, 1);
    note_place(slot);
    session.stamp(execution, Stage::LaunchCalled);
    session.stamp(execution, Stage::Launched);
    perform(session, execution, meter);
    session.stamp(execution, Stage::Exited);
    session.stamp(execution, Stage::Joined);
}
