//! The timing chart: an experiment as one SVG picture.
//!
//! Every shown setting is a panel: the launcher's row, the lanes, who was on which core, and how busy cores were. All
//! panels share one time axis.

mod choice;
mod compare;
mod findings;
mod header;
mod launch;
mod paint;
mod panel;
mod series;
mod stacked;
mod sweep;
mod waterfall;

use super::{ExportError, ExportOptions, fonts::Ruler};
use model::Experiment;
use panel::Panel;
use scene::{
    charts::{axis::TimeAxis, legend},
    picture::{Picture, Theme},
};
use std::rc::Rc;

pub use compare::svg as compare_svg;
pub use findings::svg as findings_svg;
pub use header::date;
pub use launch::svg as launch_svg;
pub use paint::document;
pub use series::{Series, svg as series_svg};
pub use sweep::svg as sweep_svg;
pub use waterfall::svg as waterfall_svg;

/// The source of an SVG's fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fonts {
    /// They are in the file.
    Embedded,
    /// The renderer has them.
    Named,
}

/// An empty picture in the width and the theme of the options.
fn blank(options: &ExportOptions) -> Picture {
    let width = f64::from(options.width_px.clamp(640, 4000));
    Picture::new(width, Theme::of(options.theme), Rc::new(Ruler::new()))
}

/// The margin around the chart.
const MARGIN: f64 = 40.0;
/// The width of the labels to the left of the time axis.
const GUTTER: f64 = 96.0;

/// The chart as an SVG document.
///
/// # Errors
/// There is no run to draw.
pub fn svg(experiment: &Experiment, options: &ExportOptions, fonts: Fonts) -> Result<String, ExportError> {
    let panels = Panel::all(experiment, options);
    if panels.is_empty() {
        return Err(ExportError::NothingToDraw);
    }
    let mut picture = blank(options);
    let width = picture.width;
    let end_ns = panels.iter().map(Panel::end_ns).max().unwrap_or(0);
    let axis = TimeAxis::new(end_ns, MARGIN + GUTTER, width - MARGIN);
    let mut y = header::draw(&mut picture, experiment, options, &panels);
    for panel in &panels {
        y = panel.draw(&mut picture, &axis, y, panels.len()) + 18.0;
    }
    y = axis.draw(&mut picture, y - 12.0);
    let shown: Vec<_> = panels.iter().map(|panel| (panel.run, &panel.index)).collect();
    y = legend::draw(&mut picture, (MARGIN, width - MARGIN), &shown, y);
    let height = header::footer(&mut picture, experiment, y);
    Ok(document(&picture, height, fonts))
}

#[cfg(test)]
mod tests;
