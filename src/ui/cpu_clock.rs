//! The CPU time of this process, all threads together: what the window costs, painting included.

use std::time::Duration;

/// User and system time of this process so far; absent where the system does not say it cheaply.
#[cfg(unix)]
pub fn process() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(Duration::new(u64::try_from(time.tv_sec).ok()?, u32::try_from(time.tv_nsec).ok()?))
}

/// User and system time of this process so far; absent where the system does not say it cheaply.
#[cfg(not(unix))]
pub fn process() -> Option<Duration> {
    None
}
