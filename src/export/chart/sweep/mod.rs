//! The chart of a sweep, as one SVG picture. Over workers there are four panels: makespan, throughput, speedup with the
//! ideal line, efficiency; fitted laws are dashed lines, and their parameters stand below. Over an argument there is
//! one panel, with the crossings.

mod table;

use super::{Fonts, MARGIN, blank, header, paint::document};
use crate::{ExportError, ExportOptions};
use insight::scaling::scaling;
use model::{Experiment, SweepAxis};
use scene::{
    charts::{sweep_legend, sweep_panel},
    picture::{Area, Picture},
    sweep::view::View,
};

/// From this width on, two panels are side by side.
const TWO: f64 = 900.0;
const APART: f64 = 36.0;

/// The chart as an SVG document.
///
/// # Errors
/// The experiment is no sweep, or none of its runs is complete.
pub fn svg(experiment: &Experiment, options: &ExportOptions, fonts: Fonts) -> Result<String, ExportError> {
    let scaling = scaling(experiment).ok_or(ExportError::NoSweep)?;
    let view = View::of(&scaling);
    if scaling.points.iter().all(|point| point.makespan_ns.is_none()) {
        return Err(ExportError::NothingToDraw);
    }
    let mut picture = blank(options);
    let width = picture.width;
    let what = match &scaling.axis {
        SweepAxis::Workers(_) => "a sweep over workers".to_owned(),
        axis @ SweepAxis::Argument { task, .. } => format!("a sweep over {} of {task}", axis.variable()),
    };
    let sentences: Vec<String> = view.sentences().map(str::to_owned).collect();
    let y = header::sweep(&mut picture, experiment, options, &what, &sentences, &scaling.notes);
    let y = sweep_legend::draw(&mut picture, (MARGIN, width - MARGIN), &view, y);
    let y = panels(&mut picture, &view, y);
    let y = table::draw(&mut picture, &view, y);
    let height = header::footer(&mut picture, experiment, y);
    Ok(document(&picture, height, fonts))
}

/// Draws the panels from `y` on; returns where the table of fits begins.
fn panels(picture: &mut Picture, view: &View, y: f64) -> f64 {
    let metrics = view.metrics();
    let columns = if metrics.len() > 1 && picture.width >= TWO { 2 } else { 1 };
    let room = picture.width - 2.0 * MARGIN;
    let w = (room - (columns - 1) as f64 * APART) / columns as f64;
    let h = (w * if columns == 2 { 0.52 } else { 0.42 }).clamp(240.0, 560.0);
    for (index, metric) in metrics.iter().enumerate() {
        let (row, column) = (index / columns, index % columns);
        let area = Area { x: MARGIN + column as f64 * (w + APART), y: y + row as f64 * (h + 12.0), w, h };
        sweep_panel::draw(picture, view, *metric, area);
    }
    y + metrics.len().div_ceil(columns) as f64 * (h + 12.0) + 6.0
}

#[cfg(test)]
mod tests;
