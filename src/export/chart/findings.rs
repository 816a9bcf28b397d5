//! Findings, as one SVG picture: a card for each, with its figures and what to try.

use super::{Fonts, MARGIN, blank, header, paint::document};
use crate::{ExportError, ExportOptions};
use insight::{compare::compare, evidence, findings::findings_of, label, scaling::scaling, summary};
use model::{Experiment, Finding, document::Comparison};
use scene::{
    palette::{self, Rgb},
    picture::{Area, Picture, Style},
    sweep::view::sentences,
};

/// The width of the mark at a card's left edge.
const MARK: f64 = 6.0;
/// The space between a card's edge and its words.
const INSET: f64 = 22.0;
const APART: f64 = 16.0;
const TITLE: f64 = 20.0;
const WORDS: f64 = 17.0;
const FIGURE: f64 = 16.0;
const LINE: f64 = 24.0;

/// The page as an SVG document.
///
/// # Errors
/// No run has happened yet.
pub fn svg(experiment: &Experiment, options: &ExportOptions, fonts: Fonts) -> Result<String, ExportError> {
    if experiment.runs.is_empty() {
        return Err(ExportError::NothingToDraw);
    }
    let comparisons = compare(experiment);
    let mut picture = blank(options);
    let mut y = header::page(&mut picture, experiment, options, "findings") + 20.0;
    let verdict = Style::new(18.0, picture.theme.ink).bold();
    let answers = answers(experiment, &comparisons);
    for answer in &answers {
        y = paragraph(&mut picture, (MARGIN, y), verdict, answer) + 2.0;
    }
    y += if answers.is_empty() { 0.0 } else { APART };
    let found = findings_of(experiment, &comparisons);
    if found.is_empty() {
        let style = Style::new(WORDS, picture.theme.muted);
        y = paragraph(&mut picture, (MARGIN, y), style, evidence::NOTHING) + APART;
    }
    for finding in &found {
        y = card(&mut picture, y, experiment, finding) + APART;
    }
    let height = header::footer(&mut picture, experiment, y);
    Ok(document(&picture, height, fonts))
}

/// The main results: of a sweep what its curves say, of a comparison its verdicts.
fn answers(experiment: &Experiment, comparisons: &[Comparison]) -> Vec<String> {
    match scaling(experiment) {
        Some(scaling) => sentences(&scaling).map(str::to_owned).collect(),
        None => comparisons.iter().map(|comparison| comparison.sentence.clone()).collect(),
    }
}

/// Draws a card; returns its lower end.
fn card(picture: &mut Picture, y: f64, experiment: &Experiment, finding: &Finding) -> f64 {
    picture.open("finding", Some(&finding.id));
    let below = picture.shapes().len();
    let end = words(picture, y + 14.0, experiment, finding) + 10.0;
    picture.below(below, |picture| {
        let area = Area { x: MARGIN, y, w: picture.width - 2.0 * MARGIN, h: end - y };
        picture.filled("", area, picture.theme.row, 6.0);
        picture.filled("", Area { w: MARK, ..area }, accent(experiment, finding), 3.0);
    });
    picture.close();
    end
}

/// The accent of the mode in which the finding shows best.
fn accent(experiment: &Experiment, finding: &Finding) -> Rgb {
    let run = finding.runs.first().and_then(|id| experiment.runs.iter().find(|run| run.id == *id));
    run.map_or(palette::GREY, |run| palette::accent(run.mode))
}

/// Draws the words of a card; returns their lower end.
fn words(picture: &mut Picture, y: f64, experiment: &Experiment, finding: &Finding) -> f64 {
    let (theme, x) = (picture.theme, MARGIN + INSET);
    let y = paragraph(picture, (x, y), Style::new(TITLE, theme.ink).bold(), &finding.title) + 3.0;
    let mut y = paragraph(picture, (x, y), Style::new(WORDS, theme.ink), &finding.sentence) + 4.0;
    y = figures(picture, y, finding) + 4.0;
    if !finding.advice.is_empty() {
        y = paragraph(picture, (x, y), Style::new(WORDS, theme.ink), &format!("To try: {}", finding.advice));
    }
    let shown = shown_in(experiment, finding);
    if shown.is_empty() { y } else { paragraph(picture, (x, y), Style::new(14.0, theme.muted), &shown) }
}

/// Draws the figures in lines, as many beside each other as have room; returns their lower end.
fn figures(picture: &mut Picture, y: f64, finding: &Finding) -> f64 {
    let (muted, ink) = (Style::new(FIGURE, picture.theme.muted), Style::new(FIGURE, picture.theme.ink).bold());
    let (left, right) = (MARGIN + INSET, picture.width - MARGIN - INSET);
    let (mut x, mut y) = (left, y);
    for figure in evidence::figures(finding) {
        let name = format!("{} ", figure.name);
        let [wide, more] = [(muted, &name), (ink, &figure.value)].map(|(style, text)| picture.text_width(style, text));
        if x > left && x + wide + more > right {
            (x, y) = (left, y + LINE);
        }
        picture.text(x, y + FIGURE, muted, &name);
        picture.text(x + wide, y + FIGURE, ink, &figure.value);
        x += wide + more + 28.0;
    }
    y + LINE
}

/// `Shows best in threads, repeat 3: 0.25 ms to 474 ms, count_down #1`.
fn shown_in(experiment: &Experiment, finding: &Finding) -> String {
    let run = finding.runs.first().and_then(|id| experiment.runs.iter().find(|run| run.id == *id));
    let settings = summary::settings(experiment);
    run.map_or_else(String::new, |run| {
        let setting = label::within(run.setting(), &settings);
        format!("Shows best in {setting}, repeat {}{}", run.repeat + 1, evidence::place_words(run, finding))
    })
}

/// Draws a text in as many lines as it takes, with equal margins left and right; returns its lower end.
fn paragraph(picture: &mut Picture, (x, y): (f64, f64), style: Style, text: &str) -> f64 {
    let lines = picture.ruler.wrap(text, style.size, style.bold, picture.width - 2.0 * x);
    for (place, line) in lines.iter().enumerate() {
        picture.text(x, y + style.size + place as f64 * LINE, style, line);
    }
    y + lines.len() as f64 * LINE
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::{Processes, Threads};
    use roxmltree::Document;

    fn texts(experiment: &Experiment) -> (usize, Vec<String>) {
        let text = svg(experiment, &ExportOptions::default(), Fonts::Embedded).expect("a page");
        let document = Document::parse(&text).expect("XML");
        let cards = document.descendants().filter(|node| node.attribute("class") == Some("finding")).count();
        let texts = document.descendants().filter(|n| n.has_tag_name("text")).filter_map(|n| n.text());
        (cards, texts.map(str::to_owned).collect())
    }

    #[test]
    fn each_finding_is_a_card_with_its_figures_and_what_to_try() {
        let (cards, texts) = texts(&Builder::compare("Down <it> goes").crash(Threads, 1).crash(Processes, 1).build());
        assert_eq!(cards, 2);
        let has = |words: &str| texts.iter().any(|text| text.contains(words));
        for words in
            ["Down <it> goes: findings", "A crash took others with it", "lost", "SIGSEGV", "To try: Run what may"]
        {
            assert!(has(words), "{words} is not in {texts:?}");
        }
        assert!(has("Shows best in threads, repeat 1: primes #1"), "{texts:?}");
    }

    #[test]
    fn runs_without_findings_say_so_and_no_runs_are_nothing_to_draw() {
        let (cards, texts) = texts(&Builder::compare("t").makespans(Threads, &[1.0]).build());
        assert!(cards == 0 && texts.iter().any(|text| text.starts_with("Nothing stands out")), "{texts:?}");
        assert!(svg(&Builder::compare("t").build(), &ExportOptions::default(), Fonts::Named).is_err());
    }
}
