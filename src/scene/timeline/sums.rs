//! Time spent in each phase, added up.

use super::bar::Stretch;
use super::view::PhaseShares;
use std::ops::{AddAssign, Sub};

/// Nanoseconds in each phase, and how many executions that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// In the order of [`model::Phase`].
    pub ns: PhaseShares<u64>,
    /// Executions that did not succeed.
    pub failed: u64,
}

impl Sums {
    /// The sums of one bar.
    pub fn of<S: Stretch>(stretch: &S) -> Self {
        let mut ns = PhaseShares::default();
        stretch.stretches().for_each(|(phase, from, to)| ns[phase as usize] += to - from);
        Self { ns, failed: u64::from(stretch.failed()) }
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        for (sum, ns) in self.ns.iter_mut().zip(other.ns) {
            *sum += ns;
        }
        self.failed += other.failed;
    }
}

impl Sub for Sums {
    type Output = Self;

    fn sub(mut self, other: Self) -> Self {
        for (sum, ns) in self.ns.iter_mut().zip(other.ns) {
            *sum -= ns;
        }
        self.failed -= other.failed;
        self
    }
}
