//! Checks where a file is to be written, before anything is written.

use std::{
    fs::{self, Metadata},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// How many symbolic links are followed: as many as Linux follows.
const MOST_LINKS: usize = 40;

/// A place for a file, and what is there now.
#[derive(Debug)]
pub struct Destination {
    path: PathBuf,
    old: Option<Metadata>,
}

impl Destination {
    /// Follows symbolic links: the file to which they lead is the one to replace, whether it exists or not.
    ///
    /// # Errors
    /// Something is there that can't be replaced (a folder, a device, a read-only file), or there is no such folder; see
    /// [`why`].
    pub fn of(path: &Path) -> io::Result<Self> {
        let path = followed(path)?;
        let old = match fs::metadata(&path) {
            Ok(old) => Some(old),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        match &old {
            Some(old) if old.is_dir() => Err(ErrorKind::IsADirectory.into()),
            Some(old) if !old.is_file() => Err(io::Error::other("it is a device or a pipe, and no file")),
            Some(old) if old.permissions().readonly() => {
                Err(io::Error::new(ErrorKind::PermissionDenied, "the file is read-only"))
            }
            None if !folder_of(&path).is_dir() => Err(ErrorKind::NotFound.into()),
            _ => Ok(Self { path, old }),
        }
    }

    /// The file to write, behind all links. Two paths to one file give the same.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The metadata of the existing file.
    pub fn old(&self) -> Option<&Metadata> {
        self.old.as_ref()
    }

    /// A new file beside it, under a name of its own, removed when dropped; so this shows whether the folder can be written to.
    /// Where an old file exists, the new one is private until it is given the old one's access; else it has the access of a new
    /// file.
    ///
    /// # Errors
    /// The system's: no permission, no space, a read-only file system.
    pub fn beside(&self) -> io::Result<NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".spawnscope-");
        if let (None, Some(access)) = (&self.old, os::new_file_access()) {
            builder.permissions(access);
        }
        builder.tempfile_in(folder_of(&self.path))
    }
}

/// The folder of a bare file name is the current one.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            Ok(link) => path = folder_of(&path).join(link),
            Err(_) => return Ok(in_its_folder(&path)),
        }
    }
    Err(io::Error::other("its symbolic links lead in a circle"))
}

/// The path with its folder's real name, if the folder exists.
fn in_its_folder(path: &Path) -> PathBuf {
    match (fs::canonicalize(folder_of(path)), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Why a file can't be written, in plain words: the text after a colon.
pub fn why(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        _ if error.get_ref().is_some() => error.to_string(),
        ErrorKind::NotFound => "its folder does not exist".to_owned(),
        ErrorKind::PermissionDenied => "you have no right to write there".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::AlreadyExists => "there is such a file already".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ if path.is_dir() => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a part of its path is no folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &Path) -> String {
        why(path, &Destination::of(path).expect_err("refused"))
    }

    #[test]
    fn what_no_file_may_replace_is_told() {
        let folder = tempfile::tempdir().expect("folder");
        let at = |name: &str| folder.path().join(name);
        assert_eq!(refused(folder.path()), "it is a folder");
        assert_eq!(refused(&at("none/a")), "its folder does not exist");
        fs::write(at("file"), "").expect("written");
        assert_eq!(refused(&at("file/a")), "a part of its path is no folder");
        let mut access = fs::metadata(at("file")).expect("there").permissions();
        access.set_readonly(true);
        fs::set_permissions(at("file"), access).expect("set");
        assert_eq!(refused(&at("file")), "the file is read-only");
        assert!(Destination::of(&at("new")).expect("free").old().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_to_what_they_name() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("deep")).expect("made");
        symlink("deep/a", at("link")).expect("linked");
        symlink(at("link"), at("deep/second")).expect("linked");
        symlink("circle", at("circle")).expect("linked");
        symlink("/dev/null", at("null")).expect("linked");
        let of = |name: &str| Destination::of(&at(name)).expect("free").path().to_owned();
        assert_eq!((of("link"), of("deep/second")), (of("deep/../deep/a"), of("deep/a")));
        assert!(refused(&at("circle")).contains("in a circle"));
        assert!(refused(&at("null")).contains("no file"));
    }
}
