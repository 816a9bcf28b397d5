//! What stands beside the bars: the colours of lanes on the GIL's row, a note on it, and names for who can't see them.

use super::left;
use super::paint::opaque;
use super::rows::RowsInView;
use eframe::egui::{self, Id, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_plot::PlotTransform;
use model::Run;
use scene::{
    palette,
    timeline::{Gil, Index, mark_text, marks_between},
};

/// Marks that have names of their own; of more, the list of executions tells.
const MOST_NAMED: usize = 64;
/// Lanes thinner than this have no swatch.
const SWATCH_ROW: f32 = 5.0;
/// The width of a lane's swatch, and its distance from the plot.
const SWATCH: (f32, f32) = (4.0, 1.0);
/// The least width of what can be named.
const LEAST: f32 = 4.0;

/// Shows it.
pub fn show(ui: &Ui, id: Id, run: &Run, index: &Index, rows: &RowsInView, transform: &PlotTransform) {
    let on = rows.on(*transform.frame());
    if let (Some(gil), Some(place)) = (Gil::of(run), on.gil) {
        let note = note(run, index, gil);
        name(ui, id.with("gil"), place.rect, &format!("GIL: {}", note.unwrap_or("who was running")));
        if let Some(note) = note {
            write(ui, place.rect, note);
        }
        if gil.has_holders() && !index.profiles().is_empty() {
            swatches(ui, index, &on.lanes);
        }
    }
    names(ui, id, run, index, &on.main.rect, transform);
    let bounds = transform.bounds();
    let instants = (bounds.min()[0], bounds.max()[0]);
    let signs = [on.main, on.lanes].into_iter().flat_map(|rows| left::on_screen(index, &rows, instants));
    for (at, (sign, rect)) in signs.take(MOST_NAMED).enumerate() {
        name(ui, id.with(("left", at)), rect, &sign.text(run));
    }
}

fn note(run: &Run, index: &Index, gil: Gil) -> Option<&'static str> {
    let unknown = run.end.is_some() && index.profiles().is_empty() && gil.has_holders();
    if unknown { Some("not looked at in this run") } else { gil.note() }
}

fn write(ui: &Ui, rect: Rect, text: &str) {
    let font = egui::TextStyle::Small.resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font, ui.visuals().text_color());
    let at = rect.right_center() - vec2(galley.size().x + 6.0, galley.size().y / 2.0);
    let behind = Rect::from_min_size(at, galley.size()).expand2(vec2(3.0, 1.0));
    ui.painter().rect_filled(behind, 2.0, ui.visuals().extreme_bg_color.gamma_multiply(0.8));
    ui.painter().galley(at, galley, ui.visuals().text_color());
}

/// The colour that each lane has on the GIL's row, left of it.
fn swatches(ui: &Ui, index: &Index, lanes: &super::paint::Rows) {
    if lanes.row_points() < SWATCH_ROW {
        return;
    }
    let right = lanes.rect.left() - SWATCH.1;
    for lane in (lanes.first - 1.0).max(0.0) as u32..((lanes.last - 1.0).ceil() as u32).min(index.lanes()) {
        let (top, bottom) = lanes.span(1 + lane, 1);
        if top < bottom {
            let rect = Rect::from_min_max(pos2(right - SWATCH.0, top), pos2(right, bottom));
            ui.painter().rect_filled(rect, 1.0, opaque(palette::lane(lane)));
        }
    }
}

/// The launcher's marks in view, where they are few.
fn names(ui: &Ui, id: Id, run: &Run, index: &Index, row: &Rect, transform: &PlotTransform) {
    let bounds = transform.bounds();
    let marks = marks_between(index, bounds.min()[0], bounds.max()[0], MOST_NAMED);
    for (at, mark) in marks.unwrap_or_default().iter().enumerate() {
        let x = |ns: u64| transform.position_from_point_x(ns as f64);
        let (left, right) = (x(mark.from_ns).max(row.left()), x(mark.to_ns).min(row.right()));
        let rect = Rect::from_min_max(pos2(left, row.top()), pos2(right.max(left + LEAST), row.bottom()));
        name(ui, id.with(("mark", at)), rect, &mark_text(run, mark));
    }
}

fn name(ui: &Ui, id: Id, rect: Rect, text: &str) {
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), text));
}
