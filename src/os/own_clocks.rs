//! The kernel's clocks of the calling thread, and of a child's first thread, read of `/proc`. Linux.

use super::ThreadClocks;
use rustix::{
    fd::OwnedFd,
    fs::{CWD, Mode, OFlags},
};
use std::io;

const OWN: &str = "/proc/thread-self/schedstat";

/// Whether this kernel tells how long threads waited for a CPU.
pub fn tells_run_queue() -> bool {
    rustix::fs::access(OWN, rustix::fs::Access::READ_OK).is_ok()
}

/// The run-queue clock of the thread that opened it: how long it was ready and waited for a CPU, since its birth. It stays
/// with that thread, whoever reads it. A read takes 1 µs, opening and closing it ten.
pub struct RunQueueClock {
    schedstat: OwnedFd,
}

impl RunQueueClock {
    /// The calling thread's.
    ///
    /// # Errors
    /// No descriptor is free, or this kernel has no such clock.
    pub fn open() -> io::Result<Self> {
        Ok(Self { schedstat: open(OWN)? })
    }

    /// The wait so far, in nanoseconds. Of a thread that reads its own clock it is exact: it is on a CPU then.
    pub fn read_ns(&self) -> Option<u64> {
        read(&self.schedstat).map(|clocks| clocks.run_queue_ns)
    }
}

/// The clocks of a process's first thread; those of a child that has ended and is not reaped are final. Absent where there
/// is no such process, or no descriptor is free.
pub fn first_thread_clocks(process: u32) -> Option<ThreadClocks> {
    read(&open(&format!("/proc/{process}/schedstat")).ok()?)
}

fn open(path: &str) -> io::Result<OwnedFd> {
    Ok(rustix::fs::openat(CWD, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?)
}

fn read(schedstat: &OwnedFd) -> Option<ThreadClocks> {
    let mut text = [0; 96];
    let length = rustix::io::pread(schedstat, &mut text, 0).ok()?;
    clocks_of(&text[..length])
}

/// What a `schedstat` says: three numbers.
pub(super) fn clocks_of(text: &[u8]) -> Option<ThreadClocks> {
    let text = std::str::from_utf8(text).ok()?;
    let mut numbers = text.split_ascii_whitespace().map_while(|word| word.parse().ok());
    Some(ThreadClocks {
        on_cpu_ns: numbers.next()?,
        run_queue_ns: numbers.next()?,
        dispatches: numbers.next().unwrap_or(0),
    })
}
