//! A mark in a corner of the cores where slices are not exact or not complete.

use eframe::egui::{Id, Rect, Role, Sense, TextStyle, Ui, WidgetInfo, vec2};
use model::{Run, SlicesSource};
use scene::timeline::core_rows::source_text;

/// Marks slices that are sampled or incomplete, with the reason on hovering; returns whether the pointer is over the
/// mark.
pub fn show(ui: &Ui, id: Id, run: &Run, cores: Rect) -> bool {
    let sampled = run.slices_source == Some(SlicesSource::Sampled);
    let text = match (sampled, &run.slices_note) {
        (true, _) => "sampled: an estimate",
        (false, Some(_)) => "not complete",
        (false, None) => return false,
    };
    let color = ui.visuals().warn_fg_color;
    let galley = ui.painter().layout_no_wrap(text.to_owned(), TextStyle::Small.resolve(ui.style()), color);
    let at = cores.right_top() + vec2(-galley.size().x - 6.0, 4.0);
    let rect = Rect::from_min_size(at, galley.size()).expand2(vec2(3.0, 1.0));
    ui.painter().rect_filled(rect, 2.0, ui.visuals().extreme_bg_color.gamma_multiply(0.92));
    ui.painter().galley(at, galley, color);
    let response = ui.interact(rect, id.with("source"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    let over = response.contains_pointer();
    response.on_hover_text(run.slices_note.clone().unwrap_or_else(|| format!("Slices {}.", source_text(run))));
    over
}
