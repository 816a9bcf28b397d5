//! The timing chart as SVG, with its fonts.

use super::{ExportError, ExportOptions, Exporter, chart};
use model::Experiment;

/// Scalable vector graphics.
pub struct Svg;

impl Exporter for Svg {
    fn extensions(&self) -> &'static [&'static str] {
        &["svg"]
    }

    fn title(&self) -> &'static str {
        "SVG chart"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        chart::svg(experiment, options, chart::Fonts::Embedded).map(String::into_bytes)
    }
}
