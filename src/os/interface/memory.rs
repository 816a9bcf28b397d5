//! Memory, and what else the system counts of who used it.

use crate::system;

/// What the system counted of a thread or a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsageCount {
    /// CPU time in user mode.
    pub user_ns: u64,
    /// CPU time in the kernel.
    pub system_ns: u64,
    /// Times the CPU was given away.
    pub voluntary: u64,
    /// Times the CPU was taken.
    pub involuntary: u64,
    /// Page faults without the disk.
    pub minor_faults: u64,
    /// Page faults with the disk.
    pub major_faults: u64,
    /// Most memory resident at once; of the whole process.
    pub max_rss_bytes: u64,
}

/// What the calling thread has used so far; `None` where the system does not count all of it by threads.
#[inline]
pub fn thread_usage() -> Option<UsageCount> {
    system::thread_usage()
}

/// Most memory that the calling process ever had resident; `None` where the system does not tell.
pub fn peak_resident_bytes() -> Option<u64> {
    system::peak_resident_bytes()
}

/// The same of another process, by now; `None` where it is gone, or the system does not tell.
pub fn peak_resident_bytes_of(pid: u32) -> Option<u64> {
    system::peak_resident_bytes_of(pid)
}

/// Gives memory that was freed back to the system, where the allocator can be asked: after a run of very many executions it
/// holds much of it.
pub fn give_memory_back() {
    system::give_memory_back();
}

/// Where the address space is limited, has the C library take memory for all threads from one place, if it would else reserve
/// some for each. To be called before there are threads.
pub fn spare_address_space() {
    system::spare_address_space();
}
