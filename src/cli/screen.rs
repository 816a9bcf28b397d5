//! Where words for people go: stdout, or stderr while stdout is for a document.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, Write};

/// Takes the words for people, and keeps them apart from the progress bar.
pub struct Screen {
    words_to_stderr: bool,
    /// Draws on stderr, and only if that is a terminal.
    bar: ProgressBar,
}

impl Screen {
    /// A screen whose words go to stderr if a document is to have stdout for itself.
    pub fn new(document_on_stdout: bool) -> Self {
        let style = ProgressStyle::with_template("{bar:30} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(0).with_style(style.progress_chars("█▉▊▋▌▍▎▏░"));
        Self { words_to_stderr: document_on_stdout, bar }
    }

    /// Prints a line, or several. A reader that has gone away is no error: the run goes on.
    pub fn say(&self, text: &str) {
        self.bar.suspend(|| {
            let _ =
                if self.words_to_stderr { writeln!(io::stderr(), "{text}") } else { writeln!(io::stdout(), "{text}") };
        });
    }

    /// Shows how far things are.
    pub fn progress(&self, done: u64, all: u64, words: String) {
        if self.bar.is_hidden() {
            return;
        }
        self.bar.set_length(all.max(1));
        self.bar.set_position(done);
        self.bar.set_message(words);
    }

    /// Takes the progress bar away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
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
