//! One panel of a sweep: a value over what is varied, with intervals, fits, the best and the crossings.

use crate::{
    model::{
        RunSetting, SweepAxis,
        quantity::number,
        scaling::{Estimate, Law, Point},
    },
    scene::sweep::{
        scale::{Counted, Mark, Scale},
        view::{CurveView, Metric, View},
    },
    ui::theme,
};
use eframe::egui::{self, Color32, Response, Role, Ui, Vec2, WidgetInfo, pos2};
use egui_plot::{
    AxisHints, FilledArea, GridMark, Line, LineStyle, Plot, PlotPoint, PlotPoints, PlotTransform, PlotUi, Points, Span,
    VLine,
};

/// Room for the numbers left of the panels, so that their axes lie below each other.
const NUMBERS: f32 = 58.0;
/// Pieces of a dashed curve.
const PIECES: usize = 120;
/// So near, in points, the pointer means a point.
const NEAR: f32 = 14.0;
const DOT: f32 = 3.5;

/// The look of a law's curve.
pub fn style(law: Law) -> LineStyle {
    match law {
        Law::Amdahl => LineStyle::Dashed { length: 7.0 },
        Law::Usl => LineStyle::Dotted { spacing: 4.0 },
    }
}

/// The colour of a curve on the window's ground.
pub fn colour(curve: &CurveView) -> Color32 {
    theme::color(curve.colour)
}

/// Shows a panel in this size; gives the setting of the point that was clicked.
pub fn show(ui: &mut Ui, view: &View, metric: Metric, size: Vec2) -> Option<RunSetting> {
    let Some((low, high)) = view.y_range(metric) else {
        nothing(ui, metric, size);
        return None;
    };
    let counted = if metric == Metric::Makespan { Counted::Time } else { Counted::Number };
    let y = Scale::over(low, high, view.log_y(metric), true, counted);
    let x = x_scale(view);
    // Numbers of workers are short.
    let apart = if x.counted == Counted::Whole { 30.0 } else { 72.0 };
    let (x_marks, y_marks) = (x.marks(((size.x - NUMBERS) / apart) as usize), y.marks((size.y / 34.0) as usize));
    let strong = ui.visuals().strong_text_color();
    let weak = ui.visuals().weak_text_color();
    let faint = ui.visuals().widgets.noninteractive.bg_stroke.color;
    let shown = bare(Plot::new(("sweep", metric)), size)
        .grid_color(faint)
        .x_grid_spacer(grid(x, &x_marks))
        .y_grid_spacer(grid(y, &y_marks))
        .custom_x_axes(vec![AxisHints::new_x().label_spacing(1.0..=2.0).formatter(texts(x, x_marks))])
        .custom_y_axes(vec![
            AxisHints::new_y().label_spacing(1.0..=2.0).min_thickness(NUMBERS).formatter(texts(y, y_marks)),
        ])
        .show(ui, |plot| {
            plot.set_plot_bounds_x(x.flat(x.from)..=x.flat(x.to));
            plot.set_plot_bounds_y(y.flat(y.from)..=y.flat(y.to));
            let pen = Pen { x, y, metric };
            pen.crossings(plot, view, strong, weak);
            pen.ideal(plot, weak);
            view.curves.iter().for_each(|curve| pen.fits(plot, curve));
            view.curves.iter().for_each(|curve| pen.curve(plot, curve, strong));
        });
    shown.response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, words(view, metric)));
    hover(shown.response, &shown.transform, view, Pen { x, y, metric })
}

/// A plot without any of its own ways to look at it.
fn bare(plot: Plot<'_>, size: Vec2) -> Plot<'_> {
    plot.width(size.x)
        .height(size.y)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(Vec2::ZERO)
        .show_crosshair(false)
        .label_formatter(|_| None)
        .grid_spacing(1.0..=2.0)
}

fn nothing(ui: &mut Ui, metric: Metric, size: Vec2) {
    let why = match metric {
        Metric::Speedup | Metric::Efficiency => "Not known: there is no complete run with 1 worker.",
        Metric::Makespan | Metric::Throughput => "The first points come when runs have ended.",
    };
    ui.allocate_ui(size, |ui| {
        ui.set_min_size(size);
        ui.centered_and_justified(|ui| ui.weak(why));
    });
}

fn x_scale(view: &View) -> Scale {
    let (low, high) = view.x_range();
    let counted = match view.scaling.axis {
        SweepAxis::Workers(_) => Counted::Whole,
        SweepAxis::Argument { .. } => Counted::Number,
    };
    Scale::over(low, high, view.log_x, false, counted)
}

fn grid(scale: Scale, marks: &[Mark]) -> impl Fn(egui_plot::GridInput) -> Vec<GridMark> + use<> {
    let step_size = scale.flat(scale.to) - scale.flat(scale.from);
    let marks: Vec<_> = marks.iter().map(|mark| GridMark { value: scale.flat(mark.at), step_size }).collect();
    move |_| marks.clone()
}

fn texts(scale: Scale, marks: Vec<Mark>) -> impl Fn(GridMark, &std::ops::RangeInclusive<f64>) -> String {
    move |mark, _| {
        let distance = |it: &&Mark| (scale.flat(it.at) - mark.value).abs();
        let nearest = marks.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.map_or_else(String::new, |it| it.text.clone())
    }
}

/// Draws in the panel's flat coordinates.
struct Pen {
    x: Scale,
    y: Scale,
    metric: Metric,
}

impl Pen {
    fn at(&self, x: f64, y: f64) -> [f64; 2] {
        [self.x.flat(x), self.y.flat(y)]
    }

    fn line(&self, name: &str, points: Vec<[f64; 2]>, color: Color32, width: f32) -> Line<'static> {
        Line::new(name.to_owned(), PlotPoints::new(points)).color(color).width(width).allow_hover(false)
    }

    fn crossings(&self, plot: &mut PlotUi<'_>, view: &View, strong: Color32, weak: Color32) {
        for (at, crossing) in view.crossings() {
            if let (Some(low), Some(high)) = (crossing.low, crossing.high) {
                let band = Span::new("", self.x.flat(low)..=self.x.flat(high)).axis(egui_plot::Axis::X);
                plot.span(band.fill(weak.gamma_multiply(0.22)).border_width(0.0));
            }
            // Without an interval it is no more than a guess.
            let sure = crossing.low.is_some();
            let color = if sure { strong } else { weak };
            let line = VLine::new("", self.x.flat(at)).color(color).width(1.2).style(LineStyle::Dashed { length: 6.0 });
            plot.vline(line.allow_hover(false));
            let place = PlotPoint::new(self.x.flat(at), self.y.flat(self.y.to));
            let text = format!(" {}{} ", number(at), if sure { "" } else { " ?" });
            let text = egui::RichText::new(text).size(12.0).color(color);
            let roomy = self.x.place(at) < 0.8;
            let anchor = if roomy { egui::Align2::LEFT_TOP } else { egui::Align2::RIGHT_TOP };
            plot.text(egui_plot::Text::new("", place, text).anchor(anchor).color(color));
        }
    }

    fn ideal(&self, plot: &mut PlotUi<'_>, color: Color32) {
        let points: Vec<_> = self.x.even(2).filter_map(|x| Some(self.at(x, self.metric.ideal(x)?))).collect();
        if !points.is_empty() {
            plot.line(self.line("ideal", points, color, 1.0));
        }
    }

    fn fits(&self, plot: &mut PlotUi<'_>, curve: &CurveView) {
        let first = curve.points.first().map_or(1.0, |(x, _)| x.min(1.0));
        for fit in &curve.fits {
            let of = |x: f64| Some(self.at(x, curve.fitted(fit, self.metric, x)?));
            let points = self.x.even(PIECES).filter(|x| *x >= first).filter_map(of).collect();
            plot.line(self.line(fit.law.title(), points, colour(curve), 1.3).style(style(fit.law)));
        }
    }

    fn curve(&self, plot: &mut PlotUi<'_>, curve: &CurveView, strong: Color32) {
        let color = colour(curve);
        let known: Vec<Option<(f64, Estimate)>> =
            curve.points.iter().map(|(x, point)| Some((*x, self.metric.of(point)?))).collect();
        // A point without times is a gap.
        for stretch in known.split(Option::is_none) {
            let stretch: Vec<(f64, Estimate)> = stretch.iter().flatten().copied().collect();
            self.band(plot, &stretch, color);
            let medians = stretch.iter().map(|(x, estimate)| self.at(*x, estimate.median)).collect();
            plot.line(self.line(&curve.name, medians, color, 1.8));
        }
        for (x, estimate) in known.iter().flatten() {
            if let (Some(low), Some(high)) = (estimate.low, estimate.high) {
                plot.line(self.line("", vec![self.at(*x, low), self.at(*x, high)], color, 1.2));
            }
        }
        let medians: Vec<_> = known.iter().flatten().map(|(x, it)| self.at(*x, it.median)).collect();
        plot.points(Points::new("", PlotPoints::new(medians)).radius(DOT).color(color).allow_hover(false));
        let best = known.iter().flatten().filter(|(x, _)| curve.best == Some(*x));
        let best: Vec<_> = best.map(|(x, it)| self.at(*x, it.median)).collect();
        let ring = Points::new("", PlotPoints::new(best)).radius(DOT + 3.5).filled(false).color(strong);
        plot.points(ring.allow_hover(false));
    }

    fn band(&self, plot: &mut PlotUi<'_>, stretch: &[(f64, Estimate)], color: Color32) {
        let ends: Option<Vec<_>> =
            stretch.iter().map(|(x, e)| Some((self.x.flat(*x), self.y.flat(e.low?), self.y.flat(e.high?)))).collect();
        let Some(ends) = ends.filter(|ends| ends.len() > 1) else { return };
        let [xs, low, high] =
            [|end: &(f64, f64, f64)| end.0, |end: &(f64, f64, f64)| end.1, |end: &(f64, f64, f64)| end.2]
                .map(|of| ends.iter().map(of).collect::<Vec<f64>>());
        let band = FilledArea::new("", &xs, &low, &high).fill_color(color.gamma_multiply(0.16));
        plot.add(band.allow_hover(false));
    }
}

/// Tells the point under the pointer; gives its setting where it was clicked.
fn hover(response: Response, transform: &PlotTransform, view: &View, pen: Pen) -> Option<RunSetting> {
    let pointer = response.hover_pos()?;
    let all = view.curves.iter().flat_map(|curve| curve.points.iter().map(move |(x, point)| (curve, *x, *point)));
    let near = all.filter_map(|(curve, x, point)| {
        let [x, y] = pen.at(x, pen.metric.of(point)?.median);
        let place = transform.position_from_point(&PlotPoint::new(x, y));
        let distance = pos2(place.x, place.y).distance(pointer);
        (distance <= NEAR).then_some((distance, curve, point))
    });
    let (_, curve, point) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let text = details(view, curve, point);
    let clicked = response.clicked();
    response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text_at_pointer(text);
    clicked.then(|| point.setting.setting())
}

/// All that is known of a point.
fn details(view: &View, curve: &CurveView, point: &Point) -> String {
    let place = match point.setting.argument {
        Some(value) => format!("{} {value}", view.scaling.axis.title()),
        None => crate::insight::label::workers(point.setting.workers),
    };
    let mut lines = vec![format!("{}, {place}", curve.name)];
    lines.extend(Metric::ALL.iter().filter_map(|metric| {
        let estimate = metric.of(point)?;
        Some(format!("{}: {}", metric.title(), metric.estimate_text(&estimate)))
    }));
    let repeats = if point.repeats == 1 { "1 repeat".to_owned() } else { format!("{} repeats", point.repeats) };
    lines.push(repeats);
    lines.extend(point.note.clone());
    lines.push("Click to see its run in the timeline".to_owned());
    lines.join("\n")
}

/// The panel for those who don't see it: `Speedup: Threads 1: 1.00 ×, 2: 1.94 ×; …`.
fn words(view: &View, metric: Metric) -> String {
    let of_curve = |curve: &CurveView| {
        let value = |(x, point): &(f64, &Point)| Some(format!("{x}: {}", metric.text(metric.of(point)?.median)));
        let values: Vec<String> = curve.points.iter().filter_map(value).collect();
        format!("{} {}", curve.name, values.join(", "))
    };
    let curves: Vec<String> = view.curves.iter().map(of_curve).collect();
    format!("{} over {}: {}", metric.title(), view.scaling.axis.title(), curves.join("; "))
}
