//! The last line: what is going on, or why the plan can't be run; on the right, the machine.

use crate::{activity::Activity, command::UiCommand, shown, state::State, theme};
use eframe::egui::{Align, Color32, Label, Layout, RichText, Ui};
use egui_material_icons::{
    MaterialIcon,
    icons::{ICON_CHECK_CIRCLE, ICON_ERROR, ICON_INFO, ICON_SCHEDULE},
};

/// Draws the line.
pub fn show(ui: &mut Ui, state: &State) {
    ui.horizontal_centered(|ui| {
        let (icon, color, text) = words(ui, state);
        ui.label(icon.rich_text().size(15.0).color(color));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(experiment) = &state.shown.experiment {
                let line = Label::new(RichText::new(experiment.machine.line()).small().weak()).truncate();
                ui.scope(|ui| {
                    ui.set_max_width(ui.available_width() * 0.45);
                    ui.add(line);
                });
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(text).small().color(color)).truncate());
            });
        });
    });
}

fn words(ui: &Ui, state: &State) -> (MaterialIcon, Color32, String) {
    let visuals = ui.visuals();
    let plain = visuals.text_color();
    match state.activity {
        Activity::Starting => (ICON_SCHEDULE, plain, "Starting".to_owned()),
        Activity::Stopping => (ICON_SCHEDULE, plain, "Stopping everything".to_owned()),
        Activity::Running => (ICON_SCHEDULE, plain, running(state)),
        Activity::SummingUp => (ICON_SCHEDULE, plain, "Working out what the runs say together".to_owned()),
        Activity::Idle => match UiCommand::Run.refusal(state).or_else(|| UiCommand::Compare.refusal(state)) {
            Some(reason) => (ICON_ERROR, theme::failure(visuals), reason),
            None => idle(state, plain, theme::failure(visuals)),
        },
    }
}

fn running(state: &State) -> String {
    let Some(run) = state.shown.experiment.as_deref().and_then(|experiment| experiment.runs.last()) else {
        return "Starting".to_owned();
    };
    let (done, all) = state.shown.views.progress(run);
    format!("{}, {}: {done} of {all} executions have ended", run.mode.title(), shown::name(run))
}

fn idle(state: &State, plain: Color32, failure: Color32) -> (MaterialIcon, Color32, String) {
    let plan = state.editing.draft.plan();
    let message = state.shown.experiment.as_deref().and_then(|experiment| experiment.message.as_deref());
    if let (None, Some(words)) = (message, state.shown.failures_words()) {
        return (ICON_ERROR, failure, words);
    }
    match (message, state.shown.has_runs()) {
        (Some(message), _) => (ICON_ERROR, failure, crate::state::capital(message)),
        (None, true) => {
            (ICON_CHECK_CIRCLE, plain, "Finished. Click a bar to inspect it, or export what you see".to_owned())
        }
        (None, false) => {
            let plural = |n: u64| if n == 1 { "" } else { "s" };
            let (tasks, executions) = (plan.tasks.len() as u64, plan.executions());
            let text =
                format!("Ready: {tasks} task{}, {executions} execution{} a run", plural(tasks), plural(executions));
            (ICON_INFO, plain, text)
        }
    }
}
