//! Loads and checks the plan of a command.

use interpreters::{Consent, check_python};
use model::{Choice, Plan, Problem};
use std::{io::Read, path::Path};
use store::plan_file::{self, PlanError, PlanFile, located};
use targets::check::check_plan;

/// A plan with the name of its file.
pub struct Loaded {
    pub file: PlanFile,
    pub name: String,
}

/// Reads the plan at `path`; `-` is stdin, `None` the first starter plan.
pub fn load(path: Option<&Path>) -> Result<Loaded, PlanError> {
    match path {
        None => starter(),
        Some(path) if path == Path::new("-") => stdin(),
        Some(path) => Ok(Loaded { file: plan_file::read(path)?, name: path.display().to_string() }),
    }
}

fn starter() -> Result<Loaded, PlanError> {
    let starter = &starters::all()[0];
    Ok(Loaded { file: plan_file::parse(starter.toml, starter.file, None)?, name: starter.file.to_owned() })
}

fn stdin() -> Result<Loaded, PlanError> {
    const NAME: &str = "stdin";
    let mut bytes = Vec::new();
    // If stdin can't be read, the plan is empty, and is refused for that.
    let _ = std::io::stdin().take(16 << 20).read_to_end(&mut bytes);
    let folder = std::env::current_dir().ok();
    let text = String::from_utf8_lossy(&bytes);
    Ok(Loaded { file: plan_file::parse(&text, NAME, folder.as_deref())?, name: NAME.to_owned() })
}

impl Loaded {
    /// Every problem of the plan in these choices: a line each, with its place in the file.
    pub fn problems(&self, choices: &[Choice], consent: Consent<'_>) -> Vec<String> {
        let mut problems = check_plan(&self.file.plan, choices);
        // Only a plan without other problems is worth asking an interpreter.
        if problems.is_empty() {
            problems = check_python(&self.file.plan, choices, consent);
        }
        problems.into_iter().map(|problem| self.line(problem)).collect()
    }

    /// A problem with its place in the file.
    pub fn line(&self, problem: Problem) -> String {
        match self.file.spans.locate(&problem) {
            Some(place) => located(&self.name, place, problem.message),
            None => format!("{}: {}", self.name, problem.message),
        }
    }

    /// The plan, if it can be run in these choices; else its first problem, and how many more there are. The user has asked
    /// for a run, so the check may execute interpreters that the plan names.
    pub fn into_plan(self, choices: &[Choice]) -> Result<Plan, String> {
        let problems = self.problems(choices, Consent::Running);
        match problems.as_slice() {
            [] => Ok(self.file.plan),
            [only] => Err(only.clone()),
            [first, more @ ..] => Err(format!("{first} (and {} more: `spawnscope check` lists them)", more.len())),
        }
    }
}
