//! A wait that can be stopped.

use super::{Context, Ended};
use std::time::{Duration, Instant};

/// The longest sleep between two checks for a stop.
const SLICE: Duration = Duration::from_millis(10);

/// Sleeps for `duration`, without spinning.
///
/// # Errors
/// The execution is to end early.
pub fn pause(duration: Duration, ctx: &Context<'_>) -> Result<(), Ended> {
    let started = Instant::now();
    loop {
        ctx.check()?;
        let left = duration.saturating_sub(started.elapsed());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(SLICE));
    }
}
