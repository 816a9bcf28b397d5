//! What an execution costs from launch to join, two settings beside each other; above the rest of the costs tab.

use crate::{command::UiCommand, page::Page, picture, state::State, theme, widgets::command_button};
use eframe::egui::{Align, ComboBox, Id, Label, Layout, RichText, Role, Ui, WidgetInfo};
use insight::{
    label::label,
    summary,
    waterfall::{of_setting, words},
};
use model::{Experiment, RunSetting, waterfall::ExecutionCost};
use scene::{charts::waterfall::WaterfallChart, waterfall::drawing};
use std::sync::Arc;

/// What the boxes in which settings are chosen are called.
const BOXES: [&str; 2] = ["First setting", "Second setting"];

/// Draws the section.
pub fn show(ui: &mut Ui, state: &mut State) {
    let Some(experiment) = &state.shown.experiment else { return };
    let all = summary::settings(experiment);
    let mut pair = chosen(ui, &all);
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
    }
    let Some(experiment) = &state.shown.experiment else { return };
    let costs: Vec<_> = pair.iter().map(|setting| (kept(ui, experiment, *setting), *setting)).collect();
    let costs: Vec<_> = costs.iter().map(|(cost, setting)| (&**cost, *setting)).collect();
    let Some(drawing) = drawing(&costs, &all) else {
        ui.weak(match experiment.ended {
            false => "It comes when a repeat is complete: when every execution of it has succeeded.",
            true => "No repeat is complete: in each an execution failed or was stopped. Executions says which and why.",
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
fn chosen(ui: &Ui, all: &[RunSetting]) -> Vec<RunSetting> {
    let before: Vec<RunSetting> = ui.data(|data| data.get_temp(id())).unwrap_or_default();
    let stays = before.len() == 2 && before.iter().all(|setting| all.contains(setting));
    if stays { before } else { all.iter().take(2).copied().collect() }
}

fn id() -> Id {
    Id::unique("waterfall pair")
}

fn choose(ui: &mut Ui, all: &[RunSetting], pair: &mut [RunSetting]) {
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
    ui.data_mut(|data| data.insert_temp(id(), pair.to_vec()));
}

/// The cost of a setting, and of how many ended runs, the last of them which, it was made.
type Kept = (usize, Option<String>, Arc<ExecutionCost>);

/// The cost of an execution in a setting, worked out anew when one more of its runs has ended.
fn kept(ui: &Ui, experiment: &Experiment, setting: RunSetting) -> Arc<ExecutionCost> {
    let id = Id::unique(("execution cost", setting));
    let ended = || experiment.repeats(setting).filter(|run| run.end.is_some());
    let now = (ended().count(), ended().last().map(|run| format!("{} {:?}", run.started_at, run.makespan_ns)));
    let kept: Option<Kept> = ui.data(|data| data.get_temp(id));
    if let Some((count, last, cost)) = kept
        && (count, &last) == (now.0, &now.1)
    {
        return cost;
    }
    let cost = Arc::new(of_setting(experiment, setting));
    ui.data_mut(|data| data.insert_temp(id, (now.0, now.1, cost.clone())));
    cost
}
