//! Adds up slices that are too narrow, column by column.

use super::{COLOURS, CoreItem, Who};
use crate::timeline::view::Columns;
use model::{Slice, slices::Block};

/// A rectangle has an edge where it begins less than this behind another of its colour, in columns.
const NEAR: f32 = 1.0;
/// Shares below this are rounding errors.
const NOTHING: f64 = 1e-9;

/// Collects one strip of cores after another.
pub struct Fold {
    columns: Columns,
    /// Whether a strip holds several cores, so that all slices are added up.
    stacked: bool,
    /// For each column, the time in each colour of slices that are too narrow.
    cells: Vec<[f64; COLOURS]>,
    wide: Vec<(f32, f32, Who)>,
}

impl Fold {
    /// An empty strip.
    pub fn new(columns: Columns, stacked: bool) -> Self {
        Self { columns, stacked, cells: vec![[0.0; COLOURS]; columns.count], wide: Vec::new() }
    }

    /// Takes in a slice.
    pub fn slice(&mut self, slice: &Slice, who: Who) {
        let (from, to) = (slice.from_ns as f64, slice.to_ns as f64);
        if !self.stacked && to - from >= self.columns.width_ns {
            let (from, to) = (from.max(self.columns.from_ns), to.min(self.columns.end_ns()));
            if from < to {
                self.wide.push((self.columns.px(from), self.columns.px(to), who));
            }
            return;
        }
        self.spread(from, to, 1.0, who);
    }

    /// Takes in a block of slices as one: spread evenly over its extent, in one colour.
    pub fn block(&mut self, block: &Block, who: Who) {
        let (from, to) = (block.from_ns as f64, block.to_ns as f64);
        self.spread(from, to, block.busy_ns as f64 / (to - from).max(1.0), who);
    }

    fn spread(&mut self, from_ns: f64, to_ns: f64, busy: f64, who: Who) {
        let (cells, slot) = (&mut self.cells, who.slot());
        self.columns.spread(from_ns, to_ns, |column, ns| cells[column][slot] += ns * busy);
    }

    /// Draws the strip of `rows` cores from `row` on, and begins the next.
    pub fn draw(&mut self, (row, rows): (u32, u32), draw: &mut impl FnMut(CoreItem)) {
        let area_ns = self.columns.width_ns * f64::from(rows);
        for (column, cell) in self.cells.iter_mut().enumerate() {
            let share = cell.iter().sum::<f64>() / area_ns;
            if share > NOTHING {
                let most = (0..COLOURS).max_by(|a, b| cell[*a].total_cmp(&cell[*b])).unwrap_or(0);
                let (from_px, to_px) = (self.columns.edge_px(column), self.columns.edge_px(column + 1));
                let (share, who) = (share.min(1.0) as f32, Who::of_slot(most));
                draw(CoreItem { row, rows, from_px, to_px, share, who, edge: false, lane: None });
                *cell = [0.0; COLOURS];
            }
        }
        let mut before: Option<(f32, Who)> = None;
        for (from_px, to_px, who) in self.wide.drain(..) {
            let follows = |(end, other): (f32, Who)| other.slot() == who.slot() && from_px - end < NEAR;
            let edge = before.is_some_and(follows);
            draw(CoreItem { row, rows, from_px, to_px, share: 1.0, who, edge, lane: who.lane() });
            before = Some((to_px, who));
        }
    }
}
