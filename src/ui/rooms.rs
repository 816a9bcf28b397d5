//! What the window asks of the other rooms about files, in one place.

use super::Opened;
use crate::{
    export::{self, ExportOptions},
    model::{Experiment, Plan},
    starters::Starter,
    store::{atomic::Existing, document_file, plan_file},
};
use std::{fs, path::Path};

/// The plan of a starter.
///
/// # Errors
/// The starter is no plan, which its tests rule out.
pub fn starter_plan(starter: &Starter) -> Result<Plan, String> {
    plan_file::parse(starter.toml, starter.file, None).map(|file| file.plan).map_err(|error| error.to_string())
}

/// Reads a saved run (.json) or a plan.
///
/// # Errors
/// One sentence: what, where, and the mend.
pub fn open(path: &Path) -> Result<Opened, String> {
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        let file = plan_file::read(path).map_err(|error| error.to_string())?;
        return Ok(Opened::Plan { plan: Box::new(file.plan), path: Some(path.to_owned()) });
    }
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| format!("{name} could not be read: {error}"))?;
    let experiment = document_file::read(&bytes, &name).map_err(|error| error.to_string())?;
    Ok(Opened::Experiment { experiment: Box::new(experiment), path: path.to_owned() })
}

/// Writes the experiment in the format that the extension names.
///
/// # Errors
/// One sentence: what, where, and the mend.
pub fn export(path: &Path, experiment: &Experiment, options: &ExportOptions) -> Result<(), String> {
    export::write(path, Existing::Replace, experiment, options).map_err(|error| error.to_string())
}
