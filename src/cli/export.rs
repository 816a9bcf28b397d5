//! `spawnscope export`: saved runs in other formats.

use super::{Status, args::ExportArgs, destinations::Destinations, exit, screen::Screen};
use model::Experiment;
use std::path::Path;
use store::document_file;

/// Writes each file in the format of its extension.
pub fn export(args: &ExportArgs) -> Status {
    let files = Destinations::check(&args.files, args.force)?.without_env(args.no_env).dark(args.dark);
    let experiment = read(&args.runs)?;
    let screen = Screen::new(false);
    files.write(&experiment, &screen)?;
    screen.all_said()?;
    Ok(exit::SUCCESS)
}

/// Reads runs that were saved as JSON.
pub fn read(path: &Path) -> Result<Experiment, String> {
    document_file::read_file(path).map_err(|error| error.to_string())
}
