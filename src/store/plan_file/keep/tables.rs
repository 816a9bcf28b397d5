//! Writes the differences of two tables into a third, which keeps its own layout.

use toml_edit::{Array, InlineTable, Item, Table, TableLike, Value};

/// Writes the differences between `from` and `to` into `table`, at any depth.
pub fn differences(table: &mut dyn TableLike, from: &dyn TableLike, to: &dyn TableLike) {
    for (key, _) in from.iter().filter(|(key, _)| !to.contains_key(key)) {
        table.remove(key);
    }
    for (key, item) in to.iter() {
        value(table, key, from.get(key), Some(item));
    }
}

/// The same for an inline table; if keys are added or removed, its spacing is made anew.
pub fn inline_differences(table: &mut InlineTable, from: &dyn TableLike, to: &dyn TableLike) {
    let keys = |table: &InlineTable| table.iter().map(|(key, _)| key.to_owned()).collect::<Vec<_>>();
    let before = keys(table);
    differences(table, from, to);
    if keys(table) != before && !table.to_string().contains('\n') {
        table.fmt();
    }
}

/// The same for one key.
pub fn value(table: &mut dyn TableLike, key: &str, from: Option<&Item>, to: Option<&Item>) {
    let Some(to) = to else { return };
    if from.is_some_and(|from| text(from) == text(to)) {
        return;
    }
    if let Some(there) = table.get_mut(key)
        && write(there, from, to)
    {
        return;
    }
    let was_table = table.get(key).is_some_and(|item| item.is_table() || item.is_array_of_tables());
    if was_table {
        table.remove(key);
    }
    table.insert(key, Item::Value(bare(to)));
}

/// Changes an item in place; false where that can't be done.
fn write(there: &mut Item, from: Option<&Item>, to: &Item) -> bool {
    if let (true, Some(to)) = (there.is_table_like(), to.as_table_like()) {
        let none = Table::new();
        let from = from.and_then(Item::as_table_like).unwrap_or(&none);
        match there.as_inline_table_mut() {
            Some(table) => inline_differences(table, from, to),
            None => there.as_table_like_mut().into_iter().for_each(|table| differences(table, from, to)),
        }
        return true;
    }
    match (there.as_value_mut(), to.as_value()) {
        (Some(Value::Array(there)), Some(Value::Array(to))) if there.len() == to.len() => {
            let from = from.and_then(Item::as_array);
            items(there, from, to);
            true
        }
        (Some(there), Some(_)) => {
            let decor = there.decor().clone();
            *there = bare(to);
            *there.decor_mut() = decor;
            true
        }
        _ => false,
    }
}

fn items(there: &mut Array, from: Option<&Array>, to: &Array) {
    let text = |value: &Value| value.to_string().trim().to_owned();
    for (place, to) in to.iter().enumerate() {
        let same = from.and_then(|from| from.get(place)).is_some_and(|from| text(from) == text(to));
        if let Some(there) = there.get_mut(place).filter(|_| !same) {
            let decor = there.decor().clone();
            *there = to.clone();
            *there.decor_mut() = decor;
        }
    }
}

fn text(item: &Item) -> String {
    item.to_string().trim().to_owned()
}

/// The value with the default spacing.
fn bare(item: &Item) -> Value {
    let mut value = item.clone().into_value().unwrap_or_else(|_| Value::from(""));
    value.decor_mut().clear();
    value
}
