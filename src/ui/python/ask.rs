//! What the window asks of Python interpreters, and of what the user trusts. An answer takes a while, so it is asked
//! for in a thread, never in a frame.

use engine::request::executes::{Executes, executes};
use interpreters::{self, Consent, Discovered, Source};
use model::{Choice, InterpreterFacts, Plan, Problem, PythonTarget, Trusted};
use std::path::{Path, PathBuf};
use store::trusted_file;

/// Answers what the window asks; tests put a fake in its place.
pub trait Ask: Send + Sync {
    /// The interpreters of the machine, and virtual environments near `folder`, the plan's.
    fn discover(&self, folder: Option<&Path>) -> Vec<Discovered>;

    /// The executable of an interpreter as a plan names it, and what it says of itself.
    ///
    /// # Errors
    /// One sentence with the mend.
    fn probe(&self, word: &str, folder: Option<&Path>) -> Result<(PathBuf, InterpreterFacts), String>;

    /// What a file or module has to offer.
    ///
    /// # Errors
    /// One sentence with the mend.
    fn describe(&self, executable: &Path, python: &PythonTarget, folder: Option<&Path>) -> Result<Source, String>;

    /// What is wrong with the Python functions of a plan.
    fn check(&self, plan: &Plan, choices: &[Choice]) -> Vec<Problem>;

    /// The file of an interpreter that a plan names, where it may not be asked before the user allows it.
    fn unasked(&self, word: &str, folder: Option<&Path>) -> Option<PathBuf>;

    /// Interpreters near the plan that may not be asked before the user allows it.
    fn waiting(&self, folder: Option<&Path>) -> Vec<PathBuf>;

    /// What a plan would execute in these choices, and whether the user has allowed that already; `path` is its file.
    fn executes(&self, plan: &Plan, choices: &[Choice], path: Option<&Path>) -> (Executes, bool);

    /// Remembers that interpreters may be asked, and that a plan may be run, by its file and what it executes.
    ///
    /// # Errors
    /// One sentence: why it can't be remembered.
    fn allow(&self, interpreters: &[PathBuf], plan: Option<(&Path, &str)>) -> Result<(), String>;
}

/// Asks the interpreters themselves: those in known places, and those that the user trusts. The file that remembers them is
/// read each time, so that what is trusted in a terminal is trusted here.
pub struct Interpreters;

impl Ask for Interpreters {
    fn discover(&self, folder: Option<&Path>) -> Vec<Discovered> {
        interpreters::discover(folder, &trusted_file::remembered())
    }

    fn probe(&self, word: &str, folder: Option<&Path>) -> Result<(PathBuf, InterpreterFacts), String> {
        interpreters::probe(word, folder, Consent::Looking(&trusted_file::remembered()))
            .map(|probed| (probed.executable, probed.facts))
    }

    fn describe(&self, executable: &Path, python: &PythonTarget, folder: Option<&Path>) -> Result<Source, String> {
        interpreters::describe(executable, python, folder)
    }

    fn check(&self, plan: &Plan, choices: &[Choice]) -> Vec<Problem> {
        interpreters::check_python(plan, choices, Consent::Looking(&trusted_file::remembered()))
    }

    fn unasked(&self, word: &str, folder: Option<&Path>) -> Option<PathBuf> {
        interpreters::unasked(word, folder, &trusted_file::remembered())
    }

    fn waiting(&self, folder: Option<&Path>) -> Vec<PathBuf> {
        interpreters::waiting(folder, &trusted_file::remembered())
    }

    fn executes(&self, plan: &Plan, choices: &[Choice], path: Option<&Path>) -> (Executes, bool) {
        let trusted = trusted_file::remembered();
        let executes = executes(plan, choices, &trusted);
        let known = path.is_some_and(|path| trusted.has_plan(&absolute(path), &executes.identity));
        (executes, known)
    }

    fn allow(&self, interpreters: &[PathBuf], plan: Option<(&Path, &str)>) -> Result<(), String> {
        let mut allowed = Trusted::default();
        interpreters.iter().try_for_each(|file| interpreters::allow(file, &mut allowed))?;
        trusted_file::change(|trusted| {
            allowed.interpreters.into_iter().for_each(|it| trusted.allow(it.path, it.identity));
            if let Some((path, identity)) = plan {
                trusted.allow_plan(absolute(path), identity.to_owned());
            }
        })
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
