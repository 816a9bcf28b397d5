//! What is too narrow to draw: how busy each pixel column of a row is, and with what.

use super::{
    canvas::{Canvas, short},
    theme::hex,
};
use crate::analysis::palette::Rgb;
use std::{collections::BTreeMap, fmt::Write};

/// The share of each pixel column that each of a few colours takes.
pub struct Density {
    colours: Vec<Rgb>,
    columns: usize,
    /// For each colour and column, what ends or begins inside the column.
    partial: Vec<f32>,
    /// For each colour and column, the change of what covers columns whole.
    step: Vec<f32>,
    used: bool,
}

impl Density {
    /// An empty row of so many pixel columns.
    pub fn new(columns: usize, colours: Vec<Rgb>) -> Self {
        let cells = (columns + 1) * colours.len();
        Self { colours, columns: columns + 1, partial: vec![0.0; cells], step: vec![0.0; cells], used: false }
    }

    /// Adds a stretch, in pixels from the row's left end.
    pub fn add(&mut self, colour: usize, from: f64, to: f64) {
        let last = self.columns - 1;
        let (from, to) = (from.clamp(0.0, last as f64), to.clamp(0.0, last as f64));
        let (first, end) = (from as usize, (to as usize).min(last));
        let row = colour * self.columns;
        self.used = true;
        if first == end {
            self.partial[row + first] += (to - from) as f32;
            return;
        }
        self.partial[row + first] += (first as f64 + 1.0 - from) as f32;
        self.partial[row + end] += (to - end as f64) as f32;
        self.step[row + first + 1] += 1.0;
        self.step[row + end] -= 1.0;
    }

    /// Colour and share (0 to 1) of every column, of a row in which `lanes` lie upon each other.
    pub fn shares(&self, lanes: f64) -> Vec<(Rgb, f64)> {
        let mut whole = vec![0.0; self.colours.len()];
        let column = |column: usize| {
            let shares = whole.iter_mut().enumerate().map(|(colour, whole)| {
                *whole += self.step[colour * self.columns + column];
                f64::from(self.partial[colour * self.columns + column] + *whole).max(0.0)
            });
            let shares: Vec<f64> = shares.collect();
            let total: f64 = shares.iter().sum();
            (self.mean(&shares, total), (total / lanes).min(1.0))
        };
        (0..self.columns).map(column).collect()
    }

    /// The colour of a column: that of its only state, else the mean, as an eye sees what is too narrow.
    fn mean(&self, shares: &[f64], total: f64) -> Rgb {
        if let Some(only) = shares.iter().position(|share| *share > 0.98 * total) {
            return self.colours[only];
        }
        let channel = |i: usize| {
            let sum: f64 = self.colours.iter().zip(shares).map(|(colour, share)| f64::from(colour[i]) * share).sum();
            // A few steps for each channel are enough, and let neighbours be drawn as one.
            ((sum / total.max(1e-12) / 8.0).round() * 8.0).min(255.0) as u8
        };
        std::array::from_fn(channel)
    }
}

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
    /// Adds a row whose middle is at `y`; neighbours that look the same become one stretch.
    pub fn add_row(&mut self, density: &Density, lanes: f64, left: f64, y: f64) {
        if !density.used {
            return;
        }
        let looks = density.shares(lanes).into_iter().map(|(colour, share)| (colour, (share * 100.0).round() as u8));
        let looks: Vec<_> = looks.collect();
        let mut x = left;
        for same in looks.chunk_by(|a, b| a == b || (a.1 == 0 && b.1 == 0)) {
            let (colour, percent) = same[0];
            let width = same.len() as f64;
            if percent > 0 {
                self.add(colour, percent, x, y, width);
            }
            x += width;
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_columns_share_is_exact() {
        let mut row = Density::new(10, vec![[0; 3], [255; 3]]);
        row.add(0, 1.25, 1.5);
        row.add(1, 1.5, 1.75);
        row.add(0, 2.5, 5.25);
        let shares: Vec<f64> = row.shares(1.0).into_iter().map(|(_, share)| share).collect();
        assert_eq!(shares[..7], [0.0, 0.5, 0.5, 1.0, 1.0, 0.25, 0.0]);
        assert_eq!((row.shares(1.0)[1].0, row.shares(1.0)[5].0), ([128; 3], [0; 3]));
        assert_eq!(row.shares(4.0)[3].1, 0.25);
    }

    #[test]
    fn what_lies_outside_is_kept_at_the_ends() {
        let mut row = Density::new(4, vec![[0; 3]]);
        row.add(0, -5.0, 99.0);
        assert!(row.shares(1.0)[..4].iter().all(|(_, share)| *share == 1.0));
    }
}
