//! Descriptors, and poll.

use crate::AsDescriptor;
use rustix::event::{PollFd, PollFlags, poll};
use std::{io, os::fd::AsFd};

pub type Descriptor = std::os::fd::OwnedFd;
pub type BorrowedDescriptor<'a> = std::os::fd::BorrowedFd<'a>;

impl<T: AsFd> AsDescriptor for T {
    fn as_descriptor(&self) -> BorrowedDescriptor<'_> {
        self.as_fd()
    }
}

pub fn set_nonblocking(descriptor: BorrowedDescriptor<'_>) -> io::Result<()> {
    let flags = rustix::fs::fcntl_getfl(descriptor)?;
    Ok(rustix::fs::fcntl_setfl(descriptor, flags | rustix::fs::OFlags::NONBLOCK)?)
}

pub fn wait_for_either(first: BorrowedDescriptor<'_>, second: BorrowedDescriptor<'_>) -> io::Result<()> {
    let mut both = [PollFd::new(&first, PollFlags::IN), PollFd::new(&second, PollFlags::IN)];
    loop {
        match poll(&mut both, None) {
            Ok(_) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

pub fn has_hung_up(pipe: BorrowedDescriptor<'_>) -> bool {
    let mut watched = [PollFd::new(&pipe, PollFlags::empty())];
    let now = rustix::time::Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut watched, Some(&now)).is_ok() && watched[0].revents().contains(PollFlags::HUP)
}
