//! The window: an eframe app over the engine.
//!
//! `window` opens the window, `app` connects its parts; `logic` takes in events, `carry_out` carries out commands,
//! `state` is plain data, `panels` and `widgets` draw. What takes long is done in the `background`, and `taking_in`
//! takes in its results. `command` is the one list of what a person can do, `rooms` is what other rooms do for the
//! window.

mod activity;
mod app;
mod autosave;
mod backend;
mod background;
mod calibration;
mod carry_out;
mod checks;
mod choices;
mod choosing;
mod command;
mod curves;
mod dialogs;
mod draft;
mod files;
mod fonts;
mod keeper;
mod keeping;
mod listing;
mod logic;
mod pace;
mod page;
mod panels;
mod picture;
mod python;
mod rooms;
mod shown;
mod state;
mod summary;
mod sweep_form;
mod tab;
mod taking_in;
mod theme;
mod toasts;
mod views;
pub mod widgets;
mod window;

#[cfg(test)]
mod tests;

pub use window::{WindowError, run};

use model::Experiment;
use std::path::PathBuf;
use store::plan_file::PlanFile;

/// What the window opens with.
#[derive(Debug)]
pub enum Opened {
    /// A plan to edit and to run.
    Plan {
        /// The plan, as it was read.
        file: Box<PlanFile>,
        /// Its file, where it has one.
        path: Option<PathBuf>,
    },
    /// An experiment read from a file.
    Experiment {
        /// The experiment, which is over.
        experiment: Box<Experiment>,
        /// Its file.
        path: PathBuf,
    },
}
