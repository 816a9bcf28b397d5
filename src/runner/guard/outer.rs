//! The outer process of a guard: it waits for the inner one, and does what that left undone.

use super::clear::{self, Patience};
use os::{self, EndSignal, Poller, ProcessEnd};
use std::{
    io,
    path::Path,
    time::{Duration, Instant},
};

/// From the host's end to ending the inner process, which should have ended by itself: it may take 1.5 s, and what this process
/// does in its place is to be over 2 s after the host's end.
const INNER_PATIENCE: Duration = Duration::from_millis(1_600);

const HOST_KEY: u64 = 0;
const END_KEY: u64 = 1;
const TOLD_KEY: u64 = 2;

/// Stays until the inner process and all below it are gone, and says how that ended.
pub fn stay(folder: Option<&Path>, inner: u32) -> io::Result<ProcessEnd> {
    wait(inner)?;
    let end = os::reap(inner).map(|(end, _)| end)?;
    // Nobody is left where the inner process has done its work.
    let patience = match end {
        ProcessEnd::Signalled(_) => Patience::POLITE,
        ProcessEnd::Exited(_) => Patience::AT_ONCE,
    };
    clear::tell(folder, clear::clear(patience));
    clear::remove_unless_host_does(folder);
    Ok(end)
}

/// Waits for the inner process's end, and sees to it once the host is gone.
fn wait(inner: u32) -> io::Result<()> {
    let watch = os::exit_watch(inner)?;
    let poller = Poller::new()?;
    poller.add(&watch, END_KEY)?;
    poller.add_hangup(io::stdin(), HOST_KEY)?;
    let told = os::end_signals()?;
    poller.add(&told, TOLD_KEY)?;
    let (mut keys, mut gone_since) = (Vec::new(), None);
    loop {
        let left = gone_since.map(|since: Instant| INNER_PATIENCE.saturating_sub(since.elapsed()));
        poller.wait_at_most(left, &mut keys)?;
        if keys.contains(&END_KEY) {
            return Ok(());
        }
        if keys.contains(&HOST_KEY) {
            gone_since = Some(Instant::now());
            // A hangup is told for ever.
            poller.remove(io::stdin());
        }
        let is_told = keys.contains(&TOLD_KEY);
        if is_told {
            poller.remove(&told);
        }
        if is_told || gone_since.is_some_and(|since| since.elapsed() >= INNER_PATIENCE) {
            let _ = os::signal_descendant(inner, os::pid(), EndSignal::Kill);
        }
    }
}
