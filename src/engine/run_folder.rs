//! The folder of one run: the request, the slots, the FIFO of texts.

use super::{
    orphans,
    python_runner::PYTHON_RUNNER,
    reading::{LetGo, Reading},
};
use crossbeam_channel::{Receiver, unbounded};
use interpreters::{WORKLOADS_MODULE, WORKLOADS_SOURCE};
use os::{self, HeldFolder};
use protocol::{
    PLAN_FILE, PYTHON_RUNNER_FILE, SENDING_FILE, SLOTS_FILE, TEXTS_FILE,
    request::RunRequest,
    sending::{self, SendingFile},
    slots::Slots,
    text::{MAX_LINE, Text},
};
use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
    sync::{Arc, Once},
};

/// The folder of one run; dropping this removes it.
pub struct RunFolder {
    folder: HeldFolder,
    pub slots: Arc<Slots>,
    /// What is sent for each execution; absent if nothing is.
    pub sending: Option<Arc<SendingFile>>,
}

impl RunFolder {
    /// Creates it in the first place that has room.
    ///
    /// # Errors
    /// No place has room; one sentence names each place with the system's reason.
    pub fn create(request: &RunRequest) -> io::Result<Self> {
        static SWEPT: Once = Once::new();
        SWEPT.call_once(orphans::sweep);
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
        let folder = HeldFolder::make_in(root, "")?;
        // The request holds a plan's environment.
        os::keep_private(folder.path())?;
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
        for entry in folder.path().read_dir()? {
            os::keep_private(&entry?.path())?;
        }
        Ok(Self { folder, slots: Arc::new(slots), sending: sending.map(Arc::new) })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Reads the texts of a run in a thread of its own.
pub struct Texts {
    /// Kept open so that the reader sees no end of file before the runner has opened the FIFO.
    keep_open: Option<File>,
    pub inbox: Receiver<Text>,
    stream: LetGo,
    reading: Option<Reading<Lines>>,
}

impl Texts {
    /// Opens the FIFO and starts reading.
    ///
    /// # Errors
    /// The FIFO can't be opened, or no thread can be started.
    pub fn listen(folder: &RunFolder) -> io::Result<Self> {
        let path = folder.path().join(TEXTS_FILE);
        // Opened for reading and writing: opening a FIFO for only one of them waits for the other side.
        let keep_open = OpenOptions::new().read(true).write(true).open(&path)?;
        let (outbox, inbox) = unbounded();
        let take = move |lines: &mut Lines, more: &[u8]| {
            lines.take_in(more, |line| match serde_json::from_slice(line) {
                Ok(text) => drop(outbox.send(text)),
                Err(error) => tracing::warn!("a text that can't be read: {error}"),
            });
        };
        let stream = LetGo::new()?;
        let reading = stream.read("texts", File::open(&path)?, Lines::default(), take)?;
        Ok(Self { keep_open: Some(keep_open), inbox, stream, reading: Some(reading) })
    }

    /// The runner is gone: reads the rest of what it and its children have written.
    pub fn finish(&mut self) {
        drop(self.keep_open.take());
        if let Some(reading) = self.reading.take() {
            reading.finish(&mut self.stream);
        }
    }
}

/// Splits incoming bytes into lines. A text is one line of at most [`MAX_LINE`] bytes; a longer line is dropped.
#[derive(Default)]
struct Lines {
    begun: Vec<u8>,
}

impl Lines {
    fn take_in(&mut self, more: &[u8], mut tell: impl FnMut(&[u8])) {
        for piece in more.split_inclusive(|byte| *byte == b'\n') {
            // One more byte is enough to know that the line is too long.
            let room = (MAX_LINE + 1).saturating_sub(self.begun.len());
            self.begun.extend(&piece[..piece.len().min(room)]);
            if piece.ends_with(b"\n") {
                if self.begun.len() <= MAX_LINE {
                    tell(self.begun.strip_suffix(b"\n").unwrap_or(&self.begun));
                }
                self.begun.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_in_pieces_and_babble_is_no_line() {
        let (mut lines, mut told) = (Lines::default(), Vec::new());
        for piece in ["a", "b\nc\n", &"x".repeat(MAX_LINE), "xx", "\nd\n", &"y".repeat(MAX_LINE - 1), "\n"] {
            lines.take_in(piece.as_bytes(), |line| told.push(line.len()));
            assert!(lines.begun.len() <= MAX_LINE + 1);
        }
        assert_eq!(told, [2, 1, 1, MAX_LINE - 1]);
    }
}
