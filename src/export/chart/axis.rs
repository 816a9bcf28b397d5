//! The time axis that all panels share.

use super::canvas::{Anchor, Canvas, Style};
use crate::scene::{
    ticks::{Ticks, ticks},
    timeline::{Columns, ViewRect},
};

/// Maps instants to places.
pub struct TimeAxis {
    /// Left end, the run's origin.
    pub left: f64,
    /// Right end.
    pub right: f64,
    /// The instant of the right end.
    pub end_ns: f64,
    ticks: Ticks,
}

impl TimeAxis {
    /// An axis from the origin to a little after `end_ns`.
    pub fn new(end_ns: u64, left: f64, right: f64) -> Self {
        let end_ns = end_ns.max(1) as f64 * 1.01;
        let most = ((right - left) / 110.0) as usize;
        Self { left, right, end_ns, ticks: ticks(0.0, end_ns, most) }
    }

    /// Where an instant is.
    pub fn x(&self, ns: f64) -> f64 {
        self.left + (ns / self.end_ns).clamp(0.0, 1.0) * (self.right - self.left)
    }

    /// One row over the whole axis, for the timeline's layout.
    pub fn view(&self) -> ViewRect {
        let width_px = (self.right - self.left) as f32;
        ViewRect { from_ns: 0.0, to_ns: self.end_ns, first_row: 0.0, last_row: 1.0, width_px, height_px: 1.0 }
    }

    /// Columns for so many rows: a unit wide, or wider where there are very many.
    pub fn columns(&self, rows: usize) -> Columns {
        Columns::of(&self.view(), rows as f64)
    }

    /// The axis's lines through a panel.
    pub fn grid(&self, canvas: &mut Canvas, top: f64, bottom: f64) {
        let grid = canvas.theme.grid;
        for tick in &self.ticks.ticks {
            let x = self.x(tick.at_ns);
            canvas.line((x, top), (x, bottom), grid, 1.0);
        }
    }

    /// The axis itself with its numbers; returns where what follows begins.
    pub fn draw(&self, canvas: &mut Canvas, y: f64) -> f64 {
        self.draw_as(canvas, y, "time since the run began")
    }

    /// The same with another caption.
    pub fn draw_as(&self, canvas: &mut Canvas, y: f64, caption: &str) -> f64 {
        let (ink, muted) = (canvas.theme.ink, canvas.theme.muted);
        canvas.open("axis", None);
        canvas.line((self.left, y), (self.right, y), muted, 1.0);
        let style = Style::new(14.0, ink).at(Anchor::Middle);
        for tick in &self.ticks.ticks {
            let x = self.x(tick.at_ns);
            canvas.line((x, y), (x, y + 5.0), muted, 1.0);
            let label = self.ticks.label(tick);
            if x + canvas.text_width(style, &label) / 2.0 <= self.right + super::MARGIN / 2.0 {
                canvas.text(x, y + 21.0, style, &label);
            }
        }
        let style = Style::new(13.0, muted).at(Anchor::End);
        canvas.text(self.right, y + 41.0, style, caption);
        canvas.close();
        y + 52.0
    }
}
