//! Linux.

mod affinity;
mod asking;
mod clocks;
mod leaders;
mod machine_state;
mod mapped_files;
mod own;
mod parked;
mod poller;
mod semaphores;
mod shared_memory;
mod standard_streams;
mod switch_records;
mod thread_state;
mod tree;

pub use crate::unix::*;
pub use {
    affinity::*, asking::*, clocks::*, leaders::*, machine_state::*, mapped_files::*, own::*, parked::*, poller::*,
    semaphores::*, shared_memory::*, standard_streams::*, switch_records::*, thread_state::*, tree::*,
};

/// The unit in which getrusage counts resident memory, in bytes.
pub const RSS_UNIT: u64 = 1024;
pub const DISPLAY_HAS_NAME: bool = true;
pub const HAS_FILE_DIALOGS: bool = false;
pub const RUN_LACK: Option<&str> = None;
