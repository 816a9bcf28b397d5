//! The timing chart as PNG, drawn from its SVG.

use super::{ExportError, ExportOptions, Exporter, chart, fonts};
use model::Experiment;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg,
};

/// Portable network graphics.
pub struct Png;

/// The most pixels of a picture, at four bytes each.
const MOST_PIXELS: f64 = 1e8;

impl Exporter for Png {
    fn extensions(&self) -> &'static [&'static str] {
        &["png"]
    }

    fn title(&self) -> &'static str {
        "PNG chart"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        let svg = chart::svg(experiment, options, chart::Fonts::Named)?;
        bytes(&svg, options.scale)
    }
}

/// A chart as the bytes of a PNG.
pub fn bytes(svg: &str, scale: f32) -> Result<Vec<u8>, ExportError> {
    draw(svg, scale)?.encode_png().map_err(|error| ExportError::Chart(error.to_string()))
}

fn draw(svg: &str, scale: f32) -> Result<Pixmap, ExportError> {
    let tree = usvg::Tree::from_str(svg, &svg_options()).map_err(|error| ExportError::Chart(error.to_string()))?;
    let size = tree.size();
    let area = f64::from(size.width()) * f64::from(size.height());
    let scale = scale.clamp(1.0, 4.0).min((MOST_PIXELS / area).sqrt() as f32);
    let pixels = |length: f32| (length * scale).round().max(1.0) as u32;
    let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height()))
        .ok_or_else(|| ExportError::Chart("the picture is too large".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    Ok(pixmap)
}

fn svg_options() -> usvg::Options<'static> {
    let mut options = usvg::Options { font_family: fonts::FAMILY.to_owned(), ..usvg::Options::default() };
    let database = options.fontdb_mut();
    database.load_font_data(fonts::REGULAR.to_vec());
    database.load_font_data(fonts::BOLD.to_vec());
    options
}
