//! A curve over time: its mean as an area, its greatest value as a line of steps.

use crate::theme;
use eframe::egui::{
    Align2, Color32, FontId, Mesh, Rect, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2,
};
use model::quantity::human_ns;
use scene::{curves::Curve, ticks::ticks};

const HEAD: f32 = 16.0;
const PLOT: f32 = 46.0;
const APART: f32 = 6.0;
const AXIS: f32 = 18.0;
/// Room for the numbers left of a plot.
const NUMBERS: f32 = 40.0;

/// Shows a curve, or why there is none; the axis goes to `full_ns`.
pub fn show(ui: &mut Ui, title: &str, whose: &str, curve: &Result<Curve, String>, color: Color32, full_ns: u64) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    let words = match curve {
        Ok(curve) => {
            format!("at most {}, on average {} · {}", curve.peak(), mean(curve.average()), curve.source.words())
        }
        Err(why) => format!("not known: {why}"),
    };
    head(ui, rect, title, &words);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), PLOT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, format!("{title}, {whose}: {words}")));
    let plot = Rect::from_min_max(pos2(rect.left() + NUMBERS, rect.top()), rect.max);
    ui.painter().rect_filled(plot, 2.0, ui.visuals().faint_bg_color);
    grid(ui, plot, full_ns);
    ui.add_space(APART);
    let Ok(curve) = curve else { return };
    draw(ui, plot, curve, color, full_ns);
    scale(ui, plot, curve.peak());
    let Some(pos) = response.hover_pos().filter(|pos| plot.contains(*pos)) else { return };
    let at_ns = f64::from((pos.x - plot.left()) / plot.width()) * full_ns as f64;
    let column = (at_ns / curve.column_ns) as usize;
    if let (Some(max), Some(average)) = (curve.max.get(column), curve.mean.get(column)) {
        let text = format!("at {}: at most {max}, on average {}", human_ns(at_ns as u64), mean(f64::from(*average)));
        response.on_hover_text_at_pointer(text);
    }
}

/// The time axis below the last curve.
pub fn axis(ui: &mut Ui, full_ns: u64) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), AXIS), Sense::hover());
    labels(ui, Rect::from_min_max(pos2(rect.left() + NUMBERS, rect.top()), rect.max), full_ns);
}

/// The labels of a time axis from 0 to `full_ns` that is as wide as `plot`; they may begin a little left of it.
pub(super) fn labels(ui: &Ui, plot: Rect, full_ns: u64) {
    let ticks = ticks(0.0, full_ns.max(1) as f64, (plot.width() / 110.0) as usize);
    let font = TextStyle::Small.resolve(ui.style());
    let color = ui.visuals().weak_text_color();
    for tick in &ticks.ticks {
        let galley = ui.painter().layout_no_wrap(ticks.label(tick), font.clone(), color);
        let x = plot.left() + (tick.at_ns / full_ns.max(1) as f64) as f32 * plot.width();
        let left = (x - galley.size().x / 2.0).clamp(plot.left() - NUMBERS, plot.right() - galley.size().x);
        ui.painter().galley(pos2(left, plot.top() - 4.0), galley, color);
    }
}

fn head(ui: &Ui, rect: Rect, title: &str, words: &str) {
    let small = TextStyle::Small.resolve(ui.style());
    let ink = ui.visuals().strong_text_color();
    let name = ui.painter().text(rect.left_center(), Align2::LEFT_CENTER, title, small.clone(), ink);
    let room = (rect.right() - name.right() - 12.0).max(20.0);
    let mut job =
        eframe::egui::text::LayoutJob::simple_singleline(words.to_owned(), small, ui.visuals().weak_text_color());
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(room);
    let galley = ui.painter().layout_job(job);
    let at = pos2(name.right() + 12.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, ui.visuals().weak_text_color());
}

/// The lines of the same axis.
pub(super) fn grid(ui: &Ui, plot: Rect, full_ns: u64) {
    let faint = Stroke::new(1.0, ui.visuals().widgets.noninteractive.bg_stroke.color.gamma_multiply(0.6));
    for tick in &ticks(0.0, full_ns.max(1) as f64, (plot.width() / 110.0) as usize).ticks {
        let x = plot.left() + (tick.at_ns / full_ns.max(1) as f64) as f32 * plot.width();
        ui.painter().vline(x, plot.y_range(), faint);
    }
}

fn draw(ui: &Ui, plot: Rect, curve: &Curve, color: Color32, full_ns: u64) {
    let peak = curve.peak().max(1) as f32;
    let x = |column: usize| {
        plot.left() + (column as f64 * curve.column_ns / full_ns.max(1) as f64).min(1.0) as f32 * plot.width()
    };
    let y = |value: f32| plot.bottom() - value / peak * (plot.height() - 2.0);
    let mut mesh = Mesh::default();
    let fill = color.gamma_multiply(0.45);
    for (column, average) in curve.mean.iter().enumerate() {
        let area = Rect::from_min_max(pos2(x(column), y(*average)), pos2(x(column + 1), plot.bottom()));
        mesh.add_colored_rect(area, fill);
    }
    ui.painter().add(Shape::mesh(mesh));
    let mut points = Vec::with_capacity(curve.max.len() * 2);
    for (column, max) in curve.max.iter().enumerate() {
        let height = y(*max as f32);
        points.extend([pos2(x(column), height), pos2(x(column + 1), height)]);
    }
    ui.painter().add(Shape::line(points, Stroke::new(1.0, theme::line(color, ui.visuals()))));
}

fn scale(ui: &Ui, plot: Rect, peak: u32) {
    let font = FontId::proportional(10.5);
    let color = ui.visuals().weak_text_color();
    let x = plot.left() - 5.0;
    ui.painter().text(pos2(x, plot.top() + 1.0), Align2::RIGHT_TOP, peak.max(1).to_string(), font.clone(), color);
    ui.painter().text(pos2(x, plot.bottom()), Align2::RIGHT_BOTTOM, "0", font, color);
}

fn mean(value: f64) -> String {
    model::quantity::figures(value)
}
