//! The switch that turns the timeline round: by lane or by core.

use eframe::egui::{Button, Response, Role, Ui, WidgetInfo};

/// Shows the switch, from right to left; returns whether the user has turned it.
pub fn show(ui: &mut Ui, by_core: bool, key: &str) -> bool {
    ui.spacing_mut().item_spacing.x = 2.0;
    let core = part(ui, "By core", by_core, &format!("A row for each core: who was on it, and when ({key})"));
    let lane = part(ui, "By lane", !by_core, &format!("A row for each lane: what each execution did ({key})"));
    (core.clicked() && !by_core) || (lane.clicked() && by_core)
}

fn part(ui: &mut Ui, text: &str, on: bool, hover: &str) -> Response {
    let response = ui.add(Button::selectable(on, text));
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, text));
    response.on_hover_text(hover)
}
