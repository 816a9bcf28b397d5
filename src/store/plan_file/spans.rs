//! Where the parts of a plan are in its file, so that a problem found later can point there.

use super::place;
use model::{Field, Problem};
use std::collections::HashMap;

/// Where the parts of a plan are in its file.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    text: String,
    /// Where the lines of the text begin.
    lines: Vec<usize>,
    run: Part,
    tasks: Vec<Part>,
}

/// Where a table of the file begins, and where its fields are, in bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) start: usize,
    pub(super) fields: HashMap<Field, usize>,
}

impl Part {
    /// The field's place. An arg that is not in the file has the place of the args; any other missing field has the table's.
    fn offset(&self, field: &Field) -> usize {
        let args = matches!(field, Field::Arg(_)).then(|| self.fields.get(&Field::Args)).flatten();
        self.fields.get(field).or(args).copied().unwrap_or(self.start)
    }
}

impl Spans {
    pub(super) fn new(text: &str, run: Part, tasks: Vec<Part>) -> Self {
        Self { text: text.to_owned(), lines: place::lines(text), run, tasks }
    }

    /// The file's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column (characters, from 1) of a problem; absent where the file has no such task.
    pub fn locate(&self, problem: &Problem) -> Option<(usize, usize)> {
        let offset = match (problem.task, &problem.field) {
            (Some(task), field) => self.tasks.get(task)?.offset(field),
            (None, Field::Run(_)) => self.run.offset(&problem.field),
            (None, _) => 0,
        };
        Some(place::within(&self.text, &self.lines, offset))
    }
}
