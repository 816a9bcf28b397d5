//! The table of tasks.

use crate::{
    python::{form, value},
    state::State,
    theme,
};
use eframe::egui::{
    self, Align2, Color32, FontId, Rect, Role, ScrollArea, Sense, TextStyle, Ui, WidgetInfo, pos2,
    text::{LayoutJob, TextWrapping},
    vec2,
};
use egui_material_icons::icons::ICON_ERROR;
use model::{Args, PythonTarget, Target, Task};

const HEIGHT: f32 = 40.0;

/// Draws the table, at most `most` points high.
pub fn show(ui: &mut Ui, state: &mut State, most: f32) {
    let count = state.editing.draft.plan().tasks.len();
    if count == 0 {
        ui.add_space(6.0);
        ui.weak("No tasks yet. Press Add to choose what to run, or open a starter plan below.");
        ui.add_space(6.0);
        return;
    }
    let mut clicked = None;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let area = ScrollArea::vertical().id_salt("tasks").max_height(most).auto_shrink([false, true]);
        area.show_rows(ui, HEIGHT, count, |ui, rows| {
            for index in rows {
                if row(ui, state, index) {
                    clicked = Some(index);
                }
            }
        });
    });
    if let Some(index) = clicked {
        state.editing.draft.selected = index;
    }
}

fn row(ui: &mut Ui, state: &State, index: usize) -> bool {
    let task = &state.editing.draft.plan().tasks[index];
    let selected = index == state.editing.draft.selected;
    let wrong = !state.editing.checks.of(Some(index)).is_empty();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    let label = format!("Task {}: {}", index + 1, task.name);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &label));
    if ui.is_rect_visible(rect) {
        let visuals = ui.visuals();
        let fill = match (selected, response.hovered()) {
            (true, _) => visuals.selection.bg_fill,
            (false, true) => visuals.widgets.inactive.weak_bg_fill,
            (false, false) => visuals.faint_bg_color,
        };
        ui.painter().rect_filled(rect, 5.0, fill);
        paint(ui, rect, task, wrong, selected);
    }
    response.clicked()
}

fn paint(ui: &Ui, rect: Rect, task: &Task, wrong: bool, selected: bool) {
    let visuals = ui.visuals();
    let body = TextStyle::Body.resolve(ui.style());
    let small = TextStyle::Small.resolve(ui.style());
    let count = format!("× {}", task.count);
    let right = pos2(rect.right() - 8.0, rect.top() + 12.0);
    let mut end = ui.painter().text(right, Align2::RIGHT_CENTER, count, body.clone(), visuals.text_color()).left();
    if wrong {
        let font = FontId::new(15.0, ICON_ERROR.font_family());
        let at = pos2(end - 6.0, rect.top() + 12.0);
        end = ui.painter().text(at, Align2::RIGHT_CENTER, ICON_ERROR.codepoint, font, theme::failure(visuals)).left();
    }
    let left = rect.left() + 8.0;
    line(ui, pos2(left, rect.top() + 4.0), end - 8.0 - left, &task.name, body, visuals.strong_text_color());
    let detail = match &task.target {
        Target::Python(python) => format!("{}  {}", python.source, call(python, task)),
        target => format!("{target}  {}", summary(&task.args)),
    };
    line(
        ui,
        pos2(left, rect.top() + 22.0),
        rect.right() - 8.0 - left,
        &detail,
        small,
        if selected { visuals.text_color() } else { visuals.weak_text_color() },
    );
}

fn line(ui: &Ui, at: egui::Pos2, width: f32, text: &str, font: FontId, color: Color32) {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(8.0));
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    ui.painter().galley(at, galley, color);
}

/// The args in one line: `limit = 3000000`, or a program's words.
fn summary(args: &Args) -> String {
    match args {
        Args::Named(map) => {
            let parts: Vec<_> = map.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            parts.join(", ")
        }
        list @ Args::List(_) => list.words().join(" "),
    }
}

/// A Python call: `count_down(10, step=2)`.
fn call(python: &PythonTarget, task: &Task) -> String {
    let ordered = form::list(&task.args).iter().map(value::in_call);
    let named = task.kwargs.iter().map(|(name, given)| format!("{name}={}", value::in_call(given)));
    format!("{}({})", python.function, ordered.chain(named).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_python_task_is_summed_up_as_a_call() {
        let mut task = Task::new(Target::parse("python:w.py:f"));
        task.args = Args::List(vec![json!(1), value::blank(), json!("a")]);
        task.kwargs.insert("step".to_owned(), value::expression("None"));
        let Target::Python(python) = task.target.clone() else { unreachable!("it is one") };
        assert_eq!(call(&python, &task), "f(1, …, \"a\", step=None)");
    }

    #[test]
    fn args_are_summed_up_in_one_line() {
        let named = Args::Named([("limit".to_owned(), json!(5)), ("kind".to_owned(), json!("a"))].into());
        assert_eq!(summary(&named), "kind = \"a\", limit = 5");
        assert_eq!(summary(&Args::List(vec![json!("-9"), json!("data.bin")])), "-9 data.bin");
    }
}
