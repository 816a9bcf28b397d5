//! The files that another process executes and has mapped.

use crate::system;

/// A file that a process has mapped from its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedFile {
    /// Where the file's first byte lies in the process.
    pub start: u64,
    /// Device and inode, as the system writes them: the same file has the same, in every process.
    pub identity: (String, u64),
    /// Its path as the process sees it.
    pub path: String,
}

/// The files that a process has mapped from their beginning, each once. Empty where the process is gone or another's, or the
/// system does not tell.
pub fn mapped_files(pid: u32) -> Vec<MappedFile> {
    system::mapped_files(pid)
}

/// The program that a process executes, as a path; `None` where it is gone or another's, or the system does not tell.
pub fn executable_of(pid: u32) -> Option<String> {
    system::executable_of(pid)
}
