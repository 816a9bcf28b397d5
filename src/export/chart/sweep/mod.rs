//! The chart of a sweep, as one SVG picture. Over workers four panels: makespan, throughput, speedup with the ideal line,
//! efficiency; the fitted laws dashed through them, their parameters below. Over an argument one panel, with the crossings.

mod legend;
mod panel;
mod table;

use super::{
    Fonts, MARGIN,
    canvas::{Area, Canvas},
    header, theme,
};
use crate::{
    export::{ExportError, ExportOptions, fonts},
    insight::scaling::scaling,
    model::{Experiment, SweepAxis},
    scene::sweep::view::View,
};

/// From this width on there are two panels side by side.
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
    let width = f64::from(options.width_px.clamp(640, 4000));
    let mut canvas = Canvas::new(width, theme::Theme::of(options.theme));
    let what = match &scaling.axis {
        SweepAxis::Workers(_) => "a sweep over workers".to_owned(),
        axis @ SweepAxis::Argument { task, .. } => format!("a sweep over {} of {task}", axis.variable()),
    };
    let sentences: Vec<String> = view.sentences().map(str::to_owned).collect();
    let y = header::sweep(&mut canvas, experiment, options, &what, &sentences, &scaling.notes);
    let y = legend::draw(&mut canvas, &view, y);
    let y = panels(&mut canvas, &view, y);
    let y = table::draw(&mut canvas, &view, y);
    let height = header::footer(&mut canvas, experiment, y);
    Ok(canvas.document(height, (fonts == Fonts::Embedded).then(fonts::font_faces)))
}

/// Draws the panels from `y` on; returns where what follows begins.
fn panels(canvas: &mut Canvas, view: &View, y: f64) -> f64 {
    let metrics = view.metrics();
    let columns = if metrics.len() > 1 && canvas.width >= TWO { 2 } else { 1 };
    let room = canvas.width - 2.0 * MARGIN;
    let w = (room - (columns - 1) as f64 * APART) / columns as f64;
    let h = (w * if columns == 2 { 0.52 } else { 0.42 }).clamp(240.0, 560.0);
    for (index, metric) in metrics.iter().enumerate() {
        let (row, column) = (index / columns, index % columns);
        let area = Area { x: MARGIN + column as f64 * (w + APART), y: y + row as f64 * (h + 12.0), w, h };
        panel::draw(canvas, view, *metric, area);
    }
    y + metrics.len().div_ceil(columns) as f64 * (h + 12.0) + 6.0
}

#[cfg(test)]
mod tests;
