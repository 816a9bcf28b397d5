//! Lanes: the smallest free slot.

use std::{cmp::Reverse, collections::BinaryHeap};

/// Gives each execution the smallest lane that is free.
#[derive(Default)]
pub struct Lanes {
    free: BinaryHeap<Reverse<u32>>,
    used: u32,
}

impl Lanes {
    /// Takes the smallest free lane.
    pub fn take(&mut self) -> u32 {
        self.free.pop().map_or_else(
            || {
                self.used += 1;
                self.used - 1
            },
            |Reverse(lane)| lane,
        )
    }

    /// Gives a lane back.
    pub fn give(&mut self, lane: u32) {
        self.free.push(Reverse(lane));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_free_lane_is_taken() {
        let mut lanes = Lanes::default();
        assert_eq!([lanes.take(), lanes.take(), lanes.take()], [0, 1, 2]);
        lanes.give(2);
        lanes.give(0);
        assert_eq!([lanes.take(), lanes.take(), lanes.take()], [0, 2, 3]);
    }
}
