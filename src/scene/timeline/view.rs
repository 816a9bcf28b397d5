//! The part of a timeline in view, and the rectangles to draw in it.

use super::shares::Shares;
use model::{Phase, State};

/// The part of a timeline in view. Row 0 is the launcher, row 1 + n is lane n.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViewRect {
    /// The left edge, in nanoseconds since the run's origin.
    pub from_ns: f64,
    /// The right edge.
    pub to_ns: f64,
    /// The upper edge, in rows; a fraction cuts a row.
    pub first_row: f64,
    /// The lower edge, in rows.
    pub last_row: f64,
    /// The width in physical pixels.
    pub width_px: f32,
    /// The height in physical pixels.
    pub height_px: f32,
}

impl ViewRect {
    /// Whether anything can be drawn in it.
    pub fn is_valid(&self) -> bool {
        self.from_ns.is_finite()
            && self.to_ns.is_finite()
            && self.to_ns > self.from_ns
            && self.last_row > self.first_row
            && self.width_px >= 1.0
            && self.height_px >= 1.0
    }

    /// The height of a row in physical pixels.
    pub fn row_px(&self) -> f64 {
        f64::from(self.height_px) / (self.last_row - self.first_row)
    }
}

/// A rectangle to draw: some rows high, from one pixel to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BarItem {
    /// The first row that it covers.
    pub row: u32,
    /// How many rows it covers.
    pub rows: u32,
    /// The left edge, in pixels from the view's left edge.
    pub from_px: f32,
    /// The right edge.
    pub to_px: f32,
    /// The part of its rows' height that it covers: 0 is their foot, 1 their head.
    pub band: (f32, f32),
    /// What it shows.
    pub fill: Fill,
}

/// The whole height of a row.
pub const WHOLE: (f32, f32) = (0.0, 1.0);
/// The height of phases outside of the target in rows that show states: lower, because some of their colours are
/// states' colours.
pub const AROUND: (f32, f32) = (0.25, 0.75);

/// One value for each phase, in the order of [`Phase::ALL`].
pub type PhaseShares<T> = [T; Phase::ALL.len()];

/// What a rectangle shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    /// One phase, which fills it. On row 0 *launching* is a start call, *waiting to be joined* a join, and *in the
    /// target* a call of a function at which nobody looked.
    Phase(Phase),
    /// The exact share of its area of each phase, and of each state of executions in their targets.
    Shares(Shares),
    /// A state of an execution in its target.
    State(State),
    /// In the target, while nobody looked.
    Unseen,
    /// On the GIL's row: an execution of a lane with this colour ([`crate::palette::lane`]) was on a CPU.
    Lane(u32),
    /// On row 0: the beginning of a stretch that follows another of its colour. Comes after that stretch.
    Edge,
    /// On row 0: something that is visible at any zoom. Comes after the stretch that it marks.
    Tick,
    /// An execution within it did not succeed. Comes after the rectangle that it marks.
    Failed,
}

/// The maximum number of cells of a view: where pixels would make more, columns are wider than a pixel.
const MAX_CELLS: f64 = 32_000.0;

/// Equal columns of time, in which stretches too narrow for a rectangle are added up.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// The left edge of column 0.
    pub from_ns: f64,
    /// The width of each.
    pub width_ns: f64,
    /// Columns per nanosecond.
    pub per_ns: f64,
    /// The number of columns.
    pub count: usize,
    /// Where column 0 begins, in pixels.
    pub from_px: f64,
    /// The width of each, in pixels.
    pub width_px: f64,
}

impl Columns {
    /// Columns of whole pixels that cover a view of `rows` rows.
    pub fn of(view: &ViewRect, rows: f64) -> Self {
        let width_px = (f64::from(view.width_px) * rows / MAX_CELLS).ceil().max(1.0);
        let ns_per_px = (view.to_ns - view.from_ns) / f64::from(view.width_px);
        let count = (f64::from(view.width_px) / width_px).ceil() as usize;
        let width_ns = width_px * ns_per_px;
        Self { from_ns: view.from_ns, width_ns, per_ns: 1.0 / width_ns, count, from_px: 0.0, width_px }
    }

    /// The column of an instant; the first or the last for an instant outside.
    pub fn at(&self, ns: f64) -> usize {
        (((ns - self.from_ns) * self.per_ns).max(0.0) as usize).min(self.count - 1)
    }

    /// The column of an instant, and the share of that column before the instant.
    pub fn place(&self, ns: f64) -> (usize, f64) {
        let place = ((ns - self.from_ns) * self.per_ns).max(0.0);
        let column = (place as usize).min(self.count - 1);
        (column, place - column as f64)
    }

    /// Calls `each` with every column between two instants, and with its time between them.
    pub fn spread(&self, from_ns: f64, to_ns: f64, mut each: impl FnMut(usize, f64)) {
        let (from, to) = (from_ns.max(self.from_ns), to_ns.min(self.end_ns()));
        if from >= to {
            return;
        }
        let (first, last) = (self.at(from), self.at(to));
        for column in first..=last {
            let part = self.edge_ns(column + 1).min(to) - self.edge_ns(column).max(from);
            if part > 0.0 {
                each(column, part);
            }
        }
    }

    /// The left edge of a column.
    pub fn edge_ns(&self, column: usize) -> f64 {
        self.from_ns + column as f64 * self.width_ns
    }

    /// The left edge of a column, in pixels.
    pub fn edge_px(&self, column: usize) -> f32 {
        (self.from_px + column as f64 * self.width_px) as f32
    }

    /// The place of an instant, in pixels.
    pub fn px(&self, ns: f64) -> f32 {
        (self.from_px + (ns - self.from_ns) * self.per_ns * self.width_px) as f32
    }

    /// The right edge of the last column.
    pub fn end_ns(&self) -> f64 {
        self.edge_ns(self.count)
    }
}
