//! The interpreters that the tests use.

use std::{env, path::PathBuf, process::Command};

/// An interpreter that answers.
#[derive(Clone, Debug)]
pub struct Found {
    pub path: PathBuf,
    pub minor: u32,
    pub pypy: bool,
}

/// Every interpreter from 3.8 on: pyenv's, Debian's, PyPy. None where there is none; where all are required, the versions
/// that this program promises to be tested with.
pub fn all() -> Vec<Found> {
    let mut found: Vec<Found> = candidates().into_iter().filter_map(ask).filter(|python| python.minor >= 8).collect();
    found.dedup_by_key(|python| (python.minor, python.pypy));
    if env::var_os("SPAWNSCOPE_REQUIRE_ALL").is_some_and(|value| value == "1") {
        let has = |minor| found.iter().any(|python| python.minor == minor && !python.pypy);
        assert!(has(8) && has(11) && has(13), "Python 3.8, 3.11 and 3.13 are required here; found {found:?}");
    }
    if found.is_empty() {
        println!("skipped: no Python from 3.8 on is installed");
    }
    found
}

/// The newest CPython, for tests that need one alone.
pub fn newest() -> Option<Found> {
    all().into_iter().filter(|python| !python.pypy).max_by_key(|python| python.minor)
}

fn candidates() -> Vec<PathBuf> {
    let home = env::var_os("PYENV_ROOT").map(PathBuf::from);
    let pyenv = home.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv")));
    let versions = pyenv.and_then(|root| std::fs::read_dir(root.join("versions")).ok());
    let mut paths: Vec<PathBuf> =
        versions.into_iter().flatten().flatten().map(|entry| entry.path().join("bin/python3")).collect();
    paths.extend((8..20).map(|minor| PathBuf::from(format!("/usr/bin/python3.{minor}"))));
    paths.push(PathBuf::from("/usr/bin/pypy3"));
    paths.sort();
    paths.retain(|path| path.exists());
    paths
}

fn ask(path: PathBuf) -> Option<Found> {
    let code = "import sys; print(sys.version_info[1], sys.implementation.name)";
    let said = Command::new(&path).args(["-c", code]).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(said.stdout).ok()?;
    let (minor, name) = text.trim().split_once(' ')?;
    Some(Found { path, minor: minor.parse().ok()?, pypy: name == "pypy" })
}
