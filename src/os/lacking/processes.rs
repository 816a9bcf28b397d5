//! The process tree, adoption of orphans, and waiting for many processes.

use super::lacking;
use crate::{BorrowedDescriptor, Descriptor, EndSignal, SeenProcess, UsageCount};
use std::{
    ffi::OsStr,
    io,
    path::PathBuf,
    process::{Child, Command},
    time::Duration,
};

pub fn seen_process(_pid: u32) -> Option<SeenProcess> {
    None
}

pub fn descendants(_root: u32) -> Vec<SeenProcess> {
    Vec::new()
}

pub fn is_running(_pid: u32, _tid: Option<u32>) -> bool {
    true
}

pub fn command_line(_process: u32) -> Option<String> {
    None
}

pub fn signal_descendant(_pid: u32, _root: u32, _signal: EndSignal) -> io::Result<()> {
    Err(lacking("tell who is below whom"))
}

pub fn pipe_name(_pipe: BorrowedDescriptor<'_>) -> Option<String> {
    None
}

pub fn has_open(_pid: u32, _name: &OsStr) -> bool {
    false
}

pub fn has_in_environment(_pid: u32, _line: &str) -> bool {
    false
}

pub fn carriers(_line: &str) -> Vec<u32> {
    Vec::new()
}

pub fn kill_carrier(_pid: u32, _line: &str) -> io::Result<()> {
    Err(lacking("tell the environment of a process"))
}

pub fn adopt_orphans() -> io::Result<()> {
    Err(lacking("adopt orphans"))
}

pub fn adopt_no_more() {}

/// Refused, since a group's leader has to be ended with everything below it.
pub fn spawn_leader(_command: &mut Command) -> io::Result<Child> {
    Err(lacking("end a program with all that it starts"))
}

pub fn reap_strays() {}

pub fn tie_to_this_thread(_command: &mut Command) -> io::Result<()> {
    Err(lacking("have a program end with who started it"))
}

pub fn exit_watch(_child: u32) -> io::Result<Descriptor> {
    Err(lacking("watch for the end of a process beside others"))
}

pub enum Poller {}

impl Poller {
    pub fn new() -> io::Result<Self> {
        Err(lacking("wait for many pipes and processes at once"))
    }

    pub fn add(&self, _descriptor: BorrowedDescriptor<'_>, _key: u64) -> io::Result<()> {
        match *self {}
    }

    pub fn add_hangup(&self, _descriptor: BorrowedDescriptor<'_>, _key: u64) -> io::Result<()> {
        match *self {}
    }

    pub fn remove(&self, _descriptor: BorrowedDescriptor<'_>) {
        match *self {}
    }

    pub fn wait_at_most(&self, _most: Option<Duration>, _keys: &mut Vec<u64>) -> io::Result<()> {
        match *self {}
    }
}

#[derive(Debug)]
pub enum Pinned {}

impl Pinned {
    pub fn new(_core: usize) -> io::Result<Self> {
        Err(lacking("keep a thread on a core"))
    }
}

pub fn thread_usage() -> Option<UsageCount> {
    None
}

pub fn give_memory_back() {}

pub fn spare_address_space() {}

pub fn memory_folder() -> Option<PathBuf> {
    None
}

pub fn was_closed(_stream: BorrowedDescriptor<'_>) -> bool {
    false
}

pub fn remove_semaphores(_name: &str) {}
