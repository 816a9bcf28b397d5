//! What an interpreter is: its file and its own answer.

use super::ask::{Answer, Silence, ask};
use super::cache::{BRIEFLY, Cache, Hold, Stamp};
use super::consent::{Consent, unasked_sentence};
use super::discover::discover;
use super::locate::{is_shim, locate};
use model::{InterpreterFacts, Trusted};
use serde::Deserialize;
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    time::Duration,
};

/// How long an interpreter may take to say what it is.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);
/// How long a shim's answer is valid: each takes a tenth of a second, and there are many.
const SHIM_HOLDS: Duration = Duration::from_secs(60);
/// The oldest Python that the runner runs on.
pub const OLDEST: (u32, u32) = (3, 8);
/// The beginning of the line with the answer; a wrapper may print a greeting before it.
const MARK: &str = "spawnscope-interpreter ";
/// Valid in Python 2.6 and later. It imports only `sys`, which is built into the interpreter: `json` could be a file in the
/// folder in which it runs.
const CODE: &str = r#"
import sys
name = sys.version.find('PyPy') >= 0 and 'PyPy' or 'CPython'
if hasattr(sys, 'implementation'):
    name = {'cpython': 'CPython', 'pypy': 'PyPy'}.get(sys.implementation.name, sys.implementation.name)
free = 't' in getattr(sys, 'abiflags', '') or sys.version.find('free-threading') >= 0
sys.stdout.write('\nspawnscope-interpreter {"implementation": "%s", "version": "%s", "major": %d, "minor": %d, '
    '"free_threaded": %s, "executable": %s}\n' % (name, sys.version.split()[0].rstrip('+'), sys.version_info[0],
    sys.version_info[1], free and 'true' or 'false', [ord(c) for c in sys.executable or '']))
"#;

/// An interpreter that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// The file to execute.
    pub executable: PathBuf,
    /// What it says of itself.
    pub facts: InterpreterFacts,
}

/// The interpreter that a plan names: by a name on PATH, or by a path relative to `folder`, the plan's. It executes the file if
/// that is allowed, for at most five seconds and in the root; the answer is cached until the file changes. A shim of pyenv,
/// asdf or mise may mean another interpreter in each folder, so it is executed in the plan's once the plan is run.
///
/// # Errors
/// One sentence with the fix: the file does not exist, may not be executed yet, can't be executed, does not answer, is no
/// Python, or is too old.
pub fn probe(word: &str, folder: Option<&Path>, consent: Consent<'_>) -> Result<Probed, String> {
    let file = locate(word, folder).map_err(|lost| match lost.mend {
        Some(mend) => format!("{}; {mend}", lost.what),
        None => with_others(lost.what, word, folder, consent),
    })?;
    if !consent.allows(&file) {
        return Err(unasked_sentence(&file));
    }
    let asked_in = folder.filter(|_| matches!(consent, Consent::Running));
    let probed =
        probe_file(&file, asked_in).map_err(|why| with_others(format!("`{word}` {why}"), word, folder, consent))?;
    match too_old(&probed.facts) {
        true => Err(format!("{}; choose another with --python", age_sentence(word, &probed.facts))),
        false => Ok(probed),
    }
}

/// `python2.7 is Python 2.7.18; Spawnscope needs 3.8 or later`
pub(super) fn age_sentence(word: &str, facts: &InterpreterFacts) -> String {
    let (major, minor) = OLDEST;
    format!("{word} is Python {}; Spawnscope needs {major}.{minor} or later", facts.version)
}

/// Whether it is too old for the runner.
pub fn too_old(facts: &InterpreterFacts) -> bool {
    version(facts) < OLDEST
}

/// The first two numbers of a version: (3, 13) for `3.13.0`.
pub fn version(facts: &InterpreterFacts) -> (u32, u32) {
    let mut numbers = facts.version.split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// A problem with its fix: the other interpreters to choose from.
fn with_others(problem: String, word: &str, folder: Option<&Path>, consent: Consent<'_>) -> String {
    // Running a plan allows what it names, and nothing else near it.
    let nothing = Trusted::default();
    let trusted = if let Consent::Looking(trusted) = consent { trusted } else { &nothing };
    let mut found: Vec<_> = discover(folder, trusted).into_iter().filter(|found| !found.too_old).collect();
    let wanted = wanted_version(word);
    found.sort_by_key(|found| {
        let other = found.interpreter.word();
        let is_wanted = wanted.is_some_and(|wanted| found.facts.version.starts_with(wanted));
        (!is_wanted, other.contains('/'))
    });
    let words: Vec<_> = found.iter().take(3).map(|found| found.interpreter.word()).collect();
    match words.split_last() {
        None => format!("{problem}; install Python 3.8 or later, or write the path of one"),
        Some((only, [])) => format!("{problem}; choose another with --python, for example {only}"),
        Some((last, rest)) => {
            format!("{problem}; choose another with --python, for example {} or {last}", rest.join(", "))
        }
    }
}

/// `3.13` for `python3.13`
fn wanted_version(word: &str) -> Option<&str> {
    let name = word.rsplit(std::path::is_separator).next()?;
    let version = name.trim_start_matches(|letter: char| !letter.is_ascii_digit()).trim_end_matches('t');
    version.contains('.').then_some(version)
}

/// Asks a file what it is, whatever its age; the error text follows the file's name.
pub(super) fn probe_file(file: &Path, folder: Option<&Path>) -> Result<Probed, String> {
    type Key = (Option<Stamp>, PathBuf, Option<PathBuf>);
    static ANSWERS: Cache<Key, Result<Probed, String>> = Cache::new();
    let shim = is_shim(file);
    // A shim's answer depends on the folder, and on files that only the shim knows.
    let key = (Stamp::of(file), file.to_owned(), folder.filter(|_| shim).map(Path::to_owned));
    ANSWERS.get_or(key, || {
        let answer = execute(file, folder.filter(|_| shim));
        let hold = match shim {
            true => Hold::For(SHIM_HOLDS),
            false if answer.is_err() => Hold::For(BRIEFLY),
            false => Hold::Always,
        };
        (answer, hold)
    })
}

fn execute(file: &Path, folder: Option<&Path>) -> Result<Probed, String> {
    // No user code may run: no environment, no site-packages, no module of a folder. (`-c` alone searches the folder in which
    // it runs, and 3.13 imports `linecache` before the first line.)
    let ask = |flags: &[&str]| {
        let words: Vec<_> = flags.iter().chain(&["-c", CODE]).map(OsStr::new).collect();
        ask(file, &words, folder, DEADLINE, 64 << 10)
    };
    let answer = match ask(&["-I", "-S"]) {
        // Python 2 has to answer too, to be reported as too old.
        Ok(answer) if knows_no_isolation(&answer) => ask(&["-E", "-s", "-S"]),
        answer => answer,
    };
    match answer {
        Err(Silence::NotStarted(error)) => Err(format!("can't be executed: {error}")),
        Err(Silence::Deadline) => Err(format!("did not say what it is in {} s", DEADLINE.as_secs())),
        Ok(answer) => {
            let said = read(&answer).ok_or_else(|| not_python(&answer))?;
            Ok(said.probed(file))
        }
    }
}

fn knows_no_isolation(answer: &Answer) -> bool {
    !answer.status.success() && answer.stderr.to_lowercase().contains("option: -i")
}

/// An interpreter's answer.
#[derive(Deserialize)]
struct Said {
    implementation: String,
    version: String,
    free_threaded: bool,
    executable: Vec<u32>,
}

impl Said {
    /// Runs use the interpreter behind a shim: the shim would run again for every process, and may mean another one by then.
    fn probed(self, file: &Path) -> Probed {
        let name: Option<String> = self.executable.iter().map(|code| char::from_u32(*code)).collect();
        let said = name.map(PathBuf::from).filter(|path| path.is_absolute() && path.is_file());
        let executable = said.filter(|_| is_shim(file)).unwrap_or_else(|| file.to_owned());
        let Self { implementation, version, free_threaded, .. } = self;
        let facts = InterpreterFacts {
            executable: executable.clone(),
            implementation,
            version,
            free_threaded,
            gil_enabled: None,
            thread_libraries: Vec::new(),
        };
        Probed { executable, facts }
    }
}

fn read(answer: &Answer) -> Option<Said> {
    let text = String::from_utf8_lossy(&answer.stdout);
    let json = text.lines().rev().find_map(|line| line.strip_prefix(MARK))?;
    serde_json::from_str(json).ok()
}

/// The message for a file that gave no answer. A shim without an interpreter says so on stderr, and names versions that would
/// do.
fn not_python(answer: &Answer) -> String {
    let complaint = answer.stderr.lines().map(str::trim).find(|line| !line.is_empty());
    match complaint {
        Some(line) if !answer.status.success() => format!("is no Python that answers: it says \"{}\"", cut(line)),
        _ => "is no Python: it answered something else".to_owned(),
    }
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(120) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
#[path = "probe_tests.rs"]
mod tests;
