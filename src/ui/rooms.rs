//! Everything that the window asks of other rooms about files.

use super::{
    Opened,
    files::{FileDone, Job},
    state::Then,
};
use export::{self, ExportError};
use starters::{self, Starter};
use std::path::Path;
use store::{
    atomic::Existing,
    document_file,
    plan_file::{self, NotSaved, PlanFile, Question, Saving},
};

/// The plan of a starter.
///
/// # Errors
/// The starter is no plan, which its tests rule out.
pub fn starter_plan(starter: &Starter) -> Result<PlanFile, String> {
    plan_file::parse(starter.toml, starter.file, None).map_err(|error| error.to_string())
}

/// Whether a plan that the window is opened with may be somebody else's: every plan but the starters and those without
/// a file.
pub fn is_from_elsewhere(file: &PlanFile, path: Option<&Path>) -> bool {
    let is_starter = || starters::all().iter().any(|starter| starter.toml == file.text());
    path.is_some() || !(file.text().is_empty() || is_starter())
}

/// Reads a saved run (.json) or a plan.
///
/// # Errors
/// One sentence: what, where, and the mend.
pub fn open(path: &Path) -> Result<Opened, String> {
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        let file = plan_file::read(path).map_err(|error| error.to_string())?;
        return Ok(Opened::Plan { file: Box::new(file), path: Some(path.to_owned()) });
    }
    let experiment = document_file::read_file(path).map_err(|error| error.to_string())?;
    Ok(Opened::Experiment { experiment: Box::new(experiment), path: path.to_owned() })
}

/// Writes a file, or says what to ask the user first.
pub fn write(job: Job, existing: Existing) -> FileDone {
    match job {
        Job::Save { saving, draft, then } => save(saving, draft, then, existing),
        Job::Export { path, purpose, experiment, options } => {
            match export::write(&path, existing, &experiment, &options) {
                Ok(()) => FileDone::Exported(Ok(path)),
                Err(ExportError::Exists(_)) => {
                    FileDone::Asks(Question::Exists, Job::Export { path, purpose, experiment, options })
                }
                Err(error) => FileDone::Exported(Err(error.to_string())),
            }
        }
    }
}

fn save(saving: Saving, draft: u64, then: Option<Then>, existing: Existing) -> FileDone {
    if export::for_path(&saving.path).is_ok() {
        let name = saving.path.display();
        return FileDone::Saved(Err(format!(
            "{name}: a plan can't be opened again under a name like this; save it as .toml"
        )));
    }
    match plan_file::save(&saving, existing) {
        Ok(text) => FileDone::Saved(Ok((Saving { text, ..saving }, draft, then))),
        Err(NotSaved::Asks(question)) => FileDone::Asks(question, Job::Save { saving, draft, then }),
        Err(NotSaved::Refused(message)) => FileDone::Saved(Err(message)),
    }
}
