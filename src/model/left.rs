//! Processes that a run left behind.

use serde::{Deserialize, Serialize};

/// The most processes left behind that a run's guard names.
pub const MOST_LEFT_NAMED: usize = 100;

/// The most characters of a command that are shown; the document has more.
const MOST_SHOWN: usize = 80;

/// A process that was still there when the program or the run that had started it was over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftProcess {
    /// Its number.
    pub pid: u32,
    /// Its command line; empty where that can't be known.
    pub command: String,
    /// The execution that left it behind; absent where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution: Option<u32>,
    /// Whether it held open the stdout or stderr of the process that had started it.
    #[serde(default)]
    pub holds_output: bool,
    /// How Spawnscope ended it; absent where it ended by itself meanwhile.
    #[serde(default)]
    pub end: Option<LeftEnd>,
}

/// How a process that was left behind ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftEnd {
    /// It was asked to, with SIGTERM.
    Terminated,
    /// It was killed.
    Killed,
    /// It could not be ended: it belongs to another user, or is stuck in the kernel.
    Remains,
}

impl LeftProcess {
    /// Adds what another report says of the same process.
    pub fn merge(&mut self, more: Self) {
        self.execution = self.execution.or(more.execution);
        self.holds_output |= more.holds_output;
        self.end = more.end.or(self.end);
    }

    /// `sleep 600 (process 4711)`, in one line; a long command is cut.
    pub fn who(&self) -> String {
        let words = self.command.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        let command = words.collect::<Vec<_>>().join(" ");
        let cut = command.char_indices().nth(MOST_SHOWN).map(|(at, _)| format!("{}…", &command[..at]));
        let who = if command.is_empty() { "a process".to_owned() } else { cut.unwrap_or(command) };
        format!("{who} (process {})", self.pid)
    }

    /// `sleep 600 (process 4711) was left running and held its stdout or stderr; SIGTERM ended it`
    pub fn sentence(&self) -> String {
        let holds = if self.holds_output { " and held its stdout or stderr" } else { "" };
        format!("{} was left running{holds}; {}", self.who(), self.fate())
    }

    /// How it ended: `SIGTERM ended it`.
    pub fn fate(&self) -> &'static str {
        match self.end {
            None => "it ended by itself meanwhile",
            Some(LeftEnd::Terminated) => "SIGTERM ended it",
            Some(LeftEnd::Killed) => "SIGKILL ended it",
            Some(LeftEnd::Remains) => "it could not be ended, and may still be there",
        }
    }

    /// Whether it could not be ended.
    pub fn remains(&self) -> bool {
        self.end == Some(LeftEnd::Remains)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_have_said_of_one_is_put_together() {
        let launcher =
            LeftProcess { pid: 7, command: "sleep 600".to_owned(), execution: Some(1), holds_output: true, end: None };
        let guard =
            LeftProcess { execution: None, holds_output: false, end: Some(LeftEnd::Terminated), ..launcher.clone() };
        let mut both = launcher;
        both.merge(guard);
        assert_eq!((both.execution, both.end), (Some(1), Some(LeftEnd::Terminated)));
        assert_eq!(
            both.sentence(),
            "sleep 600 (process 7) was left running and held its stdout or stderr; SIGTERM ended it"
        );
    }
    #[test]
    fn a_command_of_many_lines_is_shown_in_one_and_cut() {
        let command = format!("sh -c \u{1b}[1mcat <<E\n{}\nE", "é".repeat(200));
        let who = LeftProcess { pid: 7, command, execution: None, holds_output: false, end: None }.who();
        assert!(who.starts_with("sh -c [1mcat <<E éé") && who.ends_with("é… (process 7)"), "{who}");
        assert_eq!(who.chars().count(), MOST_SHOWN + "… (process 7)".chars().count());
    }
}
