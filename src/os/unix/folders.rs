//! Locks on folders, and their owners.

use std::{
    fs::{self, File, Metadata, TryLockError},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
};

/// Takes a folder's lock; `None` where another holds it, or the folder does not exist (any more).
pub fn hold(path: &Path) -> io::Result<Option<File>> {
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

pub fn is_own(folder: &Metadata) -> bool {
    folder.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use super::*;

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
