//! Targets as beginners write them, and the line that they meant.

use super::program::{absolute, resolve_program};
use crate::{find, nearest};
use model::{
    Target,
    meant::{Meant, called, command, is_name},
    toml_value::{braces, quoted},
};
use std::path::Path;

/// How many files of a folder are looked at.
const MOST_FILES: usize = 1_000;
/// How alike a file's name must be to be offered.
const ALIKE: f64 = 0.7;

/// What is wrong with a target, in the terms of a plan file, and in those of the window, which has a field for each part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// One sentence with the line to write.
    pub message: String,
    /// One sentence with what to put into the fields.
    pub in_window: Option<String>,
}

impl Slip {
    fn plain(message: String) -> Self {
        Self { message, in_window: None }
    }

    /// A slip that says what is wrong and what was meant.
    fn meant(what: &str, meant: &Meant) -> Self {
        Self {
            message: format!("{what}; write {}", meant.lines()),
            in_window: Some(format!("{what}; put in {}", meant.fields())),
        }
    }
}

/// Whether a quick look shows that a target can't run as written.
pub(super) fn is_suspect(target: &Target, folder: Option<&Path>) -> bool {
    match target {
        Target::Builtin(name) => find(name).is_none(),
        Target::Program(program) => resolve_program(program, folder).is_err(),
        Target::Python(python) => {
            let is_sound = !python.source.contains(['(', ')']) && !python.source.ends_with(':');
            let is_named = !python.function.is_empty() && python.function.split('.').all(is_name);
            !(is_sound && is_named)
        }
    }
}

/// The slip for a target that can't run as written, where it is clear what was meant.
pub(super) fn of(target: &Target, folder: Option<&Path>) -> Option<Slip> {
    match target {
        _ if !is_suspect(target, folder) => None,
        Target::Builtin(name) => of_name(name, folder),
        Target::Program(program) => of_program(program, folder),
        Target::Python(_) => of_python_text(target.to_string().trim_end_matches(':'), folder),
    }
}

/// The slip for a program that does not exist under the target's name.
fn of_program(program: &str, folder: Option<&Path>) -> Option<Slip> {
    if program.trim_end().ends_with(".py") && !program.contains(char::is_whitespace) {
        return Some(python_file(program));
    }
    if called(program).is_some_and(|meant| !meant.target.contains(' ') && program.ends_with(')')) {
        let what = format!("`{program}` is a call, and a program is named alone");
        return called(program)
            .map(|meant| Slip::meant(&what, &Meant { target: format!("program:{}", meant.target), ..meant }));
    }
    let meant = command(program)?;
    let name = meant.target.trim_start_matches("program:");
    let is_one = !name.contains(std::path::is_separator) || resolve_program(name, folder).is_ok();
    is_one.then(|| {
        let what = match name == "sh" && !program.starts_with("sh ") {
            true => format!("`{program}` is a command for a shell, and a target names one program"),
            false => format!("`{program}` is a whole command line, and a target names the program alone"),
        };
        Slip::meant(&what, &meant)
    })
}

/// The slip for a Python file in place of a program.
fn python_file(file: &str) -> Slip {
    let target = quoted(&format!("python:{file}:FUNCTION"));
    Slip {
        message: format!(
            "`{file}` is a Python file, no program; write target = {target} with one of its functions, or to run all of it \
             target = \"program:python3\" and args = [{}]",
            quoted(file)
        ),
        in_window: Some(format!(
            "`{file}` is a Python file, no program; add it as a Python function, or run python3 with the argument {file}"
        )),
    }
}

/// The slip for a text that is no built-in target, where it is clear what it is instead.
fn of_name(name: &str, folder: Option<&Path>) -> Option<Slip> {
    let text = name.trim();
    if nearest(text) == Some(text) && text != name {
        return Some(Slip::plain(format!(
            "there is no target `{name}`; write target = {}, without the spaces",
            quoted(text)
        )));
    }
    if let Some((scheme, rest)) = text.split_once(':') {
        let alike = |word: &str| strsim::normalized_damerau_levenshtein(&scheme.to_lowercase(), word) >= ALIKE;
        let python = alike("python") || scheme == "py" || scheme.starts_with("python3");
        let is_program = alike("program") || matches!(scheme, "prog" | "command" | "cmd" | "exec" | "run");
        let meant = match (python, is_program) {
            (true, _) => Some(format!("python:{rest}")),
            (false, true) => Some(format!("program:{}", rest.trim())),
            (false, false) => None,
        };
        if let Some(meant) = meant {
            let end = of_python_text(&meant, folder).filter(|_| python);
            return Some(end.unwrap_or_else(|| no_target(name, &meant)));
        }
        if scheme == "script" {
            return Some(python_file(rest.trim()));
        }
    }
    if text.starts_with("lambda ") || text.starts_with("lambda:") {
        let mend = "write it as a def at the top level of a file, and name that: target = \"python:FILE.py:NAME\"";
        return Some(Slip::plain(format!("`{text}` has no name to be found by; {mend}")));
    }
    if is_name(text)
        && let Some(file) = defined_in(folder, text)
    {
        return Some(no_target(name, &format!("python:{file}:{text}")));
    }
    if text.contains(char::is_whitespace) && called(text).is_none() {
        return program_line(text);
    }
    if text.ends_with(".py") {
        return Some(python_file(text));
    }
    if let Some(slip) = of_call(text, &format!("python:{text}"), folder) {
        return Some(slip);
    }
    if let Some(meant) = python_target(text, folder) {
        return Some(no_target(name, &meant));
    }
    (text.contains(std::path::is_separator) && resolve_program(text, folder).is_ok())
        .then(|| no_target(name, &format!("program:{text}")))
}

fn no_target(name: &str, meant: &str) -> Slip {
    Slip::plain(format!("there is no target `{name}`; did you mean `{meant}`?"))
}

/// The first Python file of the plan's folder that defines a function or class of this name at its top level.
fn defined_in(folder: Option<&Path>, name: &str) -> Option<String> {
    const MOST_BYTES: u64 = 1 << 20;
    let entries = std::fs::read_dir(folder?).ok()?.take(MOST_FILES).flatten();
    let is_python = |path: &std::path::PathBuf| path.extension().is_some_and(|ending| ending == "py") && path.is_file();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(is_python).collect();
    files.sort();
    let defines = |line: &str| {
        let rest = ["def ", "async def ", "class "].iter().find_map(|word| line.strip_prefix(word))?;
        rest.strip_prefix(name)?.starts_with(['(', ':', ' ']).then_some(())
    };
    files.into_iter().find_map(|file| {
        let small = file.metadata().is_ok_and(|found| found.len() <= MOST_BYTES);
        let text = small.then(|| std::fs::read_to_string(&file).ok()).flatten()?;
        text.lines().find_map(defines)?;
        Some(file.file_name()?.to_str()?.to_owned())
    })
}

/// The slip for a command line without a scheme: `python greet.py`, `gzip -9 -c x`.
fn program_line(text: &str) -> Option<Slip> {
    let meant = command(text)?;
    let what = format!("`{text}` is a whole command line, and a target names the program alone");
    Some(Slip::meant(&what, &meant))
}

/// The slip for a target that begins with `python:`, where it is clear what was meant.
fn of_python_text(target: &str, folder: Option<&Path>) -> Option<Slip> {
    let text = target.strip_prefix("python:")?;
    if let Some(slip) = of_call(text, target, folder) {
        return Some(slip);
    }
    let meant = python_target(text, folder).filter(|meant| meant != target)?;
    Some(Slip::plain(format!("`{target}` is no file and function with a colon between; did you mean `{meant}`?")))
}

/// The slip for a function that is followed by parentheses.
fn of_call(text: &str, target: &str, folder: Option<&Path>) -> Option<Slip> {
    let mut meant = called(target).filter(|_| text.contains('('))?;
    let name = meant.target.trim_start_matches("python:").to_owned();
    if find(&name).is_some() {
        let args = braces(meant.kwargs.iter().map(|(name, text)| format!("{name} = {text}")));
        let message = format!(
            "`{text}` is a call, and a target is named alone; write target = {} and args = {args}",
            quoted(&name)
        );
        return Some(Slip::plain(message));
    }
    meant.target = python_target(&name, folder).unwrap_or_else(|| match is_name(&name) {
        true => format!("python:{}:{name}", defined_in(folder, &name).unwrap_or_else(|| "FILE.py".to_owned())),
        false => format!("python:{name}"),
    });
    let what = format!("`{text}` is a call, and a target names the function alone: launching calls it");
    Some(Slip::meant(&what, &meant))
}

/// The target meant by a text without a scheme: `greet.py:greet`, `greet:greet`, `greet.greet`, `greet.py.greet`, `greet.py
/// greet`, `greet.py::greet`.
fn python_target(text: &str, folder: Option<&Path>) -> Option<String> {
    if let Some((file, rest)) = text.split_once(".py").filter(|(_, rest)| !rest.is_empty()) {
        let function = rest.trim_start_matches([':', '.', '/', '#', ' ', '@']);
        let apart = function.len() < rest.len() && function.split('.').all(is_name);
        return apart.then(|| format!("python:{file}.py:{function}"));
    }
    if text.ends_with(".py") {
        return None;
    }
    let is_path = |text: &str| !text.is_empty() && text.split(['.', '/']).all(is_name);
    let (source, function) = text.split_once(':').or_else(|| text.rsplit_once('.'))?;
    let function = function.trim_start_matches(':');
    if !is_path(source) || !function.split('.').all(is_name) {
        return None;
    }
    let file = format!("{}.py", source.replace('.', "/"));
    let is_file = absolute(&file, folder).is_file();
    Some(if is_file { format!("python:{file}:{function}") } else { format!("python:{source}:{function}") })
}

/// ` did you mean `greet.py`?` for a missing file whose folder has one with nearly that name.
pub(super) fn like_file(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let ending = path.extension();
    let entries = std::fs::read_dir(path.parent()?).ok()?.take(MOST_FILES).flatten();
    let names = entries.map(|entry| entry.path()).filter(|other| other.extension() == ending && other.is_file());
    let scored = names.filter_map(|other| {
        let other = other.file_name()?.to_str()?.to_owned();
        Some((strsim::normalized_damerau_levenshtein(name, &other), other))
    });
    let best = scored.filter(|(score, _)| *score >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(best.1)
}

#[cfg(test)]
#[path = "slips_tests.rs"]
mod tests;
