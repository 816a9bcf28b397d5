//! A plan as a file that people like to read.

use crate::{
    model::{Args, Measure, Plan, RunSettings, Task, duration, plan::DEFAULT_LOAD_TIMEOUT},
    store::atomic,
};
use serde_json::Value;
use std::{fmt::Write, path::Path};

/// Saves a plan, durably and as a whole: the old file stays until the new one is complete.
///
/// # Errors
/// One sentence with the path and the system's reason.
pub fn write(path: &Path, plan: &Plan) -> Result<(), String> {
    atomic::write(path, to_toml(plan).as_bytes())
        .map_err(|error| format!("{}: the plan can't be saved here: {error}; choose another place", path.display()))
}

/// The plan's file: what [`super::parse`] reads back as the same plan.
pub fn to_toml(plan: &Plan) -> String {
    let mut file = format!("schema = {}\nname = {}\n\n[run]\n", plan.schema, quoted(&plan.name));
    file += &run_lines(&plan.run);
    for task in &plan.tasks {
        file += "\n[[task]]\n";
        file += &task_lines(task);
    }
    file
}

fn run_lines(run: &RunSettings) -> String {
    let mut lines = format!("mode = \"{}\"\n", run.mode);
    if let Some(method) = run.start_method {
        lines += &format!("start_method = \"{method}\"\n");
    }
    if !run.compare.is_empty() {
        let choices: Vec<_> = run.compare.iter().map(|choice| quoted(&choice.to_string())).collect();
        lines += &format!("compare = [{}]\n", choices.join(", "));
    }
    if let Some(python) = &run.python {
        lines += &format!("python = {}\n", quoted(python));
    }
    if let Some(limit) = run.join_timeout {
        lines += &format!("join_timeout = \"{}\"\n", duration::text(limit));
    }
    if run.start_again {
        lines += "start_again = true\n";
    }
    lines += &format!("workers = {}\nrepeat = {}\nwarmup = {}\n", run.workers, run.repeat, run.warmup);
    lines += &format!("precision = {}\nlimit = \"{}\"\n", run.precision, duration::text(run.limit));
    if let Some(seed) = run.seed {
        lines += &format!("seed = {seed}\n");
    }
    if let Some(sweep) = &run.sweep {
        lines += &format!("sweep = {}\n", quoted(&sweep.to_string()));
    }
    if run.measure != Measure::default() {
        lines += &format!("measure = \"{}\"\n", run.measure);
    }
    if let Some(timeout) = run.timeout {
        lines += &format!("timeout = \"{}\"\n", duration::text(timeout));
    }
    if run.load_timeout != DEFAULT_LOAD_TIMEOUT {
        lines += &format!("load_timeout = \"{}\"\n", duration::text(run.load_timeout));
    }
    lines
}

fn task_lines(task: &Task) -> String {
    let mut lines = format!("name = {}\ntarget = {}\n", quoted(&task.name), quoted(&task.target.to_string()));
    if task.args != Task::new(task.target.clone()).args {
        lines += &format!("args = {}\n", args(&task.args));
    }
    if !task.kwargs.is_empty() {
        lines += &format!("kwargs = {}\n", object(task.kwargs.iter()));
    }
    if !task.env.is_empty() {
        let env = task.env.iter().map(|(name, text)| format!("{} = {}", key(name), quoted(text)));
        lines += &format!("env = {}\n", braces(env));
    }
    if let Some(cwd) = &task.cwd {
        lines += &format!("cwd = {}\n", quoted(cwd));
    }
    lines += &format!("count = {}\n", task.count);
    if let Some(timeout) = task.timeout {
        lines += &format!("timeout = \"{}\"\n", duration::text(timeout));
    }
    lines
}

fn args(args: &Args) -> String {
    match args {
        Args::Named(named) => object(named.iter()),
        Args::List(list) => array(list),
    }
}

/// TOML has no null: an item without a value is left out.
fn value(json: &Value) -> String {
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

fn array(items: &[Value]) -> String {
    let items: Vec<_> = items.iter().filter(|item| !item.is_null()).map(value).collect();
    format!("[{}]", items.join(", "))
}

fn object<'a>(items: impl Iterator<Item = (&'a String, &'a Value)>) -> String {
    braces(items.filter(|(_, item)| !item.is_null()).map(|(name, item)| format!("{} = {}", key(name), value(item))))
}

fn braces(items: impl Iterator<Item = String>) -> String {
    let items: Vec<_> = items.collect();
    if items.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", items.join(", ")) }
}

fn key(name: &str) -> String {
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
