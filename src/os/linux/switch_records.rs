//! The kernel's records of context switches: which thread was put on which core when, and was taken off; and of the births and
//! ends of threads.
//!
//! We open one event a core on the calling thread, disabled. The process that this thread executes inherits the events, and is
//! recorded from its exec on, with all its threads and processes. This needs no privileges where `kernel.perf_event_paranoid`
//! is 2 or less (perf_event_open(2)).

use crate::{Birth, BorrowedDescriptor, Name, SwitchKind, SwitchRecord};
use perf_event::{Builder, Clock, SampleFlag, Sampler, events::Software};
use rustix::event::{PollFd, PollFlags, poll};
use std::{
    io,
    os::fd::{AsRawFd, BorrowedFd},
    time::Duration,
};

/// Bytes of a core's ring, from the size that is asked for first to the least: locked memory is limited. A record of a switch
/// takes 32 bytes.
const RING_BYTES: [usize; 5] = [512 << 10, 256 << 10, 128 << 10, 64 << 10, 16 << 10];

/// The rings of all cores.
pub struct SwitchRecords {
    rings: Vec<(u32, Sampler)>,
    /// Add this to the kernel's clock to get this process's: not 0 in a time namespace.
    clock_offset_ns: i64,
}

impl SwitchRecords {
    pub fn open() -> io::Result<Self> {
        let rings = online_cores()?.into_iter().map(|core| Ok((core, open_ring(core)?)));
        Ok(Self { rings: rings.collect::<io::Result<_>>()?, clock_offset_ns: monotonic_offset_ns() })
    }

    /// A half-full ring ends the wait.
    pub fn wait(&self, most: Duration, wake: BorrowedDescriptor<'_>) {
        // SAFETY: the descriptors are those of the samplers, which live as long as `self`.
        let fd = |ring: &Sampler| unsafe { BorrowedFd::borrow_raw(ring.as_raw_fd()) };
        let rings: Vec<_> = self.rings.iter().map(|(_, ring)| fd(ring)).collect();
        let mut fds: Vec<_> = std::iter::once(&wake).chain(&rings).map(|fd| PollFd::new(fd, PollFlags::IN)).collect();
        let timeout = rustix::time::Timespec { tv_sec: most.as_secs() as i64, tv_nsec: i64::from(most.subsec_nanos()) };
        let _ = poll(&mut fds, Some(&timeout));
    }

    pub fn read(&mut self, mut each: impl FnMut(SwitchRecord)) {
        for (core, ring) in &mut self.rings {
            // One pass reads at most so many records of a core, so that a busy core does not hold the others up; the next pass
            // reads on.
            let mut most = RING_BYTES[0] / 16;
            while let Some(record) = ring.next_record() {
                let (ty, misc) = (record.ty(), record.misc());
                if let Some(record) = decode(*core, ty, misc, &record.to_contiguous(), self.clock_offset_ns) {
                    each(record);
                }
                most -= 1;
                if most == 0 {
                    break;
                }
            }
        }
    }
}

fn open_ring(core: u32) -> io::Result<Sampler> {
    let mut refused = io::Error::from(io::ErrorKind::OutOfMemory);
    for bytes in RING_BYTES {
        let event = Builder::new(Software::DUMMY)
            .one_cpu(core as usize)
            .enabled(false)
            .enable_on_exec(true)
            .inherit(true)
            .context_switch(true)
            .task(true)
            .comm(true)
            .comm_exec(true)
            .sample_id_all(true)
            .sample(SampleFlag::TID | SampleFlag::TIME | SampleFlag::CPU)
            .clockid(Clock::MONOTONIC)
            .wakeup_watermark(bytes / 2)
            .build()?;
        match event.sampled(bytes) {
            Ok(ring) => return Ok(ring),
            // EPERM here means the limit of locked memory: a smaller ring may fit.
            Err(error) => refused = locked_memory(error),
        }
    }
    Err(refused)
}

fn locked_memory(error: io::Error) -> io::Error {
    let out = matches!(error.raw_os_error(), Some(libc::EPERM | libc::ENOMEM));
    if out { io::Error::from_raw_os_error(libc::ENOMEM) } else { error }
}

pub fn switch_records_hint(error: &io::Error) -> String {
    let paranoid = std::fs::read_to_string("/proc/sys/kernel/perf_event_paranoid").unwrap_or_default();
    match error.raw_os_error() {
        Some(libc::EPERM | libc::EACCES) => format!(
            "the system refuses them to this user; kernel.perf_event_paranoid at 2 or less (it is {}), a container that \
             allows perf_event_open, or CAP_PERFMON would allow them",
            paranoid.trim()
        ),
        Some(libc::EMFILE | libc::ENFILE) => "no descriptors are left; raise `ulimit -n`".to_owned(),
        Some(libc::ENOMEM) => {
            "no locked memory is left for them; raise `ulimit -l`, or kernel.perf_event_mlock_kb".to_owned()
        }
        Some(libc::ENOSYS | libc::ENOENT | libc::EINVAL | libc::EOPNOTSUPP | libc::ENODEV) => {
            "this kernel has none; one with perf events would".to_owned()
        }
        _ => format!("{error}; another system may allow them"),
    }
}

/// The online cores, as the system numbers them.
fn online_cores() -> io::Result<Vec<u32>> {
    let text = std::fs::read_to_string("/sys/devices/system/cpu/online")?;
    let cores = cores_of(text.trim());
    if cores.is_empty() { Err(io::ErrorKind::InvalidData.into()) } else { Ok(cores) }
}

/// The numbers of a list like `0-3,6`.
fn cores_of(list: &str) -> Vec<u32> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.parse::<u32>().ok()?..=last.parse::<u32>().ok()?)
    };
    list.split(',').filter_map(range).flatten().collect()
}

/// How far this process's CLOCK_MONOTONIC is ahead of the kernel's: a container may have moved it.
fn monotonic_offset_ns() -> i64 {
    let text = std::fs::read_to_string("/proc/self/timens_offsets").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("monotonic"));
    let mut numbers = line.unwrap_or_default().split_whitespace().filter_map(|word| word.parse::<i64>().ok());
    numbers.next().unwrap_or(0) * 1_000_000_000 + numbers.next().unwrap_or(0)
}

/// The kernel's numbers of record types, and the flags of a switch (`linux/perf_event.h`).
mod kernel {
    pub const LOST: u32 = 2;
    /// A thread was named; by an exec where [`COMM_EXEC`] is set.
    pub const COMM: u32 = 3;
    pub const EXIT: u32 = 4;
    pub const FORK: u32 = 7;
    pub const SWITCH: u32 = 14;
    pub const COMM_EXEC: u16 = 1 << 13;
    pub const SWITCH_OUT: u16 = 1 << 13;
    pub const SWITCH_OUT_PREEMPT: u16 = 1 << 14;
}

/// Every record ends with the fields that we asked for (thread, time and core): 24 bytes.
fn decode(core: u32, ty: u32, misc: u16, bytes: &[u8], clock_offset_ns: i64) -> Option<SwitchRecord> {
    let at = bytes.len().checked_sub(24)?;
    let u32_at = |at: usize| Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let u64_at = |at: usize| Some(u64::from_ne_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    let (tid, at_ns) = (u32_at(at + 4)?, u64_at(at + 8)? as i64 + clock_offset_ns);
    let kind = match ty {
        kernel::SWITCH if misc & kernel::SWITCH_OUT == 0 => SwitchKind::On { tid },
        kernel::SWITCH => SwitchKind::Off { tid, preempted: misc & kernel::SWITCH_OUT_PREEMPT != 0 },
        kernel::FORK => SwitchKind::Born(Birth {
            pid: u32_at(0)?,
            parent_pid: u32_at(4)?,
            tid: u32_at(8)?,
            parent_tid: u32_at(12)?,
        }),
        kernel::COMM => {
            let (named, name) = (u32_at(4)?, Name::of(bytes.get(8..at)?));
            if misc & kernel::COMM_EXEC == 0 {
                SwitchKind::Named { tid: named, name }
            } else {
                SwitchKind::Executed { tid, name }
            }
        }
        kernel::EXIT => SwitchKind::Ended { pid: u32_at(0)?, tid: u32_at(8)? },
        kernel::LOST => SwitchKind::Lost(u64_at(8)?),
        _ => return None,
    };
    Some(SwitchRecord { at_ns, core, kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn lists_of_cores_are_read() {
        assert_eq!(cores_of("0-3,6"), [0, 1, 2, 3, 6]);
        assert_eq!(cores_of("0"), [0]);
        assert!(cores_of("").is_empty());
    }

    #[test]
    fn a_program_is_recorded_from_its_exec_to_its_end() {
        let Ok(mut records) = SwitchRecords::open() else {
            let required = std::env::var_os("SPAWNSCOPE_REQUIRE_ALL").is_some_and(|value| value == "1");
            assert!(!required, "switch records are refused here");
            return println!("skipped: switch records are refused here");
        };
        let before = crate::monotonic_ns();
        let mut child = Command::new("sh").args(["-c", "sleep 0.02; sleep 0.01 & wait"]).spawn().expect("sh");
        let pid = child.id();
        child.wait().expect("it ends");
        let after = crate::monotonic_ns();
        let mut taken = Vec::new();
        records.read(|record| taken.push(record));
        assert!(taken.iter().all(|record| (before..=after).contains(&record.at_ns)), "{before} {after} {taken:?}");
        let born = taken.iter().filter(|record| matches!(record.kind, SwitchKind::Born(_))).count();
        assert_eq!(born, 2, "the two sleeps: {taken:?}");
        let ended = |record: &&SwitchRecord| matches!(record.kind, SwitchKind::Ended { .. });
        assert_eq!(taken.iter().filter(ended).count(), 3);
        let own =
            |record: &&SwitchRecord| matches!(record.kind, SwitchKind::Off { tid, preempted: false } if tid == pid);
        assert!(taken.iter().filter(own).count() >= 2, "the shell waits twice: {taken:?}");
        let executed = |record: &SwitchRecord| matches!(record.kind, SwitchKind::Executed { tid, name } if tid == pid && name == Name::of(b"sh"));
        let first = taken.iter().filter(|record| own(record) || executed(record)).min_by_key(|record| record.at_ns);
        assert!(first.is_some_and(executed), "it is on a core from its exec on: {taken:?}");
    }
}
