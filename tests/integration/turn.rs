//! Tests run beside each other. A test that compares measured times with the truth runs alone, because otherwise it
//! would only see what the other tests take of the machine.

use std::{
    cell::Cell,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

static MACHINE: RwLock<()> = RwLock::new(());

thread_local! {
    /// Whether this test has its turn: waiting for a second one while another test waits to be alone would deadlock.
    static HELD: Cell<bool> = const { Cell::new(false) };
}

/// A test's turn, until it is dropped; empty if the test already has one.
#[must_use]
pub struct Turn(Option<Guard>);

#[expect(dead_code, reason = "what is held is let go when it is dropped")]
enum Guard {
    Beside(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
}

impl Turn {
    /// A turn beside other tests.
    pub fn beside() -> Self {
        Self::take(|| Guard::Beside(MACHINE.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// A turn while no other test has one.
    pub fn alone() -> Self {
        Self::take(|| Guard::Alone(MACHINE.write().unwrap_or_else(PoisonError::into_inner)))
    }

    /// An empty turn: another thread of the same test has the turn.
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
