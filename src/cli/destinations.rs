//! The files that a command writes: it checks them before it spends time on runs, and writes them after the runs.

use super::screen::Screen;
use export::{self, ChartTheme, ExportError, ExportOptions};
use model::Experiment;
use std::path::{Path, PathBuf};
use store::{
    atomic::Existing,
    destination::{self, Destination},
};

/// The most names that are tried if somebody makes the file during the runs.
const MOST_NAMES: u32 = 1_000;

/// Files to write, each of which could be written when it was checked.
#[derive(Debug)]
pub struct Destinations<'a> {
    files: &'a [PathBuf],
    existing: Existing,
    options: ExportOptions,
}

impl<'a> Destinations<'a> {
    /// Checks each file; with `force`, existing files may be replaced.
    ///
    /// # Errors
    /// One sentence: a file has an unknown format, is in a folder that is missing or can't be written to, exists already, or
    /// is named twice.
    pub fn check(files: &'a [PathBuf], force: bool) -> Result<Self, String> {
        let existing = if force { Existing::Replace } else { Existing::Keep };
        let mut places: Vec<Destination> = Vec::new();
        for file in files {
            let place = check(file, existing)?;
            if places.iter().any(|other| other.path() == place.path()) {
                return Err(format!("{}: two exports would be this one file; give each its own name", file.display()));
            }
            places.push(place);
        }
        Ok(Self { files, existing, options: ExportOptions::default() })
    }

    /// The same files; with `no_env`, documents leave the plan's environment out.
    pub fn without_env(self, no_env: bool) -> Self {
        Self { options: ExportOptions { no_env, ..self.options }, ..self }
    }

    /// The same files; with `dark`, charts are light on dark.
    pub fn dark(self, dark: bool) -> Self {
        let theme = if dark { ChartTheme::Dark } else { ChartTheme::Light };
        Self { options: ExportOptions { theme, ..self.options }, ..self }
    }

    /// How files are written.
    pub fn options(&self) -> &ExportOptions {
        &self.options
    }

    /// Writes every file that can be written, and says which.
    ///
    /// # Errors
    /// The sentence about the first file that can't be written.
    pub fn write(&self, experiment: &Experiment, screen: &Screen) -> Result<(), String> {
        let mut result = Ok(());
        for file in self.files {
            match self.write_one(file, experiment) {
                Ok(written) if written == *file => screen.say(&format!("Wrote {}", file.display())),
                Ok(other) => screen.say(&format!(
                    "Wrote {}, as {} was made by somebody else meanwhile",
                    other.display(),
                    file.display()
                )),
                Err(error) => result = result.and(Err(error.to_string())),
            }
        }
        result
    }

    /// Writes the file; if somebody has made such a file since the check, under the next free name, so that no result is
    /// lost.
    fn write_one(&self, file: &Path, experiment: &Experiment) -> Result<PathBuf, ExportError> {
        let mut number = 1;
        loop {
            let path = if number == 1 { file.to_owned() } else { numbered(file, number) };
            match export::write(&path, self.existing, experiment, &self.options) {
                Ok(()) => return Ok(path),
                Err(ExportError::Exists(_)) if number < MOST_NAMES => number += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

fn check(file: &Path, existing: Existing) -> Result<Destination, String> {
    export::for_path(file).map_err(|error| error.to_string())?;
    let name = file.display();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.exists() {
        return Err(format!("{name}: there is no folder {}; make it first", folder.display()));
    }
    if file.is_dir() {
        return Err(format!("{name}: this is a folder; name a file in it"));
    }
    let refused = |error| format!("{name} can't be written: {}; choose another place", destination::why(file, &error));
    let place = Destination::of(file).map_err(refused)?;
    if place.old().is_some() && existing == Existing::Keep {
        return Err(format!("{name}: there is such a file already; give another name, or --force to replace it"));
    }
    place.beside().map_err(refused)?;
    Ok(place)
}

/// `a-2.launch.png` of `a.launch.png`: the whole extension names the format.
fn numbered(file: &Path, number: u32) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let extensions = export::for_path(file).map(|exporter| exporter.extensions()).unwrap_or_default();
    let length = |extension: &&&str| name.to_lowercase().ends_with(&format!(".{extension}"));
    let end = extensions.iter().filter(length).map(|extension| extension.len() + 1).max().unwrap_or(0);
    let (stem, extension) = name.split_at(name.len() - end);
    file.with_file_name(format!("{stem}-{number}{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::Threads;
    use std::fs;

    #[test]
    fn files_that_cannot_be_written_are_found_before_the_runs() {
        let folder = tempfile::tempdir().expect("folder");
        let of = |names: &[&str], force| {
            let files: Vec<_> = names.iter().map(|name| folder.path().join(name)).collect();
            Destinations::check(&files, force).map(drop)
        };
        let said = |names: &[&str]| of(names, false).expect_err("refused");
        assert!(said(&["none/a.csv"]).contains("make it first"));
        assert!(said(&["a.docx"]).contains("docx"));
        fs::create_dir(folder.path().join("b.csv")).expect("made");
        assert!(said(&["b.csv"]).contains("this is a folder"));
        fs::write(folder.path().join("c.csv"), "mine").expect("written");
        assert!(said(&["a.csv", "c.csv"]).contains("give another name, or --force to replace it"));
        assert!(said(&["c.csv/a.csv"]).contains("a part of its path is no folder"));
        assert!(said(&["a.csv", "a.json", "./a.csv"]).contains("two exports"));
        assert_eq!((of(&["a.csv", "a.json"], false), of(&["c.csv"], true)), (Ok(()), Ok(())));
        assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 2, "nothing was made");
    }

    #[test]
    fn a_file_that_came_meanwhile_stays_and_so_does_the_result() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("a.json");
        let files = [file.clone()];
        let experiment = Builder::compare("t").makespans(Threads, &[1.0]).build();
        let destinations = Destinations::check(&files, false).expect("free");
        fs::write(&file, "theirs").expect("written");
        destinations.write(&experiment, &Screen::new(true)).expect("written");
        assert_eq!(fs::read(&file).expect("readable"), b"theirs");
        assert!(fs::read_to_string(folder.path().join("a-2.json")).expect("readable").contains("spawnscope"));
        assert_eq!(numbered(Path::new("x/a.launch.PNG"), 3), Path::new("x/a-3.launch.PNG"));
    }
}
