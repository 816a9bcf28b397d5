//! What the window asks of the other rooms, in one place.
//!
//! SHIM, to be replaced when the branches meet: each function names what takes its place.

use super::Opened;
use crate::{
    model::{
        Experiment, Field, LaunchMode, Plan, Problem, Target, Task,
        document::{Comparison, Document},
    },
    targets::{self, Params, TargetInfo},
};
use std::{fs, path::Path};

/// SHIM for `crate::starters::Starter`.
pub struct Starter {
    pub title: &'static str,
    pub shows: &'static str,
    pub toml: &'static str,
}

/// SHIM for `crate::starters::all()`.
pub fn starters() -> &'static [Starter] {
    &[
        Starter {
            title: "No difference",
            shows: "Counting primes shares nothing: threads and processes take equally long.",
            toml: "schema = 1\nname = \"No difference\"\n[run]\nmode = \"threads\"\nworkers = 0\nrepeat = 5\nwarmup = 1\n[[task]]\nname = \"primes\"\ntarget = \"primes\"\ncount = 4\nargs = { limit = 300000 }\n",
        },
        Starter {
            title: "Start-up cost",
            shows: "Many tiny tasks: what a start costs.",
            toml: "schema = 1\nname = \"Start-up cost\"\n[run]\nmode = \"threads\"\nworkers = 2\nrepeat = 5\nwarmup = 1\n[[task]]\nname = \"nap\"\ntarget = \"sleep\"\ncount = 200\nargs = { seconds = 0.001 }\n",
        },
    ]
}

/// SHIM for `store::plan_file::parse(toml, title, None)`: the plan of a starter.
pub fn starter_plan(starter: &Starter) -> Result<Plan, String> {
    toml::from_str(starter.toml).map_err(|error| error.to_string())
}

/// SHIM for `targets::registry()`.
pub fn targets() -> &'static [TargetInfo] {
    if targets::registry().is_empty() { &SHIM_TARGETS } else { targets::registry() }
}

/// SHIM for `targets::find`.
pub fn find(name: &str) -> Option<&'static TargetInfo> {
    targets().iter().find(|target| target.name == name)
}

/// SHIM for `targets::check::check_plan`.
pub fn check_plan(plan: &Plan, modes: &[LaunchMode]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if plan.tasks.is_empty() {
        problems.push(Problem::of_plan(Field::Plan, "the plan has no tasks; add one"));
    }
    for (index, task) in plan.tasks.iter().enumerate() {
        check_task(index, task, modes, &mut problems);
    }
    problems
}

fn check_task(index: usize, task: &Task, modes: &[LaunchMode], problems: &mut Vec<Problem>) {
    match &task.target {
        Target::Builtin(name) => match find(name) {
            None => problems.push(Problem::of_task(
                index,
                Field::Target,
                format!("`{name}` is no target; choose one of the list"),
            )),
            Some(info) => {
                for problem in Params::resolve(info.params, &task.args).err().unwrap_or_default() {
                    problems.push(Problem::of_task(
                        index,
                        problem.key.map_or(Field::Args, Field::Arg),
                        problem.message,
                    ));
                }
            }
        },
        Target::Program(program) => {
            if program.is_empty() {
                problems.push(Problem::of_task(
                    index,
                    Field::Target,
                    "no program is named; type its name or choose its file",
                ));
            }
            if modes.iter().any(|mode| mode.is_threaded()) {
                problems.push(Problem::of_plan(
                    Field::Run("mode"),
                    format!(
                        "`{}` is a program, which cannot run as a thread; choose processes or sequential",
                        task.name
                    ),
                ));
            }
        }
    }
}

/// SHIM for `analysis::compare::compare`.
pub fn compare(_experiment: &Experiment) -> Vec<Comparison> {
    Vec::new()
}

/// SHIM for `analysis::summary::Table`: one column a setting, one row a metric.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<(String, Vec<String>)>,
}

/// SHIM for `analysis::summary::table`.
pub fn table(experiment: &Experiment) -> Table {
    let settings = experiment.settings();
    let makespans = settings.iter().map(|setting| {
        super::shown::makespans(experiment, *setting)
            .map_or_else(|| "–".to_owned(), |[_, median, ..]| crate::model::duration::human_ns(median))
    });
    Table {
        columns: settings.iter().map(|setting| setting.mode.title().to_owned()).collect(),
        rows: vec![("Makespan".to_owned(), makespans.collect())],
    }
}

/// SHIM for `store::plan_file::read` and the reader of saved runs: a plan (.toml) or a saved run (.json).
pub fn open(path: &Path) -> Result<Opened, String> {
    let refuse = |why: String| format!("could not open {}: {why}", path.display());
    let text = fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
    if path.extension().is_some_and(|extension| extension == "json") {
        let document: Document = serde_json::from_str(&text).map_err(|error| refuse(error.to_string()))?;
        let experiment = Box::new(document.into_experiment());
        return Ok(Opened::Experiment { experiment, path: path.to_owned() });
    }
    let plan: Plan = toml::from_str(&text).map_err(|error| refuse(error.message().to_owned()))?;
    Ok(Opened::Plan { plan: Plan { folder: path.parent().map(Path::to_owned), ..plan }, path: Some(path.to_owned()) })
}

/// SHIM for `store::plan_file::write`.
pub fn write_plan(path: &Path, plan: &Plan) -> Result<(), String> {
    let text = toml::to_string(plan).map_err(|error| error.to_string())?;
    fs::write(path, text).map_err(|error| format!("could not save {}: {error}", path.display()))
}

/// SHIM for the export room: the format follows the extension.
pub fn export(path: &Path, experiment: &Experiment) -> Result<(), String> {
    let document = Document::new(experiment, compare(experiment));
    let bytes = serde_json::to_vec(&document).map_err(|error| error.to_string())?;
    fs::write(path, bytes).map_err(|error| format!("could not write {}: {error}", path.display()))
}

const fn shim(
    name: &'static str,
    group: targets::Group,
    help: &'static str,
    params: &'static [targets::Param],
) -> TargetInfo {
    TargetInfo {
        name,
        group,
        help,
        params,
        result: targets::ResultKind::Count,
        result_help: "",
        quiet_stdout: false,
        work: |_, _| Ok(0),
    }
}

const fn whole(name: &'static str, help: &'static str, default: i64, max: i64) -> targets::Param {
    targets::Param { name, help, unit: None, kind: targets::ParamKind::Int { default, min: 0, max } }
}

static SHIM_TARGETS: [TargetInfo; 3] = [
    shim(
        "primes",
        targets::Group::Compute,
        "Counts primes by trial division; shares nothing, so threads and processes take equally long.",
        &[whole("limit", "Primes up to this number are counted.", 1_000_000, 1_000_000_000)],
    ),
    shim(
        "sleep",
        targets::Group::Behaviour,
        "Sleeps: what is left is the cost of starting and joining.",
        &[targets::Param {
            name: "seconds",
            help: "How long each execution sleeps.",
            unit: Some("s"),
            kind: targets::ParamKind::Float { default: 0.1, min: 0.0, max: 3600.0 },
        }],
    ),
    shim(
        "fail",
        targets::Group::Behaviour,
        "Fails in a way that you choose.",
        &[targets::Param {
            name: "kind",
            help: "How it fails.",
            unit: None,
            kind: targets::ParamKind::Choice {
                default: "panic",
                options: &["panic", "exit", "abort", "segfault", "hang"],
            },
        }],
    ),
];
