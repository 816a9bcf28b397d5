//! A temporary folder that is held by its maker's lock while the maker lives. So whoever comes later knows what a dead one
//! left behind: a process number may be somebody else's by then, a lock is nobody's.

use crate::{run_folder_roots, system};
use std::{
    fs::{self, File},
    io,
    path::Path,
};
use tempfile::TempDir;

/// How the names of all begin.
const PREFIX: &str = "spawnscope-run-";
/// How often one is made anew that somebody took for a dead one's before it was held.
const TRIES: usize = 16;

/// A folder that is removed with this, or by [`HeldFolder::sweep`] once its maker is dead.
pub struct HeldFolder {
    folder: TempDir,
    /// Absent where the file system knows no locks, or the system none on folders: it is never swept there.
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
            match system::hold(folder.path()) {
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
            system::remove_semaphores(&name.to_string_lossy());
        }
        fs::remove_dir_all(path)
    }

    /// Removes what makers of this user left here that are dead, once `emptied` has nobody there who uses a folder: what it
    /// keeps, and what can't be removed, stays for the next time.
    pub fn sweep(root: &Path, emptied: impl Fn(&Path) -> bool) {
        let is_one = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(PREFIX);
        let entries = fs::read_dir(root).into_iter().flatten().flatten();
        for path in entries.filter(|entry| is_one(&entry.file_name())).map(|entry| entry.path()) {
            let is_own = fs::symlink_metadata(&path).is_ok_and(|seen| seen.is_dir() && system::is_own(&seen));
            // It is held while it is removed, so that nobody begins to use it.
            if let (true, Ok(Some(_hold))) = (is_own, system::hold(&path))
                && emptied(&path)
            {
                let _ = Self::remove(&path);
            }
        }
    }
}

/// Removes what dead hosts and executions left where run folders are made, as [`HeldFolder::sweep`] does.
pub fn sweep_run_folders(emptied: impl Fn(&Path) -> bool) {
    run_folder_roots().iter().for_each(|root| HeldFolder::sweep(root, &emptied));
}

impl Drop for HeldFolder {
    fn drop(&mut self) {
        let _ = Self::remove(self.path());
    }
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
        #[cfg(unix)]
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
}
