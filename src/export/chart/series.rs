//! Quantities of a process over time, as one SVG picture: a strip for each quantity, from 0 to its maximum.

use super::{Fonts, MARGIN, paint::document};
use crate::{ChartTheme, fonts::Ruler};
use model::quantity::rounded;
use scene::{
    charts::{axis::TimeAxis, curve::Strip},
    palette,
    picture::{Anchor, Picture, Stroke, Style, Theme},
};
use std::rc::Rc;

const TITLE: f64 = 56.0;
const STRIP: f64 = 96.0;
const APART: f64 = 14.0;
const GUTTER: f64 = 150.0;

/// One quantity over time.
pub struct Series {
    /// Its name, with the unit.
    pub name: String,
    /// The seconds since the beginning, ascending, each with the value then.
    pub points: Vec<(f64, f64)>,
}

impl Series {
    fn most(&self) -> f64 {
        self.points.iter().map(|(_, value)| *value).fold(0.0, f64::max)
    }
}

/// The picture of all series above one time axis; absent where none has a point.
pub fn svg(title: &str, all: &[Series], width: f64, theme: ChartTheme, fonts: Fonts) -> Option<String> {
    let end_secs = all.iter().filter_map(|series| series.points.last()).map(|(secs, _)| *secs).reduce(f64::max)?;
    let mut picture = Picture::new(width, Theme::of(theme), Rc::new(Ruler::new()));
    let axis = TimeAxis::new((end_secs * 1e9) as u64, MARGIN + GUTTER, width - MARGIN);
    let heading = Style::new(20.0, picture.theme.ink).bold();
    picture.text(MARGIN, MARGIN + 4.0, heading, title);
    let mut y = MARGIN + TITLE - 28.0;
    for series in all {
        strip(&mut picture, &axis, series, y);
        y += STRIP + APART;
    }
    let y = axis.draw_as(&mut picture, y - APART + 4.0, "time since the beginning");
    Some(document(&picture, y + MARGIN / 2.0, fonts))
}

fn strip(picture: &mut Picture, axis: &TimeAxis, series: &Series, y: f64) {
    let most = series.most();
    picture.open("series", Some(&series.name));
    let strip = Strip::new(picture, axis, (y, STRIP), (most, &rounded(most, 2)));
    let name = Style::new(14.0, picture.theme.ink).at(Anchor::End);
    picture.text(axis.left - 10.0, y + STRIP / 2.0 + 5.0, name, &series.name);
    let places = series.points.iter().map(|(secs, value)| strip.place(secs * 1e9, *value)).collect();
    picture.lines("", places, Stroke::new(picture.theme.readable(palette::BLUE), 1.5));
    picture.close();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_quantity_goes_from_nothing_to_its_most() {
        let series = |name: &str, values: [f64; 3]| Series {
            name: name.to_owned(),
            points: values.into_iter().enumerate().map(|(at, value)| (at as f64 * 60.0, value)).collect(),
        };
        let all = [series("memory, MiB", [10.0, 20.5, 20.0]), series("children", [0.0, 0.0, 0.0])];
        let svg = svg("A soak", &all, 900.0, ChartTheme::Light, Fonts::Named).expect("drawn");
        for text in ["A soak", "memory, MiB", ">20.5<", "children", "time since the beginning"] {
            assert!(svg.contains(text), "{text}: {svg}");
        }
        assert_eq!(svg.matches("class=\"series\"").count(), 2);
        assert!(super::svg("Nothing", &[], 900.0, ChartTheme::Light, Fonts::Named).is_none());
    }
}
