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
    /// The plan's file.
    Save {
        /// What is saved, and where.
        saving: Saving,
        /// The draft that is saved, by its number: another may have come in its place when it is done.
        draft: u64,
        /// What goes on once it is saved.
        then: Option<Then>,
    },
    /// A chart, a table or a document, in the format that the extension names.
    Export {
        /// The file to write.
        path: PathBuf,
        /// What the path was chosen for.
        purpose: Purpose,
        /// The experiment.
        experiment: Arc<Experiment>,
        /// The appearance and the contents of charts and documents.
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

    /// The purpose for which another name would be chosen.
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
    /// The plan was saved, and its text is what the file holds now; with its draft's number, and what goes on then.
    Saved(Result<(Saving, u64, Option<Then>), String>),
    /// The experiment was exported.
    Exported(Result<PathBuf, String>),
    /// Nothing was written: the user is asked first whether the file may be replaced.
    Asks(Question, Job),
    /// What the plan would execute is known.
    Executes(Box<Looked>),
    /// What the user allowed was remembered, or could not be.
    Allowed(Result<(), String>),
}

/// What a plan would execute, about which the user is asked before its first run.
pub struct Looked {
    /// The command that would run it.
    pub command: UiCommand,
    /// The revision of the plan that was looked at.
    pub revision: u64,
    /// The plan's file, or the saved run that it is from; absent where there is neither.
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
    /// `ask` knows what the user trusts.
    pub fn new(ask: Arc<dyn Ask>, background: Background) -> Self {
        Self { ask, background }
    }

    /// Reads a plan or a saved run.
    pub fn open(&self, path: PathBuf) {
        self.work(move || FileDone::Opened(rooms::open(&path)));
    }

    /// Writes a file; an existing one is replaced only where `existing` says so, else the user is asked.
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

    /// Remembers a plan that its user has saved as made here.
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
