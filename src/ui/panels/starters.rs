//! The starter plans: each shows one thing.

use crate::{command::UiCommand, state::State, theme};
use eframe::egui::{Button, ScrollArea, Ui, vec2};

/// Draws the list; a click opens the plan.
pub fn show(ui: &mut Ui, state: &mut State) {
    ui.label(theme::section("Starter plans"));
    ScrollArea::vertical().id_salt("starters").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for (index, starter) in starters::all().iter().enumerate() {
            let button = Button::new(starter.title).frame_when_inactive(false).truncate();
            let button = ui.add(button.min_size(vec2(ui.available_width(), theme::ROW)).right_text(""));
            if button.on_hover_text(starter.shows).clicked() {
                state.push(UiCommand::Starter(index));
            }
        }
    });
}
