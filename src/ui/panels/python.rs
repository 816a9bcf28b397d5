//! The editor of a Python function: which one, and a form of its parameters.

use super::{editor::problems, functions, program, raw};
use crate::{
    python::{self, form, value},
    state::State,
    theme,
    widgets::{
        argument_field::{self, FieldLook},
        rows::{failure, help, row},
    },
};
use eframe::egui::{self, Button, Id, Ui};
use interpreters::{Function, Parameter, ParameterKind};
use model::{Args, Field, PythonTarget, Task};

/// Draws the form.
pub fn show(ui: &mut Ui, state: &mut State, target: &PythonTarget, task: &mut Task) {
    which(ui, state, target);
    problems(ui, state, &Field::Target);
    let function = state.editing.python.function(target).cloned();
    match &function {
        Some(function) => functions::signature(ui, function),
        None => unread(ui, state, target),
    }
    // Args by name are none here: a Python function has its own table for those.
    let as_it_was = task.args.is_empty().then(|| task.args.clone());
    if as_it_was.is_some() {
        task.args = Args::List(Vec::new());
    }
    match function.as_ref().and_then(|function| function.parameters.as_deref()) {
        Some([]) if task.args.is_empty() && task.kwargs.is_empty() => help(ui, "It takes no arguments."),
        Some(parameters) => parameters_form(ui, state, parameters, task),
        None => unknown(ui, state, function.as_ref(), task),
    }
    // A task that is only looked at stays as it is written.
    if let Some(args) = as_it_was.filter(|_| task.args.is_empty()) {
        task.args = args;
    }
    program::surroundings(ui, state, task);
    help(
        ui,
        "Set before the interpreter starts, which all Python functions of the plan share; an empty folder is the plan's.",
    );
}

fn which(ui: &mut Ui, state: &mut State, target: &PythonTarget) {
    let response = row(ui, "Function", |ui| {
        let size = egui::vec2(ui.available_width(), theme::ROW);
        let name = if target.function.is_empty() { "choose…" } else { &target.function };
        ui.add(Button::new(name).right_text("change…").truncate().min_size(size))
    });
    let what = if target.is_file() { "file" } else { "module" };
    if response.on_hover_text(format!("Choose another function of this {what}, or another file")).clicked() {
        functions::pick(state, false, &target.source);
    }
    help(ui, &format!("of the {what} {}", target.source));
}

/// Why there is no signature: the source is being read, can't be read, or has no such function.
fn unread(ui: &mut Ui, state: &State, target: &PythonTarget) {
    let here = Some(state.editing.draft.selected);
    let said = |field: &Field| matches!(field, Field::Target | Field::Run("python"));
    let told = [here, None].into_iter().flat_map(|task| state.editing.checks.of(task)).any(|one| said(&one.field));
    if state.editing.python.unasked(python::word(state.editing.draft.plan())).is_some() {
        return help(ui, "The plan's interpreter was not asked what it has: press Ask it beside the interpreter.");
    }
    match state.editing.python.source(&target.source) {
        None => help(ui, &format!("Reading {}…", target.source)),
        Some(described) => match &described.error {
            Some(_) if told => {}
            Some(message) => failure(ui, &crate::state::capital(message)),
            None if target.function.is_empty() || told => {}
            None => help(ui, "It can't be found by reading: its parameters are not known before it runs."),
        },
    }
}

/// A field for each parameter, and for whatever is given beyond them.
fn parameters_form(ui: &mut Ui, state: &State, parameters: &[Parameter], task: &mut Task) {
    let before = form::split(parameters, task);
    let mut edited = before.clone();
    for (parameter, given) in parameters.iter().zip(&mut edited.given) {
        if !form::takes_rest(parameter) {
            field(ui, state, parameter, &mut given.value);
        }
    }
    let rest = parameters.iter().find(|one| one.kind == ParameterKind::VarPositional);
    if rest.is_some() || !edited.rest.is_empty() {
        let heading = rest.map_or_else(|| "Too many arguments".to_owned(), |one| format!("*{}", one.name));
        ui.label(theme::section(&heading));
        let first = parameters.iter().filter(|one| form::in_order(one)).count() + 1;
        raw::list(ui, state, first, &mut edited.rest);
    }
    let named = parameters.iter().find(|one| one.kind == ParameterKind::VarKeyword);
    if named.is_some() || !edited.named.is_empty() {
        let heading =
            named.map_or_else(|| "It has no parameters of these names".to_owned(), |one| format!("**{}", one.name));
        ui.label(theme::section(&heading));
        raw::map(ui, state, &mut edited.named);
    }
    if edited != before {
        form::join(parameters, &edited, task);
    }
}

fn field(ui: &mut Ui, state: &State, parameter: &Parameter, value: &mut Option<serde_json::Value>) {
    let name = parameter.name.as_str();
    let hint = parameter.default.as_deref().unwrap_or("needed");
    let wrong = raw::is_wrong(state, name);
    let id = Id::unique(("parameter", state.editing.draft.selected, name));
    row(ui, name, |ui| argument_field::show(ui, id, value, &FieldLook { label: name, hint, wrong, right: 0.0 }));
    problems(ui, state, &Field::Arg(name.to_owned()));
    let word = value.as_ref().filter(|one| value::kind_of(one) == value::Kind::Python).map(value::text_of);
    if let Some(word) = word.filter(|word| value::is_bare_word(word)) {
        help(ui, &format!("Python's variable {word}; for text write \"{word}\" or choose text."));
    } else if let Some(annotation) = &parameter.annotation {
        help(ui, annotation);
    }
}

/// The form without known parameters: lists of arguments.
fn unknown(ui: &mut Ui, state: &State, function: Option<&Function>, task: &mut Task) {
    if function.is_some() {
        help(ui, "Its parameters can't be known by reading.");
    }
    ui.label(theme::section("Arguments in order"));
    if let Args::List(list) = &mut task.args {
        raw::list(ui, state, 1, list);
    }
    ui.label(theme::section("Arguments by name"));
    raw::map(ui, state, &mut task.kwargs);
}
