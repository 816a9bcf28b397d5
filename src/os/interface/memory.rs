//! Memory and other resources that threads and processes used.

use crate::system;

/// What the system counted for a thread or a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsageCount {
    /// CPU time in user mode.
    pub user_ns: u64,
    /// CPU time in the kernel.
    pub system_ns: u64,
    /// Voluntary context switches: the thread gave the CPU away.
    pub voluntary: u64,
    /// Involuntary context switches: the CPU was taken from the thread.
    pub involuntary: u64,
    /// Page faults without the disk.
    pub minor_faults: u64,
    /// Page faults with the disk.
    pub major_faults: u64,
    /// Peak resident memory, always of the whole process.
    pub max_rss_bytes: u64,
}

/// What the calling thread has used so far; `None` where the system does not count all of it for each thread.
#[inline]
pub fn thread_usage() -> Option<UsageCount> {
    system::thread_usage()
}

/// Peak resident memory of the calling process; `None` where the system does not tell.
pub fn peak_resident_bytes() -> Option<u64> {
    system::peak_resident_bytes()
}

/// Peak resident memory of another process so far; `None` where it is gone, or the system does not tell.
pub fn peak_resident_bytes_of(pid: u32) -> Option<u64> {
    system::peak_resident_bytes_of(pid)
}

/// Returns freed memory to the system, where the allocator can do so: after a run of very many executions it holds much of it.
pub fn give_memory_back() {
    system::give_memory_back();
}

/// Where the address space is limited, has the C library use one arena for all threads instead of reserving one for each. Call
/// it before there are threads.
pub fn spare_address_space() {
    system::spare_address_space();
}
