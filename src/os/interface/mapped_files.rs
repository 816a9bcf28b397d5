//! The files that another process executes and has mapped.

use crate::system;

/// A file that a process has mapped from its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedFile {
    /// The address of the file's first byte in the process.
    pub start: u64,
    /// Device and inode, as the system writes them; they identify the file in every process.
    pub identity: (String, u64),
    /// Its path as the process sees it.
    pub path: String,
}

/// The files that a process has mapped from their beginning, each once. Empty where the process is gone or another user's, or
/// the system does not tell.
pub fn mapped_files(pid: u32) -> Vec<MappedFile> {
    system::mapped_files(pid)
}

/// The path of the program that a process executes; `None` where it is gone or another user's, or the system does not tell.
pub fn executable_of(pid: u32) -> Option<String> {
    system::executable_of(pid)
}
