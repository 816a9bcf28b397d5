//! Paints a picture as an SVG document.

use super::{Fonts, stacked::by_look};
use crate::fonts::{self, FAMILY};
use model::quantity::rounded;
use scene::{
    palette::{self, Pattern, Rgb},
    picture::{Anchor, Area, Paint, Picture, Position, Rib, Shape, Stroke, Style},
};
use std::fmt::{Arguments, Write};

/// The document of a picture, `height` high.
pub fn document(picture: &Picture, height: f64, fonts: Fonts) -> String {
    let (w, h) = (short(picture.width), short(height.ceil()));
    let style = match fonts {
        Fonts::Embedded => format!("<style>{}</style>", fonts::font_faces()),
        Fonts::Named => String::new(),
    };
    let (paper, defs) = (hex(picture.theme.paper), hatches());
    let mut painter = Painter { body: String::new() };
    picture.shapes().iter().for_each(|shape| painter.shape(shape));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" \
         font-family=\"{FAMILY}, sans-serif\">{style}{defs}\n<rect width=\"{w}\" height=\"{h}\" fill=\"{paper}\"/>\n{}</svg>\n",
        painter.body
    )
}

struct Painter {
    body: String,
}

impl Painter {
    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Rect { class, area, paint, radius } => self.rect(class, *area, paint, *radius),
            Shape::Rects { class, rects } => by_look(rects).for_each(|(paint, areas)| {
                if paint.pattern == Pattern::Solid && alike(&areas) {
                    return self.strips(class, &areas, &paint);
                }
                let d: String = areas.iter().map(|area| box_path(*area)).collect();
                self.filled(class, &d, &paint, None);
            }),
            Shape::Frame { area, stroke } => {
                self.add(format_args!("<path d=\"{}\" fill=\"none\"{}/>", box_path(*area), line(stroke)));
            }
            Shape::Lines { class, places, stroke } => {
                let (class, line) = (class_of(class), line(stroke));
                self.add(format_args!("<path d=\"{}\"{class} fill=\"none\"{line}/>", way(places)));
            }
            Shape::Bands { class, bands, paint } => {
                let d: String = bands.iter().map(|band| outline(band)).collect();
                self.filled(class, &d, paint, None);
            }
            Shape::Convex { class, corners, paint, edge } => {
                self.filled(class, &(way(corners) + "Z"), paint, edge.as_ref());
            }
            Shape::Circle { class, centre, radius, fill, edge } => {
                let (x, y, r) = (short(centre.0), short(centre.1), short(*radius));
                let fill = fill.map_or_else(|| "none".to_owned(), hex);
                let (class, edge) = (class_of(class), edge.as_ref().map_or_else(String::new, line));
                self.add(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"{class} fill=\"{fill}\"{edge}/>"));
            }
            Shape::Text { at, style, text } => self.text(*at, *style, text),
            Shape::Open { class, told, .. } => {
                let title = told.as_ref().map_or_else(String::new, |told| format!("<title>{}</title>", escaped(told)));
                self.add(format_args!("<g class=\"{class}\">{title}"));
            }
            Shape::Close => self.add(format_args!("</g>")),
        }
    }

    fn rect(&mut self, class: &str, area: Area, paint: &Paint, radius: f64) {
        let [x, y, w, h] = [area.x, area.y, area.w, area.h].map(short);
        let place = format!("x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"");
        let round = if radius > 0.0 { format!(" rx=\"{}\"", short(radius)) } else { String::new() };
        let (class, fill) = (class_of(class), fill(paint));
        self.add(format_args!("<rect {place}{class}{fill}{round}/>"));
        if let Some(hatch) = hatch(paint).filter(|_| area.w > 0.0 && area.h > 0.0) {
            self.add(format_args!("<rect {place} class=\"hatch\" {hatch}/>"));
        }
    }

    /// Writes rectangles of one height as one path of thick lines, each relative to the end of the line before, which
    /// keeps files small.
    fn strips(&mut self, class: &str, areas: &[Area], paint: &Paint) {
        let (mut d, mut pen) = (String::new(), (0.0, 0.0));
        let written = |value: f64| (value * 100.0).round() / 100.0;
        for area in areas {
            // Relative to the pen's place as written, so that rounding errors don't add up.
            let [right, down, w] = [area.x - pen.0, area.y + area.h / 2.0 - pen.1, area.w].map(written);
            // Writing to a String cannot fail.
            let _ = write!(d, "m{} {}h{}", short(right), short(down), short(w));
            pen = (pen.0 + right + w, pen.1 + down);
        }
        let opacity = opacity("stroke", paint.opacity);
        let height = short(areas.first().map_or(0.0, |area| area.h));
        let (class, colour) = (class_of(class), hex(paint.colour));
        let look = format!("stroke=\"{colour}\" stroke-width=\"{height}\"{opacity}");
        self.add(format_args!("<path d=\"{d}\"{class} fill=\"none\" {look}/>"));
    }

    /// Writes a path, and its pattern over it.
    fn filled(&mut self, class: &str, d: &str, paint: &Paint, edge: Option<&Stroke>) {
        let (class, fill, edge) = (class_of(class), fill(paint), edge.map_or_else(String::new, line));
        self.add(format_args!("<path d=\"{d}\"{class}{fill}{edge}/>"));
        if let Some(hatch) = hatch(paint) {
            self.add(format_args!("<path d=\"{d}\" class=\"hatch\" {hatch}/>"));
        }
    }

    fn text(&mut self, (x, y): Position, style: Style, text: &str) {
        let anchor = match style.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if style.bold { " font-weight=\"700\"" } else { "" };
        let (x, y, size, colour) = (short(x), short(y), short(style.size), hex(style.colour));
        self.add(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\"{weight}{anchor}>{}</text>",
            escaped(text)
        ));
    }

    fn add(&mut self, element: Arguments) {
        // Writing to a String cannot fail.
        let _ = self.body.write_fmt(element);
        self.body.push('\n');
    }
}

/// Whether all areas have one height, so that a shorter form is possible.
fn alike(areas: &[Area]) -> bool {
    areas.windows(2).all(|pair| (pair[0].h - pair[1].h).abs() < 0.005)
}

fn class_of(class: &str) -> String {
    if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") }
}

fn fill(paint: &Paint) -> String {
    format!(" fill=\"{}\"{}", hex(paint.colour), opacity("fill", paint.opacity))
}

fn opacity(of: &str, opacity: f64) -> String {
    if opacity < 1.0 { format!(" {of}-opacity=\"{}\"", short(opacity)) } else { String::new() }
}

fn line(stroke: &Stroke) -> String {
    let mut line = format!(" stroke=\"{}\" stroke-width=\"{}\"", hex(stroke.colour), short(stroke.width));
    if !stroke.dashes.is_empty() {
        let dashes: Vec<String> = stroke.dashes.iter().map(|length| short(*length)).collect();
        line += &format!(" stroke-dasharray=\"{}\"", dashes.join(" "));
    }
    if stroke.round {
        line += " stroke-linecap=\"round\" stroke-linejoin=\"round\"";
    }
    line
}

fn box_path(Area { x, y, w, h }: Area) -> String {
    let [x, y, w, h, back] = [x, y, w, h, -w].map(short);
    format!("M{x} {y}h{w}v{h}h{back}z")
}

/// A path along the upper line, and back along the lower one.
fn outline(band: &[Rib]) -> String {
    let there = band.iter().map(|rib| (rib.x, rib.upper));
    let back = band.iter().rev().map(|rib| (rib.x, rib.lower));
    way(&there.chain(back).collect::<Vec<_>>()) + "Z"
}

/// A path from place to place; horizontal and vertical lines are written shorter.
fn way(places: &[Position]) -> String {
    let mut d = String::new();
    let mut before: Option<[String; 2]> = None;
    for (x, y) in places {
        let [x, y] = [x, y].map(|value| short(*value));
        // Writing to a String cannot fail.
        let _ = match &before {
            None => write!(d, "M{x} {y}"),
            Some([_, last]) if *last == y => write!(d, "H{x}"),
            Some([last, _]) if *last == x => write!(d, "V{y}"),
            Some(_) => write!(d, "L{x} {y}"),
        };
        before = Some([x, y]);
    }
    d
}

/// The attribute that fills an area with the lines of a paint's pattern; none where the pattern has no lines.
fn hatch(paint: &Paint) -> Option<String> {
    let ink = if palette::ink(paint.colour) == [0; 3] { "dark" } else { "light" };
    let name = match paint.pattern.lines() {
        (true, false) => "lines",
        (false, true) => "bars",
        (true, true) => "grid",
        (false, false) => return None,
    };
    Some(format!("fill=\"url(#{name}-{ink})\""))
}

/// The patterns. They have fixed places on the page, so that their lines run on from bar to bar.
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

/// `#rrggbb`.
pub fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A number with at most two decimals.
fn short(value: f64) -> String {
    let text = rounded(value, 2);
    if text == "-0" { "0".to_owned() } else { text }
}

/// A text escaped for XML; characters that XML forbids become blanks.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '\u{FFFE}' | '\u{FFFF}' => escaped.push(' '),
            '\n' => escaped.push('\n'),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChartTheme, fonts::Ruler};
    use roxmltree::{Document, Node};
    use scene::picture::Theme;
    use std::rc::Rc;

    fn painted(draw: impl Fn(&mut Picture)) -> String {
        let mut picture = Picture::new(200.0, Theme::of(ChartTheme::Light), Rc::new(Ruler::new()));
        draw(&mut picture);
        document(&picture, 100.0, Fonts::Named)
    }

    fn of_class<'a>(document: &'a Document, class: &str) -> Node<'a, 'a> {
        document.descendants().find(|node| node.attribute("class") == Some(class)).expect("it is there")
    }

    #[test]
    fn everything_stands_where_the_picture_says() {
        let area = Area { x: 10.0, y: 20.0, w: 30.0, h: 40.0 };
        let svg = painted(|picture| {
            picture.filled("box", area, [1, 2, 3], 0.0);
            let rib = |x| Rib { x, upper: 20.0, lower: 60.0 };
            picture.bands("band", vec![vec![rib(10.0), rib(25.0), rib(40.0)]], Paint::of([1, 2, 3]));
            picture.lines("line", vec![(10.0, 20.0), (40.0, 60.0)], Stroke::new([1, 2, 3], 1.0).dashed(&[6.0, 4.0]));
            picture.circle("dot", (25.0, 40.0), 5.0, Some([1, 2, 3]), None);
            picture.rects("alike", [area, Area { x: 50.0, ..area }].map(|area| (area, Paint::of([1, 2, 3]))).to_vec());
        });
        let document = Document::parse(&svg).expect("XML");
        let all = |class: &str, names: &[&str]| -> Vec<String> {
            let node = of_class(&document, class);
            names.iter().map(|name| node.attribute(*name).unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(all("box", &["x", "y", "width", "height", "fill"]), ["10", "20", "30", "40", "#010203"]);
        assert_eq!(all("band", &["d"]), ["M10 20H25H40V60H25H10Z"]);
        assert_eq!(all("line", &["d", "stroke-dasharray"]), ["M10 20L40 60", "6 4"]);
        assert_eq!(all("dot", &["cx", "cy", "r"]), ["25", "40", "5"]);
        // Two rectangles of one height are one thick line in two pieces, the second relative to the end of the first.
        assert_eq!(all("alike", &["d", "stroke-width"]), ["m10 40h30m10 0h30", "40"]);
    }

    #[test]
    fn a_text_stands_on_its_baseline_at_its_anchor_and_is_escaped() {
        let svg = painted(|picture| {
            picture.open("part", Some("a < b\nnext"));
            picture.text(50.0, 60.0, Style::new(12.0, [9; 3]).bold().at(Anchor::Middle), "a & b\u{7}");
            picture.close();
        });
        let document = Document::parse(&svg).expect("XML");
        let text = document.descendants().find(|node| node.has_tag_name("text")).expect("a text");
        let found = ["x", "y", "font-size", "text-anchor", "font-weight"].map(|name| text.attribute(name));
        assert_eq!(found, ["50", "60", "12", "middle", "700"].map(Some));
        assert_eq!(text.text(), Some("a & b "));
        let told = of_class(&document, "part").descendants().find(|node| node.has_tag_name("title"));
        assert_eq!(told.and_then(|title| title.text()), Some("a < b\nnext"));
    }
}
