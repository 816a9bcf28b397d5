//! Writes a file as a whole or not at all.

use super::{ExportError, ExportOptions, WriteError, for_path};
use model::Experiment;
use std::{io, path::Path};
use store::{
    atomic::{self, Existing},
    destination,
};

/// Writes the experiment in the format of the path's extension: first into a file beside the path, which then takes its
/// place, so that a failure keeps the old file.
///
/// # Errors
/// The extension is unknown, there is nothing to export, a file exists that is to be kept, or the file cannot be
/// written.
pub fn write(
    path: &Path,
    existing: Existing,
    experiment: &Experiment,
    options: &ExportOptions,
) -> Result<(), ExportError> {
    let exporter = for_path(path)?;
    atomic::replace(path, existing, |out| exporter.write(experiment, options, out)).map_err(|error| match error {
        WriteError::Export(error) => error,
        WriteError::Io(error) if error.kind() == io::ErrorKind::AlreadyExists => ExportError::Exists(path.to_owned()),
        WriteError::Io(error) => ExportError::Write { path: path.to_owned(), why: destination::why(path, &error) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::Threads;

    fn experiment() -> Experiment {
        Builder::compare("t").makespans(Threads, &[1.0]).build()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("runs.json");
        std::fs::write(&path, "old").expect("writable");
        let write = |existing| write(&path, existing, &experiment(), &ExportOptions::default());
        assert!(matches!(write(Existing::Keep), Err(ExportError::Exists(_))));
        assert_eq!(std::fs::read(&path).expect("readable"), b"old");
        write(Existing::Replace).expect("written");
        assert!(std::fs::read_to_string(&path).expect("readable").contains("spawnscope.experiment/1"));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn failures_are_one_sentence() {
        let folder = tempfile::tempdir().expect("a folder");
        let say = |name: &str| {
            let path = folder.path().join(name);
            let written = write(&path, Existing::Replace, &experiment(), &ExportOptions::default());
            written.expect_err("not writable").to_string()
        };
        let sentence = say("missing/runs.csv");
        assert!(sentence.ends_with("could not be written: its folder does not exist; choose another place or free it"));
        std::fs::create_dir(folder.path().join("folder.csv")).expect("a folder");
        assert!(say("folder.csv").contains("it is a folder"));
        assert!(say("runs.doc").contains("no format has this extension"));
    }
}
