//! Making processes, waiting for them, and ending them.

use crate::{Forked, ProcessEnd, UsageCount, system::RSS_UNIT};
use rustix::process::{Pid, WaitId, WaitIdOptions, WaitOptions};
use std::{io, mem::MaybeUninit, os::unix::process::CommandExt, process::Command};

pub fn parent_pid() -> u32 {
    rustix::process::getppid().map_or(0, number_of)
}

pub fn number_of(pid: Pid) -> u32 {
    pid.as_raw_nonzero().get() as u32
}

pub fn pid_of(pid: u32) -> io::Result<Pid> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no process number"))
}

pub const HAS_FORK: bool = true;

/// # Safety
/// The calling thread must be the only one of its process.
pub unsafe fn fork() -> io::Result<Forked> {
    // SAFETY: the caller sees to it.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Forked::Child),
        child => Ok(Forked::Parent(child as u32)),
    }
}

pub fn exit_now(code: i32) -> ! {
    // SAFETY: ends the process; nothing is left to be unsafe.
    unsafe { libc::_exit(code) }
}

pub fn die_by(signal: i32) -> ! {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // SAFETY: the default action of a signal and raising it; nothing of the process is used afterwards.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::raise(signal);
    }
    exit_now(128 + signal)
}

pub fn lead_group(command: &mut Command) {
    command.process_group(0);
}

pub fn lead_own_group() {
    let _ = rustix::process::setpgid(None, None);
}

pub fn is_group(leader: u32) -> bool {
    let leader = i32::try_from(leader).ok().filter(|pid| *pid > 1).and_then(Pid::from_raw);
    leader.is_some_and(|leader| rustix::process::test_kill_process_group(leader).is_ok())
}

pub fn wait_without_reaping(child: u32) {
    let Ok(pid) = pid_of(child) else { return };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while let Err(rustix::io::Errno::INTR) = rustix::process::waitid(WaitId::Pid(pid), options) {}
}

pub fn reap(child: u32) -> io::Result<(ProcessEnd, UsageCount)> {
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    loop {
        // SAFETY: both pointers are to live locals of the types that wait4 writes.
        let reaped = unsafe { libc::wait4(child as i32, &mut status, 0, usage.as_mut_ptr()) };
        if reaped == child as i32 {
            break;
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    // SAFETY: zeroed and then written by wait4; every bit pattern is a valid rusage.
    Ok((crate::end_of(status), count_of(&unsafe { usage.assume_init() })))
}

#[allow(clippy::useless_conversion, reason = "microseconds are of another type on macOS")]
pub fn count_of(usage: &libc::rusage) -> UsageCount {
    let ns = |time: libc::timeval| (time.tv_sec * 1_000_000_000 + i64::from(time.tv_usec) * 1_000) as u64;
    UsageCount {
        user_ns: ns(usage.ru_utime),
        system_ns: ns(usage.ru_stime),
        voluntary: usage.ru_nvcsw as u64,
        involuntary: usage.ru_nivcsw as u64,
        minor_faults: usage.ru_minflt as u64,
        major_faults: usage.ru_majflt as u64,
        max_rss_bytes: usage.ru_maxrss as u64 * RSS_UNIT,
    }
}

pub fn reap_orphans(kept: u32) {
    while let Some(ended) = first_ended().filter(|pid| *pid != kept) {
        if reap(ended).is_err() {
            return;
        }
    }
}

/// A child that has ended and is not reaped.
fn first_ended() -> Option<u32> {
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
    // SAFETY: the pointer is to a live local of the type that waitid writes; zeroes are a valid siginfo, whose number is 0.
    let pid = unsafe {
        libc::waitid(libc::P_ALL, 0, info.as_mut_ptr(), options);
        info.assume_init().si_pid()
    };
    u32::try_from(pid).ok().filter(|pid| *pid != 0)
}

pub fn reap_all() -> bool {
    loop {
        match rustix::process::wait(WaitOptions::NOHANG) {
            Ok(Some(_)) | Err(rustix::io::Errno::INTR) => {}
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}
