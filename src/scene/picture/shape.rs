//! The shapes of a picture.

use crate::palette::{Pattern, Rgb};
use model::Setting;

/// A place: from the left, and from the top.
pub type Position = (f64, f64);

/// A shape. Its class says what it means.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A filled rectangle.
    Rect { class: &'static str, area: Area, paint: Paint, radius: f64 },
    /// Many rectangles that do not overlap.
    Rects { class: &'static str, rects: Vec<(Area, Paint)> },
    /// The edge of a rectangle.
    Frame { area: Area, stroke: Stroke },
    /// Straight lines from place to place.
    Lines { class: &'static str, places: Vec<Position>, stroke: Stroke },
    /// Filled areas, each between an upper and a lower line.
    Bands { class: &'static str, bands: Vec<Vec<Rib>>, paint: Paint },
    /// A filled convex polygon.
    Convex { class: &'static str, corners: Vec<Position>, paint: Paint, edge: Option<Stroke> },
    /// A circle.
    Circle { class: &'static str, centre: Position, radius: f64, fill: Option<Rgb>, edge: Option<Stroke> },
    /// A text; its place is on its baseline.
    Text { at: Position, style: Style, text: String },
    /// The beginning of a part, with its text on hovering, and what it is about.
    Open { class: &'static str, told: Option<String>, about: Option<About> },
    /// The end of the part that was begun last.
    Close,
}

/// What a part of a picture is about, to which a click on it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The run with this id.
    Run(u32),
    /// A setting.
    Setting(Setting),
}

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub x: f64,
    /// Its top edge.
    pub y: f64,
    /// Its width.
    pub w: f64,
    /// Its height.
    pub h: f64,
}

/// The upper and the lower line of a band at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rib {
    /// The place, from the left.
    pub x: f64,
    /// The upper line, from the top.
    pub upper: f64,
    /// The lower line, from the top.
    pub lower: f64,
}

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint {
    /// The colour.
    pub colour: Rgb,
    /// 0 for invisible, 1 for opaque.
    pub opacity: f64,
    /// The pattern over it.
    pub pattern: Pattern,
}

impl Paint {
    /// An opaque colour without a pattern.
    pub fn of(colour: Rgb) -> Self {
        Self { colour, opacity: 1.0, pattern: Pattern::Solid }
    }

    /// A colour with an opacity in hundredths.
    pub fn percent(colour: Rgb, percent: u8) -> Self {
        Self { opacity: f64::from(percent) / 100.0, ..Self::of(colour) }
    }
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// The colour.
    pub colour: Rgb,
    /// The width.
    pub width: f64,
    /// The lengths of dashes and gaps, in turn; empty for a whole line.
    pub dashes: &'static [f64],
    /// Whether its ends and corners are round.
    pub round: bool,
}

impl Stroke {
    /// A whole line.
    pub fn new(colour: Rgb, width: f64) -> Self {
        Self { colour, width, dashes: &[], round: false }
    }

    /// The same in dashes.
    pub fn dashed(self, dashes: &'static [f64]) -> Self {
        Self { dashes, ..self }
    }

    /// The same with round ends.
    pub fn rounded(self) -> Self {
        Self { round: true, ..self }
    }
}

/// Which point of a text lies at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The left end.
    Start,
    /// The middle.
    Middle,
    /// The right end.
    End,
}

impl Anchor {
    /// The share of a text that lies to the left of its place.
    pub fn share(self) -> f64 {
        match self {
            Self::Start => 0.0,
            Self::Middle => 0.5,
            Self::End => 1.0,
        }
    }
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// The height of the font.
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
    /// Its colour.
    pub colour: Rgb,
    /// Which of its points lies at its place.
    pub anchor: Anchor,
}

impl Style {
    /// A regular text that begins at its place.
    pub fn new(size: f64, colour: Rgb) -> Self {
        Self { size, bold: false, colour, anchor: Anchor::Start }
    }

    /// The same in bold.
    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same with another anchor.
    pub fn at(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}
