//! The lock for which a thread of CPython is parked. From 3.13 on, a thread waits for a Python lock at a semaphore of its own,
//! on its own stack; the lock's address stands just before the semaphore.
//!
//! `struct wait_entry { void *park_arg; uintptr_t addr; _PySemaphore sema; … }` (Python/parking_lot.c); the semaphore is a
//! `sem_t`, whose first word is its futex. Seen on 3.13, 3.13t, 3.14 and 3.15 (64-bit, little-endian).

use crate::is_on_own_stack;
use std::{fs::File, os::unix::fs::FileExt};

/// No lock lies in the first page, nor in the kernel's half.
const PLAUSIBLE: std::ops::Range<u64> = 4096..1 << 47;

pub fn parked_for(pid: u32, futex: u64, stack_pointer: u64) -> Option<u64> {
    if cfg!(not(all(target_pointer_width = "64", target_endian = "little"))) {
        return None;
    }
    let mut word = [0; 8];
    File::open(format!("/proc/{pid}/mem")).ok()?.read_exact_at(&mut word, futex.checked_sub(8)?).ok()?;
    let lock = u64::from_le_bytes(word);
    (PLAUSIBLE.contains(&lock) && !is_on_own_stack(lock, stack_pointer)).then_some(lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_before_the_futex_is_the_lock_where_it_may_be_an_address() {
        let own = std::process::id();
        let of = |before: u64| {
            let entry = [before, 0];
            let futex = &raw const entry[1] as u64;
            parked_for(own, futex, futex - 256)
        };
        let elsewhere = Box::new(0_u8);
        let address = &raw const *elsewhere as u64;
        assert_eq!((of(address), of(0), of(1 << 60)), (Some(address), None, None));
        assert_eq!(parked_for(own, 8, 0), None, "nothing is there");
    }
}
