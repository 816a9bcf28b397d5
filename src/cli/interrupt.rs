//! Ctrl-C: the first stops the runs, and the report of what was measured follows; the second ends the program at once.

use super::exit;
use crossbeam_channel::{Receiver, bounded};
use std::sync::atomic::{AtomicBool, Ordering};

/// The channel gets a message at the first Ctrl-C (or SIGTERM, SIGHUP). Call this once. Under `nohup` SIGHUP stays ignored.
pub fn watch() -> Receiver<()> {
    let goes_on = os::ignores_hangups();
    let (tell, told) = bounded(1);
    let again = AtomicBool::new(false);
    let handled = ctrlc::set_handler(move || {
        if again.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(exit::INTERRUPTED));
        }
        let _ = tell.try_send(());
    });
    if goes_on {
        os::ignore_hangups();
    }
    if let Err(error) = handled {
        tracing::warn!(%error, "Ctrl-C ends the program without a report");
        return crossbeam_channel::never();
    }
    told
}
