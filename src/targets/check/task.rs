//! What is wrong with one task.

use super::program::{absolute, resolve_program};
use super::python::check_python;
use super::searches::Searches;
use super::slips::Slip;
use crate::{Params, find, nearest};
use model::plan::MAX_EXECUTIONS;
use model::{Args, Field, Problem, Target, Task};
use serde_json::Value;
use std::path::Path;

/// All problems of a task; `folder` is the plan's, for relative paths. `searches` caches searches of this check.
pub fn check_task(index: usize, task: &Task, folder: Option<&Path>, searches: &mut Searches) -> Vec<Problem> {
    let mut found = check_common(task);
    if let Some(Slip { message, in_window }) = searches.slip(&task.target, folder) {
        // Args are checked only where it is clear which target they are for.
        let mut problems = problems(index, found);
        problems.push(Problem { in_window, ..Problem::of_task(index, Field::Target, message) });
        return problems;
    }
    match &task.target {
        Target::Builtin(name) => found.extend(check_builtin(name, task)),
        Target::Program(program) => found.extend(check_program(program, task, folder)),
        Target::Python(python) => found.extend(check_python(python, task, folder, searches)),
    }
    problems(index, found)
}

fn problems(index: usize, found: Vec<Found>) -> Vec<Problem> {
    found.into_iter().map(|(field, message)| Problem::of_task(index, field, message)).collect()
}

/// A field, and what is wrong with it.
type Found = (Field, String);

fn check_common(task: &Task) -> Vec<Found> {
    let mut found = Vec::new();
    if task.name.trim().is_empty() {
        found.push((Field::Name, "the task has no name; give it one, so that the timeline can show it".to_owned()));
    }
    if task.count == 0 || u64::from(task.count) > MAX_EXECUTIONS {
        found.push((Field::Count, format!("count is {}; it must be from 1 to {MAX_EXECUTIONS}", task.count)));
    }
    if task.timeout.is_some_and(|timeout| timeout.is_zero()) {
        let message = "timeout is 0 s, which ends the task at once; write a longer one, or none";
        found.push((Field::Target, message.to_owned()));
    }
    if !task.kwargs.is_empty() && !task.target.is_python() {
        let message = "kwargs are for Python functions; write args = { key = value } for a built-in target, or a list of \
                       words for a program";
        found.push((Field::Args, message.to_owned()));
    }
    if !task.env_left_out.is_empty() {
        let message = format!(
            "the saved runs leave out what {} held; give each variable its value, or remove it",
            task.env_left_out.join(", ")
        );
        found.push((Field::Target, message));
    }
    found
}

fn check_builtin(name: &str, task: &Task) -> Vec<Found> {
    let Some(info) = find(name) else {
        return vec![(Field::Target, unknown_target(name, which::which(name).is_ok()))];
    };
    let mut found = Vec::new();
    if let Err(problems) = Params::resolve(info.params, &task.args) {
        found
            .extend(problems.into_iter().map(|problem| (problem.key.map_or(Field::Args, Field::Arg), problem.message)));
    }
    if !task.env.is_empty() {
        let message = format!("env has no effect on the built-in target `{name}`; remove it");
        found.push((Field::Target, message));
    }
    if task.cwd.is_some() {
        found.push((Field::Cwd, format!("cwd has no effect on the built-in target `{name}`; remove it")));
    }
    found
}

/// The message for a name that is no built-in; `is_program` where PATH has a program of that name.
pub(super) fn unknown_target(name: &str, is_program: bool) -> String {
    if name.is_empty() {
        return "the task has no target; name a built-in, for example primes, or a program, for example program:xz"
            .to_owned();
    }
    let mends = match (nearest(name), is_program) {
        (Some(known), true) => format!("did you mean `{known}` or `program:{name}`?"),
        (Some(known), false) => format!("did you mean `{known}`?"),
        (None, true) => format!("did you mean `program:{name}`?"),
        (None, false) => "`spawnscope targets` lists them, and a program is written program:NAME".to_owned(),
    };
    format!("there is no target `{name}`; {mends}")
}

fn check_program(program: &str, task: &Task, folder: Option<&Path>) -> Vec<Found> {
    let mut found = Vec::new();
    if let Err(message) = resolve_program(program, folder) {
        found.push((Field::Target, message));
    }
    found.extend(check_words(&task.args).map(|message| (Field::Args, message)));
    found.extend(check_env(task).map(|message| (Field::Target, message)));
    found.extend(task.cwd.as_deref().and_then(|cwd| check_cwd(cwd, folder)).map(|message| (Field::Cwd, message)));
    found
}

/// Checks a program's args: a list of plain words.
fn check_words(args: &Args) -> Option<String> {
    match args {
        Args::Named(map) if map.is_empty() => None,
        Args::Named(_) => {
            Some("a program takes its args as a list: write args = [\"--keep\", \"data.bin\"]".to_owned())
        }
        Args::List(words) => {
            words.iter().enumerate().find_map(|(place, word)| check_word(word).map(|why| (place + 1, why))).map(
                |(place, why)| format!("arg {place} {why}; each arg of a program is a text, a number or true or false"),
            )
        }
    }
}

fn check_word(word: &Value) -> Option<&'static str> {
    match word {
        Value::Array(_) => Some("is a list"),
        Value::Object(_) => Some("is a table"),
        Value::Null => Some("is empty"),
        Value::String(text) if text.contains('\0') => Some("holds a NUL character"),
        _ => None,
    }
}

/// Reports a variable that no environment can hold.
pub(super) fn check_env(task: &Task) -> Option<String> {
    let bad = |(key, value): &(&String, &String)| key.is_empty() || key.contains(['=', '\0']) || value.contains('\0');
    let (key, _) = task.env.iter().find(bad)?;
    Some(format!(
        "the environment variable `{}` can't be set: a name has no = and nothing has a NUL",
        key.escape_debug()
    ))
}

/// Why no process can be started in a folder.
pub(super) fn check_cwd(cwd: &str, folder: Option<&Path>) -> Option<String> {
    let path = absolute(cwd, folder);
    match path.metadata() {
        Ok(found) if found.is_dir() => None,
        Ok(_) => Some(format!("the working directory {} is a file; name a folder", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Some(format!("there is no folder {} to work in; make it, or change cwd", path.display()))
        }
        Err(error) => Some(format!("the working directory {} can't be used: {error}", path.display())),
    }
}
