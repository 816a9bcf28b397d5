//! `spawnscope trust`: which interpreters may be started while a plan is only looked at, and which plans the window runs
//! without first showing what they execute.

use super::{Status, args::TrustArgs, exit, load, screen};
use engine::request::executes::executes;
use interpreters::{self, unasked_of};
use model::{Choice, Plan, Trusted};
use std::path::{Path, PathBuf};
use store::trusted_file;

/// Trusts the interpreters and plans of these paths, or trusts them no longer; without a path, lists what is trusted.
pub fn trust(args: &TrustArgs) -> Status {
    let mut lines = Vec::new();
    if args.paths.is_empty() {
        let path = trusted_file::path().map(|path| trusted_file::read(&path)).transpose()?.unwrap_or_default();
        lines.extend(path.interpreters.iter().chain(&path.plans).map(|known| known.path.display().to_string()));
        if lines.is_empty() {
            lines.push("Nothing is trusted; name an interpreter, a virtual environment or a plan".to_owned());
        }
    }
    for path in &args.paths {
        lines.extend(if args.forget { forget(path)? } else { allow(path)? });
    }
    screen::print(&(lines.join("\n") + "\n"))?;
    Ok(exit::SUCCESS)
}

fn forget(path: &Path) -> Result<Vec<String>, String> {
    let mut count = 0;
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    trusted_file::change(|trusted| count = trusted.forget(&path))?;
    match count {
        0 => Err(format!("nothing is trusted at {}; `spawnscope trust` lists what is", path.display())),
        _ => Ok(vec![format!("No longer trusted: {}", path.display())]),
    }
}

fn allow(path: &Path) -> Result<Vec<String>, String> {
    if path.extension().is_some_and(|extension| extension == "toml") {
        let plan = load::load(Some(path)).map_err(|error| error.to_string())?.file.plan;
        let mut trusted = remember(&plan, &own_choices(&plan))?;
        trusted.extend(remember_plan(&plan, path)?);
        return Ok(match trusted.is_empty() {
            true => vec![format!("{}: there is nothing to trust that is not trusted already", path.display())],
            false => said(&trusted),
        });
    }
    let file = interpreters::interpreter_at(path)?;
    remember_files(std::slice::from_ref(&file))?;
    Ok(said(&[file]))
}

fn said(files: &[PathBuf]) -> Vec<String> {
    files.iter().map(|file| format!("Trusted: {}", file.display())).collect()
}

/// The choices that the plan itself names: its own mode, and those that it compares.
pub fn own_choices(plan: &Plan) -> Vec<Choice> {
    let mut choices = vec![plan.choice()];
    choices.extend(plan.run.compare.iter().filter(|choice| **choice != plan.choice()));
    choices
}

/// Trusts the interpreters that a plan names in these choices; returns those that were not trusted before.
///
/// # Errors
/// One sentence: an interpreter can't be read, or the file of trusted things can't be written.
pub fn remember(plan: &Plan, choices: &[Choice]) -> Result<Vec<PathBuf>, String> {
    let files = unasked_of(plan, choices, &trusted_file::remembered());
    if !files.is_empty() {
        remember_files(&files)?;
    }
    Ok(files)
}

/// Trusts a plan that executes something that is not part of Spawnscope; returns its file if it was not trusted before.
fn remember_plan(plan: &Plan, path: &Path) -> Result<Option<PathBuf>, String> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known = trusted_file::remembered();
    let executes = executes(plan, &plan.all_choices(), &known);
    if executes.list.is_empty() || known.has_plan(&path, &executes.identity) {
        return Ok(None);
    }
    trusted_file::change(|trusted| trusted.allow_plan(path.clone(), executes.identity))?;
    Ok(Some(path))
}

fn remember_files(files: &[PathBuf]) -> Result<(), String> {
    let mut allowed = Trusted::default();
    files.iter().try_for_each(|file| interpreters::allow(file, &mut allowed))?;
    trusted_file::change(|trusted| allowed.interpreters.into_iter().for_each(|it| trusted.allow(it.path, it.identity)))
}
