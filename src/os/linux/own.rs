//! What Linux can do with the calling process, and what it counts for it.

use crate::{
    Descriptor, UsageCount, exit_now, pid,
    unix::{count_of, number_of, pid_of},
};
use rustix::process::{PidfdFlags, Signal, getppid};
use std::{
    io,
    mem::MaybeUninit,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

pub fn tid() -> u32 {
    rustix::thread::gettid().as_raw_nonzero().get() as u32
}

pub fn die_with_parent(parent: u32) {
    let _ = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    if getppid().is_none_or(|now| number_of(now) != parent) {
        exit_now(1);
    }
}

pub fn tie_to_this_thread(command: &mut Command) -> io::Result<()> {
    let parent = pid();
    // SAFETY: between fork and exec the closure makes only system calls, `_exit` among them.
    unsafe {
        command.pre_exec(move || {
            die_with_parent(parent);
            Ok(())
        });
    }
    Ok(())
}

pub fn may_be_executed(head: &[u8]) -> bool {
    let is_whole_elf = head.starts_with(b"\x7fELF") && head.len() as u64 == crate::PROGRAM_HEAD_BYTES;
    is_whole_elf || head.starts_with(b"#!")
}

pub fn adopt_orphans() -> io::Result<()> {
    Ok(rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?)
}

pub fn adopt_no_more() {
    let _ = rustix::process::set_child_subreaper(None);
}

pub fn exit_watch(child: u32) -> io::Result<Descriptor> {
    Ok(rustix::process::pidfd_open(pid_of(child)?, PidfdFlags::empty())?)
}

#[inline]
pub fn thread_usage() -> Option<UsageCount> {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is to a live local of the type that getrusage writes; zeroes are a valid rusage.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_THREAD, usage.as_mut_ptr());
        usage.assume_init()
    };
    Some(count_of(&usage))
}

/// The address of the calling thread's `errno`.
pub fn errno() -> *mut libc::c_int {
    // SAFETY: it has no preconditions.
    unsafe { libc::__errno_location() }
}

pub fn give_memory_back() {
    // SAFETY: it has no preconditions, and may be called by any thread at any time.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// `VmHWM`: a child inherits getrusage's figure from the process that executed it.
pub fn peak_resident_bytes() -> Option<u64> {
    peak_in_status("/proc/self/status")
}

pub fn peak_resident_bytes_of(pid: u32) -> Option<u64> {
    peak_in_status(&format!("/proc/{pid}/status"))
}

fn peak_in_status(path: &str) -> Option<u64> {
    let status = std::fs::read_to_string(path).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

pub fn spare_address_space() {
    use rustix::process::{Resource, getrlimit};
    let limited = [Resource::As, Resource::Data].into_iter().any(|resource| getrlimit(resource).current.is_some());
    #[cfg(target_env = "gnu")]
    if limited {
        // SAFETY: sets a parameter of the allocator; no other thread runs yet.
        unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
    }
    #[cfg(not(target_env = "gnu"))]
    let _ = limited;
}

/// The file system in memory, if this user may write to it.
pub fn memory_folder() -> Option<PathBuf> {
    let memory = Path::new("/dev/shm");
    let usable = rustix::fs::access(memory, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok();
    usable.then(|| memory.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::{monotonic_ns, peak_resident_bytes};

    #[test]
    fn the_clock_goes_on_and_the_peak_is_known() {
        let before = monotonic_ns();
        assert!(monotonic_ns() >= before && before > 0);
        assert!(peak_resident_bytes().expect("Linux says it") > 1 << 16);
    }
}
