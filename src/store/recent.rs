//! The latest results, which the window keeps by itself: one file each, whose name says what it is.

use super::kept;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// How many results are kept.
pub const MOST: usize = 20;
/// The most bytes of all of them; the latest is kept whatever its size.
pub const MOST_BYTES: u64 = 1 << 30;
/// The format of instants in names, chosen so that names sort by time.
const INSTANT: &str = "%Y%m%dT%H%M%S%3fZ";
const EXTENSION: &str = ".json";
/// The most bytes of a label; a file name has at most 255.
const LONGEST: usize = 180;

/// A result that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// Its document.
    pub path: PathBuf,
    /// When it was kept.
    pub at: Timestamp,
    /// The plan's name, and what was compared.
    pub label: String,
}

impl Recent {
    /// The local day and time.
    pub fn when(&self) -> String {
        self.at.to_zoned(TimeZone::system()).strftime("%-d %b %H:%M").to_string()
    }

    fn of(folder: &Path, name: &str) -> Option<Self> {
        let (instant, rest) = name.strip_suffix(EXTENSION)?.split_once(' ')?;
        let (_, label) = rest.split_once(' ')?;
        let at = jiff::civil::DateTime::strptime(INSTANT, instant).ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(Self { path: folder.join(name), at, label: label.to_owned() })
    }
}

/// The results kept in a folder, the latest first.
pub fn list(folder: &Path) -> Vec<Recent> {
    let mut names = kept::names(folder);
    names.sort_unstable_by(|a, b| b.cmp(a));
    names.iter().filter_map(|name| Recent::of(folder, name)).collect()
}

/// Keeps a result, whose document `write` writes, and removes the oldest where there are too many.
///
/// # Errors
/// Those of `write`, and the system's; the results kept before are still there.
pub fn keep<E: From<io::Error>>(
    folder: &Path,
    label: &str,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<PathBuf, E> {
    let instant = Zoned::now().with_time_zone(TimeZone::UTC).strftime(INSTANT).to_string();
    // Two windows may finish a run in the same millisecond.
    let name = format!("{instant} {} {}{EXTENSION}", std::process::id(), in_a_name(label));
    let path = folder.join(name);
    kept::write_private(&path, write)?;
    let_go(folder, MOST, MOST_BYTES);
    Ok(path)
}

/// The label without characters that a file name can't have.
fn in_a_name(label: &str) -> String {
    let fits = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '-' } else { c };
    let mut name: String = label.trim().chars().map(fits).collect();
    while name.len() > LONGEST {
        name.pop();
    }
    name
}

fn let_go(folder: &Path, most: usize, most_bytes: u64) {
    let mut bytes = 0;
    for (place, recent) in list(folder).iter().enumerate() {
        bytes += fs::metadata(&recent.path).map_or(0, |file| file.len());
        if place >= most || (place > 0 && bytes > most_bytes) {
            // Another window may have removed it already.
            let _ = fs::remove_file(&recent.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(folder: &Path, label: &str) -> PathBuf {
        keep(folder, label, |out| out.write_all(b"0123456789")).expect("kept")
    }

    #[test]
    fn the_last_results_are_kept_and_named() {
        let folder = tempfile::tempdir().expect("folder");
        assert_eq!(list(&folder.path().join("none")), []);
        fs::write(folder.path().join("notes.txt"), "mine").expect("written");
        for number in 0..MOST + 3 {
            let instant = format!("20260101T0000{number:02}000Z 1 old {number}.json");
            fs::write(folder.path().join(instant), "0123456789").expect("written");
        }
        let path = add(folder.path(), "a/b: \"c\"\n\u{1b}");
        let recent = list(folder.path());
        assert_eq!((recent.len(), &recent[0].path), (MOST, &path));
        assert_eq!((recent[0].label.as_str(), recent[1].label.as_str()), ("a-b- -c---", "old 22"));
        assert_eq!(recent[1].at.to_string(), "2026-01-01T00:00:22Z");
        assert!(folder.path().join("notes.txt").exists(), "what is not ours stays");
        assert!(in_a_name(&"ü".repeat(500)).len() <= LONGEST);
    }

    #[test]
    fn large_results_are_let_go_of_and_the_last_never_is() {
        let folder = tempfile::tempdir().expect("folder");
        for label in ["one", "two", "three"] {
            fs::write(folder.path().join(format!("20260101T000000000Z 1 {label}.json")), "0123456789")
                .expect("written");
        }
        let last = add(folder.path(), "last");
        let_go(folder.path(), MOST, 25);
        assert_eq!(list(folder.path()).len(), 2);
        let_go(folder.path(), MOST, 5);
        assert_eq!(list(folder.path()).iter().map(|recent| &recent.path).collect::<Vec<_>>(), [&last]);
    }

    #[test]
    fn what_can_not_be_written_leaves_what_was_kept() {
        let folder = tempfile::tempdir().expect("folder");
        add(folder.path(), "one");
        let full = keep(folder.path(), "two", |_| Err(io::Error::from(io::ErrorKind::StorageFull)));
        assert_eq!((full.is_err(), list(folder.path()).len()), (true, 1));
    }
}
