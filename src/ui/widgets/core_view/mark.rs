//! How the slices were had, in a corner of the plot: an estimate is seen to be one.

use crate::analysis::timeline::core_rows::source_text;
use crate::model::{Run, SlicesSource};
use eframe::egui::{Id, Rect, Response, Role, Sense, TextStyle, Ui, WidgetInfo, vec2};

/// Says how slices were had, with the note on hovering; whether the pointer is over it.
pub fn show(ui: &Ui, id: Id, run: &Run, plot: &Response) -> bool {
    let sampled = run.slices_source == Some(SlicesSource::Sampled);
    let (text, color) = match (sampled, &run.slices_note) {
        (true, _) => ("sampled: an estimate", ui.visuals().warn_fg_color),
        (false, Some(_)) => ("not complete", ui.visuals().warn_fg_color),
        (false, None) => ("who was on which core (exact)", ui.visuals().text_color()),
    };
    let galley = ui.painter().layout_no_wrap(text.to_owned(), TextStyle::Small.resolve(ui.style()), color);
    let at = plot.rect.right_top() + vec2(-galley.size().x - 6.0, 4.0);
    let rect = Rect::from_min_size(at, galley.size()).expand2(vec2(3.0, 1.0));
    ui.painter().rect_filled(rect, 2.0, ui.visuals().extreme_bg_color.gamma_multiply(0.85));
    ui.painter().galley(at, galley, color);
    let response = ui.interact(rect, id.with("source"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    let over = response.contains_pointer();
    response.on_hover_text(run.slices_note.clone().unwrap_or_else(|| format!("Slices {}.", source_text(run))));
    over
}
