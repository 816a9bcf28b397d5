//! What a front end asks for: a plan, and which runs of it.

use crate::{
    model::{LaunchMode, Plan, RunSetting, StartMethod, Target, Task},
    protocol::{
        PROTOCOL,
        request::{RunRequest, TaskRequest, WorkRequest},
    },
    targets::check::resolve_program,
};
use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

/// A plan, and which runs of it to make.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to run, with its settings.
    pub plan: Plan,
    /// The modes to run it in: one for a run; for a comparison two or more, interleaved.
    pub modes: Vec<LaunchMode>,
    /// Whether to run it sequentially too, now and then, so that a speedup can be told.
    pub baseline: bool,
    /// How long to wait before the first run: a window has just been clicked, and what it draws of that is not to fall
    /// into the run.
    pub settle: Duration,
}

impl Request {
    /// One run setting: the plan's own mode.
    pub fn run(plan: Plan) -> Self {
        let modes = vec![plan.run.mode];
        Self { plan, modes, baseline: false, settle: Duration::ZERO }
    }

    /// The plan in two or more modes, interleaved, with the sequential baseline.
    pub fn compare(plan: Plan, modes: Vec<LaunchMode>) -> Self {
        Self { plan, modes, baseline: true, settle: Duration::ZERO }
    }
}

/// The request that a runner gets: names resolved, defaults left to the registry, folders absolute.
///
/// # Errors
/// A program is not there any more.
pub(super) fn to_runner(plan: &Plan, setting: RunSetting) -> io::Result<RunRequest> {
    Ok(RunRequest {
        protocol: PROTOCOL,
        mode: setting.mode,
        start_method: setting.start_method.unwrap_or_else(StartMethod::system_default),
        workers: setting.workers,
        tasks: plan.tasks.iter().map(|task| task_request(plan, task)).collect::<io::Result<_>>()?,
    })
}

fn task_request(plan: &Plan, task: &Task) -> io::Result<TaskRequest> {
    let folder = plan.folder.as_deref();
    let work = match &task.target {
        Target::Builtin(target) => WorkRequest::Builtin { target: target.clone(), args: task.args.clone() },
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
