//! `spawnscope [PLAN | RUNS.json]`: the window. Without a display the terminal shows the starter's comparison, the check of
//! the plan, or the report of the runs.

use super::{
    Status,
    args::{CompareArgs, Shared},
    check, compare, exit, export, load,
    load::Loaded,
    report, screen,
};
use model::Experiment;
use std::path::{Path, PathBuf};
use store::plan_file::{PlanFile, nearest, shown};

/// What the window opens with.
#[derive(Clone, Debug)]
pub enum Content {
    /// A plan, and its file; a starter plan has none.
    Plan(Box<PlanFile>, Option<PathBuf>),
    /// Saved runs, and their file.
    Runs(Box<Experiment>, PathBuf),
}

/// Opens the window, and returns when it is closed; an error is one sentence that says why it can't be opened.
pub type Window = fn(Content) -> Result<(), String>;

/// Opens the window, or does its main job in the terminal.
pub fn open(file: Option<&Path>, window: Window) -> Status {
    match file {
        Some(path) if is_runs(path) => open_runs(path, window),
        _ => open_plan(file, window),
    }
}

fn is_runs(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

fn open_runs(path: &Path, window: Window) -> Status {
    let experiment = export::read(path)?;
    if let Err(reason) = window(Content::Runs(Box::new(experiment.clone()), path.to_owned())) {
        screen::complain(format_args!("{reason}; here are the runs in the terminal."));
        screen::print(&format!("{}\n", report::report(&experiment)))?;
    }
    Ok(exit::SUCCESS)
}

fn open_plan(path: Option<&Path>, window: Window) -> Status {
    refuse_mistyped_verb(path)?;
    let loaded = load::load(path).map_err(|error| error.to_string())?;
    // A plan from stdin has no file.
    let named = path.filter(|path| *path != Path::new("-"));
    let opened = window(Content::Plan(Box::new(loaded.file.clone()), named.map(Path::to_owned)));
    match (opened, path) {
        (Ok(()), _) => Ok(exit::SUCCESS),
        // The starter comes with the program, so it may run without asking.
        (Err(reason), None) => {
            screen::complain(format_args!("{reason}; here is the comparison in the terminal."));
            compare::compare(CompareArgs { modes: None, workers: None, shared: Shared::default() })
        }
        (Err(reason), Some(path)) => {
            screen::complain(format_args!("{reason}; here is the plan in the terminal."));
            look(&loaded, path)
        }
    }
}

/// Checks the plan: opening it must not execute any of it.
fn look(loaded: &Loaded, path: &Path) -> Status {
    let status = check::tell(loaded)?;
    if status == exit::SUCCESS {
        let path = path.display();
        screen::print(&format!("Nothing was run; to run it: spawnscope run {path}, or spawnscope compare {path}\n"))?;
    }
    Ok(status)
}

/// A word that is not a file is more likely a mistyped command than a plan.
fn refuse_mistyped_verb(path: Option<&Path>) -> Result<(), String> {
    const VERBS: [&str; 7] = ["run", "compare", "sweep", "export", "check", "targets", "new"];
    let word = path.filter(|path| path.extension().is_none() && !path.exists()).and_then(Path::to_str);
    let Some((word, verb)) = word.and_then(|word| Some((word, nearest(word, VERBS)?))) else { return Ok(()) };
    Err(format!("there is no command and no file `{}`; did you mean `spawnscope {verb}`?", shown(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_verb_is_told_from_a_plan() {
        let said = |word: &str| refuse_mistyped_verb(Some(Path::new(word)));
        assert!(said("comapre").expect_err("mistyped").contains("`spawnscope compare`"));
        assert_eq!((said("plan.toml"), said("something")), (Ok(()), Ok(())));
        assert_eq!(refuse_mistyped_verb(None), Ok(()));
    }

    #[test]
    fn saved_runs_are_told_from_plans_by_their_extension() {
        assert!(is_runs(Path::new("a/b.JSON")) && !is_runs(Path::new("json")) && !is_runs(Path::new("b.toml")));
    }
}
