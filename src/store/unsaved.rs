//! Unsaved changes of a plan. They are kept until they are saved or discarded, so that they outlive the window.
//!
//! A window holds a lock on a file of its own beside its changes. If that lock is free, the window is gone, however it ended,
//! and another may take its changes.

use super::kept;
use model::{Args, Plan, Task};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

const UNSAVED_SCHEMA: &str = "spawnscope.unsaved/1";
const KEPT: &str = ".json";
const LOCK: &str = ".lock";

/// A plan with changes that were not saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unsaved {
    schema: String,
    /// The plan's file, where it has one.
    pub path: Option<PathBuf>,
    /// The folder to which its paths are relative.
    pub folder: Option<PathBuf>,
    /// The text of its file when it was opened.
    pub text: String,
    /// The plan with the changes.
    pub plan: Box<Plan>,
    /// It came from elsewhere, and the user has not allowed it to run.
    #[serde(default)]
    pub unasked: bool,
}

impl Unsaved {
    /// The changes of a plan and the file that it came from.
    pub fn new(plan: &Plan, path: Option<&Path>, text: &str) -> Self {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self {
            schema: UNSAVED_SCHEMA.to_owned(),
            path: path.map(absolute),
            folder: plan.folder.clone(),
            text: text.to_owned(),
            plan: Box::new(plan.clone()),
            unasked: false,
        }
    }
}

/// A window's own place for its unsaved changes.
#[derive(Debug)]
pub struct UnsavedPlan {
    kept: PathBuf,
    lock: PathBuf,
    /// Locked as long as the window lives; the system frees the lock however it ends.
    held: File,
    stays: bool,
}

impl UnsavedPlan {
    /// Makes a place in a folder, apart from other windows'.
    ///
    /// # Errors
    /// The system's.
    pub fn new(folder: &Path) -> io::Result<Self> {
        os::make_private_folder(folder)?;
        let named = tempfile::Builder::new().prefix("window-").suffix(LOCK).tempfile_in(folder)?;
        // Locked before its name becomes permanent, so that nobody finds it unlocked.
        named.as_file().lock()?;
        let (held, lock) = named.keep().map_err(|error| error.error)?;
        Ok(Self { kept: beside(&lock, KEPT), lock, held, stays: false })
    }

    /// Keeps these changes in place of the last ones.
    ///
    /// # Errors
    /// The system's; the last changes are then still there.
    pub fn keep(&self, unsaved: &Unsaved) -> io::Result<()> {
        kept::write_private(&self.kept, |out| serde_json::to_writer(out, unsaved).map_err(io::Error::from))
    }

    /// Ends the place and leaves its changes for the next window.
    pub fn leave(mut self) {
        self.stays = true;
    }

    /// Forgets the changes: nothing is unsaved any more.
    pub fn forget(&self) {
        let _ = fs::remove_file(&self.kept);
    }
}

impl Drop for UnsavedPlan {
    fn drop(&mut self) {
        if !self.stays {
            self.forget();
            let _ = fs::remove_file(&self.lock);
        }
        let _ = self.held.unlock();
    }
}

/// The changes that ended windows have left in a folder, the latest first, each with the lock file for [`take`].
pub fn left(folder: &Path) -> Vec<(PathBuf, Unsaved)> {
    let mut left = Vec::new();
    for name in kept::names(folder).into_iter().filter(|name| name.ends_with(LOCK)) {
        let lock = folder.join(name);
        let Some(_held) = is_free(&lock) else { continue };
        match read(&beside(&lock, KEPT)) {
            Some((at, unsaved)) => left.push((at, lock, unsaved)),
            // The window had nothing to keep, or is about to lock its file.
            None if is_old(&lock) => drop(fs::remove_file(&lock)),
            None => {}
        }
    }
    left.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    left.into_iter().map(|(_, lock, unsaved)| (lock, unsaved)).collect()
}

/// Removes changes that were left, once they are kept elsewhere; false where another window has taken them.
pub fn take(lock: &Path) -> bool {
    let Some(_held) = is_free(lock) else { return false };
    let taken = fs::remove_file(beside(lock, KEPT)).is_ok();
    let _ = fs::remove_file(lock);
    taken
}

/// The locked file, if no window holds the lock.
fn is_free(lock: &Path) -> Option<File> {
    let file = File::open(lock).ok()?;
    match file.try_lock() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => None,
    }
}

fn is_old(lock: &Path) -> bool {
    let age = fs::metadata(lock).and_then(|file| file.modified()).ok().and_then(|at| at.elapsed().ok());
    age.is_some_and(|age| age > Duration::from_secs(60))
}

fn read(path: &Path) -> Option<(std::time::SystemTime, Unsaved)> {
    let at = fs::metadata(path).ok()?.modified().ok()?;
    let mut unsaved: Unsaved = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    unsaved.plan.folder = unsaved.folder.clone();
    // A document leaves out empty arguments, whether named or in order.
    for task in unsaved.plan.tasks.iter_mut().filter(|task| task.args == Args::default()) {
        task.args = Task::new(task.target.clone()).args;
    }
    (unsaved.schema == UNSAVED_SCHEMA).then_some((at, unsaved))
}

fn beside(lock: &Path, extension: &str) -> PathBuf {
    lock.with_extension(extension.trim_start_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Target;

    fn unsaved(name: &str) -> Unsaved {
        let mut plan = Plan::empty(name);
        plan.tasks.push(Task::new(Target::parse("program:xz")));
        plan.folder = Some(PathBuf::from("/somewhere"));
        Unsaved::new(&plan, Some(Path::new("/somewhere/p.toml")), "schema = 1\n")
    }

    /// Acts as if the window were killed: its lock is free, and its files stay.
    fn killed(place: UnsavedPlan) {
        place.leave();
    }

    #[test]
    fn what_a_window_keeps_is_its_own_until_it_is_gone() {
        let folder = tempfile::tempdir().expect("folder");
        let (first, second) =
            (UnsavedPlan::new(folder.path()).expect("made"), UnsavedPlan::new(folder.path()).expect("made"));
        first.keep(&unsaved("one")).expect("kept");
        second.keep(&unsaved("two")).expect("kept");
        assert_eq!(left(folder.path()), []);
        killed(first);
        let found = left(folder.path());
        assert_eq!(found.iter().map(|(_, unsaved)| unsaved).collect::<Vec<_>>(), [&unsaved("one")]);
        assert!(take(&found[0].0) && !take(&found[0].0));
        assert_eq!(left(folder.path()), []);
        drop(second);
        assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 0, "who ends in order leaves nothing");
    }

    #[test]
    fn what_was_forgotten_or_is_broken_is_not_found() {
        let folder = tempfile::tempdir().expect("folder");
        let place = UnsavedPlan::new(folder.path()).expect("made");
        place.keep(&unsaved("one")).expect("kept");
        place.forget();
        killed(place);
        let place = UnsavedPlan::new(folder.path()).expect("made");
        fs::write(&place.kept, "{").expect("written");
        killed(place);
        assert_eq!(left(folder.path()), []);
        assert_eq!(left(&folder.path().join("none")), []);
    }
}
