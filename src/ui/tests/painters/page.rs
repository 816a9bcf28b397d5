//! What a reader of an SVG finds, who is not ours.

use super::Painted;
use crate::theme::color;
use eframe::egui::Color32;
use roxmltree::{Document, Node};

/// Everything on a page but its paper; texts are as wide as it is told.
pub fn read(svg: &str, width: impl Fn(&str, f64) -> f64) -> Painted {
    let document = Document::parse(svg).expect("XML");
    let mut painted = Painted::default();
    let defined = |node: &Node| node.ancestors().any(|node| node.has_tag_name("defs"));
    document
        .descendants()
        .filter(|node| !defined(node))
        .skip_while(|node| !node.has_tag_name("rect"))
        .skip(1)
        .for_each(|node| match node.tag_name().name() {
            "rect" => rect(&node, &mut painted),
            "path" => path(&node, &mut painted),
            "circle" => circle(&node, &mut painted),
            "text" => text(&node, &mut painted, &width),
            _ => {}
        });
    painted
}

fn number(node: &Node, name: &str) -> f64 {
    node.attribute(name).map_or(0.0, |text| text.parse().expect("a number"))
}

/// The colour of a fill or a stroke; absent where it is none.
fn colour(node: &Node, of: &str) -> Option<Color32> {
    let hex = node.attribute(of)?.strip_prefix('#')?;
    let channel = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("a colour");
    let opacity = node.attribute(format!("{of}-opacity").as_str()).map_or(1.0, |text| text.parse().expect("a number"));
    Some(color([channel(0), channel(2), channel(4)]).gamma_multiply(opacity))
}

/// What has a pattern is followed by the pattern in its place.
fn is_hatched(node: &Node) -> bool {
    node.next_sibling_element().is_some_and(|next| next.attribute("class") == Some("hatch"))
}

fn rect(node: &Node, painted: &mut Painted) {
    if let Some(colour) = colour(node, "fill") {
        let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| number(node, name));
        painted.rects.push((colour, is_hatched(node), [x, y, x + w, y + h]));
    }
}

fn circle(node: &Node, painted: &mut Painted) {
    let place = ["cx", "cy", "r"].map(|name| number(node, name));
    for (of, filled) in [("fill", true), ("stroke", false)] {
        painted.circles.extend(colour(node, of).map(|colour| (colour, filled, place)));
    }
}

fn path(node: &Node, painted: &mut Painted) {
    let ways = ways(node.attribute("d").expect("a way"));
    let (fill, stroke) = (colour(node, "fill"), colour(node, "stroke"));
    for Way { places, closed, strip } in ways {
        match (fill, stroke) {
            (Some(fill), _) if strip => {
                let ([x, y], [end, foot]) = (places[0], places[2]);
                painted.rects.push((fill, is_hatched(node), [x, y, end, foot]));
            }
            (Some(fill), _) if closed => painted.areas.push((fill, places)),
            (None, Some(stroke)) if strip && !closed => {
                let (half, [x, y], [end, _]) = (number(node, "stroke-width") / 2.0, places[0], places[1]);
                painted.rects.push((stroke, false, [x, y - half, end, y + half]));
            }
            (None, Some(stroke)) if node.has_attribute("stroke-dasharray") => painted.straight.push((stroke, places)),
            (None, Some(stroke)) => painted.lines.push((stroke, places)),
            _ => {}
        }
    }
}

/// A part of a path.
struct Way {
    places: Vec<[f64; 2]>,
    closed: bool,
    /// It is a rectangle, or a line that is one by its width.
    strip: bool,
}

/// The parts of a path; letters in small count from the place before.
fn ways(d: &str) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    let mut at = [0.0, 0.0];
    let letters: Vec<usize> = d.match_indices(|c: char| c.is_ascii_alphabetic()).map(|(at, _)| at).collect();
    for (index, from) in letters.iter().enumerate() {
        let end = letters.get(index + 1).copied().unwrap_or(d.len());
        let numbers: Vec<f64> =
            d[from + 1..end].split_whitespace().map(|text| text.parse().expect("a number")).collect();
        let letter = &d[*from..=*from];
        at = match letter {
            "M" | "L" => [numbers[0], numbers[1]],
            "m" => [at[0] + numbers[0], at[1] + numbers[1]],
            "H" => [numbers[0], at[1]],
            "V" => [at[0], numbers[0]],
            "h" => [at[0] + numbers[0], at[1]],
            "v" => [at[0], at[1] + numbers[0]],
            _ => at,
        };
        match letter {
            "M" | "m" => ways.push(Way { places: vec![at], closed: false, strip: letter == "m" }),
            "Z" | "z" => {
                let way = ways.last_mut().expect("it has begun");
                (way.closed, way.strip) = (true, letter == "z");
                // The edge of a rectangle comes back to where it began.
                way.places.extend((letter == "z").then_some(way.places[0]));
                at = way.places[0];
            }
            _ => ways.last_mut().expect("it has begun").places.push(at),
        }
    }
    ways
}

fn text(node: &Node, painted: &mut Painted, width: &impl Fn(&str, f64) -> f64) {
    let words = node.text().unwrap_or_default().to_owned();
    let ([x, y, size], colour) = (["x", "y", "font-size"].map(|name| number(node, name)), colour(node, "fill"));
    let share = match node.attribute("text-anchor") {
        Some("middle") => 0.5,
        Some("end") => 1.0,
        _ => 0.0,
    };
    let left = x - share * width(&words, size);
    painted.texts.push((colour.expect("a colour"), words, [left, y, size]));
}
