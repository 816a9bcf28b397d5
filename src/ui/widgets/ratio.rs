//! One ratio with its interval on an axis of ratios, on which 1 is marked.

use crate::{
    model::document::Comparison,
    scene::ratio_axis::{RatioAxis, ratio_text},
};
use eframe::egui::{Color32, Rect, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

const HEIGHT: f32 = 22.0;
const AXIS: f32 = 18.0;
/// Between two labels of the axis, in points.
const LABEL_ROOM: f32 = 70.0;

/// One pair of settings.
pub struct Row<'a> {
    /// What it says, for those who don't see it.
    pub title: &'a str,
    /// The axis that all rows share.
    pub axis: RatioAxis,
    /// The ratio.
    pub ratio: f64,
    /// Where its interval is from.
    pub comparison: &'a Comparison,
    /// Of the interval.
    pub color: Color32,
}

/// Draws the row over the width that there is.
pub fn show(ui: &mut Ui, row: &Row<'_>) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, format!("Interval of {}", row.title)));
    let x = |value: f64| rect.left() + row.axis.place(value) as f32 * rect.width();
    ui.painter().rect_filled(rect, 2.0, ui.visuals().faint_bg_color);
    grid(ui, rect, row.axis);
    let strong = ui.visuals().strong_text_color();
    ui.painter().vline(x(1.0), rect.y_range(), Stroke::new(1.5, strong));
    let middle = rect.center().y;
    if let (Some(low), Some(high)) = (row.comparison.low, row.comparison.high) {
        let bar = Rect::from_min_max(pos2(x(low), middle - 4.0), pos2(x(high).max(x(low) + 2.0), middle + 4.0));
        ui.painter().rect_filled(bar, 2.0, row.color);
    }
    ui.painter().circle(pos2(x(row.ratio), middle), 5.0, row.color, Stroke::new(1.5, strong));
    response.on_hover_text(row.title);
}

fn most(rect: Rect) -> usize {
    ((rect.width() / LABEL_ROOM) as usize).clamp(2, 12)
}

fn grid(ui: &Ui, rect: Rect, axis: RatioAxis) {
    let line = ui.visuals().widgets.noninteractive.bg_stroke;
    for tick in axis.ticks(most(rect)) {
        ui.painter().vline(rect.left() + axis.place(tick) as f32 * rect.width(), rect.y_range(), line);
    }
}

/// The numbers of the axis, below its rows.
pub fn labels(ui: &mut Ui, axis: RatioAxis) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), AXIS), Sense::hover());
    let texts = axis.ticks(most(rect)).into_iter().map(|tick| (tick, ratio_text(tick)));
    below(ui, rect, axis, texts);
}

/// Texts below their places, each where it has room beside the one before.
pub fn below(ui: &Ui, rect: Rect, axis: RatioAxis, texts: impl Iterator<Item = (f64, String)>) {
    let font = TextStyle::Small.resolve(ui.style());
    let color = ui.visuals().weak_text_color();
    let mut free = rect.left();
    for (value, text) in texts {
        let galley = ui.painter().layout_no_wrap(text, font.clone(), color);
        let x = rect.left() + axis.place(value) as f32 * rect.width();
        let width = galley.size().x;
        let left = (x - width / 2.0).clamp(rect.left(), (rect.right() - width).max(rect.left()));
        if left >= free {
            ui.painter().galley(pos2(left, rect.top() + 1.0), galley, color);
            free = left + width + 8.0;
        }
    }
}
