//! The arrow beside Compare: the choices to compare, as boxes to tick.

use crate::{
    choices,
    state::State,
    theme,
    widgets::{drop_down, rows::failure},
};
use eframe::egui::{self, Button, Role, ScrollArea, TextEdit, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::ICON_ARROW_DROP_DOWN;
use interpreters::Discovered;
use model::{Choice, LaunchMode, Plan, RunSettings, Runtime, SweepAxis};

/// Draws the arrow and what it opens.
pub fn show(ui: &mut Ui, state: &State, run: &mut RunSettings) {
    let arrow = ui.add(Button::new(ICON_ARROW_DROP_DOWN.rich_text().size(16.0)).min_size(vec2(20.0, theme::TOOL)));
    arrow.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Compare with"));
    let arrow = arrow.on_hover_text("Choose what to compare");
    drop_down::show(ui, &arrow, |ui| {
        ui.spacing_mut().interact_size.y = theme::ROW;
        let height = (ui.ctx().content_rect().height() - 200.0).max(160.0);
        let mut choices = state.editing.draft.plan().to_compare();
        let area = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
        area.show(ui, |ui| boxes(ui, state, &mut choices));
        ui.separator();
        foot(ui, state, run, choices);
    });
}

fn boxes(ui: &mut Ui, state: &State, choices: &mut Vec<Choice>) {
    let plan = state.editing.draft.plan();
    ui.label(theme::section("Compare"));
    egui::Grid::new("choices").num_columns(2).spacing(vec2(16.0, 2.0)).show(ui, |ui| {
        for mode in choices::modes(plan) {
            line(ui, plan, *mode, choices);
            ui.end_row();
        }
    });
    workers(ui, choices);
    if plan.has_python() {
        ui.separator();
        ui.label(theme::section("In which interpreter: the plan's, where none is ticked"));
        let usable = |found: &&Discovered| !found.too_old;
        for found in state.editing.python.found.iter().flatten().filter(usable) {
            let runtime = Runtime::Python(found.interpreter);
            let origin = super::interpreter::origin(&found.origin);
            let text = format!("{}, {origin}", found.facts.title());
            let word = found.interpreter.word();
            let ticked = choices::has_runtime(choices, runtime);
            let new = choices::toggle_runtime(choices, runtime);
            tick(ui, &text, &format!("Compare in {word}"), ticked, new, choices);
        }
        if state.editing.python.found.is_none() {
            ui.weak("Looking for interpreters…");
        }
        if plan.has_native() {
            let ticked = choices::has_runtime(choices, Runtime::Native);
            let new = choices::toggle_runtime(choices, Runtime::Native);
            tick(ui, "Built-in targets and programs, without Python", "Compare native", ticked, new, choices);
        }
    }
}

/// The field for the numbers of workers: a list, which is read when the field loses the focus.
fn workers(ui: &mut Ui, choices: &mut Vec<Choice>) {
    let counts: Vec<_> = choices::workers(choices).into_iter().flatten().map(|count| count.to_string()).collect();
    let id = ui.scope_id().with("workers to compare");
    let mut text = ui.data(|data| data.get_temp::<String>(id)).unwrap_or_else(|| counts.join(", "));
    let field = ui.horizontal(|ui| {
        ui.label("Workers");
        let edit = TextEdit::singleline(&mut text).desired_width(120.0).hint_text("the plan's; or 1, 2, 4");
        ui.add(edit)
    });
    let field = field.inner.on_hover_text("Compare each mode with each of these numbers of executions in flight");
    field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Workers to compare"));
    let read = if text.trim().is_empty() { Ok(Vec::new()) } else { read_workers(&text) };
    let fits = read.and_then(|counts| {
        let new = choices::with_workers(choices, &counts);
        let count = new.len();
        (count <= choices::MOST).then_some(new).ok_or_else(|| too_many(count))
    });
    match fits {
        Err(why) => failure(ui, &crate::state::capital(&why)),
        Ok(new) if field.lost_focus() => *choices = new,
        Ok(_) => {}
    }
    // The text is kept while it is being typed, apart from the numbers that it means.
    let typing = field.has_focus();
    ui.data_mut(|data| {
        if typing {
            data.insert_temp(id, text);
        } else {
            data.remove::<String>(id);
        }
    });
}

fn read_workers(text: &str) -> Result<Vec<u32>, String> {
    match SweepAxis::read_workers(text)? {
        SweepAxis::Workers(workers) => Ok(workers),
        SweepAxis::Argument { .. } => Ok(Vec::new()),
    }
}

fn too_many(count: usize) -> String {
    format!("that would be {count} choices; at most {} are compared at once", choices::MOST)
}

fn line(ui: &mut Ui, plan: &Plan, mode: LaunchMode, choices: &mut Vec<Choice>) {
    let (own, others) = choices::methods(plan, mode);
    let text = match own {
        Some(own) if !others.is_empty() => format!("{} ({own})", mode.title()),
        _ => mode.title().to_owned(),
    };
    mode_box(ui, &text, (mode, None), choices);
    ui.horizontal(|ui| {
        for method in others {
            mode_box(ui, method.word(), (mode, Some(method)), choices);
        }
    });
}

fn mode_box(ui: &mut Ui, text: &str, wanted: choices::ModeAndMethod, choices: &mut Vec<Choice>) {
    let (mode, method) = wanted;
    let label = method.map_or_else(|| format!("Compare {mode}"), |method| format!("Compare {mode}:{method}"));
    let ticked = choices::has_mode(choices, wanted);
    let new = choices::toggle_mode(choices, wanted);
    tick(ui, text, &label, ticked, new, choices);
}

fn tick(ui: &mut Ui, text: &str, label: &str, ticked: bool, new: Vec<Choice>, choices: &mut Vec<Choice>) {
    let mut on = ticked;
    let fits = ticked || new.len() <= choices::MOST;
    let response = ui.add_enabled(fits, egui::Checkbox::new(&mut on, text));
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, fits, on, label));
    let why = crate::state::capital(&too_many(new.len()));
    if response.on_disabled_hover_text(why).clicked() {
        *choices = new;
    }
}

/// How many choices are ticked, and the button that goes back to the usual ones.
fn foot(ui: &mut Ui, state: &State, run: &mut RunSettings, choices: Vec<Choice>) {
    let plan = state.editing.draft.plan();
    let usual = plan.run.compare.is_empty();
    if choices != plan.to_compare() {
        run.compare = choices;
    }
    ui.horizontal(|ui| {
        let back = ui.add_enabled(!usual, Button::new("The usual"));
        let hover = "Threads and processes, or what the plan's mode is usually compared with";
        if back.on_hover_text(hover).on_disabled_hover_text("This is the usual comparison").clicked() {
            run.compare.clear();
        }
        ui.weak(format!("{} of at most {} choices", plan.to_compare().len(), choices::MOST));
    });
    if let Some(why) = &state.editing.checks.compare {
        failure(ui, why);
    }
}
