//! The chart of what launching costs, as SVG and as PNG; the extensions are `.launch.svg` and `.launch.png`.

use super::{ExportError, ExportOptions, Exporter, chart, png};
use model::Experiment;

/// As scalable vector graphics.
pub struct LaunchSvg;

/// As portable network graphics.
pub struct LaunchPng;

impl Exporter for LaunchSvg {
    fn extensions(&self) -> &'static [&'static str] {
        &["launch.svg"]
    }

    fn title(&self) -> &'static str {
        "SVG chart of launch costs"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        chart::launch_svg(experiment, options, chart::Fonts::Embedded).map(String::into_bytes)
    }
}

impl Exporter for LaunchPng {
    fn extensions(&self) -> &'static [&'static str] {
        &["launch.png"]
    }

    fn title(&self) -> &'static str {
        "PNG chart of launch costs"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        png::bytes(&chart::launch_svg(experiment, options, chart::Fonts::Named)?, options.scale)
    }
}
