//! A comparison: the ratio of a pair with its interval, and the makespans of a setting as dots over a box with whiskers.

use crate::{
    distribution::{Bounds, Distribution, Value},
    palette::{self, Rgb},
    picture::{About, Area, Picture, Style, mix},
    ratio_axis::{RatioAxis, ratio_text, time_text},
    swarm::swarm,
};
use model::document::{Comparison, Verdict};

/// Height of a line of words, of a ratio, of the dots, and of the box behind them.
const WORDS: f64 = 25.0;
const RATIO: f64 = 30.0;
const DOTS: f64 = 92.0;
const BOX: f64 = 38.0;
const AXIS: f64 = 30.0;
/// The least width for each tick.
const TICK_ROOM: f64 = 120.0;
/// A swarm's diameters are made for a screen; a picture's are this many times as large.
const LARGER: f64 = 1.4;

/// Draws rows between two edges of a picture, on an axis of ratios.
pub struct ComparisonRows<'a> {
    /// The picture.
    pub picture: &'a mut Picture,
    /// The left and the right edge.
    pub edges: (f64, f64),
    /// The axis that all rows share.
    pub axis: RatioAxis,
}

impl ComparisonRows<'_> {
    fn room(&self) -> f64 {
        self.edges.1 - self.edges.0
    }

    fn x(&self, value: f64) -> f64 {
        self.edges.0 + self.axis.place(value) * self.room()
    }

    fn ticks(&self) -> Vec<f64> {
        self.axis.ticks(((self.room() / TICK_ROOM) as usize).clamp(2, 12))
    }

    /// Draws the ratio of a pair with its interval from `y` on; `told` says it in words. Returns the lower end.
    pub fn ratio(&mut self, y: f64, comparison: &Comparison, told: &str) -> f64 {
        let Some(ratio) = comparison.ratio else { return y };
        self.picture.open("interval-of", Some(&format!("Interval of {told}")));
        let area = Area { x: self.edges.0, y, w: self.room(), h: RATIO };
        self.ground(area);
        let (ink, one) = (self.picture.theme.ink, self.x(1.0));
        self.picture.line((one, y), (one, y + RATIO), ink, 2.0);
        let colour = match comparison.verdict {
            Verdict::A => palette::accent(comparison.a.mode),
            Verdict::B => palette::accent(comparison.b.mode),
            Verdict::None | Verdict::Unclear => self.picture.theme.muted,
        };
        let middle = y + RATIO / 2.0;
        if let (Some(low), Some(high)) = (comparison.low, comparison.high) {
            let (left, right) = (self.x(low), self.x(high));
            let bar = Area { x: left, y: middle - 6.0, w: (right - left).max(3.0), h: 12.0 };
            self.picture.filled("interval", bar, colour, 3.0);
        }
        self.picture.circle("ratio", (self.x(ratio), middle), 8.0, Some(colour), Some((ink, 2.0)));
        self.picture.close();
        y + RATIO
    }

    fn ground(&mut self, area: Area) {
        let (row, grid) = (self.picture.theme.row, self.picture.theme.grid);
        self.picture.rect(area, row);
        for tick in self.ticks() {
            let x = self.x(tick);
            self.picture.line((x, area.y), (x, area.y + area.h), grid, 1.0);
        }
    }

    /// Draws the axis's labels as ratios below `y`; returns their lower end.
    pub fn ratio_labels(&mut self, y: f64) -> f64 {
        self.labels(y, ratio_text)
    }

    /// Draws the axis's labels as times below `y`; returns their lower end.
    pub fn time_labels(&mut self, y: f64) -> f64 {
        self.labels(y, time_text)
    }

    /// Draws labels below their places, each where it has room beside the label before.
    fn labels(&mut self, y: f64, text: fn(f64) -> String) -> f64 {
        let labels: Vec<_> = self.ticks().into_iter().map(|tick| (self.x(tick), text(tick))).collect();
        self.picture.labels(self.edges, y + 19.0, 12.0, labels);
        y + AXIS
    }

    /// Draws the makespans of a setting from `y` on; returns the lower end.
    pub fn setting(&mut self, y: f64, one: &Distribution) -> f64 {
        let told = format!("Makespans of {}: {}", one.label, one.words().join(" · "));
        self.picture.open("distribution", Some(&told));
        self.words(y, one);
        let mut end = y + WORDS;
        if !one.values.is_empty() {
            let accent = palette::accent(one.setting.mode);
            let area = Area { x: self.edges.0, y: end, w: self.room(), h: DOTS };
            self.ground(area);
            one.bounds.iter().for_each(|bounds| self.bounds(area, bounds, accent));
            self.dots(area, one, accent);
            end += DOTS;
        }
        self.picture.close();
        end
    }

    fn words(&mut self, y: f64, one: &Distribution) {
        let accent = palette::accent(one.setting.mode);
        let style = Style::new(17.0, self.picture.theme.readable(accent)).bold();
        let (words, ink) = (one.words().join("  ·  "), Style::new(15.0, self.picture.theme.ink));
        self.picture.texts(
            (self.edges.0, y + 18.0),
            (self.edges.1, 18.0),
            [(style, one.label.as_str()), (ink, &words)],
        );
    }

    fn bounds(&mut self, area: Area, bounds: &Bounds, accent: Rgb) {
        let middle = area.y + area.h / 2.0;
        let at = |value| self.x(value);
        let [low, left, median, right, high] =
            [bounds.low, bounds.lower_quartile, bounds.median, bounds.upper_quartile, bounds.high].map(at);
        let line = self.picture.theme.readable(accent);
        for (from, to) in [((low, middle), (left, middle)), ((right, middle), (high, middle))] {
            self.picture.line(from, to, line, 2.0);
        }
        for end in [low, high] {
            self.picture.line((end, middle - BOX / 4.0), (end, middle + BOX / 4.0), line, 2.0);
        }
        let inside = Area { x: left, y: middle - BOX / 2.0, w: (right - left).max(1.0), h: BOX };
        let pale = mix(self.picture.theme.row, accent, 0.28);
        self.picture.filled("box", inside, pale, 0.0);
        self.picture.frame(inside, line, 2.0);
        // Longer than the box is high, so that the line is visible behind dots.
        let (top, foot) = (inside.y - 9.0, inside.y + BOX + 9.0);
        let ink = self.picture.theme.ink;
        self.picture.line((median, top), (median, foot), ink, 3.5);
    }

    fn dots(&mut self, area: Area, one: &Distribution, accent: Rgb) {
        let places: Vec<f64> = one.values.iter().map(|value| self.x(value.ns)).collect();
        let swarm = swarm(&places.iter().map(|x| x / LARGER).collect::<Vec<_>>(), (area.h - 6.0) / LARGER);
        let (radius, middle) = (swarm.diameter * LARGER / 2.0 - 0.5, area.y + area.h / 2.0);
        for ((value, x), aside) in one.values.iter().zip(places).zip(&swarm.aside) {
            self.dot((x, middle + aside * LARGER), radius, one, value, accent);
        }
    }

    fn dot(&mut self, at: (f64, f64), radius: f64, one: &Distribution, value: &Value, accent: Rgb) {
        let paper = self.picture.theme.paper;
        self.picture.open_about("dot", &one.value_words(value), About::Run(value.run));
        // An outlier is a ring, so that not only its colour tells it from the others.
        if value.outlier {
            self.picture.circle("outlier", at, radius, Some(paper), Some((palette::FAILED, 2.5)));
        } else {
            self.picture.circle("repeat", at, radius, Some(accent), Some((paper, 1.2)));
        }
        self.picture.close();
    }
}
