//! Limits of descriptors, and errors that say that a limit is reached.

use rustix::process::{Resource, getrlimit, setrlimit};
use std::io;

pub fn make_room_for_descriptors(wanted: usize) {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted as u64) {
        limit.current = Some(limit.maximum.map_or(wanted as u64, |most| most.min(wanted as u64)));
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

pub fn descriptor_limit() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

pub fn is_out_of_descriptors(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EMFILE | libc::ENFILE))
}

pub fn limit_hint(error: &io::Error) -> &'static str {
    match error.raw_os_error() {
        Some(libc::EAGAIN) => "; the system's limit of threads and processes is reached: lower `workers`",
        Some(libc::EMFILE | libc::ENFILE) => "; no descriptors are left: lower `workers`",
        Some(libc::ENOMEM) => "; no memory is left: lower `workers`",
        _ => "",
    }
}
