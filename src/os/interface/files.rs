//! A run's files: where they lie, the FIFO of texts, and memory that processes share.

use crate::system;
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

/// Where runs may keep their folders, the best place first: in memory where the system has that, so that nothing waits for a
/// disk; else, or where that is full, among the temporary files.
pub fn run_folder_roots() -> Vec<PathBuf> {
    system::memory_folder().into_iter().chain([std::env::temp_dir()]).collect()
}

/// Makes a FIFO that only this user may open.
///
/// # Errors
/// The folder is not writable, the name is taken, or the system has no FIFOs (Unsupported).
pub fn make_fifo(path: &Path) -> io::Result<()> {
    system::make_fifo(path)
}

/// Opens a FIFO for writing, if somebody reads it; writing to it does not wait either.
///
/// # Errors
/// Nobody reads it, it is not there, or the system has no FIFOs (Unsupported).
pub fn open_without_waiting(fifo: &Path) -> io::Result<File> {
    system::open_without_waiting(fifo)
}

/// Makes memory of this many bytes, all 0, which this user's processes open and map by its path as long as the file that is
/// given here is open. Its pages are there before anybody uses them, so that no store into it ends in SIGBUS for want of room.
///
/// On Linux it is memory of no file system, sealed against being shortened, and the path is a link to it. Where that can't be
/// had it is a file at the path.
///
/// # Errors
/// There is no room for it, neither in memory nor in the path's file system; or the system can't be asked for it
/// (Unsupported).
pub fn share_memory_at(path: &Path, bytes: u64) -> io::Result<File> {
    system::share_memory_at(path, bytes)
}
