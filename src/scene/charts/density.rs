//! Columns of what is too narrow to draw, by colour and strength.

use crate::{
    palette::Rgb,
    picture::{Paint, Picture, Shape, Strip},
};
use std::collections::BTreeMap;

/// Stretches of rows of one height by colour and opacity, in hundredths. Places are whole tenths, which keeps files small.
#[derive(Default)]
pub struct Strips {
    all: BTreeMap<(Rgb, u8), Vec<Strip>>,
}

impl Strips {
    /// Adds one stretch.
    pub fn add(&mut self, colour: Rgb, percent: u8, x: f64, middle: f64, width: f64) {
        let [left, end, middle] = [x, x + width, middle].map(|value| (value * 10.0).round());
        let strip = Strip { x: left / 10.0, middle: middle / 10.0, w: (end - left).max(1.0) / 10.0 };
        self.all.entry((colour, percent)).or_default().push(strip);
    }

    /// Draws them all, so high.
    pub fn draw(self, picture: &mut Picture, class: &'static str, height: f64) {
        for ((colour, percent), strips) in self.all {
            let paint = Paint { opacity: f64::from(percent) / 100.0, ..Paint::of(colour) };
            picture.add(Shape::Strips { class, strips, height, paint });
        }
    }
}
