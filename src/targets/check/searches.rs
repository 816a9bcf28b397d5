//! Disk searches that only improve a message: each thing is searched for once, and only so many in a check.

use super::slips::{self, Slip};
use model::Target;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// The most different searches in one check; nobody reads more messages.
const MOST: usize = 100;

/// The searches of one check of a plan.
#[derive(Debug, Default)]
pub struct Searches {
    slips: HashMap<Target, Option<Slip>>,
    files: HashMap<PathBuf, Option<String>>,
    /// How many searches there were.
    #[cfg(test)]
    pub(super) count: usize,
}

impl Searches {
    /// What the user meant by a target, see [`slips::of`].
    pub(super) fn slip(&mut self, target: &Target, folder: Option<&Path>) -> Option<Slip> {
        if let Some(known) = self.slips.get(target) {
            return known.clone();
        }
        if !slips::is_suspect(target, folder) || self.slips.len() >= MOST {
            return None;
        }
        self.counted();
        self.slips.entry(target.clone()).or_insert(slips::of(target, folder)).clone()
    }

    /// The name of an existing file that nearly equals a missing one's.
    pub(super) fn like_file(&mut self, path: &Path) -> Option<String> {
        if let Some(known) = self.files.get(path) {
            return known.clone();
        }
        if self.files.len() >= MOST {
            return None;
        }
        self.counted();
        self.files.entry(path.to_owned()).or_insert(slips::like_file(path)).clone()
    }

    fn counted(&mut self) {
        #[cfg(test)]
        {
            self.count += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Otherwise, folders of thousands of files would be read as often as there are wrong names.
    #[test]
    fn each_thing_is_looked_for_once_and_only_so_many() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("w.py"), "def work(): pass\n").expect("written");
        let mut searches = Searches::default();
        let mut said =
            |target: &str| searches.slip(&Target::parse(target), Some(folder.path())).map(|slip| slip.message);
        for _ in 0..1_000 {
            assert!(said("work").is_some_and(|said| said.contains("python:w.py:work")) && said("primes").is_none());
        }
        for number in 0..1_000 {
            said(&format!("wrong{number}"));
        }
        assert_eq!(searches.count, MOST, "and a good one is not looked for");
        for _ in 0..1_000 {
            assert_eq!(searches.like_file(&folder.path().join("v.py")).as_deref(), Some("w.py"));
        }
        assert_eq!(searches.count, MOST + 1);
    }
}
