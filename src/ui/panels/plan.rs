//! The plan on the left: its name, its tasks, the editor of the selected one, the starter plans.

use super::{editor, starters, tasks};
use crate::{
    command::UiCommand,
    state::State,
    theme,
    widgets::{command_button::icon, value_field::edited},
};
use eframe::egui::{self, Button, Frame, Panel, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

/// Draws the panel.
pub fn show(ui: &mut Ui, state: &mut State) {
    let below = Frame::new().inner_margin(egui::Margin { top: 6, ..egui::Margin::ZERO });
    let height = ui.available_height();
    let panel = Panel::bottom("starters")
        .frame(below)
        .resizable(true)
        .default_size(((height - 420.0) * 0.6).clamp(34.0, 190.0));
    panel.size_range(34.0..=height * 0.5).show(ui, |ui| starters::show(ui, state));
    let above = Frame::new();
    egui::CentralPanel::default().frame(above).show(ui, |ui| {
        heading(ui, state);
        name(ui, state);
        ui.add_space(2.0);
        tasks::show(ui, state, (height * 0.3).max(90.0));
        buttons(ui, state);
        ui.separator();
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| editor::show(ui, state));
    });
}

fn name(ui: &mut Ui, state: &mut State) {
    let mut name = state.editing.draft.plan().name.clone();
    let field = ui.add(TextEdit::singleline(&mut name).hint_text("Name of the plan").desired_width(f32::INFINITY));
    field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Plan name"));
    if field.changed() {
        state.editing.draft.edit(edited(ui.ctx()), |plan| plan.name = name);
    }
}

fn buttons(ui: &mut Ui, state: &mut State) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let info = UiCommand::AddTask.info();
        let add = ui.add(Button::new((info.icon.rich_text(), "Add")));
        add.widget_info(|| WidgetInfo::labeled(Role::Button, true, info.text));
        if add.on_hover_text(info.tooltip).clicked() {
            state.push(UiCommand::AddTask);
        }
        ui.add_space(4.0);
        for command in [UiCommand::DuplicateTask, UiCommand::RemoveTask, UiCommand::MoveTaskUp, UiCommand::MoveTaskDown]
        {
            icon(ui, state, command);
        }
    });
}

/// The section's name, with undo and redo on the right.
fn heading(ui: &mut Ui, state: &mut State) {
    ui.horizontal(|ui| {
        ui.label(theme::section("Plan"));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            icon(ui, state, UiCommand::Redo);
            icon(ui, state, UiCommand::Undo);
        });
    });
}
