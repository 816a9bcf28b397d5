//! The processes that are alive, so that whoever has to can end them.

use crate::os::{self, EndSignal};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A child that is not reaped yet: its number is its own until then.
#[derive(Clone, Copy)]
pub struct Live {
    pub pid: u32,
    /// Whether it leads a process group of its own.
    pub leads_group: bool,
}

static LIVE: Mutex<BTreeMap<u32, Live>> = Mutex::new(BTreeMap::new());

fn all() -> MutexGuard<'static, BTreeMap<u32, Live>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes a child.
pub fn add(child: Live) {
    all().insert(child.pid, child);
}

/// Forgets a child, just before it is reaped.
pub fn remove(pid: u32) {
    all().remove(&pid);
}

/// Signals one child with its group; does nothing where there is no such child.
pub fn signal(pid: u32, signal: EndSignal) {
    if let Some(child) = all().get(&pid) {
        send(*child, signal);
    }
}

/// Kills every child with its group.
pub fn kill_all() {
    all().values().for_each(|child| send(*child, EndSignal::Kill));
}

fn send(child: Live, signal: EndSignal) {
    match child.leads_group {
        true => os::signal_group(child.pid, signal),
        false => os::signal_process(child.pid, signal),
    }
}
