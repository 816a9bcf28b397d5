//! epoll.

use crate::BorrowedDescriptor;
use rustix::{event::epoll, fd::OwnedFd};
use std::{io, mem::MaybeUninit, time::Duration};

pub struct Poller {
    epoll: OwnedFd,
}

impl Poller {
    pub fn new() -> io::Result<Self> {
        Ok(Self { epoll: epoll::create(epoll::CreateFlags::CLOEXEC)? })
    }

    pub fn add(&self, fd: BorrowedDescriptor<'_>, key: u64) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, fd, epoll::EventData::new_u64(key), epoll::EventFlags::IN)?)
    }

    pub fn add_hangup(&self, fd: BorrowedDescriptor<'_>, key: u64) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, fd, epoll::EventData::new_u64(key), epoll::EventFlags::empty())?)
    }

    pub fn remove(&self, fd: BorrowedDescriptor<'_>) {
        let _ = epoll::delete(&self.epoll, fd);
    }

    pub fn wait_at_most(&self, most: Option<Duration>, keys: &mut Vec<u64>) -> io::Result<()> {
        let mut events = [MaybeUninit::<epoll::Event>::uninit(); 64];
        let most = most.map(|most| rustix::time::Timespec {
            tv_sec: most.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: most.subsec_nanos().into(),
        });
        loop {
            match epoll::wait(&self.epoll, &mut events, most.as_ref()) {
                Ok((ready, _)) => break keys.extend(ready.iter().map(|event| event.data.u64())),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
