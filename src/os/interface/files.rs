//! A run's files: where they lie, the FIFO of texts, and memory that processes share.

use crate::system;
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

/// Where runs may keep their folders, the best place first: in memory where the system has such a file system, so that no run
/// waits for a disk; then among the temporary files, for systems without it and for when it is full.
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

/// Opens a FIFO for writing if a process reads it. Neither opening nor writing blocks.
///
/// # Errors
/// Nobody reads it, it does not exist, or the system has no FIFOs (Unsupported).
pub fn open_without_waiting(fifo: &Path) -> io::Result<File> {
    system::open_without_waiting(fifo)
}

/// Makes memory of this many bytes, all 0. This user's processes can open and map it by its path while the returned file is
/// open. Its pages are allocated at once, so that no store into it ends in SIGBUS for want of room.
///
/// On Linux it is a sealed memfd that nobody can shorten, and the path is a link to it. Where that is refused it is a file at
/// the path.
///
/// # Errors
/// Neither memory nor the path's file system has room for it, or the system can't be asked for it (Unsupported).
pub fn share_memory_at(path: &Path, bytes: u64) -> io::Result<File> {
    system::share_memory_at(path, bytes)
}
