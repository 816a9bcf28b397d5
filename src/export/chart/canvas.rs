//! SVG elements, written one after another.

use super::theme::{Theme, hex};
use crate::{
    export::fonts::{FAMILY, Ruler},
    model::quantity::rounded,
    scene::palette::{self, Pattern, Rgb},
};
use std::fmt::Write;

/// A picture in the making.
pub struct Canvas {
    /// Width of the picture.
    pub width: f64,
    /// Its colours.
    pub theme: Theme,
    /// Measures texts.
    pub ruler: Ruler,
    body: String,
}

/// Where a text begins.
#[derive(Clone, Copy)]
pub enum Anchor {
    /// At its left end.
    Start,
    /// In its middle.
    Middle,
    /// At its right end.
    End,
}

/// How a text looks.
#[derive(Clone, Copy)]
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

/// A rectangle: left, top, width, height.
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

impl Canvas {
    /// An empty picture.
    pub fn new(width: f64, theme: Theme) -> Self {
        Self { width, theme, ruler: Ruler::new(), body: String::new() }
    }

    /// A filled rectangle; `more` holds further attributes.
    pub fn rect(&mut self, area: Area, fill: Rgb, more: &str) {
        let space = if more.is_empty() { "" } else { " " };
        let Area { x, y, w, h } = area;
        self.add(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{space}{more}/>",
            short(x),
            short(y),
            short(w),
            short(h),
            hex(fill)
        ));
    }

    /// A filled rectangle of a colour of the palette, with its pattern.
    pub fn marked(&mut self, area: Area, fill: Rgb, more: &str) {
        self.rect(area, fill, more);
        self.hatch(area, fill, palette::pattern(fill));
    }

    /// A pattern on a colour.
    pub fn hatch(&mut self, area: Area, on: Rgb, pattern: Pattern) {
        let Area { x, y, w, h } = area;
        if let Some(fill) = hatch_fill(on, pattern).filter(|_| w > 0.0 && h > 0.0) {
            let [x, y, w, h] = [x, y, w, h].map(short);
            let size = format!("x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"");
            self.add(format_args!("<rect {size} class=\"hatch\" {fill}/>"));
        }
    }

    /// The edge of a rectangle.
    pub fn frame(&mut self, area: Area, stroke: Rgb, width: f64) {
        let Area { x, y, w, h } = area;
        let d = format!("M{} {}h{}v{}h{}z", short(x), short(y), short(w), short(h), short(-w));
        self.path(&d, &format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"", hex(stroke), short(width)));
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Rgb, width: f64) {
        let d = format!("M{} {}L{} {}", short(from.0), short(from.1), short(to.0), short(to.1));
        self.path(&d, &format!("stroke=\"{}\" stroke-width=\"{}\"", hex(stroke), short(width)));
    }

    /// A path with its attributes.
    pub fn path(&mut self, d: &str, attributes: &str) {
        self.add(format_args!("<path d=\"{d}\" {attributes}/>"));
    }

    /// A text whose baseline is at `y`.
    pub fn text(&mut self, x: f64, y: f64, style: Style, text: &str) {
        let anchor = match style.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if style.bold { " font-weight=\"700\"" } else { "" };
        self.add(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{weight}{anchor}>{}</text>",
            short(x),
            short(y),
            short(style.size),
            hex(style.colour),
            escaped(text)
        ));
    }

    /// The width of a text in a style.
    pub fn text_width(&self, style: Style, text: &str) -> f64 {
        self.ruler.width(text, style.size, style.bold)
    }

    /// Opens a group of a class, with a text that browsers show on hovering.
    pub fn open(&mut self, class: &str, title: Option<&str>) {
        let title = title.map_or_else(String::new, |title| format!("<title>{}</title>", escaped(title)));
        self.add(format_args!("<g class=\"{class}\">{title}"));
    }

    /// Closes the group.
    pub fn close(&mut self) {
        self.add(format_args!("</g>"));
    }

    /// The document; `style` is its style sheet.
    pub fn document(self, height: f64, style: Option<String>) -> String {
        let (w, h) = (short(self.width), short(height.ceil()));
        let style = style.map_or_else(String::new, |style| format!("<style>{style}</style>"));
        let paper = hex(self.theme.paper);
        let defs = hatches();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" \
             font-family=\"{FAMILY}, sans-serif\">{style}{defs}\n<rect width=\"{w}\" height=\"{h}\" fill=\"{paper}\"/>\n{}</svg>\n",
            self.body
        )
    }

    fn add(&mut self, element: std::fmt::Arguments) {
        // Writing to a String cannot fail.
        let _ = self.body.write_fmt(element);
        self.body.push('\n');
    }
}

/// The attribute that fills with the lines of a pattern on a colour; none where it has no lines.
pub fn hatch_fill(on: Rgb, pattern: Pattern) -> Option<String> {
    let ink = if palette::ink(on) == [0; 3] { "dark" } else { "light" };
    let name = match pattern.lines() {
        (true, false) => "lines",
        (false, true) => "bars",
        (true, true) => "grid",
        (false, false) => return None,
    };
    Some(format!("fill=\"url(#{name}-{ink})\""))
}

/// The patterns, which have their places on the page, so that they go on from bar to bar.
fn hatches() -> String {
    let mut defs = "<defs>".to_owned();
    let (step, width) = (Pattern::STEP, Pattern::WIDTH);
    for (name, pattern) in [("lines", Pattern::Lines), ("bars", Pattern::Bars), ("grid", Pattern::Grid)] {
        for (ink, colour) in [("dark", "#000"), ("light", "#fff")] {
            let (across, down) = pattern.lines();
            let size = |on: bool, w: f32, h: f32| if on { format!("M0 0h{w}v{h}h-{w}z") } else { String::new() };
            let d = size(across, step, width) + &size(down, width, step);
            let box_ = format!("width=\"{step}\" height=\"{step}\" patternUnits=\"userSpaceOnUse\"");
            let strength = Pattern::STRENGTH;
            let path = format!("<path d=\"{d}\" fill=\"{colour}\" fill-opacity=\"{strength}\"/>");
            // Writing to a String cannot fail.
            let _ = write!(defs, "<pattern id=\"{name}-{ink}\" {box_}>{path}</pattern>");
        }
    }
    defs + "</defs>"
}

/// A number with at most two decimals.
pub fn short(value: f64) -> String {
    let text = rounded(value, 2);
    if text == "-0" { "0".to_owned() } else { text }
}

/// A text as XML has it; letters that XML forbids become a blank.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '\u{FFFE}' | '\u{FFFF}' => escaped.push(' '),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
