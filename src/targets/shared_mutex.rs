//! Pushes to and pops from one list behind one lock.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "shared-mutex",
    group: Group::Sharing,
    help: "Pushes and pops in one list behind one lock; threads queue for it, each process has a list of its own.",
    params: &[
        Param::int("rounds", "How often numbers are pushed, and popped again.", 8_000_000, 1, 1_000_000_000_000),
        Param::int(
            "numbers",
            "How many at once: the more, the longer the lock is held, so that waiting threads sleep instead of spinning.",
            1,
            1,
            1_000_000,
        ),
    ],
    result: ResultKind::Count,
    result_help: "numbers popped",
    quiet_stdout: false,
    work,
};

/// Numbers between two checks for a stop.
const BATCH: u64 = 256;

/// One list for the whole process.
static SHARED: Mutex<Vec<u64>> = Mutex::new(Vec::new());

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let numbers = params.int("numbers") as usize;
    let batch = (BATCH / numbers as u64).max(1);
    let mut popped = 0;
    for round in 0..params.int("rounds") {
        if round.is_multiple_of(batch) {
            ctx.check()?;
        }
        push(round, numbers);
        popped += pop(numbers);
    }
    Ok(popped)
}

fn push(round: u64, numbers: usize) {
    match numbers {
        1 => lock().push(round),
        _ => lock().extend(std::iter::repeat_n(round, numbers)),
    }
}

/// Each execution pushes before it pops, so the list always has enough numbers, though perhaps another execution's.
fn pop(numbers: usize) -> u64 {
    let mut list = lock();
    match numbers {
        1 => u64::from(list.pop().is_some()),
        _ => {
            let rest = list.len().saturating_sub(numbers);
            list.drain(rest..).map(std::hint::black_box).count() as u64
        }
    }
}

/// A panic elsewhere can't leave the list half-changed, so a poisoned lock is used all the same.
fn lock() -> MutexGuard<'static, Vec<u64>> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}
