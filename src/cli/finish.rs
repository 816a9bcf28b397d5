//! What is done with a measurement: the report, the exported files, the document, the exit status.

use super::{Status, args::Shared, exit, measure, measure::Measured, report, screen, screen::Screen};
use crate::{
    analysis::document::document,
    engine::Request,
    export::{self, ExportOptions},
    model::Experiment,
};
use std::path::{Path, PathBuf};

/// Makes the runs of a request and hands out the result as the options ask for; gives the exit status.
///
/// # Errors
/// One sentence: a file can't be written. That is found before the runs where it can be.
pub fn measure_and_report(request: Request, shared: &Shared) -> Status {
    check_files(&shared.export)?;
    let screen = Screen::new(shared.json);
    screen.say(&report::heading(&request.plan, &request.choices));
    let measured = measure::measure(request, &screen);
    hand_out(&measured, shared, &screen)
}

/// Refuses files of unknown formats and in folders that are not there, before time is spent on runs.
pub fn check_files(files: &[PathBuf]) -> Result<(), String> {
    for file in files {
        export::for_path(file).map_err(|error| error.to_string())?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(format!("{}: there is no folder {}; make it first", file.display(), folder.display()));
        }
        if file.is_dir() {
            return Err(format!("{}: this is a folder; name a file in it", file.display()));
        }
    }
    Ok(())
}

/// Writes every file that can be written, and says which.
///
/// # Errors
/// The sentence of the first that could not be.
pub fn write_files(files: &[PathBuf], experiment: &Experiment, screen: &Screen) -> Result<(), String> {
    let mut result = Ok(());
    for file in files {
        match export::write(file, experiment, &ExportOptions::default()) {
            Ok(()) => screen.say(&format!("Wrote {}", file.display())),
            Err(error) => result = result.and(Err(error.to_string())),
        }
    }
    result
}

fn hand_out(measured: &Measured, shared: &Shared, screen: &Screen) -> Status {
    if let Some(message) = &measured.failure {
        eprintln!("spawnscope: {message}");
    }
    let Some(experiment) = &measured.experiment else { return Ok(status(measured)) };
    screen.say(&format!("\n{}", report::report(experiment)));
    let written = write_files(&shared.export, experiment, screen);
    if shared.json {
        print_document(experiment)?;
    }
    written.map(|()| status(measured))
}

fn print_document(experiment: &Experiment) -> Result<(), String> {
    let text =
        serde_json::to_string(&document(experiment)).map_err(|error| format!("the document can't be made: {error}"))?;
    screen::print(&(text + "\n"))
}

fn status(measured: &Measured) -> u8 {
    match &measured.experiment {
        _ if measured.interrupted => exit::INTERRUPTED,
        Some(experiment) if experiment.succeeded() => exit::SUCCESS,
        _ => exit::SOME_FAILED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Builder;
    use crate::model::LaunchMode::Threads;

    fn of(experiment: Experiment) -> Measured {
        Measured { experiment: Some(experiment), ..Measured::default() }
    }

    #[test]
    fn the_status_tells_how_it_ended() {
        let good = of(Builder::compare("t").makespans(Threads, &[1.0]).build());
        assert_eq!(status(&good), exit::SUCCESS);
        assert_eq!(status(&Measured { interrupted: true, ..good }), exit::INTERRUPTED);
        assert_eq!(status(&of(Builder::compare("t").crash(Threads, 1).build())), exit::SOME_FAILED);
        assert_eq!(status(&Measured::default()), exit::SOME_FAILED, "the engine could not begin");
    }

    #[test]
    fn files_that_cannot_be_written_are_found_before_the_runs() {
        let folder = tempfile::tempdir().expect("folder");
        let said = |name: &str| check_files(&[folder.path().join(name)]).expect_err(name);
        assert!(said("none/a.csv").contains("make it first"));
        assert!(said("a.docx").contains("docx"));
        std::fs::create_dir(folder.path().join("b.csv")).expect("made");
        assert!(said("b.csv").contains("this is a folder"));
        assert_eq!(check_files(&[folder.path().join("a.csv")]), Ok(()));
    }
}
