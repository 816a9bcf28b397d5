//! Runs a built-in target in the calling thread, and writes its slot.

use super::{
    meter::Meter,
    session::{Session, Work},
};
use model::Stage;
use os::{self, UsageCount};
use protocol::slots::{Reported, Slot, Word};
use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
};
use targets::{Context, Ended, Params, TargetInfo};

thread_local! {
    /// What the panic hook heard in this thread.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Has the panics of targets kept for their outcome instead of printed.
pub fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
        let message = info.payload_as_str().unwrap_or("a panic without text");
        PANIC.with(|panic| *panic.borrow_mut() = Some(format!("{message}{place}")));
    }));
}

/// Runs an execution's target in the calling thread: stamps *entered* and *left*, and writes the meter's states and the result,
/// or why there is none. Returns the exit status for a process of its own.
pub fn perform(session: &Session, execution: usize, meter: &mut Meter) -> i32 {
    match session.work(execution) {
        Work::Builtin(target, params) => perform_builtin(session, execution, target, params, meter),
        Work::Program { .. } => unreachable_program(session, execution),
    }
}

fn perform_builtin(
    session: &Session,
    execution: usize,
    target: &TargetInfo,
    params: &Params,
    meter: &mut Meter,
) -> i32 {
    let slot = session.slot(execution);
    let stop = || slot.stop_requested();
    let context = Context::new(&stop);
    let before = meter.before(slot);
    slot.stamp(Stage::Entered, os::monotonic_ns());
    let ended = catch_unwind(AssertUnwindSafe(|| (target.work)(params, &context)));
    slot.stamp(Stage::Left, os::monotonic_ns());
    meter.after(slot, &before);
    let (verdict, code, message) = match ended {
        Ok(Ok(result)) => {
            slot.set(Word::Result, result as i64);
            (Reported::Returned, 0, None)
        }
        Ok(Err(Ended::Stopped)) => (Reported::Stopped, 0, None),
        Ok(Err(Ended::Failed(message))) => (Reported::Failed, 1, Some(message)),
        Err(_) => (Reported::Panicked, 101, PANIC.with(|panic| panic.borrow_mut().take())),
    };
    if let Some(message) = message {
        session.say_message(execution, &message);
    }
    slot.set(Word::Verdict, verdict as i64);
    code
}

/// The host refuses programs in modes without processes; if such a request comes all the same, the runner says so.
fn unreachable_program(session: &Session, execution: usize) -> i32 {
    session.say_message(execution, "a program can't be launched as a thread");
    session.slot(execution).set(Word::Verdict, Reported::CouldNotStart as i64);
    1
}

/// Writes the calling process and thread into an execution's slot.
pub fn note_place(slot: Slot<'_>) {
    slot.set(Word::Pid, i64::from(os::pid()));
    slot.set(Word::Tid, i64::from(os::tid()));
}

/// Writes what an execution used: `now` less `before`.
pub fn note_usage(slot: Slot<'_>, now: UsageCount, before: UsageCount) {
    slot.set_counted(Word::UserNs, now.user_ns.saturating_sub(before.user_ns));
    slot.set_counted(Word::SystemNs, now.system_ns.saturating_sub(before.system_ns));
    slot.set_counted(Word::Voluntary, now.voluntary.saturating_sub(before.voluntary));
    slot.set_counted(Word::Involuntary, now.involuntary.saturating_sub(before.involuntary));
    slot.set_counted(Word::MinorFaults, now.minor_faults.saturating_sub(before.minor_faults));
    slot.set_counted(Word::MajorFaults, now.major_faults.saturating_sub(before.major_faults));
}
