//! Reads the top level of the file.

use super::{
    faults::Faults,
    read_run, read_task,
    spans::{Part, Spans},
    toml_text::{self, TOP},
    values,
    values::Placed,
};
use model::{
    Plan, RunSettings, Task,
    plan::{MAX_EXECUTIONS, PLAN_SCHEMA},
};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Reads a plan and the places of its parts; `stem` is its name if the file gives none.
pub(super) fn read(text: &str, stem: &str) -> Result<(Plan, Spans), Faults> {
    let mut faults = Faults::default();
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').is_empty() {
        faults.add(0, "the file is empty; print a plan to start from with `spawnscope new`");
        return Err(faults);
    }
    let top = toml_text::parse(text)?;
    check_schema(&top, &mut faults);
    if !faults.is_empty() {
        // A file of another version is not checked against this version's keys.
        return Err(faults);
    }
    toml_text::refuse_unknown(&top, &TOP, "the file's first lines", &mut faults);
    let name = top.get("name").and_then(|name| values::text("name", name, &mut faults));
    let (run, run_part) = read_run_table(&top, &mut faults);
    let (tasks, parts) = read_tasks(&top, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let plan = Plan { schema: PLAN_SCHEMA, name: name.unwrap_or(stem).to_owned(), run, tasks, folder: None };
    Ok((plan, Spans::new(text, run_part, parts)))
}

fn check_schema(top: &DeTable<'_>, faults: &mut Faults) {
    let Some(value) = top.get("schema") else {
        return faults.add(0, format!("`schema` is missing; write `schema = {PLAN_SCHEMA}` as the first line"));
    };
    let DeValue::Integer(number) = value.get_ref() else {
        return values::wrong_type("schema", value, &PLAN_SCHEMA.to_string(), faults).unwrap_or(());
    };
    let message = match i128::from_str_radix(number.as_str(), number.radix()) {
        Ok(schema) if schema == i128::from(PLAN_SCHEMA) => return,
        Ok(schema) if schema < 1 => format!("`schema` is {schema}; write `schema = {PLAN_SCHEMA}`"),
        _ => format!(
            "this plan was made by a newer version of Spawnscope (schema {}, this one reads {PLAN_SCHEMA}); \
             get the newer version",
            super::shown(number.as_str())
        ),
    };
    faults.add(value.span().start, message);
}

fn read_run_table(top: &DeTable<'_>, faults: &mut Faults) -> (RunSettings, Part) {
    let Some(value) = top.get("run") else { return Default::default() };
    match values::table("run", value, faults) {
        Some(table) => read_run::read(table, value.span().start, faults),
        None => Default::default(),
    }
}

fn read_tasks(top: &DeTable<'_>, faults: &mut Faults) -> (Vec<Task>, Vec<Part>) {
    let items = match top.get("task") {
        // A heading that is nearly `[[task]]` is reported already.
        None if top.keys().any(|key| super::nearest(key.get_ref(), ["task"]).is_some()) => return Default::default(),
        None => {
            faults.add(0, "the plan has no task; add `[[task]]` with a line `target = \"primes\"`");
            return Default::default();
        }
        Some(value) => task_tables(value, faults),
    };
    let read: (Vec<_>, Vec<_>) = items.filter_map(|item| read_task::read(item, faults)).unzip();
    check_total(top, &read.0, faults);
    read
}

/// The tables under `[[task]]`; none, with a mistake reported, where it is something else.
fn task_tables<'a, 'i>(value: Placed<'a, 'i>, faults: &mut Faults) -> std::slice::Iter<'a, Spanned<DeValue<'i>>> {
    match value.get_ref() {
        DeValue::Array(items) if !items.is_empty() => return items.iter(),
        DeValue::Array(_) => faults.add(value.span().start, "the plan has no task; add at least one"),
        _ => faults.add(value.span().start, "`task` is not a list; write `[[task]]` with two brackets each side"),
    }
    [].iter()
}

fn check_total(top: &DeTable<'_>, tasks: &[Task], faults: &mut Faults) {
    let total: u64 = tasks.iter().map(|task| u64::from(task.count)).sum();
    if total > MAX_EXECUTIONS {
        let offset = top.get("task").map_or(0, |value| value.span().start);
        let message = format!("the tasks make {total} executions; lower their counts to {MAX_EXECUTIONS} together");
        faults.add(offset, message);
    }
}
