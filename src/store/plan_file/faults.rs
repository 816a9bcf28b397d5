//! The mistakes found while a plan is read. Reading goes on after each, so that all are reported at once.

use super::{PlanError, error::located, place};

/// Mistakes, with the byte offsets at which they are.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: Vec<(usize, String)>,
}

impl Faults {
    pub(super) fn add(&mut self, offset: usize, message: impl Into<String>) {
        self.found.push((offset, message.into()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The error to show, in the order of the file.
    pub(super) fn into_error(mut self, name: &str, text: &str) -> PlanError {
        self.found.sort_by_key(|(offset, _)| *offset);
        let line = |(offset, message): &(usize, String)| located(name, place::of(text, *offset), message);
        PlanError::of_lines(self.found.iter().map(line).collect())
    }
}
