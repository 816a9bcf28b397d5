//! Reads and writes files in threads of their own, so that a frame never waits for a disk.

use super::{Opened, rooms};
use crate::{
    export::ExportOptions,
    model::{Experiment, Plan},
    store::plan_file,
};
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::path::PathBuf;

/// A file was read or written, or could not be.
pub enum FileDone {
    /// A plan or a saved run was read.
    Opened(Result<Opened, String>),
    /// The plan was saved.
    Saved(Result<(PathBuf, Box<Plan>), String>),
    /// The experiment was exported.
    Exported(Result<PathBuf, String>),
}

/// The threads' results.
pub struct Files {
    sender: Sender<FileDone>,
    done: Receiver<FileDone>,
    wake: std::sync::Arc<dyn Fn() + Send + Sync>,
}

impl Files {
    /// `wake` is called when a result has come.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        let (sender, done) = unbounded();
        Self { sender, done, wake: std::sync::Arc::new(wake) }
    }

    /// The next result, without waiting.
    pub fn poll(&self) -> Option<FileDone> {
        self.done.try_recv().ok()
    }

    /// Reads a plan or a saved run.
    pub fn open(&self, path: PathBuf) {
        self.work(move || FileDone::Opened(rooms::open(&path)));
    }

    /// Writes the plan.
    pub fn save(&self, path: PathBuf, plan: Plan) {
        self.work(move || FileDone::Saved(plan_file::write(&path, &plan).map(|()| (path, Box::new(plan)))));
    }

    /// Writes the experiment in the format that the extension names.
    pub fn export(&self, path: PathBuf, experiment: Experiment, options: ExportOptions) {
        self.work(move || FileDone::Exported(rooms::export(&path, &experiment, &options).map(|()| path)));
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
