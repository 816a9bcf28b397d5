//! A Python interpreter: how it is named, and what is known of it.

use internment::Intern;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, path::PathBuf};

/// The interpreter where a plan names none.
pub const DEFAULT_INTERPRETER: &str = "python3";

/// An interpreter as a plan names it: a name on PATH (`python3.13`) or a path. Interned, so that a setting stays `Copy`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interpreter(Intern<str>);

impl Interpreter {
    /// The interpreter with this name or path.
    pub fn new(word: &str) -> Self {
        Self(Intern::from(word))
    }

    /// Its name or path.
    pub fn word(self) -> &'static str {
        self.0.as_ref()
    }

    /// What a heading calls it: a name as it is; of a path the folder that tells it from others (`3.13.0` of
    /// `…/versions/3.13.0/bin/python3`, `.venv` of `…/.venv/bin/python`), or the file where that folder is a system's.
    pub fn short(self) -> &'static str {
        let word = self.word();
        let mut parts = word.rsplit('/');
        let file = parts.next().unwrap_or(word);
        match (parts.next(), parts.next()) {
            (Some("bin"), Some(home)) if !["", "usr", "local"].contains(&home) => home,
            _ => file,
        }
    }
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl Serialize for Interpreter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Interpreter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|word| Self::new(&word))
    }
}

/// What an interpreter says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterpreterFacts {
    /// The executable file.
    pub executable: PathBuf,
    /// `CPython` or `PyPy`.
    pub implementation: String,
    /// `3.13.0`.
    pub version: String,
    /// Whether it was built without a GIL (`3.13t`).
    pub free_threaded: bool,
    /// Whether the GIL was on after the targets were loaded; absent where that is not known yet.
    #[serde(default)]
    pub gil_enabled: Option<bool>,
    /// Numeric libraries with threads of their own that were there when the targets were loaded: `openblas`, `mkl`, `blis`,
    /// `openmp`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thread_libraries: Vec<String>,
}

impl InterpreterFacts {
    /// `CPython 3.13.0`, `CPython 3.14.0 free-threaded (GIL off)`
    pub fn title(&self) -> String {
        let gil = match (self.free_threaded, self.gil_enabled) {
            (false, _) => "",
            (true, None) => " free-threaded",
            (true, Some(true)) => " free-threaded (GIL on)",
            (true, Some(false)) => " free-threaded (GIL off)",
        };
        format!("{} {}{gil}", self.implementation, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_called_by_what_tells_it_from_others() {
        let short = |word| Interpreter::new(word).short();
        assert_eq!(short("python3.13"), "python3.13");
        assert_eq!(short("/usr/bin/python3.11"), "python3.11");
        assert_eq!(short("/home/a/.pyenv/versions/3.13.0/bin/python3"), "3.13.0");
        assert_eq!(short("/home/a/project/.venv/bin/python"), ".venv");
    }

    #[test]
    fn the_same_word_is_the_same_interpreter() {
        assert_eq!(Interpreter::new("python3"), Interpreter::new(&String::from("python3")));
    }
}
