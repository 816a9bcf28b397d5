//! Quantities over time: strips above one time axis, each from 0 to the maximum.

use super::axis::{TimeAxis, ground};
use crate::{
    curves::{Known, UsageCurve},
    palette::Rgb,
    picture::{Anchor, Area, Paint, Picture, Rib, Stroke, Style, mix},
};
use model::quantity::{figures, human_ns};

const HEAD: f64 = 22.0;
const PLOT: f64 = 60.0;
const APART: f64 = 8.0;
/// The opacity of the area below the mean.
const MEAN: f64 = 0.45;

/// A quantity over time.
pub struct Strip<'a> {
    axis: &'a TimeAxis,
    area: Area,
    most: f64,
}

impl<'a> Strip<'a> {
    /// Draws an empty strip, `h` high from `y` on, with its background and the maximum in numbers.
    pub fn new(picture: &mut Picture, axis: &'a TimeAxis, (y, h): (f64, f64), (most, text): (f64, &str)) -> Self {
        ground(picture, axis, y, h);
        axis.grid(picture, y, y + h);
        let number = Style::new(13.0, picture.theme.muted).at(Anchor::End);
        picture.text(axis.left - 8.0, y + 12.0, number, text);
        picture.text(axis.left - 8.0, y + h - 1.0, number, "0");
        Self { axis, area: Area { x: axis.left, y, w: axis.right - axis.left, h }, most }
    }

    /// The place of a value at an instant.
    pub fn place(&self, ns: f64, value: f64) -> (f64, f64) {
        // A little room above and below, so that lines at the maximum and at 0 are visible.
        let up = if self.most > 0.0 { value / self.most * (self.area.h - 3.0) } else { 0.0 };
        (self.axis.x(ns), self.foot() - up)
    }

    fn foot(&self) -> f64 {
        self.area.y + self.area.h - 1.0
    }

    /// Draws the mean as an area, and the maximum as a line of steps.
    fn curve(&self, picture: &mut Picture, curve: &UsageCurve, colour: Rgb) {
        let ends = |column: usize| [column, column + 1].map(|column| column as f64 * curve.column_ns);
        let rib = |ns: f64, mean: f32| {
            let (x, upper) = self.place(ns, f64::from(mean));
            Rib { x, upper, lower: self.foot() }
        };
        let means = curve.mean.iter().enumerate();
        let ribs = means.flat_map(|(column, mean)| ends(column).map(|ns| rib(ns, *mean))).collect();
        picture.bands("mean", vec![ribs], Paint { opacity: MEAN, ..Paint::of(colour) });
        let most = curve.max.iter().enumerate();
        let steps = most.flat_map(|(column, max)| ends(column).map(|ns| self.place(ns, f64::from(*max)))).collect();
        picture.lines("most", steps, Stroke::new(mix(colour, picture.theme.ink, 0.25), 1.3));
    }
}

/// Draws a curve of a run from `y` on, or why there is none; returns the lower end.
pub fn draw(
    picture: &mut Picture,
    axis: &TimeAxis,
    y: f64,
    (title, whose): (&str, &str),
    known: &Known,
    colour: Rgb,
) -> f64 {
    let words = match known {
        Ok(curve) => {
            format!("at most {}, on average {} · {}", curve.peak(), figures(curve.average()), curve.source.words())
        }
        Err(why) => format!("not known: {why}"),
    };
    picture.open("curve", Some(&format!("{title}, {whose}: {words}")));
    let texts = [(picture.theme.ink, title), (picture.theme.muted, &words)];
    let texts = texts.map(|(colour, text)| (Style::new(15.0, colour), text));
    picture.texts((0.0, y + 15.0), (axis.right, 16.0), texts);
    let most = known.as_ref().map_or(1, UsageCurve::peak).max(1);
    let strip = Strip::new(picture, axis, (y + HEAD, PLOT), (f64::from(most), &most.to_string()));
    if let Ok(curve) = known {
        strip.curve(picture, curve, colour);
    }
    picture.close();
    y + HEAD + PLOT + APART
}

/// The words for a curve at an instant.
pub fn told(curve: &UsageCurve, ns: f64) -> Option<String> {
    let column = (ns / curve.column_ns) as usize;
    let (max, mean) = (curve.max.get(column)?, curve.mean.get(column)?);
    Some(format!("at {}: at most {max}, on average {}", human_ns(ns as u64), figures(f64::from(*mean))))
}
