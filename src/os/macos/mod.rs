//! macOS: what POSIX has. Type-checked, and never run.

pub use crate::{lacking::*, unix::*};

use std::{fs::File, io, path::Path};

pub const NAME: &str = "macOS";
/// The unit in which getrusage counts resident memory, in bytes.
pub const RSS_UNIT: u64 = 1;
pub const DISPLAY_HAS_NAME: bool = false;
pub const HAS_FILE_DIALOGS: bool = true;
pub const RUN_LACK: Option<&str> = Some(
    "on macOS Spawnscope can't make runs yet: nothing there would end what a run leaves behind; make the run on Linux, and \
     open what it saved here",
);

/// 0 where the system's 64-bit number does not fit.
pub fn tid() -> u32 {
    let mut number = 0;
    // SAFETY: thread 0 is the calling one, and the number goes to a live local.
    unsafe { libc::pthread_threadid_np(0, &raw mut number) };
    u32::try_from(number).unwrap_or(0)
}

/// The address of the calling thread's `errno`.
pub fn errno() -> *mut libc::c_int {
    // SAFETY: it has no preconditions.
    unsafe { libc::__error() }
}

pub fn may_be_executed(_head: &[u8]) -> bool {
    true
}

/// The kernel does not tell a child that its parent ended, so only a parent that has already gone is noticed.
pub fn die_with_parent(parent: u32) {
    if rustix::process::getppid().is_none_or(|now| number_of(now) != parent) {
        exit_now(1);
    }
}

pub fn share_memory_at(path: &Path, bytes: u64) -> io::Result<File> {
    file_at(path, bytes, write_zeroes)
}
