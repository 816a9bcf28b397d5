//! A temporary folder of one's own, gone with the execution, however it ends.

use super::Ended;
use tempfile::TempDir;

/// Makes a folder below the system's temporary folder.
///
/// # Errors
/// The system refuses it.
pub fn folder() -> Result<TempDir, Ended> {
    // Forked children share the state of the generator of names: the process id keeps them apart.
    let prefix = format!("spawnscope-{}-", std::process::id());
    tempfile::Builder::new().prefix(&prefix).tempdir().map_err(|error| Ended::io("make a temporary folder", error))
}
