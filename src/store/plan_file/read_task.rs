//! Reads one `[[task]]`.

use super::{
    faults::Faults,
    spans::Part,
    toml_text::{self, TASK},
    values,
    values::Placed,
    words::shown,
};
use model::{
    Args, Field, Target, Task,
    meant::word_list,
    plan::MAX_EXECUTIONS,
    toml_value::{self, array},
};
use serde_json::Value;
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// Reads a task and the places of its fields; absent, with a mistake reported, where it is wrong.
pub(super) fn read(item: Placed<'_, '_>, faults: &mut Faults) -> Option<(Task, Part)> {
    let start = item.span().start;
    let table = values::table("task", item, faults)?;
    toml_text::refuse_unknown(table, &TASK, "[[task]]", faults);
    let mut task = Task::new(target(table, start, faults)?);
    let mut part = Part { start, ..Part::default() };
    for key in TASK {
        if let Some(value) = table.get(key) {
            note_place(&mut part, key, value);
            set(&mut task, key, value, faults);
        }
    }
    Some((task, part))
}

fn target(table: &DeTable<'_>, start: usize, faults: &mut Faults) -> Option<Target> {
    let Some(value) = table.get("target") else {
        faults.add(start, "the task has no target; add `target = \"primes\"`, or see `spawnscope targets`");
        return None;
    };
    values::text("target", value, faults).map(Target::parse)
}

fn note_place(part: &mut Part, key: &str, value: Placed<'_, '_>) {
    let field = match key {
        "name" => Field::Name,
        "target" => Field::Target,
        "count" => Field::Count,
        "cwd" => Field::Cwd,
        "args" => Field::Args,
        _ => return,
    };
    part.fields.insert(field, value.span().start);
    if let ("args", DeValue::Table(args)) = (key, value.get_ref()) {
        let places = args.iter().map(|(key, value)| (Field::Arg(key.get_ref().to_string()), value.span().start));
        part.fields.extend(places);
    }
}

fn set(task: &mut Task, key: &str, value: Placed<'_, '_>, faults: &mut Faults) {
    match key {
        "name" => task.name = values::text(key, value, faults).unwrap_or_default().to_owned(),
        "args" => task.args = args(&task.target, value, faults).unwrap_or_default(),
        "kwargs" => task.kwargs = kwargs(value, faults).unwrap_or_default(),
        "env" => task.env = env(value, faults).unwrap_or_default(),
        "cwd" => task.cwd = values::text(key, value, faults).map(str::to_owned),
        "count" => task.count = values::whole(key, value, 1..=MAX_EXECUTIONS as u32, faults).unwrap_or(1),
        "timeout" => task.timeout = values::timeout(key, value, faults),
        _ => {}
    }
}

fn args(target: &Target, value: Placed<'_, '_>, faults: &mut Faults) -> Option<Args> {
    match value.get_ref() {
        DeValue::Table(table) => named(table, faults).map(Args::Named),
        DeValue::Array(items) => {
            items.iter().map(|item| values::json(item, faults)).collect::<Option<_>>().map(Args::List)
        }
        _ => {
            let wanted = match (target, values::json(value, faults)?) {
                (Target::Builtin(_), _) => "args = { key = value }, as a built-in target takes them".to_owned(),
                (Target::Program(_), Value::String(line)) => format!("a list of words: args = {}", word_list(&line)),
                (_, value) => format!("a list: args = {}", array(&[value])),
            };
            values::wrong_type("args", value, &wanted, faults)
        }
    }
}

fn named(table: &DeTable<'_>, faults: &mut Faults) -> Option<BTreeMap<String, Value>> {
    let arg = |(key, value): (&toml::Spanned<_>, _)| {
        Some((String::from(key.get_ref() as &str), values::json(value, faults)?))
    };
    table.iter().map(arg).collect()
}

fn kwargs(value: Placed<'_, '_>, faults: &mut Faults) -> Option<BTreeMap<String, Value>> {
    match value.get_ref() {
        DeValue::Table(table) => named(table, faults),
        DeValue::Array(_) => {
            let list = toml_value::value(&values::json(value, faults)?);
            let wanted = format!("kwargs = {{ name = value }}, or for what is given in order args = {list}");
            values::wrong_type("kwargs", value, &wanted, faults)
        }
        _ => values::wrong_type("kwargs", value, "a table: kwargs = { name = value }", faults),
    }
}

fn env(value: Placed<'_, '_>, faults: &mut Faults) -> Option<BTreeMap<String, String>> {
    let table = values::table("env", value, faults)?;
    let mut env = BTreeMap::new();
    for (key, value) in table {
        let name: &str = key.get_ref();
        if name.is_empty() || name.contains(['=', '\0']) {
            faults.add(
                key.span().start,
                format!("`{}` can't be a variable's name; write a name without `=`", shown(name)),
            );
        }
        if let Some(text) = values::text(&shown(name), value, faults) {
            env.insert(name.to_owned(), text.to_owned());
        }
    }
    Some(env)
}
