//! Finds the file of an interpreter that a plan names.

use super::candidates::path_folders;
use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// Why a word leads to no file.
pub(super) struct Lost {
    /// What is wrong.
    pub(super) what: String,
    /// The fix; where absent, the fix is to choose another interpreter.
    pub(super) mend: Option<String>,
}

/// The file of an interpreter: a bare name is looked up on PATH; a path is relative to `folder`, the plan's.
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
    // A relative folder of PATH would depend on where the program is started.
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

/// An absolute path for a path of the plan, without its `.` components.
pub(super) fn absolute(path: &str, folder: Option<&Path>) -> PathBuf {
    let joined = folder.map_or_else(|| PathBuf::from(path), |folder| folder.join(path));
    std::path::absolute(&joined).unwrap_or(joined)
}

/// The interpreter of an installation or of a virtual environment.
pub(super) fn python_in(home: &Path) -> Option<PathBuf> {
    let places = ["bin/python3", "bin/python", "bin/pypy3", "Scripts/python.exe", "python.exe"];
    places.iter().map(|place| home.join(place)).find(|path| path.is_file())
}

/// The folder of the virtual environment to which an interpreter's file belongs.
pub(super) fn environment_of(executable: &Path) -> Option<&Path> {
    let home = executable.parent()?.parent()?;
    home.join("pyvenv.cfg").is_file().then_some(home)
}

/// Whether a file is a shim, which finds its interpreter only when it is executed: those of pyenv, asdf and mise lie in a
/// folder of this name.
pub(super) fn is_shim(file: &Path) -> bool {
    file.parent().and_then(Path::file_name).is_some_and(|name| name == "shims")
}
