//! One row: stretches in order, drawn without overlap, with sums over any range of them.

use super::bar::{Stretch, solid};
use super::sums::Sums;
use std::ops::Range;

/// Stretches between two stored sums: few enough to add up, many enough to save memory.
const BLOCK: usize = 8;

/// Stretches of one row, in order. They are stored as they were given, and drawn disjoint: a stretch that reaches into
/// the next is cut there, and its waiting begins where the stretch before it ends. So the order in which they are added
/// does not matter.
#[derive(Clone, Debug)]
pub struct Track<S> {
    given: Vec<S>,
    /// The end of each as it is drawn; kept apart, so that a search touches little memory.
    ends: Vec<u64>,
    /// The sums of all stretches before each block.
    blocks: Vec<Sums>,
}

impl<S> Default for Track<S> {
    fn default() -> Self {
        Self { given: Vec::new(), ends: Vec::new(), blocks: Vec::new() }
    }
}

/// The key by which a row is sorted.
fn order<S: Stretch>(stretch: &S) -> (u64, u64, u32, u8) {
    (solid(stretch), stretch.end(), stretch.execution(), stretch.kind())
}

impl<S: Stretch> Track<S> {
    /// The number of stretches.
    pub fn len(&self) -> usize {
        self.given.len()
    }

    /// The stretch at a place, as it is drawn.
    pub fn get(&self, place: usize) -> Option<S> {
        let mut stretch = *self.given.get(place)?;
        stretch.cut(self.ends[place]);
        stretch.follow(place.checked_sub(1).map_or(0, |before| self.ends[before]));
        Some(stretch)
    }

    /// The stretches at some places, as they are drawn.
    pub fn range(&self, places: Range<usize>) -> impl Iterator<Item = S> + '_ {
        places.map_while(|place| self.get(place))
    }

    /// All stretches, as they are drawn.
    pub fn iter(&self) -> impl Iterator<Item = S> + '_ {
        self.range(0..self.len())
    }

    /// The stretch of an execution, as it is drawn, whose part that must be visible begins at `solid_ns`.
    pub fn find(&self, solid_ns: u64, execution: u32) -> Option<S> {
        let from = self.given.partition_point(|stretch| solid(stretch) < solid_ns);
        let mut alike = self.given[from..].iter().take_while(|stretch| solid(*stretch) == solid_ns);
        let place = alike.position(|stretch| stretch.execution() == execution)?;
        self.get(from + place)
    }

    /// The end of the last stretch; 0 where there is none.
    pub fn end(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Adds stretches in any order; the work follows the number of stretches behind the first of them. Returns the
    /// place from which the row may have changed, and what was drawn from there on before.
    pub fn add(&mut self, mut new: Vec<S>) -> (usize, Vec<S>) {
        new.sort_by_key(order);
        // The stretch before the first new one is taken out too, because its cut may change.
        let before = |first: &S| self.given.partition_point(|stretch| order(stretch) <= order(first)).saturating_sub(1);
        let kept = new.first().map_or(self.len(), before);
        let drawn: Vec<S> = self.range(kept..self.len()).collect();
        let mut tail = self.given.split_off(kept);
        self.ends.truncate(kept);
        self.blocks.truncate(kept.div_ceil(BLOCK));
        let in_order = tail.last().zip(new.first()).is_none_or(|(last, first)| order(last) <= order(first));
        tail.append(&mut new);
        if !in_order {
            tail.sort_by_key(order);
        }
        tail.into_iter().for_each(|stretch| self.push(stretch));
        (kept, drawn)
    }

    fn push(&mut self, next: S) {
        let place = self.len();
        if let Some(end) = self.ends.last_mut() {
            *end = (*end).min(solid(&next));
        }
        self.ends.push(next.end());
        self.given.push(next);
        if place.is_multiple_of(BLOCK) {
            self.blocks.push(self.before(place));
        }
    }

    /// The place of the first stretch that ends after an instant.
    pub fn first_ending_after(&self, ns: u64) -> usize {
        self.ends.partition_point(|&end| end <= ns)
    }

    /// The same, searched from a place on; near places are found first.
    pub fn first_ending_after_from(&self, from: usize, ns: u64) -> usize {
        let ends = &self.ends[from..];
        let mut step = 1;
        while step < ends.len() && ends[step] <= ns {
            step *= 2;
        }
        let (low, high) = (step / 2, ends.len().min(step + 1));
        from + low + ends[low..high].partition_point(|&end| end <= ns)
    }

    /// The sums over a range of places.
    pub fn sums(&self, from: usize, to: usize) -> Sums {
        if to - from <= BLOCK { self.walk(from, to, Sums::default()) } else { self.before(to) - self.before(from) }
    }

    fn before(&self, place: usize) -> Sums {
        let block = (place / BLOCK).min(self.blocks.len().saturating_sub(1));
        self.walk(block * BLOCK, place, self.blocks.get(block).copied().unwrap_or_default())
    }

    fn walk(&self, from: usize, to: usize, mut sums: Sums) -> Sums {
        self.range(from..to).for_each(|stretch| sums += Sums::of(&stretch));
        sums
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.given.capacity() * size_of::<S>()
            + self.ends.capacity() * size_of::<u64>()
            + self.blocks.capacity() * size_of::<Sums>()
    }
}
