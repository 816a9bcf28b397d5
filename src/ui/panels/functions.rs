//! The function picker: a Python file or module, and the functions in it.

use crate::{
    panels::overlays::Next,
    python::{Described, form},
    state::{Overlay, Picking, Purpose, State},
    theme,
    widgets::{
        rows::failure,
        search_list::{self, SearchItem},
    },
};
use eframe::egui::{Button, Id, Key, Label, Response, RichText, Role, TextEdit, Ui, WidgetInfo};
use egui_material_icons::{MaterialIcon, icons::*};
use interpreters::{Function, FunctionKind, Source};
use model::{PythonTarget, Target, Task};
use std::path::Path;

/// Opens the picker on a file that was chosen in a dialog.
pub fn open(state: &mut State, add: bool, path: &Path) {
    let source = relative(path, state.editing.draft.plan().folder.as_deref());
    pick(state, add, &source);
}

/// Opens the picker on a file or module; on an empty source, for the user to type one.
pub fn pick(state: &mut State, add: bool, source: &str) {
    let source = source.to_owned();
    state.overlay = Overlay::Functions(Picking { add, typed: source.clone(), source });
}

/// A path as the plan writes it: relative to the plan's folder, if it lies below that.
fn relative(path: &Path, folder: Option<&Path>) -> String {
    let folder = folder.and_then(|folder| std::path::absolute(folder).ok());
    let below = folder.and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
    let text = below.as_deref().unwrap_or(path).display().to_string();
    let target = PythonTarget { source: text, function: String::new() };
    // Without `./` it would be read as a module's name.
    if target.is_file() { target.source } else { format!("./{}", target.source) }
}

/// Draws the picker; `search` is the id of the list's field.
pub fn show(ui: &mut Ui, search: Id, state: &mut State, picking: &mut Picking) -> Next {
    ui.heading(if picking.add { "Add a Python function" } else { "Change the Python function" });
    let field = source_field(ui, search, picking);
    if field == Field::Browse {
        state.choose(Purpose::OpenPython { add: picking.add });
        return Next::Close;
    }
    ui.add_space(2.0);
    if picking.source.is_empty() {
        ui.weak("Type a module's name, for example json or math:factorial, or choose a file.");
        return Next::Stay;
    }
    let described = state.editing.python.source(&picking.source).cloned();
    note(ui, &picking.source, described.as_ref());
    let source = described.and_then(|described| described.source).unwrap_or_default();
    let items = items(ui, search, &source);
    let hint = "Search by name or by what it does";
    // The key that entered the module is not to choose a function too.
    let chosen = search_list::show(ui, search, hint, &items).filter(|_| field != Field::Entered);
    let Some(index) = chosen else { return Next::Stay };
    let function = source.functions.get(index).cloned();
    let name = function.as_ref().map_or_else(|| items[index].label.clone(), |function| function.name.clone());
    choose(state, picking, name, function.as_ref());
    Next::Close
}

/// What the user did with the field or the button beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Nothing,
    /// Entered it with a key.
    Entered,
    /// Asked for the file dialog.
    Browse,
}

/// The field with the file or module, and the button that opens the file dialog.
fn source_field(ui: &mut Ui, search: Id, picking: &mut Picking) -> Field {
    let id = Id::unique("python source");
    let first = picking.source.is_empty() && ui.memory(|memory| memory.focused()).is_none();
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 96.0).max(80.0);
        let hint = "A file, or a module's name";
        let field = TextEdit::singleline(&mut picking.typed).id(id).hint_text(hint).desired_width(width);
        let field = ui.add(field);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "File or module"));
        if first {
            field.request_focus();
        }
        let browse = ui.add(Button::new((ICON_FOLDER_OPEN.rich_text(), "Browse")));
        let browse = browse.on_hover_text("Choose a Python file in a file dialog").clicked();
        match entered(ui, search, picking, &field) {
            _ if browse => Field::Browse,
            true => Field::Entered,
            false => Field::Nothing,
        }
    })
    .inner
}

/// Takes over what was typed when it is entered; `math:factorial` names its function too.
fn entered(ui: &Ui, search: Id, picking: &mut Picking, field: &Response) -> bool {
    let typed = picking.typed.trim().to_owned();
    if !field.lost_focus() || typed == picking.source {
        return false;
    }
    let (source, function) = typed.rsplit_once(':').unwrap_or((&typed, ""));
    picking.source = source.to_owned();
    picking.typed = source.to_owned();
    search_list::preset(ui.ctx(), search, function);
    ui.input(|input| input.key_pressed(Key::Enter))
}

/// A note before the list: the source is being read, can't be read, or has no function.
fn note(ui: &mut Ui, name: &str, described: Option<&Described>) {
    match described {
        None => drop(ui.weak(format!("Reading {name}…"))),
        Some(Described { error: Some(message), source }) => {
            failure(ui, &crate::state::capital(message));
            if source.as_ref().is_some_and(|source| !source.functions.is_empty()) {
                ui.weak("Below is what it had when it was read last.");
            }
        }
        Some(Described { error: None, source }) if source.as_ref().is_none_or(|one| one.functions.is_empty()) => {
            let next = "type the name of one that it imports, or choose another file";
            failure(ui, &format!("{name} defines no function and no class; {next}"));
        }
        Some(_) => {}
    }
}

/// A line for each function, and one for a typed name that is not among them.
fn items(ui: &Ui, search: Id, source: &Source) -> Vec<SearchItem> {
    let mut items: Vec<SearchItem> = source.functions.iter().map(line).collect();
    let typed = search_list::typed(ui.ctx(), search).trim().to_owned();
    if is_name(&typed) && !source.functions.iter().any(|function| function.name == typed) {
        items.push(SearchItem {
            group: "Not in the list",
            icon: ICON_CODE,
            title: format!("Use {typed}"),
            detail: "A function that can't be found by reading: imported, or made by the module".to_owned(),
            right: String::new(),
            label: typed,
            enabled: true,
        });
    }
    items
}

fn line(function: &Function) -> SearchItem {
    let (word, icon) = kind(function.kind);
    let doc = if function.doc.is_empty() { String::new() } else { format!(": {}", function.doc) };
    let signature = function.signature_text();
    SearchItem {
        group: "",
        icon,
        label: format!("Function {signature}"),
        title: signature,
        detail: format!("line {}{doc}", function.line),
        right: word.to_owned(),
        enabled: true,
    }
}

/// The badge of a kind and its icon.
pub fn kind(kind: FunctionKind) -> (&'static str, MaterialIcon) {
    match kind {
        FunctionKind::Function => ("", ICON_CODE),
        FunctionKind::Async => ("async", ICON_SYNC),
        FunctionKind::Generator => ("generator", ICON_CODE),
        FunctionKind::Thread => ("Thread subclass", ICON_ACCOUNT_TREE),
        FunctionKind::Process => ("Process subclass", ICON_ACCOUNT_TREE),
        FunctionKind::Class => ("class", ICON_DATA_OBJECT),
    }
}

/// A name that can follow the module: words with dots between them.
fn is_name(text: &str) -> bool {
    let word = |word: &str| {
        let letters = |c: char| c.is_alphanumeric() || c == '_';
        !word.is_empty() && word.chars().all(letters) && !word.starts_with(|c: char| c.is_ascii_digit())
    };
    text.split('.').all(word)
}

/// Adds a task with the function, or gives the function to the selected task.
fn choose(state: &mut State, picking: &Picking, name: String, function: Option<&Function>) {
    let source = picking.source.clone();
    let target = Target::Python(PythonTarget { source, function: name });
    let mut fresh = Task::new(target);
    if let Some(parameters) = function.and_then(|function| function.parameters.as_deref()) {
        form::defaults(parameters, &mut fresh);
    }
    if picking.add {
        return state.editing.draft.add_task(fresh);
    }
    let selected = state.editing.draft.selected;
    state.editing.draft.edit(None, |plan| {
        let Some(task) = plan.tasks.get_mut(selected).filter(|task| task.target != fresh.target) else { return };
        let named = [task.target.short_name(), super::program::NAMELESS, ""].contains(&task.name.as_str());
        task.name = if named { fresh.name } else { std::mem::take(&mut task.name) };
        (task.target, task.args, task.kwargs) = (fresh.target, fresh.args, fresh.kwargs);
    });
}

/// The signature of a task's function and the first line of its documentation.
pub fn signature(ui: &mut Ui, function: &Function) {
    let (word, _) = kind(function.kind);
    let badge = if word.is_empty() { String::new() } else { format!("{word}: ") };
    let text = format!("{badge}{}", function.signature_text());
    ui.add(Label::new(RichText::new(text).monospace().color(ui.visuals().strong_text_color())).wrap().selectable(true));
    if !function.doc.is_empty() {
        ui.add(Label::new(RichText::new(&function.doc).small().weak()).wrap());
    }
    ui.add_space(theme::ROW * 0.1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_below_the_plan_is_named_from_there() {
        let folder = Some(Path::new("/home/a/plans"));
        assert_eq!(relative(Path::new("/home/a/plans/sub/w.py"), folder), "sub/w.py");
        assert_eq!(relative(Path::new("/home/a/w.py"), folder), "/home/a/w.py");
        assert_eq!(relative(Path::new("/home/a/plans/script"), folder), "./script");
        assert_eq!(relative(Path::new("/home/a/w.py"), None), "/home/a/w.py");
    }

    #[test]
    fn a_name_is_words_with_dots() {
        assert!(is_name("factorial") && is_name("Class.method_2"));
        assert!(!is_name("") && !is_name("2x") && !is_name("a b") && !is_name("a."));
    }
}
