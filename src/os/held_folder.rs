//! A temporary folder that is held by its maker's lock while the maker lives. So whoever comes later knows what a dead one
//! left behind: a process number may be somebody else's by then, a lock is nobody's.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
};
use tempfile::TempDir;

/// How the names of all begin.
const PREFIX: &str = "spawnscope-run-";
/// Where the C library keeps named semaphores (sem_overview(7)): `/NAME` as the file `sem.NAME`.
const SEMAPHORES: &str = "/dev/shm";
/// How often one is made anew that somebody took for a dead one's before it was held.
const TRIES: usize = 16;

/// A folder that is removed with this, or by [`HeldFolder::sweep`] once its maker is dead.
pub struct HeldFolder {
    folder: TempDir,
    /// Absent where the file system knows no locks: it is never swept there.
    _hold: Option<File>,
}

impl HeldFolder {
    /// Makes one that only this user may enter, with a name that has this in it.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn make_in(root: &Path, name: &str) -> io::Result<Self> {
        for _ in 0..TRIES {
            let folder = tempfile::Builder::new().prefix(&format!("{PREFIX}{name}")).tempdir_in(root)?;
            match hold(folder.path()) {
                Ok(Some(hold)) => return Ok(Self { folder, _hold: Some(hold) }),
                Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(Self { folder, _hold: None }),
                Err(error) => return Err(error),
                Ok(None) => {}
            }
        }
        Err(io::Error::other("a new folder was removed again and again"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Removes a folder, and the named semaphores of the system that are called after it: `NAME-…`.
    ///
    /// # Errors
    /// The system refuses to remove the folder.
    pub fn remove(path: &Path) -> io::Result<()> {
        if let Some(name) = path.file_name() {
            remove_semaphores(Path::new(SEMAPHORES), &name.to_string_lossy());
        }
        fs::remove_dir_all(path)
    }

    /// Removes what makers of this user left here that are dead, once `emptied` has nobody there who uses a folder: what it
    /// keeps, and what can't be removed, stays for the next time.
    pub fn sweep(root: &Path, emptied: impl Fn(&Path) -> bool) {
        let is_one = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(PREFIX);
        let entries = fs::read_dir(root).into_iter().flatten().flatten();
        for path in entries.filter(|entry| is_one(&entry.file_name())).map(|entry| entry.path()) {
            let is_own = fs::symlink_metadata(&path).is_ok_and(|seen| seen.is_dir() && seen.uid() == own_user());
            // It is held while it is removed, so that nobody begins to use it.
            if let (true, Ok(Some(_hold))) = (is_own, hold(&path))
                && emptied(&path)
            {
                let _ = Self::remove(&path);
            }
        }
    }
}

impl Drop for HeldFolder {
    fn drop(&mut self) {
        let _ = Self::remove(self.path());
    }
}

/// Whoever may remove them made them, or is root. One that is used goes on until its last user ends.
fn remove_semaphores(root: &Path, name: &str) {
    let begin = format!("sem.{name}-");
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&begin) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Takes a folder's lock; none where another has it, or the folder is not there (any more).
fn hold(path: &Path) -> io::Result<Option<File>> {
    let folder = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    match folder.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(io::Error::new(io::ErrorKind::Unsupported, error)),
    }
    let (locked, named) = (folder.metadata()?, fs::symlink_metadata(path));
    let is_it = named.is_ok_and(|named| (named.dev(), named.ino()) == (locked.dev(), locked.ino()));
    Ok(is_it.then_some(folder))
}

fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dead_maker_left_is_removed_and_nothing_else() {
        let root = tempfile::tempdir().expect("a folder");
        let (held, dead) =
            (HeldFolder::make_in(root.path(), "").expect("made"), root.path().join("spawnscope-run-dead"));
        let (other, link) = (root.path().join("another"), root.path().join("spawnscope-run-link"));
        for folder in [&dead, &other] {
            fs::create_dir_all(folder.join("in it")).expect("made");
        }
        std::os::unix::fs::symlink(&other, &link).expect("made");
        HeldFolder::sweep(root.path(), |_| false);
        assert!(dead.exists(), "somebody uses it");
        HeldFolder::sweep(root.path(), |_| true);
        assert!(held.path().exists() && other.join("in it").exists() && link.exists());
        assert!(!dead.exists());
        let path = held.path().to_owned();
        drop(held);
        assert!(!path.exists());
    }

    #[test]
    fn semaphores_go_with_the_folder_that_they_are_called_after() {
        let root = tempfile::tempdir().expect("a folder");
        for name in ["sem.spawnscope-run-a-x1", "sem.spawnscope-run-a-x2", "sem.spawnscope-run-ab-x3", "sem.mp-x4"] {
            fs::write(root.path().join(name), "").expect("written");
        }
        remove_semaphores(root.path(), "spawnscope-run-a");
        let mut left: Vec<_> =
            fs::read_dir(root.path()).expect("read").map(|it| it.expect("read").file_name()).collect();
        left.sort();
        assert_eq!(left, ["sem.mp-x4", "sem.spawnscope-run-ab-x3"]);
    }

    #[test]
    fn a_folder_that_was_swept_is_nobodys() {
        let root = tempfile::tempdir().expect("a folder");
        let path = root.path().join("spawnscope-run-new");
        fs::create_dir(&path).expect("made");
        let first = hold(&path).expect("there").expect("free");
        assert!(hold(&path).expect("there").is_none(), "another has it");
        fs::remove_dir(&path).expect("removed");
        drop(first);
        assert!(hold(&path).expect("asked").is_none(), "it is gone");
    }
}
