//! Columns of what is too narrow to draw, by colour and strength.

use super::{
    canvas::{Canvas, short},
    theme::hex,
};
use crate::scene::palette::Rgb;
use std::{collections::BTreeMap, fmt::Write};

/// Stretches of rows of one height by colour and opacity: each is one path of strokes.
#[derive(Default)]
pub struct Strokes {
    paths: BTreeMap<(Rgb, u8), Stroke>,
}

/// A path of horizontal stretches. Places are whole tenths, written as moves from one to the next to keep files small.
#[derive(Default)]
struct Stroke {
    d: String,
    x: i64,
    y: i64,
}

impl Stroke {
    fn add(&mut self, x: f64, y: f64, width: f64) {
        let [left, end, y] = [x, x + width, y].map(|value| (value * 10.0).round() as i64);
        // Writing to a String cannot fail.
        let _ = write!(self.d, "m{}", tenths(left - self.x));
        let _ = write!(self.d, " {}h{}", tenths(y - self.y), tenths((end - left).max(1)));
        (self.x, self.y) = (left + (end - left).max(1), y);
    }
}

fn tenths(value: i64) -> String {
    short(value as f64 / 10.0)
}

impl Strokes {
    /// Adds one stretch.
    pub fn add(&mut self, colour: Rgb, percent: u8, x: f64, y: f64, width: f64) {
        self.paths.entry((colour, percent)).or_default().add(x, y, width);
    }

    /// Draws them all as strokes of one width.
    pub fn draw(&self, canvas: &mut Canvas, height: f64) {
        for ((colour, percent), stroke) in &self.paths {
            let opacity = if *percent < 100 {
                format!(" stroke-opacity=\"{}\"", short(f64::from(*percent) / 100.0))
            } else {
                String::new()
            };
            canvas.path(
                &stroke.d,
                &format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{opacity}", hex(*colour), short(height)),
            );
        }
    }
}
