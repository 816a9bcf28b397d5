//! What a user has allowed to be executed while a plan is only looked at.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The version of the file that holds it.
pub const TRUSTED_SCHEMA: u32 = 1;

/// What a user has allowed to be executed while a plan is only looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trusted {
    /// Always [`TRUSTED_SCHEMA`].
    pub schema: u32,
    /// Interpreters that may be asked what they are, and what a plan's files have to offer.
    #[serde(default, rename = "interpreter", skip_serializing_if = "Vec::is_empty")]
    pub interpreters: Vec<TrustedInterpreter>,
}

/// An interpreter that may be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedInterpreter {
    /// The file, by an absolute path; its last link is kept, because the link into a virtual environment makes another
    /// interpreter of the same file.
    pub path: PathBuf,
    /// What would be executed, as a digest: where another file stands there later, the user has not allowed that one.
    pub identity: String,
}

impl Default for Trusted {
    fn default() -> Self {
        Self { schema: TRUSTED_SCHEMA, interpreters: Vec::new() }
    }
}

impl Trusted {
    /// Whether this file was allowed as it is now.
    pub fn has(&self, path: &Path, identity: &str) -> bool {
        self.interpreters.iter().any(|known| known.path == path && known.identity == identity)
    }

    /// Allows a file as it is now; what was allowed at this path before is forgotten.
    pub fn allow(&mut self, path: PathBuf, identity: String) {
        self.forget(&path);
        self.interpreters.push(TrustedInterpreter { path, identity });
    }

    /// Takes back what was allowed for a file, or for all files of a folder; how many there were.
    pub fn forget(&mut self, path: &Path) -> usize {
        let before = self.interpreters.len();
        self.interpreters.retain(|known| !known.path.starts_with(path));
        before - self.interpreters.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_trusted_as_it_was_when_it_was_allowed() {
        let mut trusted = Trusted::default();
        let file = Path::new("/a/.venv/bin/python");
        trusted.allow(file.to_owned(), "one".to_owned());
        assert!(trusted.has(file, "one") && !trusted.has(file, "two") && !trusted.has(Path::new("/b"), "one"));
        trusted.allow(file.to_owned(), "two".to_owned());
        assert!(trusted.has(file, "two") && !trusted.has(file, "one"));
        assert_eq!((trusted.forget(Path::new("/a/.venv")), trusted), (1, Trusted::default()));
    }
}
