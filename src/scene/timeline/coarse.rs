//! The timeline from afar: time in each phase for groups of lanes, in equal buckets of time.
//!
//! Where thousands of lanes share a few hundred pixels, adding up every bar would take too long. Each level has groups
//! of four times as many lanes as the level before, and finer buckets, so that all levels take about the same memory.

use super::bar::{Bar, Stretch, solid};
use super::shares::KINDS;
use model::{Phase, State};

/// One bucket of one group: nanoseconds of each kind of time (*in the target* only where the state is unknown), and the
/// number of executions that failed.
pub type Cell = [f32; KINDS + 1];
/// The place of the number that failed.
pub const FAILED: usize = KINDS;
/// The share of a bar's time in its target in each state.
pub type BarStates = [f32; State::ALL.len()];

/// A group has this many times the lanes of a group of the level before.
const FACTOR: u32 = 4;
/// A level is made when there are lanes for this many groups.
const MIN_GROUPS: u32 = 32;
const MAX_CELLS: usize = 256 * 1024;
const MAX_BUCKETS: usize = 16 * 1024;
const MIN_BUCKETS: usize = 64;
/// Buckets begin this narrow and double as the run grows.
const FIRST_BUCKET_NS: u64 = 1024;

/// All levels, finest groups first.
#[derive(Clone, Debug)]
pub struct Coarse {
    levels: Vec<Level>,
}

impl Default for Coarse {
    fn default() -> Self {
        Self { levels: vec![Level::new(1)] }
    }
}

impl Coarse {
    /// The next level, still empty, where there are lanes enough for it.
    pub fn wants(&self, lanes: usize) -> Option<Level> {
        let last = self.levels.last().expect("never without a level");
        let next = last.lanes_per_group * FACTOR;
        (lanes as u64 >= u64::from(next) * u64::from(MIN_GROUPS)).then(|| Level::new(next))
    }

    /// Adds a level that holds the same bars as the others.
    pub fn adopt(&mut self, level: Level) {
        self.levels.push(level);
    }

    /// Counts a bar of a lane in.
    pub fn add(&mut self, lane: u32, bar: &Bar, states: &BarStates) {
        self.levels.iter_mut().for_each(|level| level.add(lane, bar, states, 1.0));
    }

    /// Takes out a bar that was counted in with the same states.
    pub fn remove(&mut self, lane: u32, bar: &Bar, states: &BarStates) {
        self.levels.iter_mut().for_each(|level| level.add(lane, bar, states, -1.0));
    }

    /// The level with the largest groups that divide `lanes`, a power of two.
    pub fn level(&self, lanes: u32) -> &Level {
        let fits = |level: &&Level| lanes.is_multiple_of(level.lanes_per_group);
        self.levels.iter().rev().find(fits).unwrap_or(&self.levels[0])
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.levels.iter().map(|level| level.cells.capacity() * size_of::<Cell>()).sum()
    }
}

/// Groups of one size.
#[derive(Clone, Debug)]
pub struct Level {
    /// The number of lanes in a group.
    pub lanes_per_group: u32,
    /// The length of a bucket.
    pub bucket_ns: u64,
    buckets: usize,
    cells: Vec<Cell>,
}

impl Level {
    fn new(lanes_per_group: u32) -> Self {
        Self { lanes_per_group, bucket_ns: FIRST_BUCKET_NS, buckets: MAX_BUCKETS, cells: Vec::new() }
    }

    /// The buckets of a group, from the run's origin on; empty where no bar was added to it.
    pub fn group(&self, group: usize) -> &[Cell] {
        self.cells.get(group * self.buckets..(group + 1) * self.buckets).unwrap_or(&[])
    }

    /// Counts a bar in (`sign` 1) or out (−1).
    pub fn add(&mut self, lane: u32, bar: &Bar, states: &BarStates, sign: f32) {
        self.make_room((lane / self.lanes_per_group) as usize, bar.end());
        let group = (lane / self.lanes_per_group) as usize * self.buckets;
        let cells = &mut self.cells[group..group + self.buckets];
        let unknown = 1.0 - states.iter().sum::<f32>().min(1.0);
        for (phase, from, to) in bar.stretches() {
            if phase != Phase::InTarget {
                spread(cells, self.bucket_ns, phase as usize, (from, to), sign);
                continue;
            }
            spread(cells, self.bucket_ns, phase as usize, (from, to), sign * unknown);
            for (state, share) in states.iter().enumerate().filter(|(_, share)| **share > 0.0) {
                spread(cells, self.bucket_ns, Phase::ALL.len() + state, (from, to), sign * share);
            }
        }
        if bar.failed() {
            cells[(solid(bar) / self.bucket_ns) as usize][FAILED] += sign;
        }
    }

    fn make_room(&mut self, group: usize, end_ns: u64) {
        while end_ns / self.bucket_ns >= self.buckets as u64 {
            self.widen();
        }
        while (group + 1) * self.buckets > MAX_CELLS && self.buckets > MIN_BUCKETS {
            self.halve();
        }
        if self.cells.len() < (group + 1) * self.buckets {
            self.cells.resize((group + 1) * self.buckets, Cell::default());
        }
    }

    /// Doubles the length of buckets and keeps their number: the second half of each group becomes free.
    fn widen(&mut self) {
        self.bucket_ns *= 2;
        for group in self.cells.chunks_exact_mut(self.buckets) {
            for at in 0..group.len() / 2 {
                group[at] = sum(&group[2 * at], &group[2 * at + 1]);
            }
            let half = group.len() / 2;
            group[half..].fill(Cell::default());
        }
    }

    /// Doubles the length of buckets and halves their number.
    fn halve(&mut self) {
        self.bucket_ns *= 2;
        self.buckets /= 2;
        self.cells = self.cells.chunks_exact(2).map(|pair| sum(&pair[0], &pair[1])).collect();
    }
}

fn spread(cells: &mut [Cell], bucket_ns: u64, phase: usize, (from, to): (u64, u64), sign: f32) {
    if from == to || sign == 0.0 {
        return;
    }
    let (first, last) = ((from / bucket_ns) as usize, ((to - 1) / bucket_ns) as usize);
    if first == last {
        cells[first][phase] += sign * (to - from) as f32;
        return;
    }
    cells[first][phase] += sign * ((first as u64 + 1) * bucket_ns - from) as f32;
    cells[first + 1..last].iter_mut().for_each(|cell| cell[phase] += sign * bucket_ns as f32);
    cells[last][phase] += sign * (to - last as u64 * bucket_ns) as f32;
}

fn sum(a: &Cell, b: &Cell) -> Cell {
    std::array::from_fn(|at| a[at] + b[at])
}
