//! What a process held over time, as one SVG picture: a strip for each quantity, from nothing to the most that was seen.

use super::{
    Fonts, MARGIN,
    axis::TimeAxis,
    bars::ground,
    canvas::{Anchor, Area, Canvas, Style, short},
    theme::{Theme, hex},
};
use crate::{
    export::{ChartTheme, fonts},
    scene::palette,
};
use std::fmt::Write;

const TITLE: f64 = 56.0;
const STRIP: f64 = 96.0;
const APART: f64 = 14.0;
const GUTTER: f64 = 150.0;

/// One quantity over time.
pub struct Series {
    /// What it is, with its unit.
    pub name: String,
    /// Seconds since the beginning, ascending, and the value then.
    pub points: Vec<(f64, f64)>,
}

impl Series {
    fn most(&self) -> f64 {
        self.points.iter().map(|(_, value)| *value).fold(0.0, f64::max)
    }
}

/// The picture of all of them above one time axis; absent where nothing was seen.
pub fn svg(title: &str, all: &[Series], width: f64, theme: ChartTheme, fonts: Fonts) -> Option<String> {
    let end_secs = all.iter().filter_map(|series| series.points.last()).map(|(secs, _)| *secs).reduce(f64::max)?;
    let mut canvas = Canvas::new(width, Theme::of(theme));
    let axis = TimeAxis::new((end_secs * 1e9) as u64, MARGIN + GUTTER, width - MARGIN);
    let heading = Style::new(20.0, canvas.theme.ink).bold();
    canvas.text(MARGIN, MARGIN + 4.0, heading, title);
    let mut y = MARGIN + TITLE - 28.0;
    for series in all {
        strip(&mut canvas, &axis, series, y);
        y += STRIP + APART;
    }
    let y = axis.draw_as(&mut canvas, y - APART + 4.0, "time since the beginning");
    Some(canvas.document(y + MARGIN / 2.0, (fonts == Fonts::Embedded).then(fonts::font_faces)))
}

fn strip(canvas: &mut Canvas, axis: &TimeAxis, series: &Series, y: f64) {
    let area = Area { x: axis.left, y, w: axis.right - axis.left, h: STRIP };
    let most = series.most();
    canvas.open("series", Some(&series.name));
    ground(canvas, axis, area.y, area.h);
    axis.grid(canvas, area.y, area.y + area.h);
    let name = Style::new(14.0, canvas.theme.ink).at(Anchor::End);
    canvas.text(axis.left - 10.0, y + STRIP / 2.0 + 5.0, name, &series.name);
    let number = Style::new(12.0, canvas.theme.muted).at(Anchor::End);
    canvas.text(axis.left - 10.0, y + 12.0, number, &short(most));
    canvas.text(axis.left - 10.0, y + STRIP - 1.0, number, "0");
    let mut path = String::new();
    for (at, (secs, value)) in series.points.iter().enumerate() {
        let x = axis.x(secs * 1e9);
        // A little room above, so that the line of the most is seen.
        let up = if most > 0.0 { value / most * (STRIP - 4.0) } else { 0.0 };
        let _ = write!(path, "{}{} {}", if at == 0 { "M" } else { "L" }, short(x), short(y + STRIP - 1.0 - up));
    }
    let stroke = hex(canvas.theme.readable(palette::BLUE));
    canvas.path(&path, &format!("fill=\"none\" stroke=\"{stroke}\" stroke-width=\"1.5\""));
    canvas.close();
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
