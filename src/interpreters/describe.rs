//! The functions of a Python file or module, read by the interpreter's own parser; no user code is imported.

use super::ask::{Answer, Silence, ask};
use super::cache::{BRIEFLY, Cache, Hold, Stamp};
use super::locate::absolute;
use super::source::Source;
use super::workloads::{self, WORKLOADS_MODULE};
use model::PythonTarget;
use serde::Deserialize;
use std::{
    ffi::OsStr,
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

/// How long an interpreter may read: CPython takes 15 to 27 seconds for 16 MB of source.
const DEADLINE: Duration = Duration::from_secs(60);
/// The largest source that is read.
const MOST_BYTES: u64 = 16 << 20;
/// The longest answer of an interpreter about a source.
const MOST_ANSWER: u64 = 128 << 20;
/// The beginning of the line with the answer.
const MARK: &str = "spawnscope-source ";
const CODE: &str =
    concat!(include_str!("../../resources/python/read_source.py"), include_str!("../../resources/python/describe.py"));

/// An interpreter's answer about a source.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Said {
    Source(Source),
    Problem(String),
}

/// The line with the answer.
#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    said: Said,
    /// The module's file, if one was read.
    #[serde(default)]
    file: Option<PathBuf>,
}

/// The contents of a target's file or module, as this interpreter reads it. A file is relative to `folder`, the plan's. A
/// module is searched on the interpreter's own path, then in `folder`. The answer is cached until the file changes.
///
/// # Errors
/// One sentence with the fix: there is no such file or module, it is no source, it is too large, or its syntax is wrong.
pub fn describe(executable: &Path, python: &PythonTarget, folder: Option<&Path>) -> Result<Source, String> {
    type Key = (PathBuf, PythonSource, Option<PathBuf>, Option<Stamp>);
    static ANSWERS: Cache<Key, Result<Source, String>> = Cache::new();
    let (source, stamp) = match python.is_file() {
        true => {
            let file = source_file(&python.source, folder)?;
            (PythonSource::File(file.clone()), Stamp::of(&file))
        }
        false => (PythonSource::Module(module_name(&python.source)?), None),
    };
    let key = (executable.to_owned(), source.clone(), folder.map(Path::to_owned), stamp);
    ANSWERS.get_or(key, || match python.source.as_str() {
        WORKLOADS_MODULE => own_module(executable),
        name => execute(executable, &source, name, folder),
    })
}

/// Reads this program's own module, which is not on the interpreter's path.
fn own_module(executable: &Path) -> (Result<Source, String>, Hold) {
    match workloads::as_file() {
        Ok(file) => execute(executable, &PythonSource::File(file.path().to_owned()), WORKLOADS_MODULE, None),
        Err(error) => (
            Err(format!("the program's own module can't be written to a temporary file: {error}")),
            Hold::For(Duration::ZERO),
        ),
    }
}

/// Where a source is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PythonSource {
    File(PathBuf),
    Module(String),
}

/// The absolute path of a source file.
fn source_file(source: &str, folder: Option<&Path>) -> Result<PathBuf, String> {
    if source.contains('\0') {
        return Err("the file's name holds a NUL character; remove it".to_owned());
    }
    let path = absolute(source, folder);
    let shown = path.display();
    match path.metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(format!("there is no file {shown}; a path is relative to the plan's folder"))
        }
        Err(error) => Err(format!("the file {shown} can't be looked at: {error}")),
        Ok(found) if found.is_dir() => Err(format!("{shown} is a folder; name a file in it")),
        Ok(found) if !found.is_file() => Err(format!("{shown} is no regular file; name a Python file")),
        Ok(found) if found.len() > MOST_BYTES => Err(format!("{shown} is larger than 16 MB; name a smaller file")),
        Ok(_) => Ok(path),
    }
}

/// A module's name, as an import would accept it.
fn module_name(source: &str) -> Result<String, String> {
    let is_word = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    match source.split('.').all(is_word) {
        true => Ok(source.to_owned()),
        false => Err(format!(
            "`{source}` is no module's name, and a file's name ends in .py; write for example python:workloads.py:FUNCTION"
        )),
    }
}

fn execute(
    executable: &Path,
    source: &PythonSource,
    name: &str,
    folder: Option<&Path>,
) -> (Result<Source, String>, Hold) {
    // Isolated, and in the root, so that no module of the plan's folder can replace one of the interpreter's.
    let mut words = vec![OsStr::new("-I")];
    if matches!(source, PythonSource::File(_)) {
        words.push(OsStr::new("-S"));
    }
    words.extend([OsStr::new("-c"), OsStr::new(CODE)]);
    match source {
        PythonSource::File(file) => words.extend([OsStr::new("file"), file.as_os_str(), OsStr::new(name)]),
        PythonSource::Module(module) => {
            words.extend([OsStr::new("module"), OsStr::new(module)]);
            words.extend(folder.map(Path::as_os_str));
        }
    }
    let failed =
        |why: String| (Err(format!("{name} could not be read by {}: {why}", executable.display())), Hold::For(BRIEFLY));
    let answer = match ask(executable, &words, None, DEADLINE, MOST_ANSWER) {
        Err(Silence::NotStarted(error)) => return failed(format!("{error}; choose another interpreter with --python")),
        Err(Silence::Deadline) => {
            return failed(format!("it was not done in {} s; name a smaller file", DEADLINE.as_secs()));
        }
        Ok(answer) => answer,
    };
    match read(&answer) {
        Some(line) => settle(line, matches!(source, PythonSource::File(_))),
        None => failed(complaint(&answer)),
    }
}

/// How long an answer is valid. A file's answer has the file's stamp in its key. A module's is valid until its file changes. If
/// no file was found or read, that may change at any time.
fn settle(line: Line, is_file: bool) -> (Result<Source, String>, Hold) {
    let stamp = line.file.as_deref().and_then(Stamp::of);
    let hold = match (is_file, stamp) {
        (true, _) => Hold::Always,
        (false, Some(stamp)) => Hold::While(stamp),
        (false, None) => Hold::For(BRIEFLY),
    };
    match line.said {
        Said::Source(source) => (Ok(source), hold),
        Said::Problem(sentence) => (Err(sentence), hold),
    }
}

fn read(answer: &Answer) -> Option<Line> {
    let text = std::str::from_utf8(&answer.stdout).ok()?;
    let json = text.lines().rev().find_map(|line| line.strip_prefix(MARK))?;
    serde_json::from_str(json).ok()
}

/// What went wrong: the last line of a traceback.
fn complaint(answer: &Answer) -> String {
    let last = answer.stderr.lines().rev().map(str::trim).find(|line| !line.is_empty());
    let what = last.map_or_else(|| format!("it ended with {}", answer.status), |line| format!("it says \"{line}\""));
    format!("{what}; choose another interpreter with --python")
}

#[cfg(test)]
#[path = "describe_tests.rs"]
mod tests;
