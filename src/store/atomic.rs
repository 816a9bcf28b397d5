//! Files are replaced as a whole: a reader sees the old one or the new one, even after a power cut.

use super::destination::{Destination, folder_of};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

/// What to do with a file that exists already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It is replaced.
    Replace,
    /// It stays, and the result is [`io::ErrorKind::AlreadyExists`].
    Keep,
}

/// Replaces the file at `path`, see [`replace`].
///
/// # Errors
/// The system's: no such folder, no permission, no space. The old file stays as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, Existing::Replace, |out| out.write_all(bytes))
}

/// Replaces the file at `path`, or the file to which its symbolic links lead, by what `write` writes, durably. Keeps its
/// permissions, and its owner and group where the system lets us.
///
/// # Errors
/// Those of `write`, and the system's: no such folder, no permission, no space. The old file stays as it was.
pub fn replace<E: From<io::Error>>(
    path: &Path,
    existing: Existing,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let to = Destination::of(path)?;
    if to.old().is_some() && existing == Existing::Keep {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
    }
    let mut out = BufWriter::new(to.beside()?);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    if let Some(old) = to.old() {
        os::give_access(file.as_file(), old)?;
    }
    file.as_file().sync_all()?;
    match existing {
        Existing::Replace => file.persist(to.path()),
        Existing::Keep => file.persist_noclobber(to.path()),
    }
    .map_err(|error| error.error)?;
    sync_folder(to.path());
    Ok(())
}

/// The rename is durable once its folder is on disk. Not every system can do that; the file is whole anyway.
fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(folder_of(path)) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{ffi::OsString, fs};

    fn names(folder: &Path) -> Vec<OsString> {
        fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").file_name()).collect()
    }

    #[test]
    fn a_file_is_made_and_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.txt");
        write(&path, b"one").expect("made");
        write(&path, b"two").expect("replaced");
        assert_eq!(fs::read(&path).expect("readable"), b"two");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn what_fails_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.txt");
        let keep = |text: &str| replace(&path, Existing::Keep, |out| out.write_all(text.as_bytes()));
        keep("one").expect("made");
        assert_eq!(keep("two").expect_err("is there").kind(), io::ErrorKind::AlreadyExists);
        let full = replace(&path, Existing::Replace, |out| {
            out.write_all(&[b'x'; 100_000])?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert_eq!(full.expect_err("full").kind(), io::ErrorKind::StorageFull);
        // Another process makes the file while it is being written.
        let late = replace(&folder.path().join("b.txt"), Existing::Keep, |out| {
            fs::write(folder.path().join("b.txt"), "theirs")?;
            out.write_all(b"ours")
        });
        assert_eq!(late.expect_err("is there").kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).expect("readable"), b"one");
        assert_eq!(fs::read(folder.path().join("b.txt")).expect("readable"), b"theirs");
        assert_eq!(names(folder.path()).len(), 2);
    }

    #[test]
    fn a_folder_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().expect("folder");
        assert_eq!(write(folder.path(), b"x").expect_err("a folder").kind(), io::ErrorKind::IsADirectory);
        assert!(write(&folder.path().join("none/a.txt"), b"x").is_err());
        assert!(names(folder.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn modes_owners_and_links_are_kept() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
        let folder = tempfile::tempdir().expect("folder");
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        symlink("real", &link).expect("linked");
        write(&link, b"made").expect("through a link that leads to nothing yet");
        // Only the superuser may give files away; for other users the test is that the owner stays.
        let given = chown(&real, Some(65_534), Some(65_534)).is_ok();
        for mode in [0o600, 0o640, 0o755, 0o664] {
            fs::set_permissions(&real, fs::Permissions::from_mode(mode)).expect("set");
            let before = fs::metadata(&real).expect("there");
            write(&link, b"again").expect("replaced");
            let now = fs::metadata(&real).expect("there");
            assert_eq!((now.mode(), now.uid(), now.gid()), (before.mode(), before.uid(), before.gid()));
            assert!(!given || now.uid() == 65_534);
        }
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!((fs::read(&real).expect("readable"), names(folder.path()).len()), (b"again".to_vec(), 2));
    }
}
