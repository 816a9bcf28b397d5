//! What is wrong with a Python task as it is written. `interpreters` checks it against its file.

use super::program::absolute;
use super::searches::Searches;
use super::task::{check_cwd, check_env};
use model::task::PY_EXPRESSION;
use model::{Args, Field, PythonTarget, Task, toml_value};
use serde_json::Value;
use std::{io::ErrorKind, path::Path};

/// All problems of a Python task; `folder` is the plan's, in which its file is looked up.
pub(super) fn check_python(
    python: &PythonTarget,
    task: &Task,
    folder: Option<&Path>,
    searches: &mut Searches,
) -> Vec<(Field, String)> {
    let target =
        check_target(python).or_else(|| check_file(python, folder, searches)).map(|message| (Field::Target, message));
    let mut found: Vec<_> = target.into_iter().collect();
    found.extend(check_args(task).map(|message| (Field::Args, message)));
    found.extend(check_env(task).map(|message| (Field::Target, message)));
    found.extend(task.cwd.as_deref().and_then(|cwd| check_cwd(cwd, folder)).map(|message| (Field::Cwd, message)));
    found
}

fn check_target(python: &PythonTarget) -> Option<String> {
    let PythonTarget { source, function } = python;
    if source.is_empty() {
        return Some("the target names no Python file; write for example python:workloads.py:count_down".to_owned());
    }
    if function.is_empty() {
        return Some(format!(
            "the target names no function of {source}; write python:{source}:FUNCTION with one of its functions"
        ));
    }
    let is_word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
        first && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    (!function.split('.').all(is_word))
        .then(|| format!("`{function}` is no name of a Python function; write the name alone, for example count_down"))
}

fn check_file(python: &PythonTarget, folder: Option<&Path>, searches: &mut Searches) -> Option<String> {
    if !python.is_file() {
        return None;
    }
    let path = absolute(&python.source, folder);
    let shown = path.display();
    match path.metadata() {
        Ok(found) if found.is_file() => None,
        Ok(found) if found.is_dir() => Some(format!("{shown} is a folder; name a Python file in it")),
        Ok(_) => Some(format!("{shown} is no regular file; name a Python file")),
        Err(error) if error.kind() == ErrorKind::NotFound => Some(match searches.like_file(&path) {
            Some(like) => format!("there is no file {shown}; did you mean `{like}`?"),
            None => format!("there is no file {shown}; a path is relative to the plan's folder"),
        }),
        Err(error) => Some(format!("the file {shown} can't be looked at: {error}")),
    }
}

fn check_args(task: &Task) -> Option<String> {
    let args: Vec<&Value> = match &task.args {
        Args::Named(named) if !named.is_empty() => {
            let mut kwargs = task.kwargs.clone();
            kwargs.extend(named.clone());
            return Some(format!(
                "args of a Python function are a list, in their order; for what is given by name write kwargs = {}",
                toml_value::object(kwargs.iter())
            ));
        }
        Args::Named(_) => Vec::new(),
        Args::List(list) => list.iter().collect(),
    };
    args.into_iter().chain(task.kwargs.values()).find_map(check_value)
}

/// An expression is a text, alone in its table. A table with another value would silently become a dictionary.
fn check_value(value: &Value) -> Option<String> {
    match value {
        Value::Array(values) => values.iter().find_map(check_value),
        Value::Object(map) => match map.get(PY_EXPRESSION) {
            None => map.values().find_map(check_value),
            Some(Value::String(text)) if map.len() == 1 && !text.trim().is_empty() => None,
            Some(_) => Some(format!(
                "a Python expression is a text and alone in its table; write for example {{ \"{PY_EXPRESSION}\" = \
                 \"b'abc'\" }}"
            )),
        },
        _ => None,
    }
}
