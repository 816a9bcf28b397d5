//! Sets of cores that threads may use.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::io;

#[derive(Debug)]
pub struct Pinned {
    before: CpuSet,
}

impl Pinned {
    pub fn new(core: usize) -> io::Result<Self> {
        if core >= CpuSet::MAX_CPU {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        let before = sched_getaffinity(None)?;
        let mut only = CpuSet::new();
        only.set(core);
        sched_setaffinity(None, &only)?;
        Ok(Self { before })
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let _ = sched_setaffinity(None, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use crate::pin_this_thread;
    use rustix::thread::{CpuSet, sched_getaffinity};

    #[test]
    fn a_thread_stays_on_its_core_and_is_free_afterwards() {
        let before = sched_getaffinity(None).expect("known");
        let core = (0..CpuSet::MAX_CPU).find(|core| before.is_set(*core)).expect("one at least");
        let pinned = pin_this_thread(core).expect("allowed");
        let now = sched_getaffinity(None).expect("known");
        assert!(now.is_set(core) && now.count() == 1);
        assert_eq!(rustix::thread::sched_getcpu(), core);
        drop(pinned);
        assert_eq!(sched_getaffinity(None).expect("known"), before);
        assert!(pin_this_thread(CpuSet::MAX_CPU).is_err() && pin_this_thread(CpuSet::MAX_CPU - 1).is_err());
    }
}
