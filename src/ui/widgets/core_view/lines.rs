//! Lines between rows of cores.

use crate::widgets::timeline::paint::Rows;
use eframe::egui::{Shape, Stroke};

/// Rows of at least so many points have lines between them.
const LINE_ROW: f32 = 5.0;

/// Lines between cores and above the first, so that an idle one is seen to be there.
pub fn lines(rows: &Rows, cores: u32, stroke: Stroke) -> Vec<Shape> {
    let mut lines = vec![Shape::hline(rows.rect.x_range(), rows.rect.top(), stroke)];
    if rows.row_points() >= LINE_ROW {
        let first = rows.first.ceil().max(0.0) as u32 + u32::from(rows.first.fract() == 0.0);
        for core in first..=(rows.last.floor() as u32).min(cores) {
            let y = rows.rect.top() + (f64::from(core) - rows.first) as f32 * rows.row_points();
            lines.push(Shape::hline(rows.rect.x_range(), y, stroke));
        }
    }
    lines
}
