//! Descriptors, and waiting for one or several.

use crate::system;
use std::{io, time::Duration};

/// A pipe, a file or a process that this process holds open: on Unix a file descriptor, on Windows a handle.
pub type Descriptor = system::Descriptor;
/// A descriptor that another owner closes.
pub type BorrowedDescriptor<'a> = system::BorrowedDescriptor<'a>;

/// Has a descriptor: files, pipes, the standard streams.
pub trait AsDescriptor {
    /// Its descriptor.
    fn as_descriptor(&self) -> BorrowedDescriptor<'_>;
}

/// Makes reads from a descriptor return at once where there is nothing to read.
///
/// # Errors
/// It is no open descriptor, or the system can't (Unsupported).
pub fn set_nonblocking(descriptor: impl AsDescriptor) -> io::Result<()> {
    system::set_nonblocking(descriptor.as_descriptor())
}

/// Waits until one of two descriptors can be read or is at its end.
///
/// # Errors
/// The system's, except interruptions; Unsupported where it can't wait so.
pub fn wait_for_either(first: impl AsDescriptor, second: impl AsDescriptor) -> io::Result<()> {
    system::wait_for_either(first.as_descriptor(), second.as_descriptor())
}

/// Whether the other end of a pipe has been closed. False where the system does not tell.
pub fn has_hung_up(pipe: impl AsDescriptor) -> bool {
    system::has_hung_up(pipe.as_descriptor())
}

/// Waits for any of many descriptors, each identified by a key.
pub struct Poller(system::Poller);

impl Poller {
    /// A poller without descriptors.
    ///
    /// # Errors
    /// No descriptor is free, or the system has no poller here (Unsupported).
    pub fn new() -> io::Result<Self> {
        system::Poller::new().map(Self)
    }

    /// Watches a descriptor for something to read, until it is closed.
    ///
    /// # Errors
    /// The system has no room for one more.
    pub fn add(&self, descriptor: impl AsDescriptor, key: u64) -> io::Result<()> {
        self.0.add(descriptor.as_descriptor(), key)
    }

    /// Watches whether a descriptor's other end is closed; what there is to read does not count.
    ///
    /// # Errors
    /// The system has no room for one more.
    pub fn add_hangup(&self, descriptor: impl AsDescriptor, key: u64) -> io::Result<()> {
        self.0.add_hangup(descriptor.as_descriptor(), key)
    }

    /// Stops watching a descriptor.
    pub fn remove(&self, descriptor: impl AsDescriptor) {
        self.0.remove(descriptor.as_descriptor());
    }

    /// The keys that are ready; with `block`, waits until there is one.
    ///
    /// # Errors
    /// The system's, except interruptions.
    pub fn wait(&self, block: bool, keys: &mut Vec<u64>) -> io::Result<()> {
        self.wait_at_most((!block).then_some(Duration::ZERO), keys)
    }

    /// The keys that are ready; waits until there is one, or until `most` is over; without a limit where it is `None`.
    ///
    /// # Errors
    /// The system's, except interruptions.
    pub fn wait_at_most(&self, most: Option<Duration>, keys: &mut Vec<u64>) -> io::Result<()> {
        keys.clear();
        self.0.wait_at_most(most, keys)
    }
}
