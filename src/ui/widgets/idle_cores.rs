//! Per-core CPU use while nothing runs: a minute of it, a line for each core.

use eframe::egui::{Align2, Pos2, Rect, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};
use model::Sample;
use std::collections::VecDeque;

/// Height of the panel, fixed so that nothing jumps.
pub const HEIGHT: f32 = 116.0;
const LABEL: f32 = 92.0;
/// Lines drawn; the rest of the cores is counted.
const MOST: usize = 16;

/// Draws the samples of the last minute, the latest on the right.
pub fn show(ui: &mut Ui, samples: &VecDeque<Sample>, most: usize) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, "CPU use of each core"));
    let Some(latest) = samples.back() else {
        ui.painter().text(
            rect.center(),
            Align2::CENTER_CENTER,
            "Waiting for the first sample",
            TextStyle::Small.resolve(ui.style()),
            ui.visuals().weak_text_color(),
        );
        return;
    };
    let cores = latest.busy.len().clamp(1, MOST);
    let columns = cores.div_ceil(4).max(1);
    let rows = cores.div_ceil(columns);
    let cell = vec2(rect.width() / columns as f32, rect.height() / rows as f32);
    for core in 0..cores.min(latest.busy.len()) {
        let corner = rect.min + vec2((core / rows) as f32 * cell.x, (core % rows) as f32 * cell.y);
        line(ui, Rect::from_min_size(corner, cell).shrink2(vec2(6.0, 2.0)), samples, core, most);
    }
    response.on_hover_text("An estimate: the system counts ticks, once a second");
}

fn line(ui: &Ui, rect: Rect, samples: &VecDeque<Sample>, core: usize, most: usize) {
    let visuals = ui.visuals();
    let busy = |sample: &Sample| sample.busy.get(core).copied().unwrap_or(0.0).clamp(0.0, 1.0);
    let now = samples.back().map_or(0.0, busy);
    let label = format!("core {core}  {:>3.0} %", now * 100.0);
    let font = TextStyle::Small.resolve(ui.style());
    ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, label, font, visuals.weak_text_color());
    let plot = Rect::from_min_max(pos2(rect.left() + LABEL, rect.top()), rect.max);
    ui.painter().rect_filled(plot, 3.0, visuals.extreme_bg_color);
    let step = plot.width() / (most.max(2) - 1) as f32;
    let place =
        |back: usize, share: f32| pos2(plot.right() - back as f32 * step, plot.bottom() - share * plot.height());
    let points: Vec<Pos2> = samples.iter().rev().enumerate().map(|(back, sample)| place(back, busy(sample))).collect();
    ui.painter().add(Shape::line(points, Stroke::new(1.5, visuals.hyperlink_color)));
    ui.painter().rect_stroke(plot, 3.0, visuals.widgets.noninteractive.bg_stroke, eframe::egui::StrokeKind::Inside);
}
