//! Where the file is that a plan's word for an interpreter means.

use super::candidates::path_folders;
use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// Why a word leads to no file.
pub(super) struct Lost {
    /// What is wrong.
    pub(super) what: String,
    /// What to do; where absent, another interpreter is to be chosen.
    pub(super) mend: Option<String>,
}

/// The file of an interpreter: a bare name is looked up on PATH, a path is relative to `folder` (the plan's).
pub(super) fn locate(word: &str, folder: Option<&Path>) -> Result<PathBuf, Lost> {
    if word.trim().is_empty() {
        return Err(lost("the interpreter has no name".to_owned()));
    }
    if word.contains('\0') {
        return Err(lost("the interpreter's name holds a NUL character".to_owned()));
    }
    if word.contains(std::path::is_separator) {
        return locate_path(word, folder);
    }
    // A relative folder of PATH means another one wherever the program is started.
    let found = path_folders().into_iter().find_map(|folder| which::which(folder.join(word)).ok());
    found.ok_or_else(|| lost(format!("there is no `{word}` on PATH")))
}

fn lost(what: String) -> Lost {
    Lost { what, mend: None }
}

fn locate_path(word: &str, folder: Option<&Path>) -> Result<PathBuf, Lost> {
    let path = absolute(word, folder);
    let shown = path.display();
    match path.metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(lost(format!("there is no interpreter {shown}"))),
        Err(error) => Err(lost(format!("the interpreter {shown} can't be looked at: {error}"))),
        Ok(found) if found.is_dir() => {
            let mend = python_in(&path).map(|inside| format!("write {}", inside.display()));
            Err(Lost { what: format!("{shown} is a folder, not an interpreter"), mend })
        }
        Ok(_) => which::which(&path).map_err(|_| Lost {
            what: format!("{shown} is not executable"),
            mend: Some(format!("run chmod +x {shown}, or choose another with --python")),
        }),
    }
}

/// A path of the plan as an absolute one, without its dots.
pub(super) fn absolute(path: &str, folder: Option<&Path>) -> PathBuf {
    let joined = folder.map_or_else(|| PathBuf::from(path), |folder| folder.join(path));
    std::path::absolute(&joined).unwrap_or(joined)
}

/// The interpreter of an installation or of a virtual environment.
pub(super) fn python_in(home: &Path) -> Option<PathBuf> {
    let places = ["bin/python3", "bin/python", "bin/pypy3", "Scripts/python.exe", "python.exe"];
    places.iter().map(|place| home.join(place)).find(|path| path.is_file())
}

/// The folder of the virtual environment that a file is the interpreter of.
pub(super) fn environment_of(executable: &Path) -> Option<&Path> {
    let home = executable.parent()?.parent()?;
    home.join("pyvenv.cfg").is_file().then_some(home)
}

/// Whether a file only stands for an interpreter, and finds out which when it is executed: pyenv's, asdf's and mise's
/// lie in a folder of this name.
pub(super) fn is_shim(file: &Path) -> bool {
    file.parent().and_then(Path::file_name).is_some_and(|name| name == "shims")
}
