//! Helpers of this room's tests.

use super::consent::Consent;
use super::discover::{Discovered, discover};
use super::probe::{Probed, probe};
use model::Trusted;
use std::path::{Path, PathBuf};

/// The interpreter `python3`. Where there is none, `None`, or a failure if everything is required.
pub fn python3() -> Option<Probed> {
    let found = probe("python3", None, Consent::Running);
    if let Err(why) = &found {
        missing(&format!("python3 is required: {why}"));
    }
    found.ok()
}

/// Reports a skipped test; fails if everything is required.
pub fn missing(why: &str) {
    let required = std::env::var_os("SPAWNSCOPE_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!required, "{why}");
    eprintln!("skipped: {why}");
}

/// All usable interpreters of this machine; with none, as in [`python3`].
pub fn usable() -> Vec<Discovered> {
    python3();
    discover(None, &Trusted::default()).into_iter().filter(|found| !found.too_old).collect()
}

/// The oldest, the newest and one that is not CPython, for tests that ask much of each.
pub fn few() -> Vec<Discovered> {
    let all = usable();
    let ends = all.first().into_iter().chain(all.last());
    let other = all.iter().find(|found| found.facts.implementation != "CPython");
    let mut few: Vec<Discovered> = ends.chain(other).cloned().collect();
    few.dedup();
    few
}

/// Writes a file, and returns its path.
pub fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

/// Writes an executable shell script.
#[cfg(unix)]
pub fn script(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = write(folder, name, format!("#!/bin/sh\n{text}\n"));
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&path, mode).expect("permissions");
    path
}
