//! The first line: menus, the plan's name, and what shows and hides panels.

use crate::{
    starters,
    store::settings::ThemeChoice,
    ui::{
        command::UiCommand,
        page::Page,
        state::State,
        widgets::command_button::{icon, item},
    },
};
use eframe::egui::{Align, Label, Layout, MenuBar, RichText, Ui};
use egui_material_icons::icons::ICON_CIRCLE;

/// Draws the line.
pub fn show(ui: &mut Ui, state: &mut State) {
    MenuBar::new().ui(ui, |ui| {
        menus(ui, state);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            icon(ui, state, UiCommand::ToggleInspector);
            icon(ui, state, UiCommand::TogglePlan);
            icon(ui, state, UiCommand::Palette);
            ui.add_space(12.0);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| name(ui, state));
        });
    });
}

fn menus(ui: &mut Ui, state: &mut State) {
    ui.menu_button("File", |ui| {
        items(ui, state, &[UiCommand::NewPlan, UiCommand::Open]);
        ui.menu_button("Open starter plan", |ui| {
            for (index, starter) in starters::all().iter().enumerate() {
                if ui.button(starter.title).on_hover_text(starter.shows).clicked() {
                    state.push(UiCommand::Starter(index));
                    ui.close();
                }
            }
        });
        ui.separator();
        items(ui, state, &[UiCommand::Save, UiCommand::SaveAs]);
        ui.separator();
        let charts = [
            UiCommand::ExportPage(Page::Comparison),
            UiCommand::ExportPage(Page::Sweep),
            UiCommand::ExportPage(Page::Findings),
            UiCommand::ExportPage(Page::Waterfall),
            UiCommand::ExportPage(Page::LaunchCosts),
        ];
        items(ui, state, &[UiCommand::Export]);
        items(ui, state, &charts);
        ui.separator();
        items(ui, state, &[UiCommand::Quit]);
    });
    ui.menu_button("Edit", |ui| {
        items(ui, state, &[UiCommand::Undo, UiCommand::Redo]);
        ui.separator();
        items(ui, state, &[UiCommand::AddTask, UiCommand::AddPython, UiCommand::DuplicateTask, UiCommand::RemoveTask]);
        items(ui, state, &[UiCommand::MoveTaskUp, UiCommand::MoveTaskDown]);
    });
    ui.menu_button("View", |ui| {
        let results = [UiCommand::ShowTimeline, UiCommand::ShowComparison, UiCommand::ShowSweep, UiCommand::ShowWhy];
        items(ui, state, &results);
        let details = [UiCommand::ShowTable, UiCommand::ShowExecutions, UiCommand::ShowCosts, UiCommand::ShowMessages];
        items(ui, state, &details);
        ui.separator();
        items(ui, state, &[UiCommand::TogglePlan, UiCommand::ToggleInspector, UiCommand::ToggleIdleCores]);
        items(ui, state, &[UiCommand::ByCore]);
        ui.separator();
        items(ui, state, &[ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark].map(UiCommand::Theme));
    });
    ui.menu_button("Help", |ui| {
        items(ui, state, &[UiCommand::Palette, UiCommand::Shortcuts, UiCommand::MeasuringCosts, UiCommand::About]);
    });
}

fn items(ui: &mut Ui, state: &mut State, commands: &[UiCommand]) {
    commands.iter().for_each(|command| item(ui, state, *command));
}

fn name(ui: &mut Ui, state: &State) {
    ui.add_space(12.0);
    if state.draft.is_dirty() {
        let dot = ICON_CIRCLE.rich_text().size(9.0).color(ui.visuals().hyperlink_color);
        ui.label(dot).on_hover_text("The plan has unsaved changes");
    }
    let opened = state.experiment_path.as_deref().and_then(|path| path.file_name());
    let run = opened.map(|file| format!("   run read from {}", file.to_string_lossy())).unwrap_or_default();
    ui.add(Label::new(RichText::new(state.name()).strong()).truncate());
    ui.add(Label::new(RichText::new(run).weak()).truncate());
}
