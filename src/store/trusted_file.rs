//! The file that remembers what the user has trusted: `trusted.toml` beside the settings.

use model::{Trusted, trusted::TRUSTED_SCHEMA};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The file's path; absent where the user has no home.
pub fn path() -> Option<PathBuf> {
    Some(super::settings::path()?.with_file_name("trusted.toml"))
}

/// Reads the file; if it does not exist, nothing is trusted.
///
/// # Errors
/// One sentence: the file can't be read or understood. The caller then trusts nothing.
pub fn read(path: &Path) -> Result<Trusted, String> {
    let refused =
        |why: &str| format!("{}: {why}; mend or remove this file; nothing is trusted until then", path.display());
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Trusted::default()),
        Err(error) => return Err(refused(&error.to_string())),
    };
    let trusted: Trusted = toml::from_str(&text).map_err(|error| refused(error.message()))?;
    match trusted.schema {
        TRUSTED_SCHEMA => Ok(trusted),
        other => Err(refused(&format!("its schema is {other}, not {TRUSTED_SCHEMA}"))),
    }
}

/// What the user's own file trusts; nothing where it does not exist or can't be read.
pub fn remembered() -> Trusted {
    let read = path().map(|path| read(&path)).transpose();
    match read {
        Ok(trusted) => trusted.unwrap_or_default(),
        Err(why) => {
            tracing::warn!("{why}");
            Trusted::default()
        }
    }
}

/// Changes the user's own file, which is written as a whole and is private.
///
/// # Errors
/// One sentence: the user has no home, or the file can't be read or written.
pub fn change(edit: impl FnOnce(&mut Trusted)) -> Result<(), String> {
    let path = path().ok_or("there is no home folder to remember it in; set HOME or XDG_CONFIG_HOME")?;
    let mut trusted = read(&path)?;
    edit(&mut trusted);
    write(&path, &trusted)
}

fn write(path: &Path, trusted: &Trusted) -> Result<(), String> {
    let text = toml::to_string(trusted).map_err(|error| error.to_string())?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".trusted-").tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(path).map_err(|error| error.error)
    };
    write().map(drop).map_err(|error: io::Error| format!("{} can't be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again_and_another_file_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/trusted.toml");
        assert_eq!(read(&path), Ok(Trusted::default()));
        let mut trusted = Trusted::default();
        trusted.allow("/a/bin/python3".into(), "x".to_owned());
        write(&path, &trusted).expect("written");
        assert_eq!(read(&path), Ok(trusted));
        fs::write(&path, "schema = 9").expect("a file");
        assert!(read(&path).expect_err("refused").contains("its schema is 9, not 1"));
    }
}
