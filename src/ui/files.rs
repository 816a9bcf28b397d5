//! Reads and writes files in the background, so that a frame never waits for a disk.

use super::{
    Opened,
    background::{Background, Done, Work},
    command::UiCommand,
    python::Ask,
    rooms,
    state::{Purpose, Then},
};
use engine::request::executes::Executes;
use export::ExportOptions;
use model::{Experiment, Plan};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{
    atomic::Existing,
    plan_file::{Question, Saving},
};

/// A file to write.
pub enum Job {
    /// The plan's.
    Save {
        /// What, and where to.
        saving: Saving,
        /// What goes on once it is saved.
        then: Option<Then>,
    },
    /// A chart, a table or a document, in the format that the extension names.
    Export {
        /// Where to.
        path: PathBuf,
        /// For what the path was chosen.
        purpose: Purpose,
        /// What.
        experiment: Arc<Experiment>,
        /// How it looks.
        options: ExportOptions,
    },
}

impl Job {
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Save { saving, .. } => &saving.path,
            Self::Export { path, .. } => path,
        }
    }

    /// For what another name would be chosen.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::Save { then, .. } => Purpose::SavePlan(then),
            Self::Export { purpose, .. } => purpose,
        }
    }
}

/// A file was read or written, or could not be.
pub enum FileDone {
    /// A plan or a saved run was read.
    Opened(Result<Opened, String>),
    /// The plan was saved; its text is what the file holds now. What goes on then.
    Saved(Result<(Saving, Option<Then>), String>),
    /// The experiment was exported.
    Exported(Result<PathBuf, String>),
    /// Nothing was written: the user is to say first whether the file may be replaced.
    Asks(Question, Job),
    /// What the plan would execute was found out.
    Executes(Box<Looked>),
    /// What was allowed is remembered.
    Allowed(Result<(), String>),
}

/// What a plan would execute, which is asked about before its first run.
pub struct Looked {
    /// What was to be done.
    pub command: UiCommand,
    /// The plan as it was, by its revision.
    pub revision: u64,
    /// Where the plan is from, where that is a file.
    pub path: Option<PathBuf>,
    /// What it would execute.
    pub executes: Executes,
    /// Whether the user has allowed that before.
    pub known: bool,
}

/// Reads and writes files.
pub struct Files {
    ask: Arc<dyn Ask>,
    background: Background,
}

impl Files {
    /// What is trusted, `ask` knows.
    pub fn new(ask: Arc<dyn Ask>, background: Background) -> Self {
        Self { ask, background }
    }

    /// Reads a plan or a saved run.
    pub fn open(&self, path: PathBuf) {
        self.work(move || FileDone::Opened(rooms::open(&path)));
    }

    /// Writes a file; asks before it replaces one that is to be kept.
    pub fn write(&self, job: Job, existing: Existing) {
        self.work(move || rooms::write(job, existing));
    }

    /// Finds out what a plan would execute, for a command that is to run it.
    pub fn look(&self, command: UiCommand, plan: Plan, revision: u64, path: Option<PathBuf>) {
        let ask = self.ask.clone();
        self.work(move || {
            let (executes, known) = ask.executes(&plan, &plan.all_choices(), path.as_deref());
            FileDone::Executes(Box::new(Looked { command, revision, path, executes, known }))
        });
    }

    /// Remembers that interpreters may be asked, and that a plan may be run, by its file and what it executes.
    pub fn allow(&self, interpreters: Vec<PathBuf>, plan: Option<(PathBuf, String)>) {
        let ask = self.ask.clone();
        self.work(move || {
            let plan = plan.as_ref().map(|(path, identity)| (path.as_path(), identity.as_str()));
            FileDone::Allowed(ask.allow(&interpreters, plan))
        });
    }

    /// Remembers that a plan was made here: it was saved by its user.
    pub fn made_here(&self, plan: Plan, path: PathBuf) {
        let ask = self.ask.clone();
        self.work(move || {
            let (executes, known) = ask.executes(&plan, &plan.all_choices(), Some(&path));
            let is_needed = !known && !executes.list.is_empty();
            let remember = || ask.allow(&[], Some((&path, &executes.identity)));
            FileDone::Allowed(if is_needed { remember() } else { Ok(()) })
        });
    }

    fn work(&self, job: impl FnOnce() -> FileDone + Send + 'static) {
        self.background.run(Work::File, move || Done::File(job()));
    }
}
