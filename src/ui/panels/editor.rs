//! The editor of the selected task.

use super::{params, program, python};
use crate::{
    command::UiCommand,
    state::{Overlay, State},
    theme,
    widgets::{
        rows::{failure, help, row},
        value_field::edited,
    },
};
use eframe::egui::{self, Button, DragValue, Response, TextEdit, Ui};
use model::{Field, Target, Task, plan::MAX_EXECUTIONS};
use std::time::Duration;

/// Draws the editor, or says how to get a task.
pub fn show(ui: &mut Ui, state: &mut State) {
    let Some(task) = state.editing.draft.task() else {
        ui.weak(format!("Press {} to choose what to run.", UiCommand::AddTask.info().text));
        return;
    };
    let mut task = task.clone();
    ui.label(theme::section("Task"));
    row(ui, "Name", |ui| ui.add(TextEdit::singleline(&mut task.name).desired_width(f32::INFINITY)));
    problems(ui, state, &Field::Name);
    target(ui, state, &task);
    let python = match &task.target {
        Target::Python(target) => Some(target.clone()),
        _ => None,
    };
    if let Some(target) = python {
        python::show(ui, state, &target, &mut task);
    } else {
        problems(ui, state, &Field::Target);
    }
    match &task.target {
        Target::Builtin(name) => {
            if let Some(info) = targets::find(name) {
                help(ui, info.help);
                params::show(ui, state, info, &mut task.args);
            }
        }
        Target::Program(_) => program::show(ui, state, &mut task),
        Target::Python(_) => {}
    }
    problems(ui, state, &Field::Args);
    shared(ui, state, &mut task);
    commit(ui, state, task);
}

fn target(ui: &mut Ui, state: &mut State, task: &Task) {
    let shown = match &task.target {
        Target::Builtin(name) if name.is_empty() => "choose…",
        Target::Builtin(name) => name,
        Target::Program(_) => "a program",
        Target::Python(_) => "a Python function",
    };
    let response = row(ui, "Target", |ui| {
        let width = ui.available_width();
        ui.add(Button::new(shown).right_text("change").truncate().min_size(egui::vec2(width, theme::ROW)))
    });
    if response.clicked() {
        state.overlay = Overlay::Targets { add: false };
    }
}

fn shared(ui: &mut Ui, state: &State, task: &mut Task) {
    row(ui, "Instances", |ui| {
        ui.spacing_mut().interact_size.x = 64.0;
        let range = 1..=u32::try_from(MAX_EXECUTIONS).unwrap_or(u32::MAX);
        ui.add(DragValue::new(&mut task.count).range(range).clamp_existing_to_range(false).speed(0.2))
    });
    problems(ui, state, &Field::Count);
    timeout(ui, "Time limit", &mut task.timeout);
}

/// A switch and a number of seconds, for the longest that an execution may take.
pub fn timeout(ui: &mut Ui, label: &str, timeout: &mut Option<Duration>) -> Response {
    row(ui, label, |ui| {
        let mut on = timeout.is_some();
        let words = if on { "" } else { "none" };
        let switch = ui.checkbox(&mut on, words);
        if on != timeout.is_some() {
            *timeout = on.then_some(Duration::from_secs(60));
        }
        if let Some(duration) = timeout {
            let mut secs = duration.as_secs_f64();
            let number = DragValue::new(&mut secs).range(0.001..=86_400.0).suffix(" s").speed(0.5).max_decimals(3);
            if ui.add(number.clamp_existing_to_range(false)).changed() {
                *duration = Duration::from_secs_f64(secs);
            }
        }
        switch
    })
}

/// What is wrong with a field of the selected task.
pub fn problems(ui: &mut Ui, state: &State, field: &Field) {
    let here = Some(state.editing.draft.selected);
    for problem in state.editing.checks.of(here).iter().filter(|problem| problem.field == *field) {
        failure(ui, &crate::state::capital(problem.window_message()));
    }
}

fn commit(ui: &Ui, state: &mut State, task: Task) {
    let selected = state.editing.draft.selected;
    if state.editing.draft.task() != Some(&task) {
        state.editing.draft.edit(edited(ui.ctx()), |plan| plan.tasks[selected] = task);
    }
}
