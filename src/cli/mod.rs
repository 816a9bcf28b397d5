//! The command line: one file per verb. Nothing here knows the window; `main` passes it in as a [`Window`].

mod answers_report;
mod args;
mod calibrate;
mod check;
mod compare;
mod destinations;
mod exit;
mod export;
mod findings_report;
mod finish;
mod interrupt;
mod load;
mod measure;
mod new;
mod open;
mod progress;
mod report;
mod run;
mod screen;
mod sweep;
mod sweep_report;
mod targets;
mod trust;
mod usage;

pub use open::{Content, Window};

use args::{Cli, Verb};
use clap::Parser;
use std::ffi::OsString;

/// Carries out the arguments (the first is the program's name), and returns the exit status:
/// 0 every execution succeeded, 1 some did not, 2 a usage, plan or file error, 130 interrupted.
pub fn run(arguments: impl IntoIterator<Item = OsString>, window: Window) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage::answer(&error),
    };
    dispatch(cli, window).unwrap_or_else(|message| exit::refuse(&message))
}

/// An error is one sentence for stderr, and exit status 2.
type Status = Result<u8, String>;

fn dispatch(cli: Cli, window: Window) -> Status {
    match cli.verb {
        None => open::open(cli.file.as_deref(), window),
        Some(Verb::Run(args)) => run::run(args),
        Some(Verb::Compare(args)) => compare::compare(args),
        Some(Verb::Sweep(args)) => sweep::sweep(args),
        Some(Verb::Export(args)) => export::export(&args),
        Some(Verb::Check(args)) => check::check(&args),
        Some(Verb::Targets(args)) => targets::targets(&args),
        Some(Verb::Calibrate(args)) => calibrate::calibrate(&args),
        Some(Verb::New(args)) => new::new(&args),
        Some(Verb::Trust(args)) => trust::trust(&args),
    }
}
