//! The Python interpreter of a plan: one of those found, each with its origin, or a file.

use crate::{
    python::PythonFacts,
    state::{Purpose, State},
    theme,
};
use eframe::egui::{Button, ComboBox, Label, Response, Role, ScrollArea, Ui, WidgetInfo, vec2};
use interpreters::{Discovered, Origin};
use model::{InterpreterFacts, RunSettings, interpreter::DEFAULT_INTERPRETER};
use std::path::PathBuf;

/// The width of the button beside the box, and the space before it, in points.
const ASK: f32 = 54.0;

/// Draws the box, `width` points wide, with a button in it if the user has yet to allow the interpreter to be asked.
pub fn show(ui: &mut Ui, state: &mut State, run: &mut RunSettings, width: f32) -> Response {
    let word = run.python.as_deref().unwrap_or(DEFAULT_INTERPRETER).to_owned();
    let unasked = state.editing.python.unasked(&word).cloned();
    let width = if unasked.is_some() { width - ASK } else { width };
    let text = shown(&state.editing.python, &word, width > 150.0);
    let mut browse = false;
    let combo = ComboBox::from_id_salt("interpreter").width(width).truncate().selected_text(text);
    let combo = combo.height(420.0).show_ui(ui, |ui| {
        ui.set_min_width(300.0);
        default(ui, &state.editing.python, run);
        ScrollArea::vertical().max_height(300.0).show(ui, |ui| {
            for found in state.editing.python.found.iter().flatten() {
                line(ui, found, run);
            }
        });
        if state.editing.python.found.is_none() {
            ui.weak("Looking for interpreters…");
        }
        waiting(ui, state);
        ui.separator();
        browse = ui.button("Choose a file…").clicked();
    });
    if browse {
        state.choose(Purpose::Interpreter);
    }
    if let Some(file) = unasked {
        ask(ui, state, file, "Ask it");
    }
    let name = state.editing.python.interpreter(&word);
    let hover = match name {
        Some(Ok(facts)) => format!("{}: {}", facts.title(), facts.executable.display()),
        Some(Err(_)) if state.editing.python.unasked(&word).is_some() => {
            "It was not asked yet what it is: nothing that lies near a plan is executed before you allow it".to_owned()
        }
        Some(Err(message)) => crate::state::capital(message),
        None => format!("Asking {word} for its version…"),
    };
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Interpreter"));
    combo.response.on_hover_text(hover)
}

/// Interpreters near the plan that were not asked, each with a button that allows it.
fn waiting(ui: &mut Ui, state: &mut State) {
    let files = state.editing.python.waiting.clone();
    if files.is_empty() {
        return;
    }
    ui.label(theme::section("Near the plan, and not asked yet"));
    for file in files {
        ui.horizontal(|ui| {
            let path = file.display().to_string();
            ask(ui, state, file, &format!("Ask {path}"));
            ui.add(Label::new(path).truncate());
        });
    }
}

/// A button that allows an interpreter to be asked what it is, and remembers that.
fn ask(ui: &mut Ui, state: &mut State, file: PathBuf, label: &str) {
    let response = ui.add(Button::new("Ask it").small());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    let hover = format!(
        "Executes {} to ask what it is and what the plan's files have to offer; remembered until the file changes",
        file.display()
    );
    if response.on_hover_text(hover).clicked() {
        state.wishes.push(crate::state::Wish::Allow(file));
    }
}

/// The box's text: `CPython 3.13.0`, or the word of the plan while that is not known.
fn shown(facts: &PythonFacts, word: &str, roomy: bool) -> String {
    match facts.interpreter(word) {
        Some(Ok(facts)) if roomy => format!("Python: {}", short_title(facts)),
        Some(Ok(facts)) => short_title(facts),
        _ => model::Interpreter::new(word).short().to_owned(),
    }
}

/// `CPython 3.13.0`, `CPython 3.14.0t`
fn short_title(facts: &InterpreterFacts) -> String {
    let mark = if facts.free_threaded { "t" } else { "" };
    format!("{} {}{mark}", facts.implementation, facts.version)
}

fn default(ui: &mut Ui, facts: &PythonFacts, run: &mut RunSettings) {
    let known = facts.interpreter(DEFAULT_INTERPRETER).and_then(Result::ok);
    let title = known.map_or_else(String::new, |facts| format!(", {}", short_title(facts)));
    let button = Button::new(format!("{DEFAULT_INTERPRETER} (the default{title})")).selected(run.python.is_none());
    if ui.add(button.min_size(vec2(ui.available_width(), theme::ROW)).right_text("")).clicked() {
        run.python = None;
    }
}

fn line(ui: &mut Ui, found: &Discovered, run: &mut RunSettings) {
    let word = found.interpreter.word();
    let refusal = found.refusal();
    let button = Button::new(found.facts.title()).right_text(origin(&found.origin));
    let button = button.selected(run.python.as_deref() == Some(word)).min_size(vec2(ui.available_width(), theme::ROW));
    let response = ui.add_enabled(refusal.is_none(), button);
    let label = format!("Interpreter {word}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, refusal.is_none(), &label));
    if response.clicked() {
        run.python = Some(word.to_owned());
    }
    let hover = format!("{word}\n{}", found.facts.executable.display());
    response.on_hover_text(hover).on_disabled_hover_text(refusal.unwrap_or_default());
}

/// An interpreter's origin, in a word.
pub fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Path => "PATH".to_owned(),
        Origin::Pyenv => "pyenv".to_owned(),
        Origin::Venv(name) => format!("venv {name}"),
        Origin::Conda => "conda".to_owned(),
    }
}
