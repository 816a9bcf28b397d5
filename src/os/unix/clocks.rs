//! The clocks that POSIX has.

use rustix::time::{ClockId, clock_gettime};

#[inline]
pub fn monotonic_ns() -> i64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}

#[inline]
pub fn process_cpu_ns() -> u64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    (now.tv_sec * 1_000_000_000 + now.tv_nsec) as u64
}

#[inline]
pub fn thread_cpu_ns() -> u64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    (now.tv_sec * 1_000_000_000 + now.tv_nsec) as u64
}
