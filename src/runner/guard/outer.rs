//! The outer process of a guard: it waits for the inner one, and does what that left undone.

use super::clear::{self, Patience};
use crate::os::{self, EndSignal, Poller, ProcessEnd};
use std::{
    io,
    path::Path,
    time::{Duration, Instant},
};

/// From the host's end to ending the inner process, which should have ended by itself.
const INNER_PATIENCE: Duration = Duration::from_millis(1_000);

const HOST_KEY: u64 = 0;
const END_KEY: u64 = 1;

/// Stays until the inner process and all below it are gone, and says how that ended.
pub fn stay(folder: &Path, inner: u32) -> io::Result<ProcessEnd> {
    let host_is_gone = wait(inner)?;
    let end = os::reap(inner).map(|(end, _)| end)?;
    // Nobody is left where the inner process has done its work.
    let patience = match end {
        ProcessEnd::Signalled(_) => Patience::POLITE,
        ProcessEnd::Exited(_) => Patience::AT_ONCE,
    };
    clear::tell(folder, clear::clear(patience));
    if host_is_gone {
        let _ = std::fs::remove_dir_all(folder);
    }
    Ok(end)
}

/// Waits for the inner process's end; whether the host was gone before.
fn wait(inner: u32) -> io::Result<bool> {
    let watch = os::exit_watch(inner)?;
    let poller = Poller::new()?;
    poller.add(&watch, END_KEY)?;
    poller.add_hangup(io::stdin(), HOST_KEY)?;
    let (mut keys, mut gone_since) = (Vec::new(), None);
    loop {
        let left = gone_since.map(|since: Instant| INNER_PATIENCE.saturating_sub(since.elapsed()));
        poller.wait_at_most(left, &mut keys)?;
        if keys.contains(&END_KEY) {
            return Ok(gone_since.is_some());
        }
        if keys.contains(&HOST_KEY) {
            gone_since = Some(Instant::now());
            // A hangup is told for ever.
            poller.remove(io::stdin());
        }
        if gone_since.is_some_and(|since| since.elapsed() >= INNER_PATIENCE) {
            let _ = os::signal_descendant(inner, os::pid(), EndSignal::Kill);
        }
    }
}
