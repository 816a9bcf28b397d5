//! Tests run beside each other. One that compares measured times with the truth runs alone: what others take of the machine
//! would be all that it sees.

use std::{
    cell::Cell,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

static MACHINE: RwLock<()> = RwLock::new(());

thread_local! {
    /// Whether this test has its turn: asking again while another waits to be alone would wait for ever.
    static HELD: Cell<bool> = const { Cell::new(false) };
}

/// A test's turn, until it is dropped; nothing where the test has one.
#[must_use]
pub struct Turn(Option<Guard>);

#[expect(dead_code, reason = "what is held is let go when it is dropped")]
enum Guard {
    Beside(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
}

impl Turn {
    /// Beside others.
    pub fn beside() -> Self {
        Self::take(|| Guard::Beside(MACHINE.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// While no other has its turn.
    pub fn alone() -> Self {
        Self::take(|| Guard::Alone(MACHINE.write().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Nothing: another thread of the same test has the turn.
    pub fn had() -> Self {
        Self(None)
    }

    fn take(guard: impl FnOnce() -> Guard) -> Self {
        Self((!HELD.replace(true)).then(guard))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.0.take().is_some() {
            HELD.set(false);
        }
    }
}
