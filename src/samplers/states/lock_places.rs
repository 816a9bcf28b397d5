//! The addresses at which threads were seen blocked on a lock. A lock has one address for all that wait for it; a wait for a
//! condition, an event or an empty queue has an address of its own for each waiting thread.

use super::Watched;
use model::LockLooks;
use std::collections::HashMap;

/// The most addresses that are kept; a thread that waits at ever new addresses waits for no lock.
const MOST: usize = 4096;
/// The bit of a futex operation that says that only this process uses the address.
const PRIVATE: u64 = 128;

/// A place where one thread has at least this share of the looks counts as its own: the others only reused the address.
const ONE_THREADS: f64 = 0.9;

/// How often each thread was seen at one address.
#[derive(Default)]
struct Place {
    threads: HashMap<(u32, u32), u64>,
}

impl Place {
    fn looks(&self) -> u64 {
        self.threads.values().sum()
    }

    fn is_shared(&self) -> bool {
        self.threads.len() > 1
    }

    /// Whether several threads were seen here, none of them nearly always.
    fn is_fought_for(&self) -> bool {
        let most = self.threads.values().max().copied().unwrap_or(0);
        self.is_shared() && (most as f64) < ONE_THREADS * self.looks() as f64
    }
}

/// All addresses at which threads were seen blocked.
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
        *self.places.entry(key).or_default().threads.entry(thread).or_default() += 1;
    }

    /// How many looks there were in all; how many at places where several threads were seen; and how many at the busiest place
    /// of those that no thread has nearly to itself.
    pub fn looks(&self) -> LockLooks {
        let of = |is: fn(&Place) -> bool| self.places.values().filter(move |place| is(place)).map(Place::looks);
        LockLooks {
            all: self.all,
            shared: of(Place::is_shared).sum(),
            most: Some(of(Place::is_fought_for).max().unwrap_or(0)),
        }
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
        assert_eq!(places.looks(), LockLooks { all: 5, shared: 3, most: Some(3) });
    }

    #[test]
    fn an_address_that_is_given_again_is_not_fought_for() {
        let mut places = LockPlaces::default();
        (0..20).for_each(|look| places.note(&thread(7, if look == 3 { 2 } else { 1 }), 64, WAIT_PRIVATE));
        (0..4).for_each(|look| places.note(&thread(7, look % 2), 128, WAIT_PRIVATE));
        assert_eq!(places.looks(), LockLooks { all: 24, shared: 24, most: Some(4) });
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
