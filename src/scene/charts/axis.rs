//! The time axis that all panels share.

use crate::{
    picture::{Anchor, Area, Picture, Style},
    ticks::{Ticks, ticks},
};

/// How far a number may reach beyond the right end.
const BEYOND: f64 = 20.0;

/// Maps instants to horizontal places.
pub struct TimeAxis {
    /// The place of the left end.
    pub left: f64,
    /// The place of the right end.
    pub right: f64,
    /// The instant of the left end.
    pub from_ns: f64,
    /// The instant of the right end.
    pub end_ns: f64,
    ticks: Ticks,
}

impl TimeAxis {
    /// An axis from the origin to a little after `end_ns`.
    pub fn new(end_ns: u64, left: f64, right: f64) -> Self {
        Self::between((0.0, end_ns.max(1) as f64 * 1.01), left, right)
    }

    /// An axis from one instant to another.
    pub fn between((from_ns, end_ns): (f64, f64), left: f64, right: f64) -> Self {
        let most = ((right - left) / 110.0) as usize;
        Self { left, right, from_ns, end_ns, ticks: ticks(from_ns, end_ns, most) }
    }

    /// The place of an instant, held between the ends.
    pub fn x(&self, ns: f64) -> f64 {
        self.beyond(ns).max(self.left).min(self.right)
    }

    /// The place of an instant, also outside of the axis.
    pub fn beyond(&self, ns: f64) -> f64 {
        self.left + (ns - self.from_ns) / (self.end_ns - self.from_ns) * (self.right - self.left)
    }

    /// The instant at a place.
    pub fn at(&self, x: f64) -> f64 {
        self.from_ns + (x - self.left) / (self.right - self.left) * (self.end_ns - self.from_ns)
    }

    /// The axis's lines through a panel.
    pub fn grid(&self, picture: &mut Picture, top: f64, bottom: f64) {
        let grid = picture.theme.grid;
        for tick in &self.ticks.ticks {
            let x = self.x(tick.at_ns);
            picture.line((x, top), (x, bottom), grid, 1.0);
        }
    }

    /// Draws the axis with its numbers and a caption; returns its lower end.
    pub fn draw(&self, picture: &mut Picture, y: f64) -> f64 {
        self.draw_as(picture, y, "time since the run began")
    }

    /// The same with another caption.
    pub fn draw_as(&self, picture: &mut Picture, y: f64, caption: &str) -> f64 {
        picture.open("axis", None);
        self.numbers(picture, y);
        let style = Style::new(13.0, picture.theme.muted).at(Anchor::End);
        picture.text(self.right, y + 41.0, style, caption);
        picture.close();
        y + 52.0
    }

    /// The same without a caption.
    pub fn numbers(&self, picture: &mut Picture, y: f64) -> f64 {
        let (ink, muted) = (picture.theme.ink, picture.theme.muted);
        picture.line((self.left, y), (self.right, y), muted, 1.0);
        let style = Style::new(14.0, ink).at(Anchor::Middle);
        for tick in &self.ticks.ticks {
            let x = self.x(tick.at_ns);
            picture.line((x, y), (x, y + 5.0), muted, 1.0);
            let label = self.ticks.label(tick);
            if x + picture.text_width(style, &label) / 2.0 <= self.right + BEYOND {
                picture.text(x, y + 21.0, style, &label);
            }
        }
        y + 28.0
    }
}

/// The background of a block of rows.
pub fn ground(picture: &mut Picture, axis: &TimeAxis, top: f64, height: f64) {
    let row = picture.theme.row;
    picture.rect(Area { x: axis.left, y: top, w: axis.right - axis.left, h: height }, row);
}
