//! Clocks: the machine's, and those that count what a process or a thread did. All are in nanoseconds.

use crate::system;
use std::io;

/// The machine's monotonic clock, the same in all processes: CLOCK_MONOTONIC on Linux and macOS, the performance counter on
/// Windows.
#[inline]
pub fn monotonic_ns() -> i64 {
    system::monotonic_ns()
}

/// CPU time of the calling process so far. Windows counts it in ticks of some 16 ms.
#[inline]
pub fn process_cpu_ns() -> u64 {
    system::process_cpu_ns()
}

/// CPU time of the calling thread so far. Windows counts it in ticks of some 16 ms.
#[inline]
pub fn thread_cpu_ns() -> u64 {
    system::thread_cpu_ns()
}

/// The kernel's tick: the clock of another, running thread may lag by so much. 0 where no such clock can be read.
pub fn kernel_tick_ns() -> u64 {
    system::kernel_tick_ns()
}

/// The kernel's clocks of a thread since its birth. While the thread is on a CPU, `on_cpu_ns` is up to a tick old; while it is
/// ready, `run_queue_ns` lacks its present wait. While it is blocked, both are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ThreadClocks {
    /// On a CPU.
    pub on_cpu_ns: u64,
    /// Ready, waiting for a CPU.
    pub run_queue_ns: u64,
    /// How often the thread was put on a CPU.
    pub dispatches: u64,
}

/// Whether this system tells how long threads waited for a CPU.
pub fn tells_run_queue() -> bool {
    system::tells_run_queue()
}

/// The run-queue clock of the thread that opened it: how long that thread has been ready and waited for a CPU since its birth,
/// whichever thread reads it. On Linux a read takes 1 µs; opening and closing takes ten.
pub struct RunQueueClock(system::RunQueueClock);

impl RunQueueClock {
    /// Opens the calling thread's clock.
    ///
    /// # Errors
    /// No descriptor is free, or this system has no such clock (Unsupported).
    pub fn open() -> io::Result<Self> {
        system::RunQueueClock::open().map(Self)
    }

    /// The wait so far. It is exact where a thread reads its own clock, since that thread is on a CPU then.
    #[inline]
    pub fn read_ns(&self) -> Option<u64> {
        self.0.read_ns()
    }
}

/// The clocks of a process's first thread. Those of a child that has ended and is not reaped are final. `None` where there is
/// no such process, no descriptor is free, or the system has no such clocks.
pub fn first_thread_clocks(process: u32) -> Option<ThreadClocks> {
    system::first_thread_clocks(process)
}
