//! Columns of what is too narrow to draw, by colour and strength.

use crate::{
    palette::Rgb,
    picture::{Area, Paint, Picture, Shape, Strip},
};
use std::collections::BTreeMap;

/// Stretches of rows by colour, opacity (in hundredths) and height. Places are whole tenths, which keeps files small.
#[derive(Default)]
pub struct Strips {
    all: BTreeMap<(Rgb, u8, i64), Vec<Strip>>,
}

impl Strips {
    /// Adds one stretch.
    pub fn add(&mut self, colour: Rgb, percent: u8, Area { x, y, w, h }: Area) {
        let [left, end, middle] = [x, x + w, y + h / 2.0].map(|value| (value * 10.0).round());
        let strip = Strip { x: left / 10.0, middle: middle / 10.0, w: (end - left).max(1.0) / 10.0 };
        let height = (h * 100.0).round() as i64;
        self.all.entry((colour, percent, height)).or_default().push(strip);
    }

    /// Draws them all.
    pub fn draw(self, picture: &mut Picture, class: &'static str) {
        for ((colour, percent, height), strips) in self.all {
            let height = height as f64 / 100.0;
            let paint = Paint { opacity: f64::from(percent) / 100.0, ..Paint::of(colour) };
            picture.add(Shape::Strips { class, strips, height, paint });
        }
    }
}
