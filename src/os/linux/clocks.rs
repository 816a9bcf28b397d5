//! The kernel's clocks of the calling thread, and of a child's first thread, read from `/proc`.

use crate::ThreadClocks;
use rustix::{
    fd::OwnedFd,
    fs::{CWD, Mode, OFlags},
};
use std::io;

const OWN: &str = "/proc/thread-self/schedstat";

/// A kernel without these counters says that even the calling thread was never on a CPU.
pub fn tells_run_queue() -> bool {
    open(OWN).ok().and_then(|schedstat| read(&schedstat)).is_some_and(|clocks| clocks.dispatches > 0)
}

/// The calling thread's `schedstat`: the descriptor keeps referring to the thread that opened it.
pub struct RunQueueClock {
    schedstat: OwnedFd,
}

impl RunQueueClock {
    pub fn open() -> io::Result<Self> {
        Ok(Self { schedstat: open(OWN)? })
    }

    pub fn read_ns(&self) -> Option<u64> {
        read(&self.schedstat).map(|clocks| clocks.run_queue_ns)
    }
}

pub fn first_thread_clocks(process: u32) -> Option<ThreadClocks> {
    read(&open(&format!("/proc/{process}/schedstat")).ok()?)
}

pub fn kernel_tick_ns() -> u64 {
    let tick = rustix::time::clock_getres(rustix::time::ClockId::MonotonicCoarse);
    (tick.tv_sec * 1_000_000_000 + tick.tv_nsec) as u64
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{monotonic_ns, pid, thread_cpu_ns, thread_usage};
    use std::time::Duration;

    #[test]
    fn what_the_kernel_writes_is_read() {
        let clocks = ThreadClocks { on_cpu_ns: 142_040, run_queue_ns: 156_643, dispatches: 2 };
        assert_eq!(clocks_of(b"142040 156643 2\n"), Some(clocks));
        assert_eq!(clocks_of(b"142040\n"), None);
        assert_eq!(clocks_of(b""), None);
    }

    #[test]
    fn a_thread_that_never_blocks_is_on_a_cpu_or_waits_for_one() {
        let crowd = std::thread::available_parallelism().map_or(2, usize::from) + 2;
        let spinners = (0..crowd).map(|_| std::thread::spawn(spin_and_sleep)).collect::<Vec<_>>();
        let waited: u64 = spinners.into_iter().map(|thread| thread.join().expect("its clocks add up")).sum();
        assert!(waited > 0, "more threads than cores, and none waited");
    }

    /// Spins until other threads have had its CPU, then sleeps, and checks its clocks. Returns its wait for a CPU.
    fn spin_and_sleep() -> u64 {
        let clock = RunQueueClock::open().expect("the kernel has one");
        let start_ns = monotonic_ns();
        let (cpu_ns, wait_ns, taken) =
            (thread_cpu_ns(), clock.read_ns().expect("read"), thread_usage().expect("counted").involuntary);
        while thread_usage().expect("counted").involuntary < taken + 3 {
            std::hint::spin_loop();
        }
        std::thread::sleep(Duration::from_millis(3));
        let (wait_ns, cpu_ns) = (clock.read_ns().expect("read") - wait_ns, thread_cpu_ns() - cpu_ns);
        let wall_ns = (monotonic_ns() - start_ns) as u64;
        assert!(
            cpu_ns > 0 && cpu_ns + wait_ns < wall_ns,
            "{cpu_ns} on, {wait_ns} ready, {wall_ns} in all: and it slept"
        );
        wait_ns
    }

    #[test]
    fn a_process_has_clocks_until_it_is_reaped() {
        let mut child = std::process::Command::new("true").spawn().expect("started");
        crate::wait_without_reaping(child.id());
        let end = first_thread_clocks(child.id()).expect("it is not reaped");
        assert!(end.on_cpu_ns > 0 && end.dispatches > 0, "{end:?}");
        child.wait().expect("reaped");
        assert_eq!(first_thread_clocks(child.id()), None);
        assert!(first_thread_clocks(pid()).is_some());
    }
}
