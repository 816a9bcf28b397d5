//! An argument of a Python function as it is typed: a JSON value, a text, or a Python expression.

use model::task::PY_EXPRESSION;
use serde_json::{Map, Value};

/// How the text of a field is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A JSON value; a text that is none is a Python expression.
    #[default]
    Json,
    /// A text, just as it is typed.
    Text,
    /// A Python expression.
    Python,
}

impl Kind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Kind; 3] = [Self::Json, Self::Text, Self::Python];

    /// The word on the field's button.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Text => "text",
            Self::Python => "Python",
        }
    }

    /// One sentence with an example.
    pub fn help(self) -> &'static str {
        match self {
            Self::Json => "A number, \"text\", [list], {\"key\": value}, true, false or null",
            Self::Text => "Text without quotes, just as it is typed",
            Self::Python => "An expression in the function's module: None, b\"abc\", range(10)",
        }
    }
}

/// A value that is still to be typed: an empty expression.
pub fn blank() -> Value {
    expression("")
}

/// Whether a value is still to be typed.
pub fn is_blank(value: &Value) -> bool {
    as_expression(value).is_some_and(|text| text.trim().is_empty())
}

/// A Python expression.
pub fn expression(text: &str) -> Value {
    Value::Object(Map::from_iter([(PY_EXPRESSION.to_owned(), text.into())]))
}

/// The text of a Python expression.
fn as_expression(value: &Value) -> Option<&str> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    object.get(PY_EXPRESSION)?.as_str()
}

/// The kind as which a value is shown.
pub fn kind_of(value: &Value) -> Kind {
    match value {
        Value::String(_) => Kind::Text,
        value if as_expression(value).is_some() => Kind::Python,
        _ => Kind::Json,
    }
}

/// The text of its field.
pub fn text_of(value: &Value) -> String {
    match value.as_str().or_else(|| as_expression(value)) {
        Some(text) => text.to_owned(),
        None => with_nulls(value.clone()).to_string(),
    }
}

/// The value as it stands in a call: `10`, `"text"`, `None`.
pub fn in_call(value: &Value) -> String {
    match as_expression(value) {
        Some("") => "…".to_owned(),
        Some(text) => text.to_owned(),
        None => with_nulls(value.clone()).to_string(),
    }
}

/// The value of a text; absent where it is empty.
pub fn read(text: &str, kind: Kind) -> Option<Value> {
    let typed = text.trim();
    match kind {
        _ if typed.is_empty() => None,
        Kind::Text => Some(text.into()),
        Kind::Python => Some(expression(typed)),
        Kind::Json => Some(as_json(typed).unwrap_or_else(|| expression(typed))),
    }
}

/// The JSON value of a text; absent where the text is none, or has a whole number that 64 bits can't hold.
pub fn as_json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(|value| !is_too_big(value)).map(without_nulls)
}

/// Whether a whole number in it became a float, because it is too large.
fn is_too_big(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64() && number.as_f64().is_some_and(|n| n.fract() == 0.0 && n.abs() > 9e18),
        Value::Array(items) => items.iter().any(is_too_big),
        Value::Object(items) => items.values().any(is_too_big),
        _ => false,
    }
}

/// Replaces each null, which TOML lacks, by the expression `None`.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Null => expression("None"),
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        Value::Object(items) => {
            Value::Object(items.into_iter().map(|(key, item)| (key, without_nulls(item))).collect())
        }
        value => value,
    }
}

fn with_nulls(value: Value) -> Value {
    match value {
        value if as_expression(&value) == Some("None") => Value::Null,
        Value::Array(items) => items.into_iter().map(with_nulls).collect(),
        Value::Object(items) => Value::Object(items.into_iter().map(|(key, item)| (key, with_nulls(item))).collect()),
        value => value,
    }
}

/// Whether a text is a bare word that Python takes for a variable, though perhaps a text was meant.
pub fn is_bare_word(text: &str) -> bool {
    let word = text.trim();
    let letters = |c: char| c.is_alphanumeric() || c == '_';
    !["None", "True", "False", ""].contains(&word) && word.chars().all(letters) && !word.starts_with(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_json_is_a_value_and_the_rest_an_expression() {
        for (text, value) in [
            ("10", json!(10)),
            ("-1.5", json!(-1.5)),
            ("true", json!(true)),
            ("\"a b\"", json!("a b")),
            ("[1, {\"k\": 2}]", json!([1, {"k": 2}])),
            ("None", json!({"$py": "None"})),
            ("null", json!({"$py": "None"})),
            ("[1, null]", json!([1, {"$py": "None"}])),
            ("b\"abc\"", json!({"$py": "b\"abc\""})),
            ("1_000", json!({"$py": "1_000"})),
            ("123456789012345678901234567890", json!({"$py": "123456789012345678901234567890"})),
        ] {
            assert_eq!(read(text, Kind::Json), Some(value), "{text}");
        }
        assert_eq!(read("10", Kind::Text), Some(json!("10")));
        assert_eq!(read("  ", Kind::Json), None);
    }

    #[test]
    fn a_shown_value_reads_as_the_same_again() {
        for value in [json!(1), json!("1"), json!([1, {"$py": "None"}]), json!({"$py": "x + 1"}), json!({"a": [true]})]
        {
            assert_eq!(read(&text_of(&value), kind_of(&value)), Some(value));
        }
        assert_eq!((in_call(&json!("a")).as_str(), in_call(&blank()).as_str()), ("\"a\"", "…"));
    }
}
