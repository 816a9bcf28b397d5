//! Reads and writes files in threads of their own, so that a frame never waits for a disk.

use super::{Opened, rooms, state::Purpose};
use crate::{
    export::ExportOptions,
    model::Experiment,
    store::{
        atomic::Existing,
        plan_file::{Question, Saving},
    },
};
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// A file to write.
pub enum Job {
    /// The plan's.
    Save(Saving),
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
            Self::Save(saving) => &saving.path,
            Self::Export { path, .. } => path,
        }
    }

    /// For what another name would be chosen.
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::Save(_) => Purpose::SavePlan,
            Self::Export { purpose, .. } => *purpose,
        }
    }
}

/// A file was read or written, or could not be.
pub enum FileDone {
    /// A plan or a saved run was read.
    Opened(Result<Opened, String>),
    /// The plan was saved; its text is what the file holds now.
    Saved(Result<Saving, String>),
    /// The experiment was exported.
    Exported(Result<PathBuf, String>),
    /// Nothing was written: the user is to say first whether the file may be replaced.
    Asks(Question, Job),
}

/// The threads' results.
pub struct Files {
    sender: Sender<FileDone>,
    done: Receiver<FileDone>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Files {
    /// `wake` is called when a result has come.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        let (sender, done) = unbounded();
        Self { sender, done, wake: Arc::new(wake) }
    }

    /// The next result, without waiting.
    pub fn poll(&self) -> Option<FileDone> {
        self.done.try_recv().ok()
    }

    /// Reads a plan or a saved run.
    pub fn open(&self, path: PathBuf) {
        self.work(move || FileDone::Opened(rooms::open(&path)));
    }

    /// Writes a file; asks before it replaces one that is to be kept.
    pub fn write(&self, job: Job, existing: Existing) {
        self.work(move || rooms::write(job, existing));
    }

    fn work(&self, job: impl FnOnce() -> FileDone + Send + 'static) {
        let (sender, wake) = (self.sender.clone(), self.wake.clone());
        let failed = std::thread::Builder::new().name("file".to_owned()).spawn(move || {
            let _ = sender.send(job());
            wake();
        });
        if let Err(error) = failed {
            let _ = self.sender.send(FileDone::Opened(Err(format!("the system refused a thread: {error}; try again"))));
        }
    }
}
