//! Processes: Windows has no tree, no groups and no signals for them.

use super::lacking;
use crate::{Forked, ProcessEnd, UsageCount};
use std::{io, process::Command};
use windows_sys::Win32::{
    Foundation::{ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY, ERROR_TOO_MANY_OPEN_FILES},
    System::Threading::{GetCurrentProcess, GetCurrentThreadId, TerminateProcess},
};

pub fn tid() -> u32 {
    // SAFETY: it has no preconditions.
    unsafe { GetCurrentThreadId() }
}

pub fn parent_pid() -> u32 {
    0
}

pub const HAS_FORK: bool = false;

/// # Safety
/// None is needed: nothing is forked.
pub unsafe fn fork() -> io::Result<Forked> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "Windows has no fork: choose threads, or processes by spawn"))
}

pub fn exit_now(code: i32) -> ! {
    // SAFETY: ends the process; nothing is left to be unsafe.
    unsafe { TerminateProcess(GetCurrentProcess(), code as u32) };
    // TerminateProcess does not return for the calling process.
    std::process::abort()
}

pub fn die_by(signal: i32) -> ! {
    exit_now(128 + signal)
}

pub fn die_with_parent(_parent: u32) {}

pub fn lead_group(_command: &mut Command) {}

pub fn lead_own_group() {}

pub fn is_group(_leader: u32) -> bool {
    false
}

pub fn may_be_executed(_head: &[u8]) -> bool {
    true
}

pub fn wait_without_reaping(_child: u32) {}

pub fn reap(_child: u32) -> io::Result<(ProcessEnd, UsageCount)> {
    Err(lacking("wait for a process by its number"))
}

pub fn reap_orphans(_kept: u32) {}

pub fn reap_all() -> bool {
    false
}

pub fn child_ends() -> io::Result<io::PipeReader> {
    Err(lacking("hear of the end of children"))
}

pub fn end_signals() -> io::Result<io::PipeReader> {
    Err(lacking("hear that a process is told to end"))
}

pub fn make_room_for_descriptors(_wanted: usize) {}

/// Windows limits handles by memory alone.
pub fn descriptor_limit() -> u64 {
    u64::MAX
}

pub fn is_out_of_descriptors(error: &io::Error) -> bool {
    error.raw_os_error() == Some(ERROR_TOO_MANY_OPEN_FILES as i32)
}

pub fn limit_hint(error: &io::Error) -> &'static str {
    match error.raw_os_error().map(|number| number as u32) {
        Some(ERROR_TOO_MANY_OPEN_FILES) => "; no handles are left: lower `workers`",
        Some(ERROR_NOT_ENOUGH_MEMORY | ERROR_NO_SYSTEM_RESOURCES) => "; no memory is left: lower `workers`",
        _ => "",
    }
}
