//! One panel: a metric over the varied value, with intervals, fits, the best and the crossings.

use crate::{
    palette::Rgb,
    picture::{About, Anchor, Area, Paint, Picture, Position, Rib, Stroke, Style},
    sweep::{
        scale::{Counted, Scale},
        view::{CurveView, Metric, View},
    },
};
use model::{
    SweepAxis,
    quantity::number,
    scaling::{Estimate, Law},
};

const TITLE: f64 = 34.0;
const LABELS: f64 = 46.0;
/// Points of an ideal or a fitted line.
const PIECES: usize = 160;
/// The radius of a point.
pub const DOT: f64 = 4.5;

/// The dashes of a law's curve.
pub fn dashes(law: Law) -> &'static [f64] {
    match law {
        Law::Amdahl => &[9.0, 5.0],
        Law::Usl => &[2.5, 4.0],
    }
}

/// The dashes of a line where curves cross.
pub const CROSSING: &[f64] = &[6.0, 4.0];

/// Draws a panel in its area, heading and labels included.
pub fn draw(picture: &mut Picture, view: &View, metric: Metric, area: Area) {
    let Some((low, high)) = view.y_range(metric) else { return nothing(picture, metric, area) };
    let log_y = view.log_y(metric);
    let counted = if metric == Metric::Makespan { Counted::Time } else { Counted::Number };
    let y = Scale::over(low, high, log_y, true, counted);
    picture.open("sweep-panel", Some(&view.words(metric)));
    heading(picture, metric, area);
    let marks = y.marks((area.h / 52.0) as usize);
    let style = Style::new(14.0, picture.theme.ink);
    let gutter = marks.iter().map(|mark| picture.text_width(style, &mark.text)).fold(0.0, f64::max) + 10.0;
    let room = Area { x: area.x + gutter, y: area.y + TITLE, w: area.w - gutter, h: area.h - TITLE - LABELS };
    picture.rect(room, picture.theme.row);
    let plot = Plot { room, x: x_scale(view), y };
    for mark in &marks {
        let at = plot.y(mark.at);
        picture.line((room.x, at), (room.x + room.w, at), picture.theme.grid, 1.0);
        picture.text(room.x - 8.0, at + 5.0, style.at(Anchor::End), &mark.text);
    }
    plot.labels(picture, view);
    plot.crossings(picture, view);
    plot.ideal(picture, metric);
    view.curves.iter().for_each(|curve| plot.fits(picture, curve, metric));
    view.curves.iter().for_each(|curve| plot.curve(picture, view, curve, metric));
    picture.close();
}

fn heading(picture: &mut Picture, metric: Metric, area: Area) {
    let bold = Style::new(19.0, picture.theme.ink).bold();
    let texts = [(bold, metric.title()), (Style::new(15.0, picture.theme.muted), metric.meaning())];
    picture.texts((area.x, area.y + 20.0), (area.x + area.w, 12.0), texts);
}

fn nothing(picture: &mut Picture, metric: Metric, area: Area) {
    heading(picture, metric, area);
    let room = Area { y: area.y + TITLE, h: area.h - TITLE - LABELS, ..area };
    picture.rect(room, picture.theme.row);
    let why = match metric {
        Metric::Speedup | Metric::Efficiency => "Not known: there is no complete run with 1 worker.",
        Metric::Makespan | Metric::Throughput => "Not known: there is no complete run.",
    };
    let style = Style::new(15.0, picture.theme.muted).at(Anchor::Middle);
    picture.text(room.x + room.w / 2.0, room.y + room.h / 2.0, style, why);
}

fn x_scale(view: &View) -> Scale {
    let (low, high) = view.x_range();
    let counted = match view.scaling.axis {
        SweepAxis::Workers(_) => Counted::Whole,
        SweepAxis::Argument { .. } => Counted::Number,
    };
    Scale::over(low, high, view.log_x, false, counted)
}

/// Maps values to places in a panel.
struct Plot {
    room: Area,
    x: Scale,
    y: Scale,
}

impl Plot {
    fn x(&self, value: f64) -> f64 {
        self.room.x + self.x.place(value) * self.room.w
    }

    fn y(&self, value: f64) -> f64 {
        self.room.y + (1.0 - self.y.place(value)) * self.room.h
    }

    fn labels(&self, picture: &mut Picture, view: &View) {
        let (style, room) = (Style::new(14.0, picture.theme.ink).at(Anchor::Middle), self.room);
        let foot = room.y + room.h;
        let mut free = f64::MIN;
        for mark in self.x.marks((room.w / 70.0) as usize) {
            let (at, half) = (self.x(mark.at), picture.text_width(style, &mark.text) / 2.0);
            picture.line((at, foot), (at, foot + 5.0), picture.theme.muted, 1.0);
            if at - half >= free {
                picture.text(at, foot + 20.0, style, &mark.text);
                free = at + half + 8.0;
            }
        }
        let caption = Style::new(13.0, picture.theme.muted).at(Anchor::End);
        let title = picture.ruler.fit(&view.scaling.axis.title(), caption.size, false, room.w);
        picture.text(room.x + room.w, foot + 37.0, caption, &title);
    }

    fn crossings(&self, picture: &mut Picture, view: &View) {
        let (ink, muted, room) = (picture.theme.ink, picture.theme.muted, self.room);
        let mut free = f64::MIN;
        let mut crossings: Vec<_> = view.crossings().collect();
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (at, crossing) in crossings {
            picture.open("crossing", Some(&crossing.sentence));
            if let (Some(low), Some(high)) = (crossing.low, crossing.high) {
                let (left, right) = (self.x(low), self.x(high));
                let band = Area { x: left, y: room.y, w: (right - left).max(1.0), h: room.h };
                picture.pale(band, muted, 0.2);
            }
            let x = self.x(at);
            // Without an interval the place is only a guess.
            let sure = crossing.low.is_some();
            let colour = if sure { ink } else { muted };
            let down = vec![(x, room.y), (x, room.y + room.h)];
            picture.lines("", down, Stroke::new(colour, 1.4).dashed(CROSSING));
            let style = Style::new(14.0, colour).bold();
            let text = format!("{}{}", number(at), if sure { "" } else { " ?" });
            let width = picture.text_width(style, &text);
            let right_of = x + 7.0 + width <= room.x + room.w;
            let left = if right_of { x + 7.0 } else { x - 7.0 - width };
            if left >= free && left + width <= room.x + room.w {
                picture.text(left, room.y + 18.0, style, &text);
                free = left + width + 8.0;
            }
            picture.close();
        }
    }

    fn ideal(&self, picture: &mut Picture, metric: Metric) {
        let points = self.x.even(PIECES).filter_map(|x| Some((x, metric.ideal(x)?)));
        let stroke = Stroke::new(picture.theme.muted, 1.2);
        self.ways(points).into_iter().for_each(|way| picture.lines("ideal", way, stroke));
    }

    fn fits(&self, picture: &mut Picture, curve: &CurveView, metric: Metric) {
        let first = curve.points.first().map_or(1.0, |(x, _)| x.min(1.0));
        for fit in &curve.fits {
            let points = self.x.even(PIECES).filter(|x| *x >= first);
            let points = points.filter_map(|x| Some((x, curve.fitted(fit, metric, x)?)));
            let stroke = Stroke::new(curve.colour, 1.6).dashed(dashes(fit.law));
            self.ways(points).into_iter().for_each(|way| picture.lines("fit", way, stroke));
        }
    }

    /// The lines through points; a new line begins after a point outside of the panel.
    fn ways(&self, points: impl Iterator<Item = (f64, f64)>) -> Vec<Vec<Position>> {
        let mut ways = vec![Vec::new()];
        for (x, y) in points {
            if !(0.0..=1.0).contains(&self.y.place(y)) {
                ways.push(Vec::new());
            } else if let Some(way) = ways.last_mut() {
                way.push((self.x(x), self.y(y)));
            }
        }
        ways.retain(|way| !way.is_empty());
        ways
    }

    fn curve(&self, picture: &mut Picture, view: &View, curve: &CurveView, metric: Metric) {
        picture.open("curve", Some(&curve.name));
        let known: Vec<Option<(f64, Estimate)>> =
            curve.points.iter().map(|(x, point)| Some((*x, metric.of(point)?))).collect();
        // A point without times is a gap.
        for stretch in known.split(Option::is_none) {
            let stretch: Vec<(f64, Estimate)> = stretch.iter().flatten().copied().collect();
            self.band(picture, &stretch, curve.colour);
            let medians = stretch.iter().map(|(x, estimate)| (*x, estimate.median));
            let stroke = Stroke::new(curve.colour, 2.0);
            self.ways(medians).into_iter().for_each(|way| picture.lines("", way, stroke));
        }
        for ((x, estimate), point) in
            known.iter().zip(&curve.points).filter_map(|(known, (_, point))| Some((known.as_ref()?, point)))
        {
            picture.open_about("point", &view.point_words(curve, point), About::Setting(point.setting));
            self.dot(picture, curve, *x, estimate);
            picture.close();
        }
        picture.close();
    }

    fn band(&self, picture: &mut Picture, stretch: &[(f64, Estimate)], colour: Rgb) {
        let rib = |(x, estimate): &(f64, Estimate)| {
            Some(Rib { x: self.x(*x), upper: self.y(estimate.high?), lower: self.y(estimate.low?) })
        };
        let ribs: Option<Vec<Rib>> = stretch.iter().map(rib).collect();
        if let Some(ribs) = ribs.filter(|ribs| ribs.len() > 1) {
            picture.bands("band", vec![ribs], Paint { opacity: 0.18, ..Paint::of(colour) });
        }
    }

    fn dot(&self, picture: &mut Picture, curve: &CurveView, at: f64, estimate: &Estimate) {
        let (x, y) = (self.x(at), self.y(estimate.median));
        if let (Some(low), Some(high)) = (estimate.low, estimate.high) {
            let (low, high) = (self.y(low), self.y(high));
            picture.line((x, low), (x, high), curve.colour, 1.4);
            for end in [low, high] {
                picture.line((x - 4.0, end), (x + 4.0, end), curve.colour, 1.4);
            }
        }
        picture.circle("", (x, y), DOT, Some(curve.colour), None);
        if curve.best == Some(at) {
            let ink = picture.theme.ink;
            picture.circle("best", (x, y), DOT + 4.0, None, Some((ink, 2.0)));
        }
    }
}
