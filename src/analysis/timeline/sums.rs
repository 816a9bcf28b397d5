//! Time spent in each phase, added up.

use std::ops::{AddAssign, Sub};

/// Nanoseconds in each phase, and how many executions that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// By [`crate::model::Phase`], in its order.
    pub ns: [u64; 5],
    /// Executions that ended in another way than success.
    pub failed: u64,
}

impl Sums {
    /// Those of one bar, given by its six edges.
    pub fn of(edges: &[u64; 6], failed: bool) -> Self {
        let mut ns = [0; 5];
        for (phase, sum) in ns.iter_mut().enumerate() {
            *sum = edges[phase + 1] - edges[phase];
        }
        Self { ns, failed: u64::from(failed) }
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
