//! Starting programs, the system's limits on that, and what its errors mean.

use crate::system;
use std::{
    io,
    process::{Child, Command},
};

/// Why no run can be made on this system, as a sentence; `None` where runs can be made. Ask before anything starts a run or a
/// guard.
pub const fn run_lack() -> Option<&'static str> {
    system::RUN_LACK
}

/// How many bytes of a file [`may_be_executed`] needs.
pub const PROGRAM_HEAD_BYTES: u64 = 52;

/// Whether the system itself may execute a file that begins so: a program or a script. The C library may give another file to a
/// shell, which would run it as a script. True where only the system can judge.
pub fn may_be_executed(head: &[u8]) -> bool {
    system::may_be_executed(head)
}

/// Has a program lead a process group of its own, where the system has groups. The standard library can still start it by
/// posix_spawn.
pub fn lead_group(command: &mut Command) {
    system::lead_group(command);
}

/// Has the calling process lead a process group of its own, where the system has groups.
pub fn lead_own_group() {
    system::lead_own_group();
}

/// Has the kernel kill the program when the calling thread ends.
///
/// # Errors
/// The system can't (Unsupported).
pub fn tie_to_this_thread(command: &mut Command) -> io::Result<()> {
    system::tie_to_this_thread(command)
}

/// Starts a program that leads a process group of its own. The holder of the returned child waits for it.
///
/// # Errors
/// The program can't be started, or the system could not end what it starts (Unsupported).
pub fn spawn_leader(command: &mut Command) -> io::Result<Child> {
    system::spawn_leader(command)
}

/// Reaps the adopted children that have ended: those of another process group that the calling process did not start itself. If
/// an orphan ended before anybody looked, only its group tells that it was adopted.
pub fn reap_strays() {
    system::reap_strays();
}

/// Raises the soft limit of descriptors to `wanted`, as far as the hard limit allows.
pub fn make_room_for_descriptors(wanted: usize) {
    system::make_room_for_descriptors(wanted);
}

/// How many descriptors this process may have open; `u64::MAX` where there is no limit.
pub fn descriptor_limit() -> u64 {
    system::descriptor_limit()
}

/// Whether an error says that no descriptor is free.
pub fn is_out_of_descriptors(error: &io::Error) -> bool {
    system::is_out_of_descriptors(error)
}

/// What to do about an error of starting a thread or a process; empty where nothing is known to help.
pub fn limit_hint(error: &io::Error) -> &'static str {
    system::limit_hint(error)
}

/// The system error with which another process's sentence ends, `(os error 11)`; absent where it ends in none.
pub fn system_error_in(sentence: &str) -> Option<io::Error> {
    let number = sentence.trim_end().rsplit_once("(os error ")?.1.strip_suffix(')')?.parse().ok()?;
    Some(io::Error::from_raw_os_error(number))
}
