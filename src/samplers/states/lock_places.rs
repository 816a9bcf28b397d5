//! At which addresses threads were seen blocked on a lock: a lock is one place for all who want it, while a wait for a
//! condition, an event or an empty queue has a place of its own for each who waits.

use super::Watched;
use crate::model::LockLooks;
use std::collections::HashMap;

/// More places than these are not told apart: whoever waits at ever new ones waits for no lock.
const MOST: usize = 4096;
/// The bit of a futex's operation that says that its address is the process's own.
const PRIVATE: u64 = 128;

/// What was seen at one address.
struct Place {
    first: (u32, u32),
    looks: u64,
    shared: bool,
}

/// Every address at which somebody was seen.
#[derive(Default)]
pub struct LockPlaces {
    places: HashMap<(Option<u32>, u64), Place>,
    all: u64,
}

impl LockPlaces {
    /// A thread was seen blocked at an address, by a futex call with this operation.
    pub fn note(&mut self, one: &Watched, address: u64, operation: u64) {
        self.all += 1;
        let thread = (one.pid, one.tid);
        let key = ((operation & PRIVATE != 0).then_some(one.pid), address);
        if self.places.len() >= MOST && !self.places.contains_key(&key) {
            return;
        }
        let place = self.places.entry(key).or_insert(Place { first: thread, looks: 0, shared: false });
        place.looks += 1;
        place.shared |= place.first != thread;
    }

    /// How many looks there were in all, and how many at places at which several threads were seen.
    pub fn looks(&self) -> LockLooks {
        let shared = self.places.values().filter(|place| place.shared).map(|place| place.looks).sum();
        LockLooks { all: self.all, shared }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT_PRIVATE: u64 = 128;

    fn thread(pid: u32, tid: u32) -> Watched {
        Watched { execution: tid, pid, tid, entered_ns: 1 }
    }

    #[test]
    fn a_place_is_shared_where_two_threads_were_seen_at_it() {
        let mut places = LockPlaces::default();
        for (tid, address) in [(1, 64), (2, 64), (1, 64), (1, 128), (2, 192)] {
            places.note(&thread(7, tid), address, WAIT_PRIVATE);
        }
        assert_eq!(places.looks(), LockLooks { all: 5, shared: 3 });
    }

    #[test]
    fn the_same_address_in_two_processes_is_one_place_where_memory_is_shared_alone() {
        let looks = |operation| {
            let mut places = LockPlaces::default();
            [3, 4].into_iter().for_each(|pid| places.note(&thread(pid, pid), 64, operation));
            places.looks().shared
        };
        assert_eq!((looks(WAIT_PRIVATE), looks(0)), (0, 2));
    }
}
