//! A cache of interpreters' answers that are still valid, so that a window may ask often.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

/// How long an answer is valid that depends on something we can't observe.
pub(super) const BRIEFLY: Duration = Duration::from_secs(5);
/// How many answers are kept; someone who types asks a new question with every key.
const MOST: usize = 128;

/// Tells whether a file has changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp {
    path: PathBuf,
    modified: SystemTime,
    bytes: u64,
}

impl Stamp {
    /// The stamp of a file as it is now; `None` where it can't be read.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let found = path.metadata().ok()?;
        Some(Self { path: path.to_owned(), modified: found.modified().ok()?, bytes: found.len() })
    }
}

/// How long an answer is valid.
pub(super) enum Hold {
    /// Always: its key has everything on which it depends.
    Always,
    /// Until this file changes.
    While(Stamp),
    /// For a time: it depends on something we can't observe.
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
    /// An empty cache.
    pub(super) const fn new() -> Self {
        Self { entries: Mutex::new(BTreeMap::new()) }
    }

    /// The valid answer, or else a new one. The cache is not locked while an answer is made.
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
        // Entries are always complete, so a panic elsewhere does no harm.
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
