//! What is wrong with a plan, and where.

/// The part of a plan that a problem is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// A setting of `[run]`, by its key.
    Run(&'static str),
    /// A task's name.
    Name,
    /// A task's target.
    Target,
    /// A task's args as a whole.
    Args,
    /// One arg of a built-in target.
    Arg(String),
    /// A task's count of instances.
    Count,
    /// A task's working directory.
    Cwd,
    /// The plan as a whole.
    Plan,
}

/// What is wrong with a plan: where, and one sentence with the mend.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// The task's place in the plan, where it is about one.
    pub task: Option<usize>,
    /// The part that is wrong.
    pub field: Field,
    /// One sentence with the mend.
    pub message: String,
    /// The same in the words of the window, where the mend is not a line of a file.
    pub in_window: Option<String>,
}

impl Problem {
    /// A problem of one task.
    pub fn of_task(task: usize, field: Field, message: impl Into<String>) -> Self {
        Self { task: Some(task), field, message: message.into(), in_window: None }
    }

    /// The sentence that the window shows.
    pub fn window_message(&self) -> &str {
        self.in_window.as_deref().unwrap_or(&self.message)
    }

    /// A problem of the plan or of its settings.
    pub fn of_plan(field: Field, message: impl Into<String>) -> Self {
        Self { task: None, field, message: message.into(), in_window: None }
    }
}
