//! Use of each core while nothing runs: a line for each core, the latest sample on the right.

use crate::picture::{Area, Picture, Stroke, Style};
use model::Sample;
use std::collections::VecDeque;

/// The width of the words before a line.
const LABEL: f64 = 120.0;
/// The most lines; of more cores the first are shown.
const MOST: usize = 16;
/// The most lines in a column.
const ROWS: usize = 4;

/// Draws the latest samples, `height` high; `most` of them fill a line.
pub fn draw(picture: &mut Picture, samples: &VecDeque<Sample>, most: usize, height: f64) {
    let Some(latest) = samples.back() else { return };
    let cores = latest.busy.len().clamp(1, MOST);
    let columns = cores.div_ceil(ROWS);
    let rows = cores.div_ceil(columns);
    let (w, h) = (picture.width / columns as f64, height / rows as f64);
    for core in 0..cores.min(latest.busy.len()) {
        let (x, y) = ((core / rows) as f64 * w, (core % rows) as f64 * h);
        line(picture, Area { x: x + 8.0, y: y + 2.5, w: w - 16.0, h: h - 5.0 }, samples, core, most);
    }
}

fn line(picture: &mut Picture, Area { x, y, w, h }: Area, samples: &VecDeque<Sample>, core: usize, most: usize) {
    let busy = |sample: &Sample| f64::from(sample.busy.get(core).copied().unwrap_or(0.0).clamp(0.0, 1.0));
    let now = samples.back().map_or(0.0, busy);
    let style = Style::new(15.0, picture.theme.muted);
    picture.text(x, y + h / 2.0 + 5.0, style, &format!("core {core}  {:>3.0} %", now * 100.0));
    let plot = Area { x: x + LABEL, y, w: (w - LABEL).max(0.0), h };
    picture.rect(plot, picture.theme.row);
    let step = plot.w / (most.max(2) - 1) as f64;
    let place = |(back, sample)| (plot.x + plot.w - back as f64 * step, y + h - busy(sample) * h);
    let stroke = Stroke::new(picture.theme.readable(crate::palette::BLUE), 2.0);
    picture.lines("", samples.iter().rev().enumerate().map(place).collect(), stroke);
    picture.frame(plot, picture.theme.grid, 1.0);
}
