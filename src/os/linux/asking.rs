//! Asking a Python runner's process where its executions are, by real-time signals.

use super::tree::{descends_from, has_open};
use crate::{SyscallNow, ThreadWatch};
use std::{fs, path::Path};

/// The last but one of the real-time signals: programs hardly use it for themselves.
fn signal() -> i32 {
    libc::SIGRTMAX() - 1
}

/// The signal before that, which faulthandler catches.
fn stacks_signal() -> i32 {
    libc::SIGRTMAX() - 2
}

pub fn ask_where(pid: u32) {
    if is_below_this(pid) && has(pid, "SigCgt:", signal()) {
        send(pid, signal());
    }
}

pub fn ask_stacks(pid: u32, file: &Path) -> bool {
    let asked = is_below_this(pid)
        && has(pid, "SigCgt:", stacks_signal())
        && has_open(pid, file.as_os_str())
        && others_sleep(pid);
    if asked {
        send(pid, stacks_signal());
    }
    asked
}

pub fn has_told_stacks(pid: u32) -> bool {
    ["ShdPnd:", "SigPnd:", "SigBlk:"].iter().all(|mask| !has(pid, mask, stacks_signal()))
}

pub fn stack_pointer(pid: u32, tid: u32) -> Option<u64> {
    stack_pointer_of(&fs::read_to_string(format!("/proc/{pid}/task/{tid}/syscall")).ok()?)
}

/// The stack pointer: the last word but one of `-1 SP PC`, or of call number, six arguments, SP and PC.
fn stack_pointer_of(syscall: &str) -> Option<u64> {
    let words: Vec<&str> = syscall.split_ascii_whitespace().collect();
    let [.., pointer, _] = words[..] else { return None };
    u64::from_str_radix(pointer.strip_prefix("0x")?, 16).ok()
}

fn is_below_this(pid: u32) -> bool {
    descends_from(pid, crate::pid())
}

/// Whether all threads of a process except its first are blocked.
fn others_sleep(pid: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return false };
    let numbers = threads.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|tid| *tid != pid).all(|tid| {
        let now = ThreadWatch::open(pid, tid, false).and_then(|watch| watch.now());
        matches!(now, Ok(SyscallNow::InCall { .. } | SyscallNow::BlockedOutside | SyscallNow::Gone))
    })
}

fn send(pid: u32, signal: i32) {
    if let Ok(pid) = i32::try_from(pid) {
        // SAFETY: plain numbers go to the kernel, and no memory of ours.
        unsafe { libc::kill(pid, signal) };
    }
}

/// Whether a signal is in one of the masks of a process's first thread.
fn has(pid: u32, mask: &str, signal: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/status")).is_ok_and(|status| is_in(&status, mask, signal))
}

/// Whether a signal is in a mask of a `/proc/PID/status`.
fn is_in(status: &str, mask: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix(mask));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| (mask >> (signal - 1)) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Child, Command};

    #[test]
    fn who_catches_a_signal_is_read_from_its_mask() {
        let status = "Name:\tpython3\nSigIgn:\t4000000000000000\nSigCgt:\t4000000000000002\n";
        let catches = |status, signal| is_in(status, "SigCgt:", signal);
        assert!(catches(status, 63) && catches(status, 2));
        assert!(!catches(status, 12) && !catches("SigCgt:\tno mask\n", 2) && !catches("", 2));
    }

    #[test]
    fn a_stack_pointer_is_read_of_a_blocked_thread_alone() {
        let call = "202 0x7f6a64001200 0x189 0x0 0x0 0x0 0xffffffff 0x7f6a69565af0 0x7f6a698a3f16\n";
        assert_eq!(stack_pointer_of(call), Some(0x7f6a_6956_5af0));
        assert_eq!(stack_pointer_of("-1 0x7ffe0 0x7f00\n"), Some(0x7ffe0));
        assert_eq!((stack_pointer_of("running\n"), stack_pointer_of("")), (None, None));
    }

    #[test]
    fn a_process_that_does_not_catch_it_goes_on() {
        let mut sleeper: Child = Command::new("sleep").arg("60").spawn().expect("a process");
        ask_where(sleeper.id());
        assert!(!ask_stacks(sleeper.id(), Path::new("/no/stacks")));
        assert_eq!(sleeper.try_wait().expect("asked"), None, "it was not sent what would end it");
        sleeper.kill().and_then(|()| sleeper.wait()).expect("ended");
    }
}
