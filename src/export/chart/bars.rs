//! Rows: where bars stand, and the ground below them.

use super::{
    axis::TimeAxis,
    canvas::{Area, Canvas},
};

/// The rows of one height of a lane block.
pub struct Rows {
    /// Top of the first row.
    pub top: f64,
    /// From one row to the next.
    pub pitch: f64,
    /// Height of a bar.
    pub bar: f64,
}

impl Rows {
    /// The bar's place between two instants on a row.
    pub fn area(&self, axis: &TimeAxis, row: usize, from_ns: u64, to_ns: u64) -> Area {
        let (x, end) = (axis.x(from_ns as f64), axis.x(to_ns as f64));
        Area { x, y: self.top + row as f64 * self.pitch, w: (end - x).max(0.0), h: self.bar }
    }
}

/// The ground of a block of rows.
pub fn ground(canvas: &mut Canvas, axis: &TimeAxis, top: f64, height: f64) {
    let row = canvas.theme.row;
    canvas.rect(Area { x: axis.left, y: top, w: axis.right - axis.left, h: height }, row, "");
}
