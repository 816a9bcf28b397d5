//! The arrow beside Compare: the ways to compare, as boxes to tick.

use crate::{
    interpreters::Found,
    model::{Choice, LaunchMode, Plan, RunSettings, Runtime},
    ui::{
        state::State,
        theme, ways,
        widgets::{drop_down, rows::failure},
    },
};
use eframe::egui::{self, Button, Role, ScrollArea, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::ICON_ARROW_DROP_DOWN;

/// Draws the arrow and what it opens.
pub fn show(ui: &mut Ui, state: &State, run: &mut RunSettings) {
    let arrow = ui.add(Button::new(ICON_ARROW_DROP_DOWN.rich_text().size(16.0)).min_size(vec2(20.0, theme::TOOL)));
    arrow.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Compare with"));
    let arrow = arrow.on_hover_text("Choose what to compare");
    drop_down::show(ui, &arrow, |ui| {
        ui.spacing_mut().interact_size.y = theme::ROW;
        let height = (ui.ctx().content_rect().height() - 200.0).max(160.0);
        let mut choices = state.draft.plan().to_compare();
        let area = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
        area.show(ui, |ui| boxes(ui, state, &mut choices));
        ui.separator();
        foot(ui, state, run, choices);
    });
}

fn boxes(ui: &mut Ui, state: &State, choices: &mut Vec<Choice>) {
    let plan = state.draft.plan();
    ui.label(theme::section("Compare"));
    egui::Grid::new("ways").num_columns(2).spacing(vec2(16.0, 2.0)).show(ui, |ui| {
        for mode in ways::modes(plan) {
            line(ui, plan, *mode, choices);
            ui.end_row();
        }
    });
    if plan.has_python() {
        ui.separator();
        ui.label(theme::section("In which interpreter: the plan's, where none is ticked"));
        let usable = |found: &&Found| !found.too_old;
        for found in state.python.found.iter().flatten().filter(usable) {
            let runtime = Runtime::Python(found.interpreter);
            let origin = super::interpreter::origin(&found.origin);
            let text = format!("{}, {origin}", found.facts.title());
            let word = found.interpreter.word();
            let ticked = ways::has_runtime(choices, runtime);
            let new = ways::toggle_runtime(choices, runtime);
            tick(ui, &text, &format!("Compare in {word}"), ticked, new, choices);
        }
        if state.python.found.is_none() {
            ui.weak("Looking for interpreters…");
        }
        if plan.has_native() {
            let ticked = ways::has_runtime(choices, Runtime::Native);
            let new = ways::toggle_runtime(choices, Runtime::Native);
            tick(ui, "Built-in targets and programs, without Python", "Compare native", ticked, new, choices);
        }
    }
}

fn line(ui: &mut Ui, plan: &Plan, mode: LaunchMode, choices: &mut Vec<Choice>) {
    let (own, others) = ways::methods(plan, mode);
    let text = match own {
        Some(own) if !others.is_empty() => format!("{} ({own})", mode.title()),
        _ => mode.title().to_owned(),
    };
    how(ui, &text, (mode, None), choices);
    ui.horizontal(|ui| {
        for method in others {
            how(ui, method.word(), (mode, Some(method)), choices);
        }
    });
}

fn how(ui: &mut Ui, text: &str, how: ways::How, choices: &mut Vec<Choice>) {
    let label = how.1.map_or_else(|| format!("Compare {}", how.0), |method| format!("Compare {}:{method}", how.0));
    let ticked = ways::has_how(choices, how);
    let new = ways::toggle_how(choices, how);
    tick(ui, text, &label, ticked, new, choices);
}

fn tick(ui: &mut Ui, text: &str, label: &str, ticked: bool, new: Vec<Choice>, choices: &mut Vec<Choice>) {
    let mut on = ticked;
    let fits = ticked || new.len() <= ways::MOST;
    let response = ui.add_enabled(fits, egui::Checkbox::new(&mut on, text));
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, fits, on, label));
    let why = format!("That would be {} ways; at most {} are compared at once", new.len(), ways::MOST);
    if response.on_disabled_hover_text(why).clicked() {
        *choices = new;
    }
}

/// What is ticked in a number, and the way back to the usual.
fn foot(ui: &mut Ui, state: &State, run: &mut RunSettings, choices: Vec<Choice>) {
    let plan = state.draft.plan();
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
        ui.weak(format!("{} of at most {} ways", plan.to_compare().len(), ways::MOST));
    });
    if let Some(why) = &state.checks.compare {
        failure(ui, why);
    }
}
