//! Writes a file whole or not at all.

use super::{ExportError, ExportOptions, WriteError, for_path};
use crate::model::Experiment;
use std::{io, io::Write, path::Path};

/// Writes the experiment in the format of the path's extension: first beside the file, then in its place, so that a
/// failure leaves what was there.
///
/// # Errors
/// The extension is unknown, there is nothing to export, or the file cannot be written.
pub fn write(path: &Path, experiment: &Experiment, options: &ExportOptions) -> Result<(), ExportError> {
    let exporter = for_path(path)?;
    replace(path, |out| exporter.write(experiment, options, out)).map_err(|error| match error {
        WriteError::Export(error) => error,
        WriteError::Io(error) => ExportError::Write { path: path.to_owned(), why: reason(path, &error) },
    })
}

fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>) -> Result<(), WriteError> {
    if path.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
    }
    // The folder of a bare file name is the current one.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = io::BufWriter::new(builder().tempfile_in(folder)?);
    write(&mut file)?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(file.persist(path).map(drop).map_err(|error| error.error)?)
}

/// A temporary file with the access that a new file has: everybody may read what the umask lets them.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".spawnscope-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

fn reason(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "its folder does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "you have no right to write there".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        _ if path.is_dir() => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is no folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Builder;
    use crate::model::LaunchMode::Threads;

    fn experiment() -> Experiment {
        Builder::compare("t").makespans(Threads, &[1.0]).build()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("runs.json");
        std::fs::write(&path, "old").expect("writable");
        write(&path, &experiment(), &ExportOptions::default()).expect("written");
        assert!(std::fs::read_to_string(&path).expect("readable").contains("spawnscope.experiment/1"));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn failures_are_one_sentence() {
        let folder = tempfile::tempdir().expect("a folder");
        let say = |name: &str| {
            let path = folder.path().join(name);
            write(&path, &experiment(), &ExportOptions::default()).expect_err("not writable").to_string()
        };
        let sentence = say("missing/runs.csv");
        assert!(sentence.ends_with("could not be written: its folder does not exist; choose another place or free it"));
        std::fs::create_dir(folder.path().join("folder.csv")).expect("a folder");
        assert!(say("folder.csv").contains("it is a folder"));
        assert!(say("runs.doc").contains("no format has this extension"));
    }
}
