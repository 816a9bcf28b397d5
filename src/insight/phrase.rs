//! Settings as parts of a sentence.

use super::label::Qualifiers;
use model::{LaunchMode, Setting};

/// A setting as subject and object of sentences.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    /// `threads`, `the thread pool`, `sequential execution`.
    pub name: String,
    /// `are` or `is`.
    pub verb: &'static str,
    /// `as threads`, `in the thread pool`, `in sequence`.
    pub manner: String,
}

impl Phrase {
    /// The phrases of one setting; what tells it from `among` is added.
    pub fn of(setting: Setting, among: &[Setting]) -> Self {
        let (name, verb, manner) = match setting.mode {
            LaunchMode::Sequential => ("sequential execution", "is", "in sequence"),
            LaunchMode::Threads => ("threads", "are", "as threads"),
            LaunchMode::Processes => ("processes", "are", "as processes"),
            LaunchMode::ThreadPool => ("the thread pool", "is", "in the thread pool"),
            LaunchMode::ProcessPool => ("the process pool", "is", "in the process pool"),
            LaunchMode::Interpreters => ("the interpreter pool", "is", "in the interpreter pool"),
            LaunchMode::Asyncio => ("asyncio", "is", "in asyncio"),
        };
        let more = Qualifiers::of(setting, among).in_sentence();
        let runtime = runtime(setting, among);
        Self { name: format!("{name}{more}{runtime}"), verb, manner: format!("{manner}{more}{runtime}") }
    }

    /// The name at the start of a sentence.
    pub fn subject(&self) -> String {
        capitalised(&self.name)
    }

    /// The manner at the start of a sentence: `As threads`.
    pub fn in_front(&self) -> String {
        capitalised(&self.manner)
    }
}

/// ` in python3.13`, ` in native code`, where others run in something else.
fn runtime(setting: Setting, among: &[Setting]) -> String {
    if among.iter().all(|other| other.interpreter == setting.interpreter) {
        return String::new();
    }
    setting.interpreter.map_or_else(|| " in native code".to_owned(), |python| format!(" in {}", python.short()))
}

/// The text with its first letter as a capital.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
