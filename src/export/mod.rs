//! The export formats, one file each. An exporter turns an experiment into bytes; the file's extension chooses it.

pub mod chart;
mod compare;
mod csv;
mod findings;
mod fonts;
mod json;
mod launch;
mod markdown;
mod png;
mod svg;
mod sweep;
mod table;
mod waterfall;
mod write;

use model::{Experiment, Setting};
use std::{
    io,
    path::{Path, PathBuf},
};

pub use json::document;
pub use png::bytes as png_bytes;
pub use scene::picture::ChartTheme;
pub use write::write;

/// A format.
pub trait Exporter: Sync {
    /// Its extensions, in lower case and without the dot.
    fn extensions(&self) -> &'static [&'static str];

    /// Its name in a file dialog.
    fn title(&self) -> &'static str;

    /// The bytes of a file.
    ///
    /// # Errors
    /// The experiment has nothing to show in this format, or a picture is too large.
    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError>;

    /// Writes these bytes; a format whose size grows with the executions writes them as it makes them.
    ///
    /// # Errors
    /// As [`Exporter::export`], or the bytes can't be written.
    fn write(
        &self,
        experiment: &Experiment,
        options: &ExportOptions,
        out: &mut dyn io::Write,
    ) -> Result<(), WriteError> {
        Ok(out.write_all(&self.export(experiment, options)?)?)
    }
}

/// Why an export was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The exporter failed.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The bytes could not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Every format, in the order in which it is offered.
pub const EXPORTERS: &[&dyn Exporter] = &[
    &png::Png,
    &svg::Svg,
    &compare::ComparePng,
    &compare::CompareSvg,
    &launch::LaunchPng,
    &launch::LaunchSvg,
    &findings::FindingsPng,
    &findings::FindingsSvg,
    &waterfall::WaterfallPng,
    &waterfall::WaterfallSvg,
    &sweep::SweepPng,
    &sweep::SweepSvg,
    &csv::Csv,
    &compare::CompareCsv,
    &findings::FindingsCsv,
    &waterfall::WaterfallCsv,
    &sweep::SweepCsv,
    &markdown::Markdown,
    &json::Json,
];

/// What to show, and how. Tables and documents hold everything: the only option that they heed is `no_env`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportOptions {
    /// Light or dark.
    pub theme: ChartTheme,
    /// The width of a chart in the unit of its text sizes, 640 to 4,000; the height follows.
    pub width_px: u32,
    /// Pixels of a PNG in one such unit, 1 to 4.
    pub scale: f32,
    /// The repeats (from 0) to show of some settings; the others show the repeat with the median makespan.
    pub repeats: Vec<(Setting, u32)>,
    /// The title; where absent, the plan's name.
    pub title: Option<String>,
    /// Whether the plan was edited since; if so, the chart says that it shows the plan before.
    pub before_edit: bool,
    /// Whether a document leaves out the values of the plan's environment and keeps only the names; other formats hold
    /// neither.
    pub no_env: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self {
            theme: ChartTheme::Light,
            width_px: 1600,
            scale: 2.0,
            repeats: Vec::new(),
            title: None,
            before_edit: false,
            no_env: false,
        }
    }
}

/// Why nothing was exported: one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// No format has this extension.
    #[error("{}: no format has this extension; use {}", .0.display(), extensions())]
    UnknownFormat(PathBuf),
    /// No run has happened yet.
    #[error("there is no run to draw yet; run or compare the plan first")]
    NothingToDraw,
    /// The experiment is no sweep.
    #[error("these runs are no sweep: there are no curves to write; sweep the plan first")]
    NoSweep,
    /// There is only one setting.
    #[error("there is nothing to compare; compare the plan in two or more settings first")]
    NothingToCompare,
    /// The picture cannot be made.
    #[error("the chart could not be made: {0}")]
    Chart(String),
    /// The file exists, and is to be kept.
    #[error("{}: there is such a file already; choose another name", .0.display())]
    Exists(PathBuf),
    /// The file cannot be written.
    #[error("{} could not be written: {why}; choose another place or free it", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says about it.
        why: String,
    },
}

/// The exporter of a file, by its extension in upper or lower case.
///
/// # Errors
/// No format has this extension; the message lists those that exist.
pub fn for_path(path: &Path) -> Result<&'static dyn Exporter, ExportError> {
    // These double extensions are formats of other programs.
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    if [".trace.json", ".hyperfine.json"].iter().any(|of_others| name.ends_with(of_others)) {
        return Err(ExportError::UnknownFormat(path.to_owned()));
    }
    // The longest extension wins: `.launch.png` is not `.png`. An extension alone is no file name.
    let ends = |extension: &str| name.strip_suffix(extension).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'));
    let length = |exporter: &&dyn Exporter| exporter.extensions().iter().filter(|e| ends(e)).map(|e| e.len()).max();
    let known = EXPORTERS.iter().copied().filter(|exporter| length(exporter).is_some());
    known.max_by_key(length).ok_or_else(|| ExportError::UnknownFormat(path.to_owned()))
}

fn extensions() -> String {
    let all: Vec<_> = EXPORTERS.iter().flat_map(|exporter| exporter.extensions()).map(|e| format!(".{e}")).collect();
    let (last, others) = all.split_last().expect("there are formats");
    format!("{} or {last}", others.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_follows_the_extension() {
        assert!(for_path(Path::new("a.trace.json")).is_err());
        for name in ["a.png", "b/c.SVG", "x.y.csv", "runs.json"] {
            assert!(for_path(Path::new(name)).is_ok(), "{name}");
        }
        let sentence = for_path(Path::new("chart.gif")).err().expect("unknown").to_string();
        let listed: Vec<_> = EXPORTERS.iter().flat_map(|exporter| exporter.extensions()).collect();
        assert!(sentence.starts_with("chart.gif: no format has this extension; use .png, .svg, "), "{sentence}");
        assert!(sentence.ends_with(&format!(" or .{}", listed.last().expect("a format"))), "{sentence}");
        assert!(listed.iter().all(|extension| sentence.contains(&format!(" .{extension}"))), "{sentence}");
        assert_eq!(listed.iter().collect::<std::collections::HashSet<_>>().len(), listed.len());
        assert!(for_path(Path::new("png")).is_err() && for_path(Path::new(".png")).is_err());
        let title = |name: &str| for_path(Path::new(name)).map(|exporter| exporter.title()).ok();
        assert_eq!(title("a.launch.PNG"), Some("PNG chart of launch costs"));
        assert_eq!((title("launch.svg"), title("alaunch.png")), (Some("SVG chart"), Some("PNG chart")));
    }
}
