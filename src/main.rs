//! Parse, dispatch, exit code.

use spawnscope::cli::{self, Content};
use std::{ffi::OsString, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    spawnscope::os::spare_address_space();
    // The hidden verbs of runners and workers come before anything that would start a thread or take memory.
    if let Some(status) = spawnscope::runner::dispatch(&arguments) {
        return ExitCode::from(u8::try_from(status).unwrap_or(u8::MAX));
    }
    start_log();
    spawnscope::os::bear_file_size_limit();
    if let Ok(own) = std::env::current_exe() {
        spawnscope::interpreters::guard_by(spawnscope::runner::guard_of_no_run(own));
    }
    ExitCode::from(cli::run(arguments, open_window))
}

/// Opens the window; the error says in a sentence why there is none.
#[cfg(feature = "gui")]
fn open_window(content: Content) -> Result<(), String> {
    use spawnscope::ui::{self, Opened};
    let opened = match content {
        Content::Plan(file, path) => Opened::Plan { file, path },
        Content::Runs(experiment, path) => Opened::Experiment { experiment, path },
    };
    ui::run(Some(opened)).map_err(|error| error.to_string())
}

/// Says that there is none.
#[cfg(not(feature = "gui"))]
fn open_window(_content: Content) -> Result<(), String> {
    Err("this build has no window".to_owned())
}

/// Logs to stderr what SPAWNSCOPE_LOG asks for: error, warn, info, debug or trace; nothing where it is absent.
fn start_log() {
    let Ok(word) = std::env::var("SPAWNSCOPE_LOG") else { return };
    match word.parse::<tracing::Level>() {
        Ok(level) => tracing_subscriber::fmt()
            .with_max_level(level)
            .with_writer(std::io::stderr)
            // A stderr that can't be written to would be said on stderr, with a panic.
            .log_internal_errors(false)
            .init(),
        Err(_) => spawnscope::os::say_on_stderr(format_args!(
            "spawnscope: SPAWNSCOPE_LOG is `{word}`; use error, warn, info, debug or trace"
        )),
    }
}
