//! Rows: where bars stand.

use super::axis::TimeAxis;
use crate::picture::Area;

/// Rows that fill an area.
#[derive(Clone, Copy, Debug)]
pub struct RowStrip {
    /// Where they are.
    pub area: Area,
    /// The row at the upper edge of the area.
    pub first: f64,
    /// The row at its lower edge.
    pub last: f64,
    /// What is left free above and below the bars of a row.
    pub gap: (f64, f64),
}

impl RowStrip {
    fn y(&self, row: f64) -> f64 {
        self.area.y + (row - self.first) / (self.last - self.first) * self.area.h
    }

    /// From top to bottom of so many rows, with what is outside of the area.
    pub fn whole(&self, row: u32, rows: u32) -> (f64, f64) {
        (self.y(f64::from(row)) + self.gap.0, self.y(f64::from(row + rows)) - self.gap.1)
    }

    /// What of it is in the area.
    pub fn clip(&self, (top, bottom): (f64, f64)) -> (f64, f64) {
        (top.max(self.area.y), bottom.min(self.area.y + self.area.h))
    }
}

/// The rows of one height of a lane block.
pub struct BarRows {
    /// Top of the first row.
    pub top: f64,
    /// From one row to the next.
    pub pitch: f64,
    /// Height of a bar.
    pub bar: f64,
}

impl BarRows {
    /// The bar's place between two instants on a row.
    pub fn area(&self, axis: &TimeAxis, row: usize, from_ns: u64, to_ns: u64) -> Area {
        let (x, end) = (axis.x(from_ns as f64), axis.x(to_ns as f64));
        Area { x, y: self.top + row as f64 * self.pitch, w: (end - x).max(0.0), h: self.bar }
    }
}
