//! On which cores a thread may run.

use crate::system;
use std::{io, marker::PhantomData};

/// Keeps the calling thread on one core; dropping it restores the cores that were allowed before.
#[derive(Debug)]
pub struct Pinned {
    _pinned: system::Pinned,
    /// Another thread must not drop it.
    not_send: PhantomData<*const ()>,
}

/// Keeps the calling thread on a core, counted from 0 as the system does.
///
/// # Errors
/// There is no such core, the process may not use it, or the system can't pin threads (Unsupported).
pub fn pin_this_thread(core: usize) -> io::Result<Pinned> {
    system::Pinned::new(core).map(|pinned| Pinned { _pinned: pinned, not_send: PhantomData })
}
