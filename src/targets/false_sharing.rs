//! Counts in counters that lie next to each other.

use super::{Context, Ended, Group, Param, Params, ResultKind, TargetInfo};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// The registry's entry.
pub const INFO: TargetInfo = TargetInfo {
    name: "false-sharing",
    group: Group::Sharing,
    help: "Each counts in a counter of its own; in threads adjacent counters share a cache line, in processes never.",
    params: &[
        Param::int("increments", "How far each execution counts.", 50_000_000, 1, 1_000_000_000_000),
        Param::choice(
            "layout",
            "padded gives each counter a cache line: the cure.",
            "adjacent",
            &["adjacent", "padded"],
        ),
    ],
    result: ResultKind::Count,
    result_help: "increments",
    quiet_stdout: false,
    work,
};

/// Counters that fit into one cache line of 64 bytes.
const COUNTERS: usize = 8;
/// Increments between two checks for a stop.
const BATCH: u64 = 65_536;

/// A counter with two cache lines to itself: some processors fetch lines in pairs.
#[repr(align(128))]
struct Padded(AtomicU64);

#[repr(align(64))]
struct Line([AtomicU64; COUNTERS]);

static ADJACENT: Line = Line([const { AtomicU64::new(0) }; COUNTERS]);
static PADDED: [Padded; COUNTERS] = [const { Padded(AtomicU64::new(0)) }; COUNTERS];
/// How many executions this process has begun: each takes the next counter.
static NEXT: AtomicUsize = AtomicUsize::new(0);

fn work(params: &Params, ctx: &Context<'_>) -> Result<u64, Ended> {
    let place = NEXT.fetch_add(1, Relaxed) % COUNTERS;
    let counter = if params.choice("layout") == "padded" { &PADDED[place].0 } else { &ADJACENT.0[place] };
    count(counter, params.int("increments"), ctx)
}

fn count(counter: &AtomicU64, increments: u64, ctx: &Context<'_>) -> Result<u64, Ended> {
    let mut counted = 0;
    while counted < increments {
        ctx.check()?;
        let batch = BATCH.min(increments - counted);
        for _ in 0..batch {
            counter.fetch_add(1, Relaxed);
        }
        counted += batch;
    }
    Ok(counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjacent_counters_share_a_line_and_padded_ones_do_not() {
        assert_eq!((size_of::<Line>(), align_of::<Line>()), (64, 64));
        let address = |padded: &Padded| std::ptr::from_ref(padded).addr();
        assert!(address(&PADDED[1]) - address(&PADDED[0]) >= 128);
    }

    #[test]
    fn every_increment_lands() {
        let counter = AtomicU64::new(0);
        assert_eq!(count(&counter, 100_001, &Context::new(&|| false)), Ok(100_001));
        assert_eq!(counter.into_inner(), 100_001);
    }
}
