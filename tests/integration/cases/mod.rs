//! Programs as people run them, re-created from public questions and reports, with what is true of each. Each program
//! has a folder in `tests/data/cases/`; each file here tests programs about one subject.

mod concerns;
mod deadlocks;
mod ends;
mod gil;
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

/// A case in a folder of its own, and its PYTHONPATH, if any.
pub struct Case {
    name: String,
    folder: Folder,
    packages: Option<PathBuf>,
}

impl Case {
    /// The case in `tests/data/cases/NAME`; its test may run beside others.
    pub fn new(name: &str) -> Self {
        Self::in_folder(name, Folder::new())
    }

    /// The same, without other tests beside it, for cases that depend on measurements.
    pub fn alone(name: &str) -> Self {
        Self::in_folder(name, Folder::alone())
    }

    fn in_folder(name: &str, folder: Folder) -> Self {
        let source = sources().join(name);
        for entry in fs::read_dir(&source).unwrap_or_else(|error| panic!("{}: {error}", source.display())) {
            let path = entry.expect("an entry").path();
            let file = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            folder.write(&file, fs::read(&path).expect("read"));
        }
        Self { name: name.to_owned(), folder, packages: None }
    }

    /// The same, for a case that needs numpy, with the path of an interpreter that finds numpy in this case only. If
    /// there is none, prints why and returns none.
    pub fn with_numpy(self) -> Option<(Self, String)> {
        let (python, folder) = interpreters::with_package("numpy")?;
        Some((Self { packages: Some(folder), ..self }, python.path.to_string_lossy().into_owned()))
    }

    /// The program's answer to these arguments, in the case's folder.
    pub fn run(&self, arguments: &[&str]) -> Said {
        let mut command = self.folder.command(arguments);
        command.envs(self.packages.iter().map(|folder| ("PYTHONPATH", folder)));
        command.output().expect("the program starts").into()
    }

    /// The same, with this interpreter found as `python3`.
    pub fn run_as_python3(&self, python: &str, arguments: &[&str]) -> Said {
        let folder = self.path(&format!("bin{}", python.replace('/', "-")));
        let shim = folder.join("python3");
        if !shim.exists() {
            fs::create_dir(&folder).expect("a folder");
            fs::write(&shim, format!("#!/bin/sh\nexec {python} \"$@\"\n")).expect("written");
            let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            fs::set_permissions(&shim, executable).expect("executable");
        }
        let others = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&others))).expect("a PATH");
        self.folder.command(arguments).env("PATH", path).output().expect("the program starts").into()
    }

    /// The document of `compare PLAN` with further options.
    pub fn compare(&self, plan: &str, options: &[&str]) -> Value {
        self.run(&[&["compare", plan, "--json"], options].concat()).json()
    }

    /// The path of a name in the case's folder.
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path(name)
    }

    /// Replaces a text in one of its files.
    pub fn rewrite(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(sources().join(&self.name).join(name)).expect("read");
        assert!(text.contains(from), "{name} has no {from}");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// Writes a file into the case's folder, or replaces one.
    pub fn write(&self, name: &str, text: &str) {
        self.folder.write(name, text);
    }
}

/// The folder of all cases.
fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cases")
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

/// The path of the newest CPython; if there is none, it prints why.
pub fn python() -> Option<String> {
    let newest = interpreters::newest().or_else(|| required("a case needs a Python"))?;
    Some(newest.path.to_string_lossy().into_owned())
}
