//! Files are replaced as a whole: whoever reads sees the old one or the new one, even after a power cut.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Replaces the file at `path` (through a symbolic link, the file it leads to), durably. Its permissions are kept.
///
/// # Errors
/// The system's: no such folder, no permission, no space; the old file is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let beside = name_beside(&path)?;
    let written = write_new(&beside, bytes, &path).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
        return written;
    }
    sync_folder(&path);
    Ok(())
}

/// A hidden name in the same folder, so that the rename stays within one file system.
fn name_beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.tmp", std::process::id()));
    Ok(path.with_file_name(hidden))
}

fn write_new(beside: &Path, bytes: &[u8], old: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(beside)?;
    if let Ok(old) = fs::metadata(old) {
        file.set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// The rename itself lasts once the folder is on disk; not every system can do it, and the file is whole anyway.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_folder_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().expect("folder");
        assert_eq!(write(folder.path(), b"x").expect_err("a folder").kind(), io::ErrorKind::IsADirectory);
        assert!(write(&folder.path().join("none/a.txt"), b"x").is_err());
        assert!(names(folder.path()).is_empty());
    }
}
