//! Where words for people go: stdout, or stderr while stdout is for a document.

use indicatif::{ProgressBar, ProgressStyle};
use std::{
    cell::OnceCell,
    io::{self, IsTerminal, Write},
};

/// Takes the words for people, and keeps them apart from the progress bar.
pub struct Screen {
    words_to_stderr: bool,
    /// Draws on stderr, and only if that is a terminal; made when there is progress to show.
    bar: OnceCell<ProgressBar>,
}

impl Screen {
    /// A screen whose words go to stderr if a document is to have stdout for itself.
    pub fn new(document_on_stdout: bool) -> Self {
        Self { words_to_stderr: document_on_stdout, bar: OnceCell::new() }
    }

    /// Prints a line, or several. A reader that has gone away is no error: the run goes on.
    pub fn say(&self, text: &str) {
        match self.bar.get() {
            Some(bar) => bar.suspend(|| self.write(text)),
            None => self.write(text),
        }
    }

    fn write(&self, text: &str) {
        let _ = if self.words_to_stderr { writeln!(io::stderr(), "{text}") } else { writeln!(io::stdout(), "{text}") };
    }

    /// Whether progress is seen by anybody: stderr is a terminal.
    pub fn has_bar(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Shows how far things are: a share from 0 to 1, and words.
    pub fn progress(&self, share: f64, words: String) {
        let bar = self.bar.get_or_init(bar);
        bar.set_position((share * BAR_STEPS as f64) as u64);
        bar.set_message(words);
    }

    /// Takes the progress bar away.
    pub fn clear(&self) {
        self.bar.get().into_iter().for_each(ProgressBar::finish_and_clear);
    }
}

const BAR_STEPS: u64 = 1_000;

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(BAR_STEPS).with_style(style.progress_chars("█▉▊▋▌▍▎▏░"))
}

/// Writes a document to stdout.
///
/// # Errors
/// One sentence: stdout can't be written to. A reader that has gone away is no error.
pub fn print(text: &str) -> Result<(), String> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("stdout can't be written to: {error}")),
        _ => Ok(()),
    }
}
