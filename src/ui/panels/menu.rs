//! The first line: menus, the plan's name, and buttons that show and hide panels.

use crate::{
    command::UiCommand,
    page::Page,
    state::{Pane, State},
    widgets::command_button::{icon, item},
};
use eframe::egui::{Align, Button, Label, Layout, MenuBar, RichText, ScrollArea, TextWrapMode, Ui};
use egui_material_icons::icons::ICON_CIRCLE;
use std::path::Path;
use store::settings::ThemeChoice;

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
        recent_results(ui, state);
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
        items(ui, state, &[UiCommand::NoEnv]);
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
        items(ui, state, &Pane::ALL.map(UiCommand::Show));
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

/// The results that are kept, each with its time and its name.
fn recent_results(ui: &mut Ui, state: &mut State) {
    let refusal = UiCommand::Recent(0).refusal(state);
    ui.menu_button("Recent results", |ui| {
        if state.session.recent.is_empty() {
            ui.weak("The last 20 results are kept here");
        }
        let mut chosen = None;
        ScrollArea::vertical().max_height(MENU_HEIGHT).show(ui, |ui| {
            for (index, recent) in state.session.recent.iter().enumerate() {
                let text = format!("{}   {}", recent.when(), recent.label);
                let button = Button::new(text).wrap_mode(TextWrapMode::Truncate);
                let response = ui.add_enabled(refusal.is_none(), button).on_hover_text(&recent.label);
                if response.on_disabled_hover_text(refusal.as_deref().unwrap_or_default()).clicked() {
                    chosen = Some(index);
                }
            }
        });
        if let Some(index) = chosen {
            state.push(UiCommand::Recent(index));
            ui.close();
        }
    });
}

fn items(ui: &mut Ui, state: &mut State, commands: &[UiCommand]) {
    commands.iter().for_each(|command| item(ui, state, *command));
}

fn name(ui: &mut Ui, state: &State) {
    ui.add_space(12.0);
    if state.editing.draft.is_dirty() {
        let dot = ICON_CIRCLE.rich_text().size(9.0).color(ui.visuals().hyperlink_color);
        ui.label(dot).on_hover_text("The plan has unsaved changes");
    }
    let run = state.shown.path.as_deref().map(|path| source(state, path)).unwrap_or_default();
    ui.add(Label::new(RichText::new(state.editing.name()).strong()).truncate());
    ui.add(Label::new(RichText::new(run).weak()).truncate());
}

/// The source of the results on the screen.
fn source(state: &State, path: &Path) -> String {
    match state.session.recent.iter().find(|recent| recent.path == path) {
        Some(recent) => format!("   result of {}", recent.when()),
        None => format!("   run read from {}", path.file_name().unwrap_or_default().to_string_lossy()),
    }
}

/// The list of results scrolls beyond this height, so that it fits the smallest window.
const MENU_HEIGHT: f32 = 360.0;
