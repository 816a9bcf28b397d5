//! The outer process of a guard: it waits for the inner one, and does what the inner one left undone.

use super::clear::{self, Patience};
use os::{self, EndSignal, Poller, ProcessEnd};
use std::{
    io,
    path::Path,
    time::{Duration, Instant},
};

/// How long after the host's end the inner process is killed, if it has not ended by itself. It may take 1.5 s, and this
/// process has to finish its work within 2 s of the host's end.
const INNER_PATIENCE: Duration = Duration::from_millis(1_600);

const HOST_KEY: u64 = 0;
const END_KEY: u64 = 1;
const TOLD_KEY: u64 = 2;

/// Returns when the inner process and all below it are gone, and says how the inner one ended.
pub fn stay(folder: Option<&Path>, inner: u32) -> io::Result<ProcessEnd> {
    wait(inner)?;
    let end = os::reap(inner).map(|(end, _)| end)?;
    // After a normal exit the inner process has left nothing, so there is no need for patience.
    let patience = match end {
        ProcessEnd::Signalled(_) => Patience::POLITE,
        ProcessEnd::Exited(_) => Patience::AT_ONCE,
    };
    clear::tell(folder, clear::clear(patience));
    clear::remove_unless_host_does(folder);
    Ok(end)
}

/// Waits for the inner process's end, and kills it where it outlasts the host for too long, or a signal tells us to end.
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
            // The poller would report the hangup at every wait.
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
