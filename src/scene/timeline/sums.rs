//! Time spent in each phase, added up.

use super::bar::Stretch;
use super::view::PhaseShares;
use std::ops::{AddAssign, Sub};

/// Nanoseconds in each phase, and how many executions that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// By [`model::Phase`], in its order.
    pub ns: PhaseShares<u64>,
    /// Executions that ended in another way than success.
    pub failed: u64,
}

impl Sums {
    /// Those of one bar.
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
