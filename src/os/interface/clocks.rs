//! Clocks: the machine's, and those that count what a process or a thread did. All are in nanoseconds.

use crate::system;
use std::io;

/// The machine's clock, which only goes on, and is the same in all its processes: on Linux and macOS CLOCK_MONOTONIC, on
/// Windows the performance counter.
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

/// The length of the kernel's tick, by which the clock of another thread that runs may lag; 0 where no such clock can be read.
pub fn kernel_tick_ns() -> u64 {
    system::kernel_tick_ns()
}

/// The kernel's clocks of a thread since its birth. Of a thread that is on a CPU `on_cpu_ns` is up to a tick old; of one
/// that is ready `run_queue_ns` lacks the wait that it is in. Of a blocked thread both are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ThreadClocks {
    /// On a CPU.
    pub on_cpu_ns: u64,
    /// Ready, waiting for a CPU.
    pub run_queue_ns: u64,
    /// How often it was put on a CPU.
    pub dispatches: u64,
}

/// Whether this system tells how long threads waited for a CPU.
pub fn tells_run_queue() -> bool {
    system::tells_run_queue()
}

/// The run-queue clock of the thread that opened it: how long it was ready and waited for a CPU, since its birth. It stays
/// with that thread, whoever reads it. On Linux a read takes 1 µs, opening and closing it ten.
pub struct RunQueueClock(system::RunQueueClock);

impl RunQueueClock {
    /// The calling thread's.
    ///
    /// # Errors
    /// No descriptor is free, or this system has no such clock (Unsupported).
    pub fn open() -> io::Result<Self> {
        system::RunQueueClock::open().map(Self)
    }

    /// The wait so far. Of a thread that reads its own clock it is exact: it is on a CPU then.
    #[inline]
    pub fn read_ns(&self) -> Option<u64> {
        self.0.read_ns()
    }
}

/// The clocks of a process's first thread; those of a child that has ended and is not reaped are final. `None` where there is
/// no such process, no descriptor is free, or the system has no such clocks.
pub fn first_thread_clocks(process: u32) -> Option<ThreadClocks> {
    system::first_thread_clocks(process)
}
