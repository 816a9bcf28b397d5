//! The costs tab: what an execution costs step by step, what launching costs by itself, and what a run keeps busy and alive over time.

use super::waterfall;
use crate::{
    command::UiCommand,
    page::Page,
    picture, shown,
    state::{State, Wish},
    theme,
    widgets::{command_button, curve, rows::empty},
};
use eframe::egui::{Align, Label, Layout, RichText, ScrollArea, Ui};
use egui_material_icons::icons::ICON_TIMER;
use insight::{label::label, launch_costs::LogAxis, others};
use model::{Experiment, Run, Setting};
use scene::{
    charts::histogram::{Latency, histogram, rows},
    curves::CurveKind,
    palette,
};

/// Draws the tab.
pub fn show(ui: &mut Ui, state: &mut State) {
    if !state.shown.has_runs() {
        let next = "Press Compare to see how long starts and joins take, and what is alive meanwhile.";
        return empty(ui, ICON_TIMER, "No costs yet", next);
    }
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 6.0);
        waterfall::show(ui, state);
        ui.add_space(10.0);
        launch(ui, state);
        ui.add_space(6.0);
        over_time(ui, state);
    });
}

fn launch(ui: &mut Ui, state: &mut State) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Launch costs").heading().strong());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            command_button::icon(ui, state, UiCommand::ExportPage(Page::LaunchCosts));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(
                    Label::new(RichText::new("all executions of the measured repeats, warm-ups left out").weak())
                        .truncate(),
                );
            });
        });
    });
    let costs = &state.shown.summary.launch_costs;
    let Some(axis) = LogAxis::of(costs.iter().flat_map(|costs| [&costs.start, &costs.join])) else {
        ui.weak("They come when a run has ended in which an execution got as far as its target.");
        return;
    };
    for of in Latency::ALL {
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            ui.label(theme::section(of.title()));
            ui.add(Label::new(RichText::new(of.meaning()).small().weak()).truncate());
        });
        let mut picture = picture::blank(ui);
        let edges = (0.0, picture.width);
        let height = histogram(&mut picture, edges, 0.0, axis, &rows(costs, of));
        picture::show(ui, &picture, height);
    }
}

fn over_time(ui: &mut Ui, state: &mut State) {
    let shown = &mut state.shown;
    let Some(experiment) = &shown.experiment else { return };
    let settings = shown::settings(experiment);
    let runs: Vec<&Run> = settings.iter().filter_map(|setting| shown.runs.run(experiment, *setting)).collect();
    let full_ns = runs.iter().map(|run| run.length_ns()).max().unwrap_or(0);
    for run in runs {
        heading(ui, experiment, run, &settings);
        let (known, long) = shown.curves.of(run);
        state.wishes.extend(long.map(|long| Wish::WorkOut(Box::new(long))));
        let whose = label(run.setting(), &settings).to_lowercase();
        for (kind, curve) in CurveKind::ALL.iter().zip(known.iter()) {
            curve::show(ui, (kind.title(), &whose), curve, palette::accent(run.mode), full_ns);
        }
        curve::show_axis(ui, full_ns);
    }
}

fn heading(ui: &mut Ui, experiment: &Experiment, run: &Run, settings: &[Setting]) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(format!("{} over time", label(run.setting(), settings))).heading().strong());
        let of = experiment.repeats(run.setting()).count();
        let which = if run.warmup { shown::name(run) } else { format!("{} of {of}", shown::name(run)) };
        ui.add(Label::new(RichText::new(which).weak()).truncate());
        if let Some(warning) = others::warning(run) {
            super::warning(ui, &warning);
        }
    });
}
