//! Where messages for people go: stdout, or stderr if stdout is for a document.

use indicatif::{ProgressBar, ProgressStyle};
use std::{
    borrow::Cow,
    cell::{OnceCell, RefCell},
    fmt::Display,
    io::{self, IsTerminal, Write},
};

/// Prints messages for people, and keeps them apart from the progress bar.
pub struct Screen {
    words_to_stderr: bool,
    /// It is drawn on stderr, and only if that is a terminal; made when there is progress to show.
    bar: OnceCell<ProgressBar>,
    /// Why the first message that was lost could not be written.
    lost: RefCell<Option<String>>,
}

impl Screen {
    /// A screen whose messages go to stderr if stdout is for a document.
    pub fn new(document_on_stdout: bool) -> Self {
        Self { words_to_stderr: document_on_stdout, bar: OnceCell::new(), lost: RefCell::new(None) }
    }

    /// Prints one line or several. If that fails the run goes on, and [`Screen::all_said`] gives the error.
    pub fn say(&self, text: &str) {
        match self.bar.get() {
            Some(bar) => bar.suspend(|| self.write(text)),
            None => self.write(text),
        }
    }

    fn write(&self, text: &str) {
        let text = format!("{text}\n");
        let written = if self.words_to_stderr { write_stderr(&text) } else { write_stdout(&text) };
        if let (Err(error), lost @ None) = (written, &mut *self.lost.borrow_mut()) {
            let stream = if self.words_to_stderr { "stderr" } else { "stdout" };
            *lost = Some(unwritable(stream, &error));
        }
    }

    /// Whether all messages have been written.
    ///
    /// # Errors
    /// One sentence: why the first message that was lost could not be written.
    pub fn all_said(&self) -> Result<(), String> {
        self.lost.borrow().clone().map_or(Ok(()), Err)
    }

    /// Whether anybody sees the progress bar: stderr is a terminal.
    pub fn has_bar(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Shows the progress: a share from 0 to 1, and a text.
    pub fn progress(&self, share: f64, words: String) {
        let bar = self.bar.get_or_init(bar);
        bar.set_position((share * BAR_STEPS as f64) as u64);
        bar.set_message(harmless(&words).into_owned());
    }

    /// Removes the progress bar.
    pub fn clear(&self) {
        self.bar.get().into_iter().for_each(ProgressBar::finish_and_clear);
    }
}

const BAR_STEPS: u64 = 1_000;

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(BAR_STEPS).with_style(style.progress_chars("█▉▊▋▌▍▎▏░"))
}

/// Prints an error on its own line on stderr. If stderr can't be written to, there is nowhere left to say it.
pub fn complain(message: impl Display) {
    let _ = write_stderr(&format!("spawnscope: {message}\n"));
}

/// Writes a text to stdout.
///
/// # Errors
/// One sentence: stdout can't be written to. A pipe that its reader has closed is no error: the reader had enough.
pub fn print(text: &str) -> Result<(), String> {
    match write_stdout(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(unwritable("stdout", &error)),
        _ => Ok(()),
    }
}

/// Writes measurements to stdout. They can't be made again, so a pipe that its reader has closed is an error too.
///
/// # Errors
/// One sentence: stdout can't be written to.
pub fn print_measured(text: &str) -> Result<(), String> {
    write_stdout(text).map_err(|error| unwritable("stdout", &error))
}

fn unwritable(stream: &str, error: &io::Error) -> String {
    let mend = match error.kind() {
        io::ErrorKind::BrokenPipe => "its reader has gone away; let it read to the end",
        io::ErrorKind::StorageFull => "it is full; free some space, or let it go elsewhere",
        io::ErrorKind::NotConnected => "it was closed; let it go to a file, or to /dev/null",
        io::ErrorKind::FileTooLarge => "the limit on the size of files is reached; raise it (ulimit -f)",
        _ => return format!("{stream} can't be written to: {error}; let it go elsewhere"),
    };
    format!("{stream} can't be written to: {mend}")
}

/// A text that can't control the terminal: control characters except line breaks and tabs, and marks that change the
/// direction of writing, are escaped as in JSON, so that a JSON document stays valid.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_harmful = |letter: char| {
        letter.is_control() && !matches!(letter, '\n' | '\t')
            || matches!(letter, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut harmless = String::with_capacity(text.len() + 64);
    for letter in text.chars() {
        match is_harmful(letter) {
            true => harmless.push_str(&format!("\\u{:04x}", u32::from(letter))),
            false => harmless.push(letter),
        }
    }
    Cow::Owned(harmless)
}

fn write_stdout(text: &str) -> io::Result<()> {
    write_all(io::stdout().lock(), os::was_closed(io::stdout()), text)
}

fn write_stderr(text: &str) -> io::Result<()> {
    write_all(io::stderr().lock(), os::was_closed(io::stderr()), text)
}

fn write_all(mut stream: impl Write, was_closed: bool, text: &str) -> io::Result<()> {
    if was_closed {
        return Err(io::ErrorKind::NotConnected.into());
    }
    stream.write_all(harmless(text).as_bytes())?;
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(harmless("a\tb\nü → 1"), "a\tb\nü → 1");
        assert_eq!(harmless("\u{1b}[31m\u{9b}2J\r\u{7}\u{202e}x"), "\\u001b[31m\\u009b2J\\u000d\\u0007\\u202ex");
        // A document stays what it is.
        let document = serde_json::to_string("\u{9b}2J\u{7f}").expect("JSON");
        assert_eq!(serde_json::from_str::<String>(&harmless(&document)).expect("JSON"), "\u{9b}2J\u{7f}");
    }
}
