//! Programs as people run them, re-created from public questions and reports, and what is true of each. The programs are
//! in `tests/data/cases/`, a folder each; a file here has those of one kind of truth.

mod deadlocks;
mod ends;
mod mends;
mod own_threads;
mod reasons;
mod returned;
mod sending;
mod words;

use crate::{
    python::interpreters,
    support::{Folder, Said, required},
};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A case in a folder of its own, and what its PYTHONPATH is to be, if anything.
pub struct Case(Folder, Option<PathBuf>);

impl Case {
    /// The case in `tests/data/cases/NAME`; its test runs beside others.
    pub fn new(name: &str) -> Self {
        Self::in_folder(name, Folder::new())
    }

    /// The same, beside which no other test runs: what it says rests on what was measured.
    pub fn alone(name: &str) -> Self {
        Self::in_folder(name, Folder::alone())
    }

    fn in_folder(name: &str, folder: Folder) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cases").join(name);
        for entry in fs::read_dir(&source).unwrap_or_else(|error| panic!("{}: {error}", source.display())) {
            let path = entry.expect("an entry").path();
            let file = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            folder.write(&file, fs::read(&path).expect("read"));
        }
        Self(folder, None)
    }

    /// The same, for a case that needs numpy; none, with a word, where no Python has it. The second is the path of one that
    /// has, and it sees it in this case alone.
    pub fn with_numpy(self) -> Option<(Self, String)> {
        let (python, folder) = interpreters::with_package("numpy")?;
        Some((Self(self.0, Some(folder)), python.path.to_string_lossy().into_owned()))
    }

    /// The program's answer to these arguments, in the case's folder.
    pub fn run(&self, arguments: &[&str]) -> Said {
        let mut command = self.0.command(arguments);
        command.envs(self.1.iter().map(|folder| ("PYTHONPATH", folder)));
        command.output().expect("the program starts").into()
    }

    /// The document of `compare PLAN` with further options.
    pub fn compare(&self, plan: &str, options: &[&str]) -> Value {
        self.run(&[&["compare", plan, "--json"], options].concat()).json()
    }

    /// The path of a name in the case's folder.
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path(name)
    }

    /// Writes a file into the case's folder, beside or over what is there.
    pub fn write(&self, name: &str, text: &str) {
        self.0.write(name, text);
    }
}

/// The ids of a document's findings, the first one first.
pub fn findings(document: &Value) -> Vec<&str> {
    let list = document["findings"].as_array().unwrap_or_else(|| panic!("no findings: {document}"));
    list.iter().map(|finding| finding["id"].as_str().expect("an id")).collect()
}

/// The finding with this id.
pub fn finding<'a>(document: &'a Value, id: &str) -> &'a Value {
    let found = document["findings"].as_array().and_then(|list| list.iter().find(|finding| finding["id"] == id));
    found.unwrap_or_else(|| panic!("no finding {id} among {:?}", findings(document)))
}

/// The path of the newest CPython; none, with a word, where there is no Python.
pub fn python() -> Option<String> {
    let newest = interpreters::newest().or_else(|| required("a case needs a Python"))?;
    Some(newest.path.to_string_lossy().into_owned())
}
