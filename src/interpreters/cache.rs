//! Answers of interpreters that still hold, so that a window may ask often.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

/// How long an answer holds that depends on what can't be seen.
pub(super) const BRIEFLY: Duration = Duration::from_secs(5);
/// Answers kept; a person who types makes a question with every key.
const MOST: usize = 128;

/// What tells one version of a file from the next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp {
    path: PathBuf,
    modified: SystemTime,
    bytes: u64,
}

impl Stamp {
    /// Of a file as it is now; none where it can't be looked at.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let found = path.metadata().ok()?;
        Some(Self { path: path.to_owned(), modified: found.modified().ok()?, bytes: found.len() })
    }
}

/// How long an answer holds.
pub(super) enum Hold {
    /// Its key holds all that it depends on.
    Always,
    /// Until this file changes.
    While(Stamp),
    /// For a time: it depends on what can't be seen.
    For(Duration),
}

struct Entry<V> {
    hold: Hold,
    asked: Instant,
    value: V,
}

/// Answers by question.
pub(super) struct Cache<K, V> {
    entries: Mutex<BTreeMap<K, Entry<V>>>,
}

impl<K: Ord, V: Clone> Cache<K, V> {
    /// Without an answer.
    pub(super) const fn new() -> Self {
        Self { entries: Mutex::new(BTreeMap::new()) }
    }

    /// The answer that still holds, or else a new one. Nobody waits for an answer to another question.
    pub(super) fn get_or(&self, key: K, make: impl FnOnce() -> (V, Hold)) -> V {
        if let Some(value) = self.get(&key) {
            return value;
        }
        let (value, hold) = make();
        let mut entries = self.lock();
        if entries.len() >= MOST {
            entries.clear();
        }
        entries.insert(key, Entry { hold, asked: Instant::now(), value: value.clone() });
        value
    }

    fn get(&self, key: &K) -> Option<V> {
        let entries = self.lock();
        let entry = entries.get(key)?;
        let holds = match &entry.hold {
            Hold::Always => true,
            Hold::While(stamp) => Stamp::of(&stamp.path).as_ref() == Some(stamp),
            Hold::For(time) => entry.asked.elapsed() < *time,
        };
        holds.then(|| entry.value.clone())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<K, Entry<V>>> {
        // Entries are whole at every moment: a panic elsewhere leaves none half written.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_until_its_file_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("w.py");
        std::fs::write(&file, "a").expect("a file");
        let cache = Cache::new();
        let ask = |answer: &'static str| {
            cache.get_or("question", || (answer, Hold::While(Stamp::of(&file).expect("a stamp"))))
        };
        assert_eq!([ask("first"), ask("second")], ["first", "first"]);
        std::fs::write(&file, "ab").expect("a file");
        assert_eq!(ask("third"), "third");
        std::fs::remove_file(&file).expect("the file");
        assert_eq!(cache.get_or("question", || ("gone", Hold::Always)), "gone");
    }

    #[test]
    fn a_cache_does_not_grow_without_an_end() {
        let cache = Cache::new();
        for key in 0..10 * MOST {
            cache.get_or(key, || (key, Hold::Always));
        }
        assert!(cache.lock().len() <= MOST);
    }
}
