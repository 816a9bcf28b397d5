//! Asking a Python runner's process where its executions are.

use std::fs;

/// The last but one of the real-time signals: programs hardly use it for themselves.
fn signal() -> i32 {
    libc::SIGRTMAX() - 1
}

/// Asks a Python runner's process where its executions are. One that does not catch the signal is not sent it, which would
/// end it; that it is gone already is no error.
pub fn ask_where(pid: u32) {
    let caught = fs::read_to_string(format!("/proc/{pid}/status")).is_ok_and(|status| catches(&status, signal()));
    if let (true, Ok(pid)) = (caught, i32::try_from(pid)) {
        // SAFETY: plain numbers go to the kernel, and no memory of ours.
        unsafe { libc::kill(pid, signal()) };
    }
}

/// Whether a process has a handler for a signal, by its `/proc/PID/status`.
fn catches(status: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
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
        assert!(catches(status, 63) && catches(status, 2));
        assert!(!catches(status, 12) && !catches("SigCgt:\tno mask\n", 2) && !catches("", 2));
    }

    #[test]
    fn a_process_that_does_not_catch_it_goes_on() {
        let mut sleeper: Child = Command::new("sleep").arg("60").spawn().expect("a process");
        ask_where(sleeper.id());
        assert_eq!(sleeper.try_wait().expect("asked"), None, "it was not sent what would end it");
        sleeper.kill().and_then(|()| sleeper.wait()).expect("ended");
    }
}
