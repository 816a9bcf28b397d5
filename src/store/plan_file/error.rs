//! The error for a plan that can't be read.

use std::fmt;

/// A plan that can't be read. Displays its first mistake as one line: `FILE:LINE:COLUMN: problem; fix`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct PlanError {
    lines: Vec<String>,
}

impl PlanError {
    /// A mistake of the file as a whole: it does not exist, or is a folder.
    pub(super) fn whole(name: &str, message: impl fmt::Display) -> Self {
        Self { lines: vec![format!("{name}: {message}")] }
    }

    /// A mistake at a line and a column.
    pub(super) fn at(name: &str, place: (usize, usize), message: impl fmt::Display) -> Self {
        Self { lines: vec![located(name, place, message)] }
    }

    pub(super) fn of_lines(lines: Vec<String>) -> Self {
        Self { lines }
    }

    /// All mistakes found, in the order of the file, one line each; at least one.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.lines.first().map_or("", String::as_str))
    }
}

/// `FILE:LINE:COLUMN: message`, which editors and terminals understand.
pub fn located(name: &str, (line, column): (usize, usize), message: impl fmt::Display) -> String {
    format!("{name}:{line}:{column}: {message}")
}
