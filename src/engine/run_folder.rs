//! The folder of one run: the request, the slots, the FIFO of texts.

use crate::{
    interpreters::{WORKLOADS_MODULE, WORKLOADS_SOURCE},
    os,
    protocol::{
        PLAN_FILE, PYTHON_RUNNER_FILE, SENDING_FILE, SLOTS_FILE, TEXTS_FILE,
        request::RunRequest,
        sending::{self, SendingFile},
        slots::Slots,
        text::Text,
    },
};
use crossbeam_channel::{Receiver, unbounded};
use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader},
    path::Path,
    sync::Arc,
    thread::JoinHandle,
};
use tempfile::TempDir;

/// The runner of Python functions: the whole of it.
const PYTHON_RUNNER: &str = include_str!("../../resources/python/runner.py");

/// The folder of one run; it is removed with this.
pub struct RunFolder {
    folder: TempDir,
    pub slots: Arc<Slots>,
    /// What is sent for each execution; absent where nothing is.
    pub sending: Option<Arc<SendingFile>>,
}

impl RunFolder {
    /// Makes it in the first place that has room for it.
    ///
    /// # Errors
    /// No place has; a sentence that names each with the system's reason.
    pub fn create(request: &RunRequest) -> io::Result<Self> {
        let mut refused = Vec::new();
        for root in os::run_folder_roots() {
            match Self::create_in(&root, request) {
                Ok(folder) => return Ok(folder),
                Err(error) => refused.push(format!("in {}: {error}", root.display())),
            }
        }
        Err(io::Error::other(format!(
            "there is no room for the run's folder ({}); free some, or let TMPDIR name a folder that has some",
            refused.join("; ")
        )))
    }

    fn create_in(root: &Path, request: &RunRequest) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("spawnscope-").tempdir_in(root)?;
        std::fs::write(folder.path().join(PLAN_FILE), serde_json::to_vec(request)?)?;
        if request.python.is_some() {
            std::fs::write(folder.path().join(PYTHON_RUNNER_FILE), PYTHON_RUNNER)?;
            let workloads = format!("{WORKLOADS_MODULE}.py");
            std::fs::write(folder.path().join(workloads), WORKLOADS_SOURCE)?;
        }
        let (count, memory) =
            (request.executions(), |name, bytes| os::share_memory_at(&folder.path().join(name), bytes));
        let slots = Slots::begin(memory(SLOTS_FILE, Slots::file_bytes(count))?, count)?;
        let sends = request.python.is_some() && sending::is_wanted(request.mode, request.start_method);
        let sending = || SendingFile::begin(memory(SENDING_FILE, SendingFile::file_bytes(count))?, count);
        let sending = sends.then(sending).transpose()?;
        os::make_fifo(&folder.path().join(TEXTS_FILE))?;
        Ok(Self { folder, slots: Arc::new(slots), sending: sending.map(Arc::new) })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Reads the texts of a run in a thread of its own.
pub struct Texts {
    /// Kept open so that the reader does not see an end before the runner has opened it.
    keep_open: Option<File>,
    pub inbox: Receiver<Text>,
    reader: Option<JoinHandle<()>>,
}

impl Texts {
    /// Opens the FIFO and starts reading.
    ///
    /// # Errors
    /// The FIFO can't be opened, or no thread started.
    pub fn listen(folder: &RunFolder) -> io::Result<Self> {
        let path = folder.path().join(TEXTS_FILE);
        // Read and write: opening a FIFO for one of them alone waits for the other side.
        let keep_open = OpenOptions::new().read(true).write(true).open(&path)?;
        let stream = File::open(&path)?;
        let (outbox, inbox) = unbounded();
        let read = move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                match serde_json::from_slice(&line) {
                    Ok(text) => drop(outbox.send(text)),
                    Err(error) => tracing::warn!("a text that can't be read: {error}"),
                }
            }
        };
        let reader = std::thread::Builder::new().name("texts".to_owned()).spawn(read)?;
        Ok(Self { keep_open: Some(keep_open), inbox, reader: Some(reader) })
    }

    /// The runner is gone: reads to the end what it and its children have said.
    pub fn finish(&mut self) {
        drop(self.keep_open.take());
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}
