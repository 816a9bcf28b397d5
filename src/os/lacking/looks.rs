//! Looks at other processes and their threads, and at the machine.

use super::lacking;
use crate::{CallKind, MachineState, MappedFile, SyscallNow, ThreadClocks};
use std::{io, path::Path};

pub fn tells_states() -> bool {
    false
}

pub enum ThreadWatch {}

impl ThreadWatch {
    pub fn open(_pid: u32, _tid: u32, _core: bool) -> io::Result<Self> {
        Err(lacking("tell what a thread does"))
    }

    pub fn core(&self) -> Option<u32> {
        match *self {}
    }

    pub fn now(&self) -> io::Result<SyscallNow> {
        match *self {}
    }

    pub fn clocks(&self) -> Option<ThreadClocks> {
        match *self {}
    }
}

pub fn look_hint(_error: &io::Error) -> &'static str {
    ""
}

pub fn call_kind(_number: i64, _args: &[u64; 6]) -> CallKind {
    CallKind::Other
}

pub fn reads_from_child(_pid: u32, _tid: u32, _number: i64, _args: &[u64; 6]) -> bool {
    false
}

pub fn kernel_tick_ns() -> u64 {
    0
}

pub fn tells_run_queue() -> bool {
    false
}

pub enum RunQueueClock {}

impl RunQueueClock {
    pub fn open() -> io::Result<Self> {
        Err(lacking("tell how long a thread waited for a CPU"))
    }

    pub fn read_ns(&self) -> Option<u64> {
        match *self {}
    }
}

pub fn first_thread_clocks(_process: u32) -> Option<ThreadClocks> {
    None
}

pub fn ask_where(_pid: u32) {}

pub fn ask_stacks(_pid: u32, _file: &Path) -> bool {
    false
}

pub fn has_told_stacks(_pid: u32) -> bool {
    false
}

pub fn stack_pointer(_pid: u32, _tid: u32) -> Option<u64> {
    None
}

pub fn parked_for(_pid: u32, _futex: u64, _stack_pointer: u64) -> Option<u64> {
    None
}

pub fn mapped_files(_pid: u32) -> Vec<MappedFile> {
    Vec::new()
}

pub fn executable_of(_pid: u32) -> Option<String> {
    None
}

pub fn peak_resident_bytes() -> Option<u64> {
    None
}

pub fn peak_resident_bytes_of(_pid: u32) -> Option<u64> {
    None
}

pub fn machine_state(_root: &Path) -> MachineState {
    MachineState::default()
}

#[cfg(any(test, feature = "testing"))]
pub fn give_up_root_in_this_thread() {}
