//! Values as a plan file has them, in TOML.

use serde_json::Value;
use std::fmt::Write;

/// A value; TOML has no null, so that an item without a value is left out of its list or table.
pub fn value(json: &Value) -> String {
    match json {
        Value::Null => quoted(""),
        Value::Bool(truth) => truth.to_string(),
        // Rust's own form of a number with a point is TOML's too: 1.0, 1e300.
        Value::Number(number) if number.is_f64() => format!("{:?}", number.as_f64().unwrap_or(0.0)),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => array(items),
        Value::Object(items) => object(items.iter()),
    }
}

/// `["a", 1]`
pub fn array(items: &[Value]) -> String {
    let items: Vec<_> = items.iter().filter(|item| !item.is_null()).map(value).collect();
    format!("[{}]", items.join(", "))
}

/// `["-9", "-c"]`
pub fn words<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<_> = words.iter().map(|word| quoted(word.as_ref())).collect();
    format!("[{}]", words.join(", "))
}

/// `{ limit = 10 }`
pub fn object<'a>(items: impl Iterator<Item = (&'a String, &'a Value)>) -> String {
    braces(items.filter(|(_, item)| !item.is_null()).map(|(name, item)| format!("{} = {}", key(name), value(item))))
}

/// `{ … }` around what stands in it.
pub fn braces(items: impl Iterator<Item = String>) -> String {
    let items: Vec<_> = items.collect();
    if items.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", items.join(", ")) }
}

/// A key, in quotes where it needs them.
pub fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if bare { name.to_owned() } else { quoted(name) }
}

/// A text between double quotes, on one line.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            c if c.is_control() => drop(write!(quoted, "\\u{:04X}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
