//! What a user has allowed to be executed: interpreters, to look at a plan, and plans, to run them without a question.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The version of the file that holds it.
pub const TRUSTED_SCHEMA: u32 = 1;

/// What a user has allowed to be executed: interpreters, to look at a plan, and plans, to run them without a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trusted {
    /// Always [`TRUSTED_SCHEMA`].
    pub schema: u32,
    /// Interpreters that may be asked what they are, and what a plan's files have to offer.
    #[serde(default, rename = "interpreter", skip_serializing_if = "Vec::is_empty")]
    pub interpreters: Vec<TrustedFile>,
    /// Plans, and saved runs, that the window runs without showing first what they execute.
    #[serde(default, rename = "plan", skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<TrustedFile>,
}

/// A file that is trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedFile {
    /// The file, by an absolute path; its last link is kept, because the link into a virtual environment makes another
    /// interpreter of the same file.
    pub path: PathBuf,
    /// What would be executed, as a digest: another file that stands there later is not allowed.
    pub identity: String,
}

impl Default for Trusted {
    fn default() -> Self {
        Self { schema: TRUSTED_SCHEMA, interpreters: Vec::new(), plans: Vec::new() }
    }
}

impl Trusted {
    /// Whether this interpreter was allowed as it is now.
    pub fn has(&self, path: &Path, identity: &str) -> bool {
        has(&self.interpreters, path, identity)
    }

    /// Allows an interpreter as it is now; what was allowed at this path before is forgotten.
    pub fn allow(&mut self, path: PathBuf, identity: String) {
        allow(&mut self.interpreters, path, identity);
    }

    /// Whether this plan was allowed with what it executes now.
    pub fn has_plan(&self, path: &Path, identity: &str) -> bool {
        has(&self.plans, path, identity)
    }

    /// Allows a plan with what it executes now; what was allowed at this path before is forgotten.
    pub fn allow_plan(&mut self, path: PathBuf, identity: String) {
        allow(&mut self.plans, path, identity);
    }

    /// Takes back what was allowed for a file, or for all files of a folder; gives how many there were.
    pub fn forget(&mut self, path: &Path) -> usize {
        [&mut self.interpreters, &mut self.plans].map(|files| forget(files, path)).iter().sum()
    }
}

fn has(files: &[TrustedFile], path: &Path, identity: &str) -> bool {
    files.iter().any(|known| known.path == path && known.identity == identity)
}

fn allow(files: &mut Vec<TrustedFile>, path: PathBuf, identity: String) {
    files.retain(|known| known.path != path);
    files.push(TrustedFile { path, identity });
}

fn forget(files: &mut Vec<TrustedFile>, path: &Path) -> usize {
    let before = files.len();
    files.retain(|known| !known.path.starts_with(path));
    before - files.len()
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
        let plan = Path::new("/a/.venv/plan.toml");
        trusted.allow_plan(plan.to_owned(), "one".to_owned());
        assert!(trusted.has_plan(plan, "one") && !trusted.has(plan, "one") && !trusted.has_plan(plan, "two"));
        assert_eq!((trusted.forget(Path::new("/a/.venv")), trusted), (2, Trusted::default()));
    }
}
