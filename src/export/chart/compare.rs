//! A comparison as one SVG picture: the ratio of each pair with its interval, the makespans of each setting as dots over a
//! box, and what disturbed them.

use super::{
    Fonts, MARGIN,
    canvas::{Anchor, Area, Canvas, Style, short},
    header, theme,
};
use crate::{
    export::{ExportError, ExportOptions, fonts},
    insight::{compare::compare, noise, precision, stopping},
    model::{
        Experiment,
        document::{Comparison, Verdict},
    },
    scene::{
        distribution::{Bounds, Distribution, distributions, figures_of, sides},
        palette::{self, Rgb},
        ratio_axis::{RatioAxis, ratio_text, time_text},
        swarm::swarm,
    },
};
use theme::{hex, mix};

/// Height of a line of words, of a ratio, of the dots, and of the box behind them.
const WORDS: f64 = 25.0;
const RATIO: f64 = 30.0;
const DOTS: f64 = 92.0;
const BOX: f64 = 38.0;
const APART: f64 = 14.0;
const AXIS: f64 = 30.0;
/// Ticks at most: one for so much width.
const TICK_ROOM: f64 = 130.0;

/// The chart as an SVG document.
///
/// # Errors
/// No repeat has ended that counts.
pub fn svg(experiment: &Experiment, options: &ExportOptions, fonts: Fonts) -> Result<String, ExportError> {
    let all = distributions(experiment);
    let axis = RatioAxis::of(all.iter().flat_map(|one| one.values.iter().map(|value| value.ns)));
    let axis = axis.ok_or(ExportError::NothingToDraw)?;
    let width = f64::from(options.width_px.clamp(640, 4000));
    let mut canvas = Canvas::new(width, theme::Theme::of(options.theme));
    let y = header::comparison(&mut canvas, experiment, options);
    let mut chart = Chart { canvas };
    let y = chart.pairs(y, experiment);
    let y = chart.makespans(y, &all, axis);
    let y = chart.notes(y, experiment);
    let mut canvas = chart.canvas;
    let height = header::footer(&mut canvas, experiment, y);
    Ok(canvas.document(height, (fonts == Fonts::Embedded).then(fonts::font_faces)))
}

struct Chart {
    canvas: Canvas,
}

impl Chart {
    fn room(&self) -> f64 {
        self.canvas.width - 2.0 * MARGIN
    }

    fn x(&self, axis: RatioAxis, value: f64) -> f64 {
        MARGIN + axis.place(value) * self.room()
    }

    fn ticks(&self, axis: RatioAxis) -> Vec<f64> {
        axis.ticks(((self.room() / TICK_ROOM) as usize).clamp(2, 12))
    }

    /// Draws the ratio of each pair from `y` on; returns the lower end.
    fn pairs(&mut self, mut y: f64, experiment: &Experiment) -> f64 {
        let comparisons = compare(experiment);
        let ends = |c: &Comparison| [c.ratio, c.low, c.high].into_iter().flatten();
        let axis = RatioAxis::of(comparisons.iter().flat_map(ends).chain([1.0]));
        for comparison in &comparisons {
            self.canvas.open("pair", None);
            y = self.paragraph(y, Style::new(19.0, self.canvas.theme.ink).bold(), &comparison.sentence);
            let [a, b] = sides(experiment, comparison);
            let figures = format!("{a} / {b}: {}", figures_of(comparison).join("  ·  "));
            y = self.paragraph(y, Style::new(16.0, self.canvas.theme.muted), &figures) + 8.0;
            if let (Some(axis), Some(ratio)) = (axis, comparison.ratio) {
                self.ratio(y, axis, comparison, ratio);
                y += RATIO + APART;
            }
            self.canvas.close();
        }
        match axis.filter(|_| comparisons.iter().any(|c| c.ratio.is_some())) {
            Some(axis) => self.labels(y - APART, axis, ratio_text) + APART,
            None => y,
        }
    }

    fn ratio(&mut self, y: f64, axis: RatioAxis, comparison: &Comparison, ratio: f64) {
        let area = Area { x: MARGIN, y, w: self.room(), h: RATIO };
        self.canvas.rect(area, self.canvas.theme.row, "");
        self.grid(area, axis);
        let (ink, one) = (self.canvas.theme.ink, self.x(axis, 1.0));
        self.canvas.line((one, y), (one, y + RATIO), ink, 2.0);
        let colour = match comparison.verdict {
            Verdict::A => palette::accent(comparison.a.mode),
            Verdict::B => palette::accent(comparison.b.mode),
            Verdict::None | Verdict::Unclear => self.canvas.theme.muted,
        };
        let middle = y + RATIO / 2.0;
        if let (Some(low), Some(high)) = (comparison.low, comparison.high) {
            let (left, right) = (self.x(axis, low), self.x(axis, high));
            let bar = Area { x: left, y: middle - 6.0, w: (right - left).max(3.0), h: 12.0 };
            self.canvas.rect(bar, colour, "class=\"interval\" rx=\"3\"");
        }
        self.dot(self.x(axis, ratio), middle, 8.0, colour, (ink, 2.0), "ratio");
    }

    fn dot(&mut self, x: f64, y: f64, radius: f64, fill: Rgb, edge: (Rgb, f64), class: &str) {
        let (r, d) = (short(radius), short(2.0 * radius));
        let path = format!("M{} {}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z", short(x - radius), short(y));
        let (fill, stroke, width) = (hex(fill), hex(edge.0), short(edge.1));
        self.canvas
            .path(&path, &format!("class=\"{class}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{width}\""));
    }

    fn grid(&mut self, area: Area, axis: RatioAxis) {
        let grid = self.canvas.theme.grid;
        for tick in self.ticks(axis) {
            let x = self.x(axis, tick);
            self.canvas.line((x, area.y), (x, area.y + area.h), grid, 1.0);
        }
    }

    /// The numbers of an axis below `y`; returns their lower end.
    fn labels(&mut self, y: f64, axis: RatioAxis, text: fn(f64) -> String) -> f64 {
        let style = Style::new(14.0, self.canvas.theme.ink).at(Anchor::Middle);
        let mut free = 0.0;
        for tick in self.ticks(axis) {
            let text = text(tick);
            let (x, half) = (self.x(axis, tick), self.canvas.text_width(style, &text) / 2.0);
            if x - half >= free {
                self.canvas.text(x, y + 19.0, style, &text);
                free = x + half + 12.0;
            }
        }
        y + AXIS
    }

    /// Draws the makespans of each setting from `y` on; returns the lower end.
    fn makespans(&mut self, y: f64, all: &[Distribution], axis: RatioAxis) -> f64 {
        let bold = Style::new(20.0, self.canvas.theme.ink).bold();
        self.canvas.open("makespans", Some("Makespans"));
        let mut y = y + 10.0;
        self.canvas.text(MARGIN, y + 20.0, bold, "Makespans");
        let x = MARGIN + self.canvas.text_width(bold, "Makespans") + 14.0;
        let muted = Style::new(15.0, self.canvas.theme.muted);
        let meaning = "a dot is a repeat, a ring an outlier; the box holds the middle half, its line is the median, \
                       whiskers end within Tukey's fences; logarithmic";
        let meaning = self.canvas.ruler.fit(meaning, muted.size, false, self.canvas.width - MARGIN - x);
        self.canvas.text(x, y + 20.0, muted, &meaning);
        y += 30.0;
        for one in all {
            y = self.setting(y, one, axis) + APART;
        }
        y = self.labels(y - APART, axis, time_text);
        self.canvas.close();
        y
    }

    fn setting(&mut self, y: f64, one: &Distribution, axis: RatioAxis) -> f64 {
        let accent = palette::accent(one.setting.mode);
        let words = one.words().join("  ·  ");
        self.canvas.open("distribution", Some(&format!("{}: {words}", one.label)));
        let style = Style::new(17.0, self.canvas.theme.readable(accent)).bold();
        self.canvas.text(MARGIN, y + 18.0, style, &one.label);
        let x = MARGIN + self.canvas.text_width(style, &one.label) + 18.0;
        let style = Style::new(15.0, self.canvas.theme.ink);
        let words = self.canvas.ruler.fit(&words, style.size, false, (self.canvas.width - MARGIN - x).max(0.0));
        self.canvas.text(x, y + 18.0, style, &words);
        let mut end = y + WORDS;
        if !one.values.is_empty() {
            let area = Area { x: MARGIN, y: end, w: self.room(), h: DOTS };
            self.canvas.rect(area, self.canvas.theme.row, "");
            self.grid(area, axis);
            one.bounds.iter().for_each(|bounds| self.bounds(area, bounds, axis, accent));
            self.dots(area, one, axis, accent);
            end += DOTS;
        }
        self.canvas.close();
        end
    }

    fn bounds(&mut self, area: Area, bounds: &Bounds, axis: RatioAxis, accent: Rgb) {
        let middle = area.y + area.h / 2.0;
        let at = |value| self.x(axis, value);
        let [low, left, median, right, high] =
            [bounds.low, bounds.lower_quartile, bounds.median, bounds.upper_quartile, bounds.high].map(at);
        let line = self.canvas.theme.readable(accent);
        for (from, to) in [((low, middle), (left, middle)), ((right, middle), (high, middle))] {
            self.canvas.line(from, to, line, 2.0);
        }
        for end in [low, high] {
            self.canvas.line((end, middle - BOX / 4.0), (end, middle + BOX / 4.0), line, 2.0);
        }
        let inside = Area { x: left, y: middle - BOX / 2.0, w: (right - left).max(1.0), h: BOX };
        self.canvas.rect(inside, mix(self.canvas.theme.row, accent, 0.28), "class=\"box\"");
        self.canvas.frame(inside, line, 2.0);
        // Longer than the box is high, so that it is seen behind dots.
        let (top, foot) = (inside.y - 9.0, inside.y + BOX + 9.0);
        self.canvas.line((median, top), (median, foot), self.canvas.theme.ink, 3.5);
    }

    fn dots(&mut self, area: Area, one: &Distribution, axis: RatioAxis, accent: Rgb) {
        let places: Vec<f64> = one.values.iter().map(|value| self.x(axis, value.ns)).collect();
        // The sizes of a swarm are those of a screen; the picture is half as large again.
        let swarm = swarm(&places.iter().map(|place| place / 1.4).collect::<Vec<_>>(), (area.h - 6.0) / 1.4);
        let (paper, middle) = (self.canvas.theme.paper, area.y + area.h / 2.0);
        let radius = swarm.diameter * 0.7 - 0.5;
        for ((value, x), aside) in one.values.iter().zip(places).zip(&swarm.aside) {
            let y = middle + aside * 1.4;
            if value.outlier {
                self.dot(x, y, radius, paper, (palette::FAILED, 2.5), "outlier");
            } else {
                self.dot(x, y, radius, accent, (paper, 1.2), "repeat");
            }
        }
    }

    /// Why it stopped, and what disturbed it.
    fn notes(&mut self, mut y: f64, experiment: &Experiment) -> f64 {
        let stopped = precision::of_experiment(experiment).and_then(|p| stopping::why_stopped(experiment, &p));
        y += 6.0;
        if let Some(stopped) = stopped {
            y = self.paragraph(y, Style::new(16.0, self.canvas.theme.ink), &stopped);
        }
        let colour = self.canvas.theme.readable(palette::FAILED);
        for warning in noise::warnings(experiment) {
            y = self.paragraph(y, Style::new(16.0, colour), &warning);
        }
        y + 8.0
    }

    fn paragraph(&mut self, y: f64, style: Style, text: &str) -> f64 {
        header::paragraph(&mut self.canvas, y, style, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        export::ChartTheme,
        insight::testing::Builder,
        model::LaunchMode::{Processes, Threads},
    };
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
