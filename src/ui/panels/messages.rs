//! The messages tab: what has happened so far.

use crate::{
    state::{Level, State},
    theme,
    widgets::rows::empty,
};
use eframe::egui::{Align, Label, Layout, RichText, ScrollArea, Ui};
use egui_material_icons::icons::ICON_NOTES;

/// Draws the tab.
pub fn show(ui: &mut Ui, state: &mut State) {
    if state.told.messages.is_empty() {
        return empty(ui, ICON_NOTES, "No messages", "Whatever the program has to say is kept here.");
    }
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        if ui.button("Copy all").clicked() {
            let all: Vec<_> = state.told.messages.iter().map(|m| format!("{}  {}", m.at, m.text)).collect();
            ui.ctx().copy_text(all.join("\n"));
        }
    });
    ScrollArea::vertical().auto_shrink([false, false]).stick_to_bottom(true).show(ui, |ui| {
        for message in &state.told.messages {
            ui.horizontal_top(|ui| {
                ui.label(RichText::new(&message.at).monospace().weak());
                let color = match message.level {
                    Level::Error => theme::failure(ui.visuals()),
                    Level::Info | Level::Good => ui.visuals().text_color(),
                };
                ui.add(Label::new(RichText::new(&message.text).color(color)).wrap().selectable(true));
            });
        }
    });
}
