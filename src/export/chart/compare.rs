//! A comparison as one SVG picture: the ratio of each pair with its interval, the makespans of each setting as dots
//! over a box, and what disturbed the runs.

use super::{Fonts, MARGIN, blank, header, paint::document};
use crate::{ExportError, ExportOptions};
use insight::{compare::compare, noise, precision, stopping};
use model::Experiment;
use scene::{
    charts::comparison::ComparisonRows,
    distribution::{Distribution, MEANING, distributions, figures_of, ratio_axis, sides, time_axis},
    palette,
    picture::{Picture, Style},
    ratio_axis::RatioAxis,
};

const APART: f64 = 14.0;

/// The chart as an SVG document.
///
/// # Errors
/// No repeat that counts has ended.
pub fn svg(experiment: &Experiment, options: &ExportOptions, fonts: Fonts) -> Result<String, ExportError> {
    let all = distributions(experiment);
    let axis = time_axis(&all).ok_or(ExportError::NothingToDraw)?;
    let mut picture = blank(options);
    let y = header::page(&mut picture, experiment, options, "comparison") + 14.0;
    let y = pairs(&mut picture, y, experiment);
    let y = makespans(&mut picture, y, &all, axis);
    let y = notes(&mut picture, y, experiment);
    let height = header::footer(&mut picture, experiment, y);
    Ok(document(&picture, height, fonts))
}

fn rows(picture: &mut Picture, axis: RatioAxis) -> ComparisonRows<'_> {
    let edges = (MARGIN, picture.width - MARGIN);
    ComparisonRows { picture, edges, axis }
}

/// Draws the ratio of each pair from `y` on; returns the lower end.
fn pairs(picture: &mut Picture, mut y: f64, experiment: &Experiment) -> f64 {
    let comparisons = compare(experiment);
    let axis = ratio_axis(&comparisons);
    for comparison in &comparisons {
        picture.open("pair", None);
        y = header::paragraph(picture, y, Style::new(19.0, picture.theme.ink).bold(), &comparison.sentence);
        let [a, b] = sides(experiment, comparison);
        let figures = format!("{a} / {b}: {}", figures_of(comparison).join("  ·  "));
        y = header::paragraph(picture, y, Style::new(16.0, picture.theme.muted), &figures) + 8.0;
        if let Some(axis) = axis.filter(|_| comparison.ratio.is_some()) {
            y = rows(picture, axis).ratio(y, comparison, &figures) + APART;
        }
        picture.close();
    }
    match axis.filter(|_| comparisons.iter().any(|c| c.ratio.is_some())) {
        Some(axis) => rows(picture, axis).ratio_labels(y - APART) + APART,
        None => y,
    }
}

/// Draws the makespans of each setting from `y` on; returns the lower end.
fn makespans(picture: &mut Picture, y: f64, all: &[Distribution], axis: RatioAxis) -> f64 {
    picture.open("makespans", Some("Makespans"));
    let mut y = header::heading(picture, y + 10.0, "Makespans", MEANING) - 4.0;
    for one in all {
        y = rows(picture, axis).setting(y, one) + APART;
    }
    y = rows(picture, axis).time_labels(y - APART);
    picture.close();
    y
}

/// Draws why repeating stopped, and what disturbed the runs; returns the lower end.
fn notes(picture: &mut Picture, mut y: f64, experiment: &Experiment) -> f64 {
    let stopped = precision::of_experiment(experiment).and_then(|p| stopping::why_stopped(experiment, &p));
    y += 6.0;
    if let Some(stopped) = stopped {
        y = header::paragraph(picture, y, Style::new(16.0, picture.theme.ink), &stopped);
    }
    let colour = picture.theme.readable(palette::FAILED);
    for warning in noise::warnings(experiment) {
        y = header::paragraph(picture, y, Style::new(16.0, colour), &warning);
    }
    y + 8.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChartTheme;
    use insight::testing::Builder;
    use model::LaunchMode::{Processes, Threads};
    use roxmltree::Document;

    fn texts(document: &Document) -> String {
        let texts = document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
        texts.collect::<Vec<_>>().join("\n")
    }

    fn count(document: &Document, class: &str) -> usize {
        document.descendants().filter(|node| node.attribute("class") == Some(class)).count()
    }

    #[test]
    fn pairs_and_distributions_are_drawn_with_their_figures() {
        let mut threads = [1.84, 1.80, 1.90, 1.86, 1.83, 1.85, 1.82];
        threads[3] = 3.0;
        let experiment = Builder::compare("Count <primes>")
            .makespans(Threads, &threads)
            .makespans(Processes, &[0.90, 0.92, 0.94, 0.93, 0.91, 0.925, 0.915])
            .build();
        for theme in [ChartTheme::Light, ChartTheme::Dark] {
            let options = ExportOptions { theme, ..ExportOptions::default() };
            let text = svg(&experiment, &options, Fonts::Embedded).expect("a chart");
            let document = Document::parse(&text).expect("XML");
            let found = ["pair", "interval", "distribution", "box", "repeat", "outlier"].map(|c| count(&document, c));
            assert_eq!(found, [1, 1, 2, 2, 13, 1]);
            let texts = texts(&document);
            for expected in [
                "Count <primes>: comparison",
                "Processes are 2.0",
                "Threads / Processes: 2.0",
                "p = 0.016",
                "7 pairs",
                "1 outlier",
                "Repeat 4 of threads is an outlier",
                "Stopped after 7 repeats",
            ] {
                assert!(texts.contains(expected), "{expected} is not in {texts}");
            }
        }
    }

    #[test]
    fn what_failed_is_told_and_the_rest_is_drawn() {
        let experiment = Builder::compare("t").crash(Threads, 3).makespans(Processes, &[1.0; 3]).build();
        let text = svg(&experiment, &ExportOptions::default(), Fonts::Embedded).expect("a chart");
        let document = Document::parse(&text).expect("XML");
        assert_eq!(
            (count(&document, "distribution"), count(&document, "box"), count(&document, "interval")),
            (2, 1, 0)
        );
        let texts = texts(&document);
        assert!(texts.contains("no repeat succeeded as a whole") && texts.contains("Nothing to compare"), "{texts}");
        let nothing = Builder::compare("t").crash(Threads, 3).build();
        assert!(svg(&nothing, &ExportOptions::default(), Fonts::Named).is_err());
    }
}
