//! What an execution costs from launch to join, two settings beside each other; above the rest of the costs tab.

use crate::{command::UiCommand, page::Page, picture, state::State, theme, widgets::command_button};
use eframe::egui::{Align, ComboBox, Label, Layout, RichText, Role, Ui, WidgetInfo};
use insight::{label::label, summary, waterfall::words};
use model::Setting;
use scene::{charts::waterfall::WaterfallChart, waterfall::drawing};

/// What the boxes in which settings are chosen are called.
const BOXES: [&str; 2] = ["First setting", "Second setting"];

/// Draws the section.
pub fn show(ui: &mut Ui, state: &mut State) {
    let Some(experiment) = &state.shown.experiment else { return };
    let all = summary::settings(experiment);
    let mut pair = chosen(state.shown.cost_pair, &all);
    ui.horizontal(|ui| {
        ui.label(RichText::new("What an execution costs").heading().strong());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            command_button::icon(ui, state, UiCommand::ExportPage(Page::Waterfall));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(words::MEANING).weak()).truncate());
            });
        });
    });
    if all.len() > 2 {
        choose(ui, &all, &mut pair);
        state.shown.cost_pair = pair[..].try_into().ok();
    }
    let of = |setting: &Setting| state.shown.summary.costs.iter().find(|(it, _)| it == setting);
    let costs: Vec<_> = pair.iter().filter_map(of).map(|(setting, cost)| (cost, *setting)).collect();
    let Some(drawing) = drawing(&costs, &all) else {
        ui.weak(match state.activity.is_busy() {
            true => "It comes when a repeat is complete: when every execution of it has succeeded.",
            false => {
                "No repeat is complete: in each an execution failed or was stopped. Executions says which and why."
            }
        });
        return;
    };
    for sentence in &drawing.sentences {
        ui.add(Label::new(RichText::new(sentence).color(ui.visuals().strong_text_color())).wrap());
    }
    ui.add_space(2.0);
    let mut steps = picture::blank(ui);
    let edges = (0.0, steps.width);
    let height = WaterfallChart::new(&mut steps, edges, &drawing, &pair).steps(0.0, &drawing);
    picture::show(ui, &steps, height);
    if !drawing.memory.is_empty() {
        ui.horizontal(|ui| {
            ui.label(theme::section("Memory"));
            ui.add(Label::new(RichText::new(words::MEMORY_MEANING).small().weak()).truncate());
        });
        let mut memory = picture::blank(ui);
        let height = WaterfallChart::new(&mut memory, edges, &drawing, &pair).memory(0.0, &drawing.memory);
        picture::show(ui, &memory, height);
    }
}

/// The settings beside each other: those that were chosen, while they are there; else the first two.
fn chosen(pair: Option<[Setting; 2]>, all: &[Setting]) -> Vec<Setting> {
    let stays = pair.filter(|pair| pair.iter().all(|setting| all.contains(setting)));
    stays.map_or_else(|| all.iter().take(2).copied().collect(), Vec::from)
}

fn choose(ui: &mut Ui, all: &[Setting], pair: &mut [Setting]) {
    let before = pair.to_vec();
    ui.horizontal(|ui| {
        for (place, name) in BOXES.into_iter().enumerate() {
            if place > 0 {
                ui.weak("against");
            }
            let text = label(pair[place], all);
            let combo = ComboBox::from_id_salt(name).selected_text(text).width(170.0).show_ui(ui, |ui| {
                for setting in all {
                    ui.selectable_value(&mut pair[place], *setting, label(*setting, all));
                }
            });
            combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
        }
    });
    // One setting against itself says nothing: choosing the other's exchanges them.
    if pair[0] == pair[1] {
        let place = usize::from(pair[0] == before[0]);
        pair[1 - place] = before[place];
    }
}
