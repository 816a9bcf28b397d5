//! Starting programs, the limits that the system sets to it, and what its refusals mean.

use crate::system;
use std::{
    io,
    process::{Child, Command},
};

/// Why no run can be made on this system, as a sentence; `None` where runs can be made. To be asked before anything that
/// starts a run or a guard.
pub const fn run_lack() -> Option<&'static str> {
    system::RUN_LACK
}

/// Of how many bytes [`may_be_executed`] judges a file.
pub const PROGRAM_HEAD_BYTES: u64 = 52;

/// Whether the system itself may execute a file that begins so: a program or a script. What it can't execute the C library may
/// give to a shell, which would run it as a script of its own. True where that is the system's to say.
pub fn may_be_executed(head: &[u8]) -> bool {
    system::may_be_executed(head)
}

/// Has a program lead a process group of its own, where the system has groups. The standard library can still use posix_spawn
/// for it.
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

/// Starts a program that leads a process group of its own, and is waited for by whoever holds what is given.
///
/// # Errors
/// Those of starting a program; or the system could not end whom it starts (Unsupported).
pub fn spawn_leader(command: &mut Command) -> io::Result<Child> {
    system::spawn_leader(command)
}

/// Reaps those that the calling process has adopted and that have ended: children of another process group that it did not
/// start itself. Of one that ended before anybody looked nothing else tells whose it was.
pub fn reap_strays() {
    system::reap_strays();
}

/// Raises the soft limit of descriptors if it is below `wanted`, as far as the hard limit allows.
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

/// The system's error that a sentence of another process ends in, `(os error 11)`; absent where it ends in none.
pub fn system_error_in(sentence: &str) -> Option<io::Error> {
    let number = sentence.trim_end().rsplit_once("(os error ")?.1.strip_suffix(')')?.parse().ok()?;
    Some(io::Error::from_raw_os_error(number))
}
