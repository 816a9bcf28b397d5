//! The form of a program: its file, its arguments, its environment, its working directory.

use super::editor::problems;
use crate::{
    state::{Purpose, State},
    theme,
    widgets::{
        pairs,
        rows::{help, row},
    },
};
use eframe::egui::{Id, Role, TextEdit, Ui, WidgetInfo};
use egui_material_icons::icons::ICON_FOLDER_OPEN;
use model::{Args, Field, Target, Task};
use serde_json::Value;

/// The name of a task whose program has none yet.
pub const NAMELESS: &str = "program";

/// Draws the form.
pub fn show(ui: &mut Ui, state: &mut State, task: &mut Task) {
    if let Target::Program(program) = &mut task.target {
        let before = program.clone();
        path(ui, state, "Program", program, Purpose::Program);
        if before != *program {
            follow(task, &before);
        }
        help(ui, "A name on PATH, or a file. It is started without a shell.");
    }
    arguments(ui, task);
    surroundings(ui, state, task);
    help(ui, "Where it runs; the plan's own folder where this is empty.");
}

/// Draws the environment and the working directory of a program or a Python function.
pub fn surroundings(ui: &mut Ui, state: &mut State, task: &mut Task) {
    ui.label(theme::section("Environment"));
    let before = task.env.clone();
    pairs::map(ui, Id::unique(("environment", state.editing.draft.selected)), &mut task.env);
    if task.env != before {
        task.env_was_edited();
    }
    let mut cwd = task.cwd.clone().unwrap_or_default();
    path(ui, state, "Folder", &mut cwd, Purpose::Folder);
    task.cwd = (!cwd.is_empty()).then_some(cwd);
    problems(ui, state, &Field::Cwd);
}

/// Gives a task that was named after its program the new program's name.
pub fn follow(task: &mut Task, before: &str) {
    let former = Target::Program(before.to_owned());
    if task.name == former.short_name() || task.name == NAMELESS {
        let name = task.target.short_name();
        task.name = if name.is_empty() { NAMELESS } else { name }.to_owned();
    }
}

fn arguments(ui: &mut Ui, task: &mut Task) {
    ui.label(theme::section("Arguments, one a line"));
    let before = task.args.words();
    let mut words = before.clone();
    pairs::list(ui, "Argument", &mut words);
    if words != before {
        task.args = Args::List(words.into_iter().map(Value::from).collect());
    }
}

fn path(ui: &mut Ui, state: &mut State, label: &str, text: &mut String, purpose: Purpose) {
    row(ui, label, |ui| {
        let width = (ui.available_width() - 44.0).max(40.0);
        let field = ui.add(TextEdit::singleline(text).desired_width(width));
        let browse = ui.button(ICON_FOLDER_OPEN.rich_text());
        let name = format!("Browse {}", label.to_lowercase());
        browse.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if browse.on_hover_text("Choose it in a file dialog").clicked() {
            state.choose(purpose);
        }
        field
    });
}
