//! The plan being edited, with everything known of it.

use crate::{checks::Checks, draft::Draft, python::PythonFacts, sweep_form::SweepForm};
use model::Plan;

/// The plan being edited.
pub struct Editing {
    /// The plan, its file and what can be undone.
    pub draft: Draft,
    /// What is wrong with it.
    pub checks: Checks,
    /// What is known of Python.
    pub python: PythonFacts,
    /// What a sweep varies, as it is being typed.
    pub sweep_form: SweepForm,
    /// The plan as it was launched, until its experiment begins.
    pub launched: Option<Plan>,
}

impl Editing {
    /// A plan of which nothing else is known yet.
    pub fn new(draft: Draft) -> Self {
        let mut editing = Self {
            draft,
            checks: Checks::default(),
            python: PythonFacts::default(),
            sweep_form: SweepForm::default(),
            launched: None,
        };
        editing.check();
        editing
    }

    /// Replaces the plan. What is known of the machine's interpreters stays.
    pub fn replace(&mut self, draft: Draft) {
        self.draft = draft.following(&self.draft);
    }

    /// Finds the plan's problems anew where it has changed, or more is known.
    pub fn check(&mut self) {
        self.checks.follow(&self.draft, &self.python);
    }

    /// The plan's file name, or its name where it has no file.
    pub fn name(&self) -> String {
        let file = self.draft.path.as_deref().and_then(|path| path.file_name());
        file.map_or_else(|| self.draft.plan().name.clone(), |name| name.to_string_lossy().into_owned())
    }
}
