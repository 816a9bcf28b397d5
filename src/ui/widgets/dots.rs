//! The makespans of one setting: a dot for each repeat over a box with whiskers.

use super::ratio::below;
use crate::{
    model::RunSetting,
    scene::{
        distribution::{Bounds, Distribution, Value},
        palette,
        ratio_axis::{RatioAxis, time_text},
        swarm::{Swarm, swarm},
    },
    ui::theme,
};
use eframe::egui::{
    Color32, CursorIcon, Label, Pos2, Rect, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

/// Height of the dots, and of the box behind them.
const HEIGHT: f32 = 62.0;
const BOX: f32 = 26.0;
const AXIS: f32 = 18.0;
const LABEL_ROOM: f32 = 90.0;
/// A pointer so near to a dot's middle means it.
const NEAR: f32 = 9.0;

/// A repeat that was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picked {
    /// Its setting.
    pub setting: RunSetting,
    /// The id of its run.
    pub run: u32,
}

/// Draws a setting over the width that there is; gives the repeat that was clicked.
pub fn show(ui: &mut Ui, one: &Distribution, axis: Option<RatioAxis>) -> Option<Picked> {
    let words = one.words().join(" · ");
    let color = theme::accent(one.setting.mode);
    ui.horizontal(|ui| {
        let (mark, _) = ui.allocate_exact_size(vec2(4.0, 14.0), Sense::hover());
        ui.painter().rect_filled(mark, 2.0, color);
        ui.label(RichText::new(&one.label).color(ui.visuals().strong_text_color()));
        ui.add(Label::new(RichText::new(&words).small()).truncate());
    });
    let axis = axis.filter(|_| !one.values.is_empty())?;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, format!("Makespans of {}: {words}", one.label)));
    ui.painter().rect_filled(rect, 2.0, ui.visuals().faint_bg_color);
    let x = |ns: f64| rect.left() + axis.place(ns) as f32 * rect.width();
    grid(ui, rect, axis);
    one.bounds.iter().for_each(|bounds| bounds_of(ui, rect, bounds, &x, color));
    let places: Vec<f64> = one.values.iter().map(|value| f64::from(x(value.ns))).collect();
    let swarm = swarm(&places, f64::from(HEIGHT - 4.0));
    let at = |index: usize| pos2(places[index] as f32, rect.center().y + swarm.aside[index] as f32);
    let under = response.hover_pos().and_then(|pos| nearest(&one.values, &at, pos));
    dots(ui, one, &swarm, &at, color, under);
    ui.add_space(4.0);
    picked(one, response, under)
}

fn grid(ui: &Ui, rect: Rect, axis: RatioAxis) {
    let line = ui.visuals().widgets.noninteractive.bg_stroke;
    for tick in axis.ticks(most(rect)) {
        ui.painter().vline(rect.left() + axis.place(tick) as f32 * rect.width(), rect.y_range(), line);
    }
}

fn most(rect: Rect) -> usize {
    ((rect.width() / LABEL_ROOM) as usize).clamp(2, 10)
}

fn bounds_of(ui: &Ui, rect: Rect, bounds: &Bounds, x: &impl Fn(f64) -> f32, color: Color32) {
    let middle = rect.center().y;
    let line = Stroke::new(1.5, theme::line(color, ui.visuals()));
    let painter = ui.painter();
    painter.hline(x(bounds.low)..=x(bounds.lower_quartile), middle, line);
    painter.hline(x(bounds.upper_quartile)..=x(bounds.high), middle, line);
    for end in [bounds.low, bounds.high] {
        painter.vline(x(end), middle - BOX / 4.0..=middle + BOX / 4.0, line);
    }
    let (left, right) = (x(bounds.lower_quartile), x(bounds.upper_quartile));
    let inside = Rect::from_min_max(pos2(left, middle - BOX / 2.0), pos2(right.max(left + 1.0), middle + BOX / 2.0));
    painter.rect(inside, 2.0, color.gamma_multiply(0.22), line, StrokeKind::Middle);
    let strong = Stroke::new(2.5, ui.visuals().strong_text_color());
    // Longer than the box is high, so that it is seen behind dots.
    let reach = BOX / 2.0 + 6.0;
    painter.vline(x(bounds.median), middle - reach..=middle + reach, strong);
}

fn dots(ui: &Ui, one: &Distribution, swarm: &Swarm, at: &impl Fn(usize) -> Pos2, color: Color32, under: Option<usize>) {
    let radius = swarm.diameter as f32 / 2.0 - 0.5;
    let edge = Stroke::new(1.0, ui.visuals().extreme_bg_color);
    let marked = Stroke::new(2.0, theme::color(palette::FAILED));
    for (index, value) in one.values.iter().enumerate() {
        if value.outlier {
            // A ring, so that it is told from the others by its form too.
            ui.painter().circle(at(index), radius, ui.visuals().extreme_bg_color, marked);
        } else {
            ui.painter().circle(at(index), radius, color, edge);
        }
    }
    if let Some(index) = under {
        ui.painter().circle_stroke(at(index), radius + 3.0, Stroke::new(1.5, ui.visuals().strong_text_color()));
    }
}

fn nearest(values: &[Value], at: &impl Fn(usize) -> Pos2, pos: Pos2) -> Option<usize> {
    let near = (0..values.len()).map(|index| (index, at(index).distance(pos)));
    near.filter(|(_, apart)| *apart <= NEAR).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}

fn picked(one: &Distribution, response: Response, under: Option<usize>) -> Option<Picked> {
    let value = one.values.get(under?)?;
    let clicked = response.clicked();
    let words = format!("{}\nA click shows it on the timeline.", one.value_words(value));
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text_at_pointer(words);
    clicked.then_some(Picked { setting: one.setting, run: value.run })
}

/// The instants of the axis, below its rows.
pub fn labels(ui: &mut Ui, axis: RatioAxis) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), AXIS), Sense::hover());
    below(ui, rect, axis, axis.ticks(most(rect)).into_iter().map(|tick| (tick, time_text(tick))));
}
