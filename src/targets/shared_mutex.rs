//! Pushes to and pops from one list behind one lock.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "shared-mutex",
    group: Group::Sharing,
    help: "Pushes and pops in one list behind one lock; threads queue for it, each process has a list of its own.",
    params: &[Param::int("rounds", "How often one number is pushed and one popped.", 8_000_000, 1, 1_000_000_000_000)],
    result: ResultKind::Count,
    result_help: "numbers popped",
    quiet_stdout: false,
    work,
};

/// Rounds between two looks at the stop.
const BATCH: u64 = 256;

/// The list of the whole process.
static SHARED: Mutex<Vec<u64>> = Mutex::new(Vec::new());

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let mut popped = 0;
    for round in 0..params.int("rounds") {
        if round.is_multiple_of(BATCH) {
            ctx.check()?;
        }
        lock().push(round);
        // Each pushes before it pops, so there is always one to pop, though perhaps another's.
        popped += u64::from(lock().pop().is_some());
    }
    Ok(popped)
}

/// A panic elsewhere can't leave the list half-changed: it is used all the same.
fn lock() -> MutexGuard<'static, Vec<u64>> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}
