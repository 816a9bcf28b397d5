//! What the window asks of Python interpreters. Every answer takes a while: it is asked for in a thread, never in a frame.

use crate::{
    interpreters::{self, Consent, Found, Source},
    model::{Choice, InterpreterFacts, Plan, Problem, PythonTarget},
    store::trusted_file,
};
use std::path::{Path, PathBuf};

/// Answers what the window asks; tests put themselves in its place.
pub trait Ask: Send + Sync {
    /// The interpreters of the machine; `folder` is the plan's, near which there may be virtual environments.
    fn discover(&self, folder: Option<&Path>) -> Vec<Found>;

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
}

/// Asks the interpreters themselves: those in known places, and those that the user trusts. The file that remembers them is
/// read each time, so that what is trusted in a terminal is trusted here.
pub struct Interpreters;

impl Ask for Interpreters {
    fn discover(&self, folder: Option<&Path>) -> Vec<Found> {
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
}
