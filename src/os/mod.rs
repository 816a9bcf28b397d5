//! The one room that knows the platform. Each system has a file with the same signatures.
//!
//! Linux is what is built and tested. Another system is one more file here.

#![allow(unsafe_code, reason = "the system's functions are unsafe; who calls one says why it is not")]

#[cfg(target_os = "linux")]
mod affinity;
#[cfg(target_os = "linux")]
mod asking;
#[cfg(target_os = "linux")]
mod heard_signals;
#[cfg(target_os = "linux")]
mod held_folder;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod machine_state;
#[cfg(target_os = "linux")]
mod mapped_files;
#[cfg(target_os = "linux")]
mod own_clocks;
#[cfg(target_os = "linux")]
mod parked;
#[cfg(target_os = "linux")]
mod shared_memory;
#[cfg(target_os = "linux")]
mod standard_streams;
#[cfg(target_os = "linux")]
mod switch_records;
#[cfg(target_os = "linux")]
mod thread_state;
#[cfg(target_os = "linux")]
mod tree;
#[cfg(target_os = "linux")]
pub use {
    affinity::*, asking::*, heard_signals::*, held_folder::*, linux::*, machine_state::*, mapped_files::*,
    own_clocks::*, parked::*, shared_memory::*, standard_streams::*, switch_records::*, thread_state::*, tree::*,
};

#[cfg(not(target_os = "linux"))]
compile_error!("Spawnscope runs on Linux so far; src/os/linux.rs is what another system would need a counterpart of");

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

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessEnd {
    /// With this exit status.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
}
