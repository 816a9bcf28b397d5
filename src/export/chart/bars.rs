//! Stretches on rows: wide ones as rectangles, narrow ones folded.

use super::{
    axis::TimeAxis,
    canvas::{Area, Canvas},
    density::{Density, Strokes},
};
use crate::analysis::palette::Rgb;

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

    /// The middle of a row's bar.
    pub fn middle(&self, row: usize) -> f64 {
        self.top + row as f64 * self.pitch + self.bar / 2.0
    }
}

/// A row's stretches, collected and then drawn.
pub struct Row<'a> {
    axis: &'a TimeAxis,
    colours: Vec<Rgb>,
    density: Density,
    wide: Vec<(usize, f64, f64)>,
    /// Whether stretches lie upon each other, so that all of them are folded.
    stacked: bool,
}

impl<'a> Row<'a> {
    /// An empty row for stretches of these colours.
    pub fn new(axis: &'a TimeAxis, colours: Vec<Rgb>, stacked: bool) -> Self {
        let density = Density::new((axis.right - axis.left).ceil() as usize, colours.clone());
        Self { axis, colours, density, wide: Vec::new(), stacked }
    }

    /// Adds a stretch between two instants.
    pub fn add(&mut self, colour: usize, from_ns: u64, to_ns: u64) {
        let (from, to) = (self.axis.x(from_ns as f64), self.axis.x(to_ns as f64));
        if !self.stacked && to - from >= 1.0 {
            self.wide.push((colour, from, to - from));
        } else {
            self.density.add(colour, from - self.axis.left, to - self.axis.left);
        }
    }

    /// Puts the row among the strokes at its middle, `y`.
    pub fn finish(self, strokes: &mut Strokes, lanes: f64, y: f64) {
        for (colour, x, width) in self.wide {
            strokes.add(self.colours[colour], 100, x, y, width);
        }
        strokes.add_row(&self.density, lanes, self.axis.left, y);
    }
}

/// The ground of a block of rows.
pub fn ground(canvas: &mut Canvas, axis: &TimeAxis, top: f64, height: f64) {
    let row = canvas.theme.row;
    canvas.rect(Area { x: axis.left, y: top, w: axis.right - axis.left, h: height }, row, "");
}
