//! One row: stretches in order that never overlap, with sums over any range of them.

use super::bar::{Stretch, solid};
use super::sums::Sums;

/// Stretches between two stored sums: few enough to add up in between, many enough to take little memory.
const BLOCK: usize = 8;

/// Stretches of one row, sorted and disjoint.
#[derive(Clone, Debug)]
pub struct Track<S> {
    stretches: Vec<S>,
    /// The end of each, apart, so that a search touches little memory.
    ends: Vec<u64>,
    /// The sums of all stretches before each block.
    blocks: Vec<Sums>,
}

impl<S> Default for Track<S> {
    fn default() -> Self {
        Self { stretches: Vec::new(), ends: Vec::new(), blocks: Vec::new() }
    }
}

impl<S: Stretch> Track<S> {
    /// All of them, in order.
    pub fn stretches(&self) -> &[S] {
        &self.stretches
    }

    /// Where the last one ends; 0 where there is none.
    pub fn end(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Appends one that begins no earlier than the last. Where the last reaches into it, the last is cut; the new
    /// one waits only in what is left free. Returns the last as it was and is, where it was cut.
    pub fn push(&mut self, mut next: S) -> (S, Option<(S, S)>) {
        let mut changed = None;
        if let Some(last) = self.stretches.last_mut() {
            let before = *last;
            last.cut(solid(&next));
            if last.end() != before.end() {
                changed = Some((before, *last));
            }
            let end = last.end();
            *self.ends.last_mut().expect("as many as stretches") = end;
            next.follow(end);
        }
        if self.stretches.len().is_multiple_of(BLOCK) {
            self.blocks.push(self.before(self.stretches.len()));
        }
        self.ends.push(next.end());
        self.stretches.push(next);
        (next, changed)
    }

    /// Whether a stretch may be appended without breaking the order.
    pub fn takes(&self, next: &S) -> bool {
        self.stretches.last().is_none_or(|last| solid(last) <= solid(next))
    }

    /// Puts late ones, sorted, where they belong; the work follows what lies behind the first of them. Returns what
    /// stood there before, and from which place on the row is new.
    pub fn merge(&mut self, late: &[S]) -> (Vec<S>, usize) {
        let keep = late.first().map_or(self.stretches.len(), |first| {
            // One more goes, because it may be cut anew.
            self.stretches.partition_point(|stretch| solid(stretch) <= solid(first)).saturating_sub(1)
        });
        let old = self.stretches.split_off(keep);
        self.ends.truncate(keep);
        self.blocks.truncate(keep.div_ceil(BLOCK));
        let mut tail: Vec<S> = old.iter().chain(late).copied().collect();
        tail.sort_by_key(solid);
        tail.into_iter().for_each(|stretch| {
            self.push(stretch);
        });
        (old, keep)
    }

    /// The first that ends after an instant.
    pub fn first_ending_after(&self, ns: u64) -> usize {
        self.ends.partition_point(|&end| end <= ns)
    }

    /// The same, looked for from a place on: near ones are found first.
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
        for stretch in &self.stretches[from..to] {
            sums += Sums::of(stretch);
        }
        sums
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.stretches.capacity() * size_of::<S>()
            + self.ends.capacity() * size_of::<u64>()
            + self.blocks.capacity() * size_of::<Sums>()
    }
}
