//! A histogram of latencies on a logarithmic axis: a row for each setting, all on one axis, with the quantiles marked.

use crate::{
    insight::launch_costs::{Latencies, LogAxis, Quantiles, decade_text},
    model::quantity::human_ns,
};
use eframe::egui::{
    Align2, Color32, FontId, Mesh, Rect, Response, Role, Sense, Shape, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

/// Height of the line of numbers above a row's bars.
const WORDS: f32 = 17.0;
const BARS: f32 = 42.0;
/// Room for the names of the marks.
const MARKS: f32 = 13.0;
const APART: f32 = 8.0;
const AXIS: f32 = 18.0;
/// The least height of a bar, so that one execution among thousands is seen.
const LEAST: f32 = 2.0;

/// One setting.
pub struct Row<'a> {
    /// What it is called.
    pub label: &'a str,
    /// The accent of its mode.
    pub color: Color32,
    /// Its latencies.
    pub latencies: &'a Latencies,
}

/// Shows the rows over the width that there is; `what` begins their accessible labels.
pub fn show(ui: &mut Ui, what: &str, axis: LogAxis, rows: &[Row<'_>]) {
    let tallest = rows.iter().map(|row| share(row.latencies, row.latencies.most())).fold(0.0, f32::max);
    for row in rows {
        one(ui, what, axis, row, tallest.max(f32::MIN_POSITIVE));
    }
    labels(ui, axis);
}

fn one(ui: &mut Ui, what: &str, axis: LogAxis, row: &Row<'_>, tallest: f32) {
    let words = numbers(row.latencies);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), WORDS), Sense::hover());
    head(ui, rect, row, &words);
    let size = vec2(ui.available_width(), MARKS + BARS);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, format!("{what}, {}: {words}", row.label)));
    let bars = Rect::from_min_max(pos2(rect.left(), rect.top() + MARKS), rect.max);
    ui.painter().rect_filled(bars, 2.0, ui.visuals().faint_bg_color);
    grid(ui, bars, axis);
    let mut mesh = Mesh::default();
    for (from, to, count) in row.latencies.bins() {
        let x = |ns| bars.left() + axis.place(ns) as f32 * bars.width();
        let height = (share(row.latencies, count) / tallest * bars.height()).max(LEAST);
        let bar = Rect::from_min_max(pos2(x(from) + 0.5, bars.bottom() - height), pos2(x(to) - 0.5, bars.bottom()));
        mesh.add_colored_rect(bar, row.color);
    }
    ui.painter().add(Shape::mesh(mesh));
    row.latencies.quantiles.iter().for_each(|quantiles| marks(ui, rect, bars, axis, quantiles));
    hover(response, bars, axis, row.latencies);
    ui.add_space(APART);
}

/// The setting's name on the left, its numbers on the right of it, cut where there is no room.
fn head(ui: &Ui, rect: Rect, row: &Row<'_>, words: &str) {
    let body = TextStyle::Body.resolve(ui.style());
    let strong = ui.visuals().strong_text_color();
    ui.painter().rect_filled(Rect::from_min_size(rect.min + vec2(0.0, 2.0), vec2(4.0, WORDS - 4.0)), 2.0, row.color);
    let at = pos2(rect.left() + 10.0, rect.center().y);
    let name = ui.painter().text(at, Align2::LEFT_CENTER, row.label, body, strong);
    let small = TextStyle::Small.resolve(ui.style());
    let job = eframe::egui::text::LayoutJob::simple_singleline(words.to_owned(), small, ui.visuals().text_color());
    let mut job = job;
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width((rect.right() - name.right() - 14.0).max(20.0));
    let galley = ui.painter().layout_job(job);
    let at = pos2(name.right() + 14.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, ui.visuals().text_color());
}

/// `p50 48.1 µs · p90 … · p99 … · max … · 200 executions`, and how many more there are of which it is not known.
pub fn numbers(latencies: &Latencies) -> String {
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let quantiles = latencies.quantiles.iter().flat_map(Quantiles::all);
    let mut words: Vec<String> =
        quantiles.map(|(name, ns)| format!("{name} {}", human_ns(ns.round() as u64))).collect();
    words.push(match latencies.count {
        0 => "known of no execution".to_owned(),
        n => format!("{n} execution{}", plural(n)),
    });
    if latencies.without > 0 {
        words.push(format!("{} without the stamp", latencies.without));
    }
    words.join(" · ")
}

fn share(latencies: &Latencies, count: u32) -> f32 {
    count as f32 / latencies.count.max(1) as f32
}

fn grid(ui: &Ui, rect: Rect, axis: LogAxis) {
    let line = ui.visuals().widgets.noninteractive.bg_stroke;
    let x = |ns| rect.left() + axis.place(ns) as f32 * rect.width();
    let faint = Stroke::new(1.0, line.color.gamma_multiply(0.35));
    for (ns, stroke) in axis.minor().map(|ns| (ns, faint)).chain(axis.decades().map(|ns| (ns, line))) {
        ui.painter().vline(x(ns), rect.y_range(), stroke);
    }
}

/// A line for each quantile, with its name above where there is room beside the one before.
fn marks(ui: &Ui, rect: Rect, bars: Rect, axis: LogAxis, quantiles: &Quantiles) {
    let ink = ui.visuals().strong_text_color();
    let font = FontId::proportional(10.0);
    let mut free = rect.left();
    for (name, ns) in quantiles.all() {
        let x = bars.left() + axis.place(ns) as f32 * bars.width();
        ui.painter().vline(x, bars.y_range(), Stroke::new(1.0, ink));
        let galley = ui.painter().layout_no_wrap(name.to_owned(), font.clone(), ink);
        let width = galley.size().x;
        let left = (x - width / 2.0).clamp(rect.left(), (rect.right() - width).max(rect.left()));
        if left >= free {
            ui.painter().galley(pos2(left, rect.top()), galley, ink);
            free = left + width + 4.0;
        }
    }
}

fn labels(ui: &mut Ui, axis: LogAxis) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), AXIS), Sense::hover());
    let font = TextStyle::Small.resolve(ui.style());
    let color = ui.visuals().weak_text_color();
    let mut free = rect.left();
    for ns in axis.decades() {
        let galley = ui.painter().layout_no_wrap(decade_text(ns), font.clone(), color);
        let x = rect.left() + axis.place(ns) as f32 * rect.width();
        let width = galley.size().x;
        let left = (x - width / 2.0).clamp(rect.left(), (rect.right() - width).max(rect.left()));
        if left >= free {
            ui.painter().galley(pos2(left, rect.top() - 4.0), galley, color);
            free = left + width + 8.0;
        }
    }
}

fn hover(response: Response, bars: Rect, axis: LogAxis, latencies: &Latencies) {
    let Some(pos) = response.hover_pos() else { return };
    let x = |ns| bars.left() + axis.place(ns) as f32 * bars.width();
    let under = latencies.bins().find(|(from, to, _)| (x(*from)..x(*to)).contains(&pos.x));
    let Some((from, to, count)) = under else { return };
    let plural = if count == 1 { "" } else { "s" };
    let percent = share(latencies, count) * 100.0;
    let range = format!("{} to {}", human_ns(from.round() as u64), human_ns(to.round() as u64));
    response.on_hover_text_at_pointer(format!("{range}: {count} execution{plural}, {percent:.1} %"));
}
