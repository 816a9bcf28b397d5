//! Lists of arguments in order and by name: for `*args` and `**kwargs`, and where the parameters are not known.

use crate::{
    python::value::{blank, is_blank},
    state::State,
    widgets::{
        argument_field::{self, FieldLook},
        pairs::{add, small},
    },
};
use eframe::egui::{Id, Role, TextEdit, TextStyle, Ui, WidgetInfo};
use egui_material_icons::icons::ICON_CLOSE;
use model::Field;
use serde_json::Value;
use std::collections::BTreeMap;

/// Width of the button that removes a line.
const REMOVE: f32 = 30.0;

/// Edits arguments in order; `first` is the number of the first.
pub fn list(ui: &mut Ui, state: &State, first: usize, values: &mut Vec<Value>) {
    let mut gone = None;
    for (index, value) in values.iter_mut().enumerate() {
        let label = format!("argument {}", first + index);
        ui.horizontal(|ui| {
            let id = Id::unique(("argument", state.editing.draft.selected, first + index));
            field(ui, state, id, value, &label);
            if small(ui, ICON_CLOSE, &format!("Remove {label}")) {
                gone = Some(index);
            }
        });
        super::editor::problems(ui, state, &Field::Arg(label));
    }
    if let Some(index) = gone {
        values.remove(index);
    }
    if add(ui, "Add argument") {
        values.push(blank());
    }
}

fn field(ui: &mut Ui, state: &State, id: Id, value: &mut Value, label: &str) {
    let wrong = is_wrong(state, label);
    let mut typed = Some(value.clone()).filter(|value| !is_blank(value));
    let before = typed.clone();
    argument_field::show(ui, id, &mut typed, &FieldLook { label, hint: "a value", wrong, right: REMOVE });
    if typed != before {
        *value = typed.unwrap_or_else(blank);
    }
}

/// Whether something is wrong with an argument of the selected task.
pub fn is_wrong(state: &State, name: &str) -> bool {
    let here = Some(state.editing.draft.selected);
    let is = |field: &Field| matches!(field, Field::Arg(other) if other == name);
    state.editing.checks.of(here).iter().any(|found| is(&found.field))
}

type Rows = Vec<(String, Value)>;

/// Edits arguments by name. Rows whose name is empty, or there twice, are kept until the map changes elsewhere.
pub fn map(ui: &mut Ui, state: &State, map: &mut BTreeMap<String, Value>) {
    let id = Id::unique(("named arguments", state.editing.draft.selected));
    let typed: Option<Rows> = ui.data(|data| data.get_temp(id));
    let mut rows = typed.filter(|rows| as_map(rows) == *map).unwrap_or_else(|| map.clone().into_iter().collect());
    let mut gone = None;
    for (index, (name, value)) in rows.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            let label = format!("Name {}", index + 1);
            let name = TextEdit::singleline(name).hint_text("name").desired_width(70.0).font(TextStyle::Monospace);
            let name = ui.add(name);
            name.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &label));
            field(ui, state, id.with(index), value, &format!("Named value {}", index + 1));
            if small(ui, ICON_CLOSE, &format!("Remove named argument {}", index + 1)) {
                gone = Some(index);
            }
        });
        super::editor::problems(ui, state, &Field::Arg(name.clone()));
    }
    if let Some(index) = gone {
        rows.remove(index);
    }
    if add(ui, "Add argument by name") {
        rows.push((String::new(), blank()));
    }
    let edited = as_map(&rows);
    if edited != *map {
        *map = edited;
    }
    ui.data_mut(|data| data.insert_temp(id, rows));
}

fn as_map(rows: &Rows) -> BTreeMap<String, Value> {
    rows.iter().filter(|(name, _)| !name.is_empty()).cloned().collect()
}
