//! The form made from a target's typed parameters.

use super::editor::problems;
use crate::{
    state::State,
    widgets::{
        rows::{help, row},
        value_field,
    },
};
use eframe::egui::{ComboBox, Id, Ui};
use model::{Args, Field};
use serde_json::Value;
use std::collections::BTreeMap;
use targets::{Param, ParamKind, TargetInfo};

/// Draws a field for each parameter, and for each key that the target does not have.
pub fn show(ui: &mut Ui, state: &State, info: &TargetInfo, args: &mut Args) {
    let mut values = named(args);
    for param in info.params {
        let mut value = values.remove(param.name);
        field(ui, state, param, &mut value);
        if let Some(value) = value {
            values.insert(param.name.to_owned(), value);
        }
    }
    unknown(ui, state, info, &mut values);
    // An empty list of args means the same as an empty map, so looking at it does not rewrite it.
    if !(values.is_empty() && args.is_empty()) {
        *args = Args::Named(values);
    }
}

fn named(args: &Args) -> BTreeMap<String, Value> {
    match args {
        Args::Named(map) => map.clone(),
        Args::List(_) => BTreeMap::new(),
    }
}

fn field(ui: &mut Ui, state: &State, param: &Param, value: &mut Option<Value>) {
    let problem = Field::Arg(param.name.to_owned());
    let here = Some(state.editing.draft.selected);
    let wrong = state.editing.checks.of(here).iter().any(|found| found.field == problem);
    let id = Id::unique(("param", state.editing.draft.selected, param.name));
    row(ui, param.name, |ui| match param.kind {
        ParamKind::Choice { default, options } => choice(ui, id, value, default, options),
        _ => value_field::show(ui, id, value, &default_text(param), wrong),
    });
    problems(ui, state, &problem);
    help(ui, &help_text(param));
}

fn choice(ui: &mut Ui, id: Id, value: &mut Option<Value>, default: &str, options: &[&str]) -> eframe::egui::Response {
    let now = value.as_ref().and_then(Value::as_str).unwrap_or(default).to_owned();
    let width = ui.available_width();
    let combo = ComboBox::from_id_salt(id).width(width - 16.0).selected_text(&now).show_ui(ui, |ui| {
        for option in options {
            if ui.selectable_label(now == *option, *option).clicked() {
                *value = Some(Value::from(*option));
            }
        }
    });
    combo.response
}

fn default_text(param: &Param) -> String {
    let unit = param.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    let default = match param.kind.default_json() {
        Value::String(text) => text,
        value => value.to_string(),
    };
    format!("{default}{unit}")
}

/// Help, default and range in one line.
fn help_text(param: &Param) -> String {
    let unit = param.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    let range = match param.kind {
        ParamKind::Int { min, max, .. } => format!(", {min} to {max}{unit}"),
        ParamKind::Float { min, max, .. } => format!(", {min} to {max}{unit}"),
        ParamKind::Choice { .. } => String::new(),
    };
    format!("{} Default {}{range}.", param.help, default_text(param))
}

fn unknown(ui: &mut Ui, state: &State, info: &TargetInfo, values: &mut BTreeMap<String, Value>) {
    let known = |name: &str| info.params.iter().any(|param| param.name == name);
    let names: Vec<String> = values.keys().filter(|name| !known(name)).cloned().collect();
    for name in names {
        let label = format!("Remove arg {name}");
        row(ui, &name, |ui| {
            let button = ui.button("Remove");
            if button.clicked() {
                values.remove(&name);
            }
            button.on_hover_text(label)
        });
        problems(ui, state, &Field::Arg(name));
    }
}
