//! What lies over everything else, with everything that it is about, which is forgotten when it is closed.

use crate::{files::Job, page::Page, panels::run_first::Asked};
use std::path::PathBuf;
use store::plan_file::Question;

/// What lies over everything else.
#[derive(Default)]
pub enum Overlay {
    #[default]
    None,
    /// The command palette.
    Palette,
    /// The list of targets: for a new task, or for the selected one.
    Targets {
        add: bool,
    },
    /// The functions of a Python file or module.
    Functions(Picking),
    Shortcuts,
    MeasuringCosts,
    About,
    /// Unsaved changes would be thrown away.
    Unsaved(Then),
    /// A file would be replaced by what is to be written.
    Replace(Question, Box<Job>),
    /// A plan that was not made here would be run for the first time.
    RunFirst(Box<Asked>),
}

/// The file or module in which the user looks for a Python function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picking {
    /// Whether it is for a new task, or for the selected one.
    pub add: bool,
    /// What stands in the field: a file, or a module's name.
    pub typed: String,
    /// The source that is read: what stood in the field when it was entered.
    pub source: String,
}

/// What goes on when the plan's changes have been saved or given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    New,
    Open,
    Starter(usize),
    /// A result that was kept.
    Recent(PathBuf),
    Close,
}

/// What a file is chosen for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    Open,
    /// A name for the plan, and what goes on once it is saved.
    SavePlan(Option<Then>),
    Export,
    /// The file for what one tab shows.
    ExportPage(Page),
    /// The program of the selected task.
    Program,
    /// The working directory of the selected task.
    Folder,
    /// A Python file to pick a function of: for a new task, or for the selected one.
    OpenPython {
        add: bool,
    },
    /// The plan's Python interpreter.
    Interpreter,
}

impl Overlay {
    /// Whether something lies over the rest.
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::None)
    }
}
