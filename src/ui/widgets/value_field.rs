//! A text field for a value that may not yet make sense while it is typed.

use eframe::egui::{self, Id, Response, TextEdit, Ui};
use serde_json::Value;

/// The typed text, and the value that it was read as.
#[derive(Clone)]
struct Typed {
    text: String,
    value: Option<Value>,
}

/// Edits `value`; an empty text means no value. A text that is no number stays a text, which the check refuses.
pub fn show(ui: &mut Ui, id: Id, value: &mut Option<Value>, hint: &str, wrong: bool) -> Response {
    let typed: Option<Typed> = ui.data(|data| data.get_temp(id));
    let mut text = match typed {
        Some(typed) if typed.value == *value => typed.text,
        _ => value.as_ref().map(text_of).unwrap_or_default(),
    };
    let color = wrong.then(|| crate::theme::failure(ui.visuals()));
    let width = ui.available_width();
    let field = TextEdit::singleline(&mut text).id(id).hint_text(hint.to_owned()).text_color_opt(color);
    let response = ui.add(field.desired_width(width));
    if response.changed() {
        *value = value_of(&text);
        let typed = Typed { text, value: value.clone() };
        ui.data_mut(|data| data.insert_temp(id, typed));
    } else if !response.has_focus() {
        ui.data_mut(|data| data.remove::<Typed>(id));
    }
    response
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn value_of(text: &str) -> Option<Value> {
    let plain: String = text.trim().chars().filter(|c| *c != '_').collect();
    if plain.is_empty() {
        return None;
    }
    let whole = plain.parse::<i64>().ok().map(Value::from);
    let number = || plain.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from);
    Some(whole.or_else(number).unwrap_or_else(|| Value::from(text.trim())))
}

/// The field being edited; changes in one field are undone together.
pub fn edited(ctx: &egui::Context) -> Option<u64> {
    let dragged = ctx.dragged_id();
    ctx.memory(|memory| memory.focused()).or(dragged).map(|id| id.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_and_the_rest_is_kept_as_text() {
        assert_eq!(value_of(" 3_000 "), Some(Value::from(3000)));
        assert_eq!(value_of("1.5"), Some(Value::from(1.5)));
        assert_eq!(value_of("many"), Some(Value::from("many")));
        assert_eq!(value_of("NaN"), Some(Value::from("NaN")));
        assert_eq!(value_of("  "), None);
        assert_eq!(text_of(&Value::from("x")), "x");
    }
}
