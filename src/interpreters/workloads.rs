//! The module of the Python starter plans. The program contains it, and the host puts it beside the runner of each run.

use std::io::{self, Write};
use tempfile::NamedTempFile;

/// Its name: `python:spawnscope_workloads:count_down`.
pub const WORKLOADS_MODULE: &str = "spawnscope_workloads";
/// Its text.
pub const WORKLOADS_SOURCE: &str = include_str!("../../resources/python/spawnscope_workloads.py");

/// Its text as a file, for an interpreter to read.
pub(super) fn as_file() -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix(WORKLOADS_MODULE).suffix(".py").tempfile()?;
    file.write_all(WORKLOADS_SOURCE.as_bytes())?;
    Ok(file)
}
