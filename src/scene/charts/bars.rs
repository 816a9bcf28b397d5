//! BarRows: where bars stand.

use super::axis::TimeAxis;
use crate::picture::Area;

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
