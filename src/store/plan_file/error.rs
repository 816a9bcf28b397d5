//! What is said of a plan that can't be read.

use std::fmt;

/// A plan that can't be read. Displays as one line, `FILE:LINE:COLUMN: what; mend`, of its first mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct PlanError {
    lines: Vec<String>,
}

impl PlanError {
    /// A mistake of the file as a whole: it is missing, or a folder.
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

    /// Every mistake found, in the order of the file, a line each; at least one.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.lines.first().map_or("", String::as_str))
    }
}

/// `FILE:LINE:COLUMN: message`, as editors and terminals understand it.
pub fn located(name: &str, (line, column): (usize, usize), message: impl fmt::Display) -> String {
    format!("{name}:{line}:{column}: {message}")
}
