//! The interpreters that the tests use.

use crate::support::{all_is_required, required};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// An interpreter that can be executed.
#[derive(Clone, Debug)]
pub struct Found {
    pub path: PathBuf,
    /// The second number of its version, 3.x.
    pub minor: u32,
    pub pypy: bool,
    /// Whether it was built without the GIL.
    pub free_threaded: bool,
}

impl Found {
    /// What distinguishes interpreters; of several that are equal in this, one is used.
    fn kind(&self) -> (u32, bool, bool) {
        (self.minor, self.pypy, self.free_threaded)
    }

    fn is_usual(&self) -> bool {
        !self.pypy && !self.free_threaded
    }
}

/// The versions 3.x of CPython with a GIL with which Spawnscope promises to be tested. One of 3.8 (the oldest that it
/// supports) and 3.9 is enough, since 3.8 is not available everywhere (`.ci/pythons` says what is).
const PROMISED: [&[u32]; 5] = [&[8, 9], &[11], &[13], &[14], &[15]];

/// Every interpreter from 3.8 on, the oldest first: those that `SPAWNSCOPE_PYTHONS` lists in the format of PATH,
/// pyenv's, Debian's, PyPy. If there is none, prints why. If all are required, the promised ones must exist, a
/// free-threaded one, and PyPy.
pub fn all() -> Vec<Found> {
    static ALL: OnceLock<Vec<Found>> = OnceLock::new();
    let found = ALL.get_or_init(|| {
        let mut found: Vec<Found> = candidates().into_iter().filter_map(ask).filter(|one| one.minor >= 8).collect();
        found.sort_by_key(Found::kind);
        found.dedup_by_key(|one| one.kind());
        found
    });
    if all_is_required() {
        let usual = |minor: &u32| found.iter().any(|one| one.is_usual() && one.minor == *minor);
        for versions in PROMISED {
            assert!(versions.iter().any(usual), "a Python 3 of {versions:?} is required here; found {found:?}");
        }
        assert!(found.iter().any(|one| one.free_threaded), "a free-threaded Python is required; found {found:?}");
        assert!(found.iter().any(|one| one.pypy), "PyPy is required here; found {found:?}");
    } else if found.is_empty() {
        required::<()>("no Python from 3.8 on is installed");
    }
    found.clone()
}

/// The newest CPython with a GIL, for tests that need only one interpreter.
pub fn newest() -> Option<Found> {
    all().into_iter().rfind(Found::is_usual)
}

/// The oldest CPython.
pub fn oldest() -> Option<Found> {
    all().into_iter().find(Found::is_usual)
}

/// The interpreters on which everything is tried: the oldest and the newest CPython, those without a GIL, and PyPy.
pub fn thoroughly_tested() -> Vec<Found> {
    let mut list = all();
    let usual: Vec<u32> = list.iter().filter(|one| one.is_usual()).map(|one| one.minor).collect();
    let ends = [usual.first(), usual.last()];
    list.retain(|one| !one.is_usual() || ends.contains(&Some(&one.minor)));
    list
}

/// The newest interpreter that can import a package, and the folder for its PYTHONPATH: `.ci/run` installs the package
/// into `target/NAME`, for its `python3`. If no interpreter can, prints why.
pub fn with_package(name: &str) -> Option<(Found, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target").join(name);
    let imports = |one: &Found| {
        let code = format!("import {name}");
        let said = Command::new(&one.path).env("PYTHONPATH", &folder).args(["-c", &code]).output();
        said.is_ok_and(|output| output.status.success())
    };
    let found = all().into_iter().rev().filter(Found::is_usual).find(imports);
    match found {
        Some(found) => Some((found, folder)),
        None => required(&format!("no Python here can import {name}; install it into {}", folder.display())),
    }
}

fn candidates() -> Vec<PathBuf> {
    let given = env::var_os("SPAWNSCOPE_PYTHONS").unwrap_or_default();
    let mut paths: Vec<PathBuf> = env::split_paths(&given).filter(|path| !path.as_os_str().is_empty()).collect();
    let missing: Vec<_> = paths.iter().filter(|path| !path.exists()).collect();
    assert!(missing.is_empty(), "SPAWNSCOPE_PYTHONS names what is not there: {missing:?}");
    let home = env::var_os("PYENV_ROOT").map(PathBuf::from);
    let pyenv = home.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv")));
    let versions = pyenv.and_then(|root| std::fs::read_dir(root.join("versions")).ok());
    paths.extend(versions.into_iter().flatten().flatten().map(|entry| entry.path().join("bin/python3")));
    paths.extend((8..20).map(|minor| PathBuf::from(format!("/usr/bin/python3.{minor}"))));
    paths.push(PathBuf::from("/usr/bin/pypy3"));
    paths.sort();
    paths.retain(|path| path.exists());
    paths
}

fn ask(path: PathBuf) -> Option<Found> {
    let code = "import sys, sysconfig; \
                print(sys.version_info[1], sys.implementation.name, sysconfig.get_config_var('Py_GIL_DISABLED') or 0)";
    let said = Command::new(&path).args(["-c", code]).output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(said.stdout).ok()?;
    let [minor, name, free] = text.split_whitespace().collect::<Vec<_>>()[..] else { return None };
    Some(Found { path, minor: minor.parse().ok()?, pypy: name == "pypy", free_threaded: free == "1" })
}
