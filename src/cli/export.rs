//! `spawnscope export`: saved runs in other formats.

use super::{Status, args::ExportArgs, destinations::Destinations, exit, screen::Screen};
use crate::{model::Experiment, store::document_file};
use std::path::Path;

/// Writes each file in the format of its extension.
pub fn export(args: &ExportArgs) -> Status {
    let files = Destinations::check(&args.files, args.force)?;
    let experiment = read(&args.runs)?;
    let screen = Screen::new(false);
    files.write(&experiment, &screen)?;
    screen.all_said()?;
    Ok(exit::SUCCESS)
}

/// Reads runs that were saved as JSON.
pub fn read(path: &Path) -> Result<Experiment, String> {
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(format!("{name}: this is a folder; name a file of saved runs in it"));
    }
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            format!("{name}: there is no such file; save runs with `spawnscope run --export FILE.json`")
        }
        _ => format!("{name}: the file can't be read: {error}"),
    })?;
    document_file::read(&bytes, &name).map_err(|error| error.to_string())
}
