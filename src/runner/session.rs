//! What a runner and its workers know of their run: the request, the slots, the FIFO of texts.

use model::{Measure, Stage};
use protocol::{
    PLAN_FILE, PROTOCOL, SLOTS_FILE, TEXTS_FILE,
    request::{RunRequest, WorkRequest},
    slots::{Head, Reported, Slot, Slots, Word},
    text::{self, Text},
};
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};
use targets::{self, Params, TargetInfo};

/// What a runner and its workers know of their run.
pub struct Session {
    pub folder: PathBuf,
    pub request: RunRequest,
    pub slots: Slots,
    /// Whether executions note their states: the request asks for it, and the kernel has the clocks.
    pub states: bool,
    texts: File,
    works: Vec<Work>,
    /// The first execution of each task, then the number of all executions.
    firsts: Vec<usize>,
}

/// What an execution does, ready to run.
pub enum Work {
    Builtin(&'static TargetInfo, Params),
    Program { path: PathBuf, task: usize },
}

impl Session {
    /// Opens the run's folder. The session is never freed: the process serves this one run.
    pub fn open(folder: &Path) -> io::Result<&'static Self> {
        let plan = std::fs::read(folder.join(PLAN_FILE))?;
        let request: RunRequest = serde_json::from_slice(&plan)?;
        if request.protocol != PROTOCOL {
            return Err(io::Error::other(format!("the host speaks protocol {}, not {PROTOCOL}", request.protocol)));
        }
        let works = (0..request.tasks.len()).map(|task| work_of(&request, task)).collect::<io::Result<_>>()?;
        let mut firsts = vec![0];
        for task in &request.tasks {
            firsts.push(firsts[firsts.len() - 1] + task.count as usize);
        }
        let slots = Slots::open(&folder.join(SLOTS_FILE))?;
        let texts = File::options().write(true).open(folder.join(TEXTS_FILE))?;
        // Asked once, so that on a kernel without the clock no execution pays for it.
        let states = request.measure >= Measure::States && os::tells_run_queue();
        Ok(Box::leak(Box::new(Self { folder: folder.to_owned(), request, slots, states, texts, works, firsts })))
    }

    /// How many executions the run has.
    pub fn count(&self) -> usize {
        self.firsts[self.firsts.len() - 1]
    }

    /// The most executions in flight at a time.
    pub fn limit(&self) -> usize {
        match self.request.workers as usize {
            0 => self.count().max(1),
            workers => workers.min(self.count().max(1)),
        }
    }

    /// The task of an execution, and which of the task's instances it is.
    pub fn task_of(&self, execution: usize) -> (usize, usize) {
        let task = self.firsts.partition_point(|first| *first <= execution) - 1;
        (task, execution - self.firsts[task])
    }

    pub fn work(&self, execution: usize) -> &Work {
        &self.works[self.task_of(execution).0]
    }

    pub fn slot(&self, execution: usize) -> Slot<'_> {
        self.slots.slot(execution)
    }

    /// Stamps a stage of an execution with the present instant.
    pub fn stamp(&self, execution: usize, stage: Stage) {
        self.slot(execution).stamp(stage, os::monotonic_ns());
    }

    /// Whether the host wants nothing more to be launched.
    pub fn stopping(&self) -> bool {
        self.slots.head(Head::Stop) != 0
    }

    /// Stamps the creation of every execution.
    pub fn create_all(&self) {
        (0..self.count()).for_each(|execution| self.stamp(execution, Stage::Created));
    }

    pub fn say(&self, text: &Text) {
        text::send(&self.texts, text);
    }

    /// Sends the sentence that says why an execution did not succeed.
    pub fn say_message(&self, execution: usize, message: &str) {
        text::send_message(&self.texts, execution as u32, message);
    }

    pub fn say_output(&self, execution: usize, stderr: bool, bytes: u64, tail: &str) {
        text::send_output(&self.texts, execution as u32, stderr, bytes, tail);
    }

    /// Notes that the system refused to start an execution.
    pub fn could_not_start(&self, execution: usize, error: &io::Error) {
        let hint = os::limit_hint(error);
        self.say_message(execution, &format!("{error}{hint}"));
        self.slot(execution).set(Word::Verdict, Reported::CouldNotStart as i64);
    }

    /// Whether a target writes to stdout only to measure the writing.
    pub fn wants_quiet_stdout(&self) -> bool {
        self.works.iter().any(|work| matches!(work, Work::Builtin(target, _) if target.quiet_stdout))
    }

    /// Whether a task is a program.
    pub fn has_programs(&self) -> bool {
        self.works.iter().any(|work| matches!(work, Work::Program { .. }))
    }
}

fn work_of(request: &RunRequest, task: usize) -> io::Result<Work> {
    let unknown = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    match &request.tasks[task].work {
        WorkRequest::Program { path, .. } => Ok(Work::Program { path: path.clone(), task }),
        WorkRequest::Python { function, .. } => Err(unknown(format!("`{function}` is for a Python interpreter"))),
        WorkRequest::Builtin { target, args } => {
            let info = targets::find(target).ok_or_else(|| unknown(format!("unknown target `{target}`")))?;
            let params = Params::resolve(info.params, args);
            params.map(|params| Work::Builtin(info, params)).map_err(|problems| {
                let first = problems.into_iter().next().map_or_else(String::new, |problem| problem.message);
                unknown(format!("{target}: {first}"))
            })
        }
    }
}
