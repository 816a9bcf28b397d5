//! What a front end requests: a plan, and which runs of it.

pub mod executes;

use interpreters::{self, Consent};
use model::{Args, Choice, Interpreter, Plan, Setting, StartMethod, SweepAxis, Target, Task};
use protocol::{
    PROTOCOL,
    request::{PythonRequest, RunRequest, TaskRequest, WorkRequest},
};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use targets::check::{absolute, resolve_program};

/// A plan, and which runs of it to make.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to run, with its settings.
    pub plan: Plan,
    /// In which modes to run it: one for a run; two or more, interleaved, for a comparison.
    pub choices: Vec<Choice>,
    /// What to vary; absent if this is no sweep.
    pub sweep: Option<SweepAxis>,
    /// Whether to run it sequentially now and then, so that a speedup can be computed.
    pub baseline: bool,
    /// How long to wait before the first run: a window was just clicked, and its drawing should not disturb the run.
    pub settle: Duration,
}

impl Request {
    /// A run in the plan's own mode.
    pub fn run(plan: Plan) -> Self {
        let choice = plan.choice();
        Self::run_in(plan, choice)
    }

    /// A run in this choice.
    pub fn run_in(plan: Plan, choice: Choice) -> Self {
        let choices = vec![choice];
        Self { plan, choices, sweep: None, baseline: false, settle: Duration::ZERO }
    }

    /// The plan in two or more modes, interleaved, with the sequential baseline; in one mode only, if all are the same.
    pub fn compare(plan: Plan, choices: Vec<Choice>) -> Self {
        let choices = distinct(&plan, choices);
        Self { plan, choices, sweep: None, baseline: true, settle: Duration::ZERO }
    }

    /// The plan at every point of a sweep in one or more modes, interleaved.
    pub fn sweep(plan: Plan, choices: Vec<Choice>, axis: SweepAxis) -> Self {
        let choices = distinct(&plan, choices);
        Self { plan, choices, sweep: Some(axis), baseline: false, settle: Duration::ZERO }
    }
}

/// The choices that differ. One execution of a program is the same in all modes, so one choice is enough: the plan's
/// own, if it is among them.
fn distinct(plan: &Plan, choices: Vec<Choice>) -> Vec<Choice> {
    if !plan.is_one_program() {
        return choices;
    }
    let own = choices.iter().find(|choice| choice.mode == plan.run.mode);
    own.or(choices.first()).copied().into_iter().collect()
}

impl Request {
    /// The plan as it is run in a setting: in a sweep over an argument, with the setting's value.
    pub(super) fn plan_of(&self, setting: Setting) -> Cow<'_, Plan> {
        let (Some(SweepAxis::Argument { task: name, key, .. }), Some(value)) = (&self.sweep, setting.argument) else {
            return Cow::Borrowed(&self.plan);
        };
        let mut plan = self.plan.clone();
        for task in plan.tasks.iter_mut().filter(|task| task.name == *name) {
            // The check before the first run has refused arguments that can't be set.
            if let Ok(with) = task.with_argument(key, value) {
                *task = with;
            }
        }
        Cow::Owned(plan)
    }
}

/// How to start a process if nothing was requested: by fork, if the system can.
pub fn usual_start_method() -> StartMethod {
    if os::has_fork() { StartMethod::Fork } else { StartMethod::Spawn }
}

/// The request that a runner gets: names resolved, defaults left to the registry, folders absolute.
///
/// # Errors
/// A program no longer exists.
pub(super) fn to_runner(plan: &Plan, setting: Setting) -> io::Result<RunRequest> {
    Ok(RunRequest {
        protocol: PROTOCOL,
        mode: setting.mode,
        start_method: setting.start_method.unwrap_or_else(usual_start_method),
        workers: setting.workers,
        measure: plan.run.measure,
        python: setting.interpreter.map(|_| python_request(plan)),
        tasks: plan
            .tasks
            .iter()
            .filter(|task| setting.runs(task))
            .map(|task| task_request(plan, task))
            .collect::<io::Result<_>>()?,
    })
}

/// The interpreter to execute.
///
/// # Errors
/// It no longer exists.
pub(super) fn interpreter(plan: &Plan, word: Interpreter) -> io::Result<PathBuf> {
    let probed = interpreters::probe(word.word(), plan.folder.as_deref(), Consent::Running);
    probed.map(|it| it.executable).map_err(io::Error::other)
}

/// The folder and the environment in which an interpreter starts.
pub(super) struct Surroundings {
    pub(super) cwd: Option<PathBuf>,
    /// Added to the environment before the interpreter starts.
    pub(super) env: BTreeMap<String, String>,
}

/// The surroundings that a plan's Python functions share; the check has refused plans in which they differ.
pub(super) fn surroundings(plan: &Plan) -> Surroundings {
    let task = plan.tasks.iter().find(|task| task.target.is_python());
    let cwd = task.and_then(|task| task.cwd.as_deref());
    let folder = plan.folder.as_deref();
    Surroundings {
        cwd: (folder.is_some() || cwd.is_some()).then(|| absolute(cwd.unwrap_or_default(), folder)),
        env: task.map(|task| task.env.clone()).unwrap_or_default(),
    }
}

fn python_request(plan: &Plan) -> PythonRequest {
    let ns = |limit: Duration| u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
    PythonRequest {
        folder: plan.folder.as_deref().map(|folder| absolute("", Some(folder))),
        join_timeout_ns: plan.run.join_timeout.map(ns),
        load_timeout_ns: Some(ns(plan.run.load_timeout)),
        start_again: plan.run.start_again,
    }
}

fn task_request(plan: &Plan, task: &Task) -> io::Result<TaskRequest> {
    let folder = plan.folder.as_deref();
    let work = match &task.target {
        Target::Builtin(target) => WorkRequest::Builtin { target: target.clone(), args: task.args.clone() },
        Target::Python(python) => WorkRequest::Python {
            file: python.is_file().then(|| absolute(&python.source, folder)),
            module: (!python.is_file()).then(|| python.source.clone()),
            function: python.function.clone(),
            args: match &task.args {
                Args::List(list) => list.clone(),
                Args::Named(_) => Vec::new(),
            },
            kwargs: task.kwargs.clone(),
        },
        Target::Program(program) => WorkRequest::Program {
            path: resolve_program(program, folder).map_err(io::Error::other)?,
            args: task.args.words(),
            env: task.env.clone(),
            cwd: working_folder(folder, task.cwd.as_deref()),
        },
    };
    Ok(TaskRequest { name: task.name.clone(), count: task.count, work })
}

fn working_folder(folder: Option<&Path>, cwd: Option<&str>) -> Option<PathBuf> {
    match (folder, cwd) {
        (Some(folder), Some(cwd)) => Some(folder.join(cwd)),
        (Some(folder), None) => Some(folder.to_owned()).filter(|folder| !folder.as_os_str().is_empty()),
        (None, cwd) => cwd.map(PathBuf::from),
    }
}
