//! A temporary folder whose maker holds a lock on it while it lives. So a free lock proves that the maker is dead. A process
//! number would not: another process may have it by then.

use crate::{run_folder_roots, system};
use std::{
    fs::{self, File},
    io,
    path::Path,
};
use tempfile::TempDir;

/// The beginning of every such folder's name.
const PREFIX: &str = "spawnscope-run-";
/// How often we try again where another process took the new folder for a dead maker's before we held it.
const TRIES: usize = 16;

/// A folder that is removed when this is dropped, or by [`HeldFolder::sweep`] once its maker is dead.
pub struct HeldFolder {
    folder: TempDir,
    /// Absent where the file system has no locks, or the system none on folders. Such a folder is never swept.
    _hold: Option<File>,
}

impl HeldFolder {
    /// Makes a folder that only this user may enter, with `name` in its name.
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

    /// The folder's path.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Removes a folder, and the system's named semaphores that are named after it: `NAME-…`.
    ///
    /// # Errors
    /// The system refuses to remove the folder.
    pub fn remove(path: &Path) -> io::Result<()> {
        if let Some(name) = path.file_name() {
            system::remove_semaphores(&name.to_string_lossy());
        }
        fs::remove_dir_all(path)
    }

    /// Removes the folders that dead makers of this user left in `root`. `emptied` ends whoever still uses a folder; where it
    /// returns false, or where removal fails, the folder stays for the next time.
    pub fn sweep(root: &Path, emptied: impl Fn(&Path) -> bool) {
        let is_one = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(PREFIX);
        let entries = fs::read_dir(root).into_iter().flatten().flatten();
        for path in entries.filter(|entry| is_one(&entry.file_name())).map(|entry| entry.path()) {
            let is_own = fs::symlink_metadata(&path).is_ok_and(|seen| seen.is_dir() && system::is_own(&seen));
            // The lock is held during the removal, so that nobody begins to use the folder.
            if let (true, Ok(Some(_hold))) = (is_own, system::hold(&path))
                && emptied(&path)
            {
                let _ = Self::remove(&path);
            }
        }
    }
}

/// Sweeps the roots of run folders of what dead hosts and executions left, by [`HeldFolder::sweep`].
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
