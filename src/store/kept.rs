//! The folder in which the window keeps what the user has not saved: recent results, and unsaved changes of plans.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The folder's path: `$XDG_STATE_HOME/spawnscope` on systems that have it; absent where the user has no home.
pub fn folder() -> Option<PathBuf> {
    let dirs = directories::ProjectDirs::from("", "", "spawnscope")?;
    Some(dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned())
}

/// Writes a private file, as a whole or not at all.
///
/// # Errors
/// Those of `write`, and the system's; an old file stays as it was.
pub fn write_private<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let folder = path.parent().ok_or(io::Error::from(io::ErrorKind::InvalidFilename))?;
    os::make_private_folder(folder)?;
    // A temporary file is private.
    let mut out = io::BufWriter::new(tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// The beginning of the names of files that are being written.
const TEMPORARY: &str = ".writing-";

/// The names of the files in a folder, except those that are being written; none where there is no such folder.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let name = |entry: io::Result<fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
    entries.filter_map(name).filter(|name| !name.starts_with(TEMPORARY)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_its_users_own() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("deep/er/file");
        for text in ["one", "two"] {
            write_private(&path, |out| out.write_all(text.as_bytes())).expect("written");
            assert_eq!(fs::read_to_string(&path).expect("readable"), text);
        }
        assert!(write_private(&path, |_| Err(io::Error::from(io::ErrorKind::StorageFull))).is_err());
        assert_eq!(names(&folder.path().join("deep/er")), ["file"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
        }
    }
}
