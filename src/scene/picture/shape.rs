//! What a picture is made of.

use crate::palette::{Pattern, Rgb};
use model::RunSetting;

/// A place: from the left, and from the top.
pub type Place = (f64, f64);

/// Something that is drawn. A class says what it means.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A filled rectangle.
    Rect { class: &'static str, area: Area, paint: Paint, radius: f64 },
    /// Many, none of which lies on another.
    Rects { class: &'static str, rects: Vec<(Area, Paint)> },
    /// The edge of a rectangle.
    Frame { area: Area, stroke: Stroke },
    /// Straight lines from place to place.
    Lines { class: &'static str, places: Vec<Place>, stroke: Stroke },
    /// Filled areas, each between an upper and a lower line that have the same places from the left.
    Bands { class: &'static str, bands: Vec<Vec<Rib>>, paint: Paint },
    /// A filled area with straight edges and no corner that points inwards.
    Convex { class: &'static str, corners: Vec<Place>, paint: Paint, edge: Option<Stroke> },
    /// A circle.
    Circle { class: &'static str, centre: Place, radius: f64, fill: Option<Rgb>, edge: Option<Stroke> },
    /// A text; its place is on its baseline.
    Text { at: Place, style: Style, text: String },
    /// The beginning of a part, with what is told of it, and what it is about.
    Open { class: &'static str, told: Option<String>, about: Option<About> },
    /// The end of the part that was begun last.
    Close,
}

/// What a part of a picture is about: what a click on it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The run with this id.
    Run(u32),
    /// A setting.
    Setting(RunSetting),
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

/// A place of a band, with its upper and its lower line there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rib {
    /// From the left.
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
    /// 0 for nothing, 1 where nothing below it is seen.
    pub opacity: f64,
    /// Lines over it.
    pub pattern: Pattern,
}

impl Paint {
    /// A colour alone.
    pub fn of(colour: Rgb) -> Self {
        Self { colour, opacity: 1.0, pattern: Pattern::Solid }
    }

    /// A colour through which a share of what is below it is seen, in hundredths.
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
    /// Lengths of what is drawn and of what is left out, in turn; empty for a whole line.
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

/// Where a text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its left end.
    Start,
    /// In its middle.
    Middle,
    /// At its right end.
    End,
}

impl Anchor {
    /// The share of a text that is left of its place.
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
    /// Height of the font.
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
    /// Its colour.
    pub colour: Rgb,
    /// What its place means.
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
