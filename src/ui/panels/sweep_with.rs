//! The arrow beside Sweep: what is varied, and over which values.

use crate::{
    state::{State, capital},
    sweep_form::{self, Numeric, SweepForm, What},
    theme,
    widgets::{
        drop_down,
        rows::{failure, help, row},
    },
};
use eframe::egui::{Button, ComboBox, Response, Role, TextEdit, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::ICON_ARROW_DROP_DOWN;
use model::{Plan, RunSettings, Task};

/// A task and its arguments that are numbers.
type Swept<'a> = (&'a Task, Vec<Numeric>);

/// Draws the arrow and what it opens.
pub fn show(ui: &mut Ui, state: &mut State, run: &mut RunSettings) {
    let arrow = ui.add(Button::new(ICON_ARROW_DROP_DOWN.rich_text().size(16.0)).min_size(vec2(20.0, theme::TOOL)));
    arrow.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Sweep over"));
    let arrow = arrow.on_hover_text("Choose what to vary");
    let plan = state.editing.draft.plan().clone();
    state.editing.sweep_form.follow(&plan);
    drop_down::show(ui, &arrow, |ui| {
        ui.set_width(320.0);
        ui.spacing_mut().interact_size.y = theme::ROW;
        let form = &mut state.editing.sweep_form;
        let numbers = |task: &Task| sweep_form::numeric(task, state.editing.python.function_of(task));
        let numbers: Vec<Swept> = plan.tasks.iter().map(|task| (task, numbers(task))).collect();
        let numbers: Vec<Swept> = numbers.into_iter().filter(|(_, numbers)| !numbers.is_empty()).collect();
        if fields(ui, &numbers, form)
            && let Some(axis) = form.read()
        {
            run.sweep = axis.map(Box::new);
        }
        if let Some(why) = &form.wrong {
            failure(ui, &capital(why));
        } else if let Some(why) = &state.editing.checks.sweep {
            failure(ui, why);
        }
        help(ui, &format!("In {}: those of Compare.", modes(&plan)));
    });
}

fn modes(plan: &Plan) -> String {
    let names: Vec<String> = plan.to_compare().iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// Draws the fields; gives whether anything was changed in them.
fn fields(ui: &mut Ui, arguments: &[Swept], form: &mut SweepForm) -> bool {
    ui.label(theme::section("Sweep over"));
    let before = form.what;
    ui.horizontal(|ui| {
        ui.radio_value(&mut form.what, What::Workers, "Number of workers");
        ui.add_enabled_ui(!arguments.is_empty(), |ui| {
            let radio = ui.radio_value(&mut form.what, What::Argument, "An argument");
            radio.on_disabled_hover_text("No task of the plan has an argument that is a number");
        });
    });
    let mut changed = form.what != before;
    match form.what {
        What::Workers => {
            changed |= text(ui, "Workers", &mut form.workers, "Numbers of workers to sweep").changed();
            help(ui, "A list or a range: 1, 2, 4 or 1..8");
        }
        What::Argument => {
            if form.key.is_empty()
                && let Some((task, argument)) = arguments.first().and_then(|(task, its)| Some((task, its.first()?)))
            {
                form.choose(&task.name, argument);
                changed = true;
            }
            changed |= argument(ui, arguments, form);
            changed |= range(ui, form);
        }
    }
    changed
}

/// Draws the lists of tasks and arguments; gives whether another one was chosen.
fn argument(ui: &mut Ui, tasks: &[Swept], form: &mut SweepForm) -> bool {
    let (task_before, key_before) = (form.task.clone(), form.key.clone());
    let mut task = form.task.clone();
    let combo = row(ui, "Task", |ui| {
        let combo = ComboBox::from_id_salt("swept task").width(200.0).selected_text(&task);
        let shown = combo.show_ui(ui, |ui| {
            for (it, _) in tasks {
                ui.selectable_value(&mut task, it.name.clone(), &it.name);
            }
        });
        shown.response
    });
    combo.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Swept task"));
    let numbers = tasks.iter().find(|(it, _)| it.name == task).map_or(&[][..], |(_, its)| its.as_slice());
    let mut key = if task == task_before { form.key.clone() } else { String::new() };
    let name_of =
        |key: &str| numbers.iter().find(|it| it.key == key).map_or_else(|| key.to_owned(), |it| it.name.clone());
    let combo = row(ui, "Argument", |ui| {
        let combo = ComboBox::from_id_salt("swept argument").width(200.0).selected_text(name_of(&key));
        let shown = combo.show_ui(ui, |ui| {
            for it in numbers {
                ui.selectable_value(&mut key, it.key.clone(), &it.name);
            }
        });
        shown.response
    });
    combo.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Swept argument"));
    let chosen = numbers.iter().find(|it| it.key == key).or_else(|| numbers.first().filter(|_| key.is_empty()));
    match chosen.filter(|it| task != task_before || it.key != key_before) {
        Some(argument) => form.choose(&task, argument),
        None => return false,
    }
    true
}

fn range(ui: &mut Ui, form: &mut SweepForm) -> bool {
    let mut changed = text(ui, "From", &mut form.from, "Sweep from").changed();
    changed |= text(ui, "To", &mut form.to, "Sweep to").changed();
    changed |= text(ui, "Points", &mut form.points, "Points of the sweep").changed();
    let before = form.log;
    row(ui, "Steps", |ui| {
        let inner = ui.horizontal(|ui| {
            ui.radio_value(&mut form.log, true, "same ratio");
            ui.radio_value(&mut form.log, false, "same distance");
        });
        inner.response
    });
    changed || form.log != before
}

fn text(ui: &mut Ui, label: &str, value: &mut String, name: &str) -> Response {
    let response = row(ui, label, |ui| ui.add(TextEdit::singleline(value).desired_width(200.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
    response
}
