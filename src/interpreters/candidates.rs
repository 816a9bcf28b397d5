//! Files that may be interpreters, by their places and names; nothing is executed.

use super::locate::python_in;
use std::{
    collections::BTreeSet,
    env,
    path::{Path, PathBuf},
};

/// How many folders above the plan's are searched for a virtual environment.
const PARENTS: usize = 3;
/// How many entries of a folder are looked at; a project's folder has fewer.
const ENTRIES: usize = 4096;

/// A file that may be an interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The name under which PATH finds it.
    pub(super) name: Option<String>,
    /// Its absolute path.
    pub(super) file: PathBuf,
}

/// Files that may be interpreters, each once.
pub(super) fn candidates(folder: Option<&Path>) -> Vec<Candidate> {
    let mut found = on_path(path_folders().into_iter());
    let homes = pyenv_homes().into_iter().chain(conda_home()).chain(environments_near(folder));
    found.extend(homes.filter_map(|home| python_in(&home)).map(|file| Candidate { name: None, file }));
    let mut seen = BTreeSet::new();
    found.retain(|candidate| candidate.file.is_absolute() && seen.insert(candidate.file.clone()));
    found
}

/// The absolute folders of PATH. A relative one would depend on where the program is started, and might be in a plan's folder.
pub(super) fn path_folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).filter(|folder| folder.is_absolute()).collect()
}

fn conda_home() -> Option<PathBuf> {
    env::var_os("CONDA_PREFIX").map(PathBuf::from)
}

/// Whether a file is an interpreter by its name, and PATH, pyenv or conda leads to it. Paths are compared as written, since a
/// link to such a folder can have another `pyvenv.cfg` and another standard library beside it.
pub(super) fn is_in_known_place(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str());
    let Some(folder) = file.parent().filter(|_| name.is_some_and(is_interpreter)) else { return false };
    let home = folder.parent().filter(|_| folder.ends_with("bin") || folder.ends_with("Scripts")).unwrap_or(folder);
    path_folders().iter().any(|known| known == folder)
        || pyenv_homes().into_iter().chain(conda_home()).any(|known| known.is_absolute() && known == home)
}

/// The interpreters in these folders. Only the first file of a name gets that name.
fn on_path(folders: impl Iterator<Item = PathBuf>) -> Vec<Candidate> {
    let (mut found, mut names) = (Vec::new(), BTreeSet::new());
    for folder in folders {
        for file in entries(&folder, usize::MAX) {
            let Some(name) = file.file_name().and_then(|name| name.to_str()).filter(|name| is_interpreter(name)) else {
                continue;
            };
            if which::which(&file).is_ok() {
                let first = names.insert(name.to_owned());
                found.push(Candidate { name: first.then(|| name.to_owned()), file: file.clone() });
            }
        }
    }
    found
}

/// `python`, `python3`, `python3.13`, `python3.13t`, `pypy3`, `pypy3.10`; not `python3-config`.
fn is_interpreter(name: &str) -> bool {
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let Some(version) = name.strip_prefix("python").or_else(|| name.strip_prefix("pypy")) else {
        return false;
    };
    let version = version.strip_suffix('t').filter(|version| version.contains('.')).unwrap_or(version);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    version.is_empty() || version.split('.').count() <= 2 && version.split('.').all(is_number)
}

/// The first entries of a folder, by name; none where it can't be read.
fn entries(folder: &Path, most: usize) -> Vec<PathBuf> {
    let Ok(read) = folder.read_dir() else {
        return Vec::new();
    };
    let mut found: Vec<_> = read.take(most).filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    found
}

/// The folder of pyenv's versions, if there is one.
pub(super) fn pyenv_versions() -> Option<PathBuf> {
    let root = match env::var_os("PYENV_ROOT").filter(|root| !root.is_empty()) {
        Some(root) => PathBuf::from(root),
        None => directories::BaseDirs::new()?.home_dir().join(".pyenv"),
    };
    let versions = root.join("versions");
    versions.is_dir().then_some(versions)
}

fn pyenv_homes() -> Vec<PathBuf> {
    pyenv_versions().map(|versions| entries(&versions, ENTRIES)).unwrap_or_default()
}

/// Virtual environments in the folder and those above it.
fn environments_near(folder: Option<&Path>) -> Vec<PathBuf> {
    let start = match folder {
        Some(folder) => std::path::absolute(folder).ok(),
        None => env::current_dir().ok(),
    };
    let near = start.iter().flat_map(|folder| folder.ancestors().take(PARENTS + 1));
    near.flat_map(|folder| entries(folder, ENTRIES)).filter(|home| home.join("pyvenv.cfg").is_file()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpreters_are_known_by_their_names() {
        let good = ["python", "python3", "python2.7", "python3.13", "python3.13t", "pypy3", "pypy3.10", "pypy"];
        assert!(good.iter().all(|name| is_interpreter(name)));
        let bad = ["python3-config", "python3.11-gdb.py", "pythonw", "pypyt", "python3.6m", "python3.", "ipython3"];
        assert_eq!(bad.iter().find(|name| is_interpreter(name)), None);
    }

    #[test]
    fn environments_are_found_beside_the_plan_and_above() {
        let root = tempfile::tempdir().expect("a folder");
        let plan = root.path().join("a/b/c/d");
        for home in [".venv", "a/env", "a/b/c/d/anything"] {
            std::fs::create_dir_all(root.path().join(home)).expect("a folder");
            std::fs::write(root.path().join(home).join("pyvenv.cfg"), "").expect("a file");
        }
        let found = environments_near(Some(&plan));
        assert_eq!(found, ["a/b/c/d/anything", "a/env"].map(|home| root.path().join(home)));
    }
}
