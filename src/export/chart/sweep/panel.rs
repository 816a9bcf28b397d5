//! One panel: a value over what is varied, with intervals, fits, the best and the crossings.

use crate::{
    export::chart::{
        canvas::{Anchor, Area, Canvas, Style, short},
        theme::hex,
    },
    model::{
        SweepAxis,
        quantity::number,
        scaling::{Estimate, Law},
    },
    scene::{
        palette::Rgb,
        sweep::{
            scale::{Counted, Scale},
            view::{CurveView, Metric, View},
        },
    },
};

const TITLE: f64 = 34.0;
const LABELS: f64 = 46.0;
/// Pieces of a dashed curve.
const PIECES: usize = 160;
/// Radius of a point.
pub const DOT: f64 = 4.5;

/// The dashes of a law's curve.
pub fn dashes(law: Law) -> &'static str {
    match law {
        Law::Amdahl => "9 5",
        Law::Usl => "2.5 4",
    }
}

/// Draws a panel in its area, headings and labels included.
pub fn draw(canvas: &mut Canvas, view: &View, metric: Metric, area: Area) {
    let Some((low, high)) = view.y_range(metric) else { return nothing(canvas, metric, area) };
    let log_y = view.log_y(metric);
    let counted = if metric == Metric::Makespan { Counted::Time } else { Counted::Number };
    let y = Scale::over(low, high, log_y, true, counted);
    canvas.open("sweep-panel", Some(metric.title()));
    heading(canvas, metric, area);
    let marks = y.marks((area.h / 52.0) as usize);
    let style = Style::new(14.0, canvas.theme.ink);
    let gutter = marks.iter().map(|mark| canvas.text_width(style, &mark.text)).fold(0.0, f64::max) + 10.0;
    let room = Area { x: area.x + gutter, y: area.y + TITLE, w: area.w - gutter, h: area.h - TITLE - LABELS };
    canvas.rect(room, canvas.theme.row, "");
    let plot = Plot { room, x: x_scale(view), y };
    for mark in &marks {
        let at = plot.y(mark.at);
        canvas.line((room.x, at), (room.x + room.w, at), canvas.theme.grid, 1.0);
        canvas.text(room.x - 8.0, at + 5.0, style.at(Anchor::End), &mark.text);
    }
    plot.labels(canvas, view);
    plot.crossings(canvas, view);
    plot.ideal(canvas, metric);
    view.curves.iter().for_each(|curve| plot.fits(canvas, curve, metric));
    view.curves.iter().for_each(|curve| plot.curve(canvas, curve, metric));
    canvas.close();
}

fn heading(canvas: &mut Canvas, metric: Metric, area: Area) {
    let bold = Style::new(19.0, canvas.theme.ink).bold();
    canvas.text(area.x, area.y + 20.0, bold, metric.title());
    let x = area.x + canvas.text_width(bold, metric.title()) + 12.0;
    let muted = Style::new(15.0, canvas.theme.muted);
    let meaning = canvas.ruler.fit(metric.meaning(), muted.size, false, (area.x + area.w - x).max(0.0));
    canvas.text(x, area.y + 20.0, muted, &meaning);
}

fn nothing(canvas: &mut Canvas, metric: Metric, area: Area) {
    heading(canvas, metric, area);
    let room = Area { y: area.y + TITLE, h: area.h - TITLE - LABELS, ..area };
    canvas.rect(room, canvas.theme.row, "");
    let why = match metric {
        Metric::Speedup | Metric::Efficiency => "Not known: there is no complete run with 1 worker.",
        Metric::Makespan | Metric::Throughput => "Not known: there is no complete run.",
    };
    let style = Style::new(15.0, canvas.theme.muted).at(Anchor::Middle);
    canvas.text(room.x + room.w / 2.0, room.y + room.h / 2.0, style, why);
}

fn x_scale(view: &View) -> Scale {
    let (low, high) = view.x_range();
    let counted = match view.scaling.axis {
        SweepAxis::Workers(_) => Counted::Whole,
        SweepAxis::Argument { .. } => Counted::Number,
    };
    Scale::over(low, high, view.log_x, false, counted)
}

/// Where values are in a panel.
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

    fn labels(&self, canvas: &mut Canvas, view: &View) {
        let (style, room) = (Style::new(14.0, canvas.theme.ink).at(Anchor::Middle), self.room);
        let foot = room.y + room.h;
        let mut free = f64::MIN;
        for mark in self.x.marks((room.w / 70.0) as usize) {
            let (at, half) = (self.x(mark.at), canvas.text_width(style, &mark.text) / 2.0);
            canvas.line((at, foot), (at, foot + 5.0), canvas.theme.muted, 1.0);
            if at - half >= free {
                canvas.text(at, foot + 20.0, style, &mark.text);
                free = at + half + 8.0;
            }
        }
        let caption = Style::new(13.0, canvas.theme.muted).at(Anchor::End);
        let title = canvas.ruler.fit(&view.scaling.axis.title(), caption.size, false, room.w);
        canvas.text(room.x + room.w, foot + 37.0, caption, &title);
    }

    fn crossings(&self, canvas: &mut Canvas, view: &View) {
        let (ink, muted, room) = (canvas.theme.ink, canvas.theme.muted, self.room);
        let mut free = f64::MIN;
        let mut crossings: Vec<_> = view.crossings().collect();
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (at, crossing) in crossings {
            canvas.open("crossing", Some(&crossing.sentence));
            if let (Some(low), Some(high)) = (crossing.low, crossing.high) {
                let (left, right) = (self.x(low), self.x(high));
                let band = Area { x: left, y: room.y, w: (right - left).max(1.0), h: room.h };
                canvas.rect(band, muted, "fill-opacity=\"0.2\"");
            }
            let x = self.x(at);
            let line = format!("M{} {}V{}", short(x), short(room.y), short(room.y + room.h));
            // Without an interval it is no more than a guess.
            let sure = crossing.low.is_some();
            let colour = if sure { ink } else { muted };
            canvas.path(&line, &format!("stroke=\"{}\" stroke-width=\"1.4\" stroke-dasharray=\"6 4\"", hex(colour)));
            let style = Style::new(14.0, colour).bold();
            let text = format!("{}{}", number(at), if sure { "" } else { " ?" });
            let width = canvas.text_width(style, &text);
            let right_of = x + 7.0 + width <= room.x + room.w;
            let left = if right_of { x + 7.0 } else { x - 7.0 - width };
            if left >= free && left + width <= room.x + room.w {
                canvas.text(left, room.y + 18.0, style, &text);
                free = left + width + 8.0;
            }
            canvas.close();
        }
    }

    fn ideal(&self, canvas: &mut Canvas, metric: Metric) {
        let points = self.x.even(PIECES).filter_map(|x| Some((x, metric.ideal(x)?)));
        let path = self.path(points);
        if !path.is_empty() {
            let attributes =
                format!("class=\"ideal\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.2\"", hex(canvas.theme.muted));
            canvas.path(&path, &attributes);
        }
    }

    fn fits(&self, canvas: &mut Canvas, curve: &CurveView, metric: Metric) {
        let first = curve.points.first().map_or(1.0, |(x, _)| x.min(1.0));
        for fit in &curve.fits {
            let points = self.x.even(PIECES).filter(|x| *x >= first);
            let path = self.path(points.filter_map(|x| Some((x, curve.fitted(fit, metric, x)?))));
            let (colour, dashes) = (hex(curve.colour), dashes(fit.law));
            canvas.path(
                &path,
                &format!(
                    "class=\"fit\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" stroke-dasharray=\"{dashes}\""
                ),
            );
        }
    }

    /// A path through points; it begins anew after one that is outside of the panel.
    fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        let (mut path, mut pen) = (String::new(), "M");
        for (x, y) in points {
            if !(0.0..=1.0).contains(&self.y.place(y)) {
                pen = "M";
                continue;
            }
            path += &format!("{pen}{} {}", short(self.x(x)), short(self.y(y)));
            pen = "L";
        }
        path
    }

    fn curve(&self, canvas: &mut Canvas, curve: &CurveView, metric: Metric) {
        canvas.open("curve", Some(&curve.name));
        let known: Vec<Option<(f64, Estimate)>> =
            curve.points.iter().map(|(x, point)| Some((*x, metric.of(point)?))).collect();
        // A point without times is a gap.
        for stretch in known.split(Option::is_none) {
            let stretch: Vec<(f64, Estimate)> = stretch.iter().flatten().copied().collect();
            self.band(canvas, &stretch, curve.colour);
            let path = self.path(stretch.iter().map(|(x, estimate)| (*x, estimate.median)));
            let line = format!("fill=\"none\" stroke=\"{}\" stroke-width=\"2\"", hex(curve.colour));
            canvas.path(&path, &line);
        }
        for (x, estimate) in known.iter().flatten() {
            self.dot(canvas, curve, metric, *x, estimate);
        }
        canvas.close();
    }

    fn band(&self, canvas: &mut Canvas, stretch: &[(f64, Estimate)], colour: Rgb) {
        let ends: Option<Vec<_>> =
            stretch.iter().map(|(x, e)| Some((self.x(*x), self.y(e.low?), self.y(e.high?)))).collect();
        let Some(ends) = ends.filter(|ends| ends.len() > 1) else { return };
        let there = ends.iter().map(|(x, low, _)| (x, low));
        let back = ends.iter().rev().map(|(x, _, high)| (x, high));
        let corners: Vec<String> = there.chain(back).map(|(x, y)| format!("{} {}", short(*x), short(*y))).collect();
        let attributes = format!("class=\"band\" fill=\"{}\" fill-opacity=\"0.18\"", hex(colour));
        canvas.path(&format!("M{}z", corners.join("L")), &attributes);
    }

    fn dot(&self, canvas: &mut Canvas, curve: &CurveView, metric: Metric, at: f64, estimate: &Estimate) {
        let (x, y) = (self.x(at), self.y(estimate.median));
        canvas.open("point", Some(&format!("{}: {}", curve.name, metric.estimate_text(estimate))));
        if let (Some(low), Some(high)) = (estimate.low, estimate.high) {
            let (low, high) = (self.y(low), self.y(high));
            canvas.line((x, low), (x, high), curve.colour, 1.4);
            for end in [low, high] {
                canvas.line((x - 4.0, end), (x + 4.0, end), curve.colour, 1.4);
            }
        }
        circle(canvas, x, y, DOT, &format!("fill=\"{}\"", hex(curve.colour)));
        if curve.best == Some(at) {
            let ring = format!("class=\"best\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"", hex(canvas.theme.ink));
            circle(canvas, x, y, DOT + 4.0, &ring);
        }
        canvas.close();
    }
}

/// A circle as a path of two arcs.
pub fn circle(canvas: &mut Canvas, x: f64, y: f64, radius: f64, attributes: &str) {
    let (left, r, d) = (short(x - radius), short(radius), short(2.0 * radius));
    canvas.path(&format!("M{left} {}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z", short(y)), attributes);
}
