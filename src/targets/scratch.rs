//! A temporary folder for one execution, removed with it; if the execution is killed, the host removes the folder.

use super::Ended;
use os::HeldFolder;

/// Makes a folder below the system's temporary folder.
///
/// # Errors
/// The system refuses it.
pub fn folder() -> Result<HeldFolder, Ended> {
    // Forked children share the state of the name generator: the process id makes their names differ.
    let name = format!("{}-", std::process::id());
    HeldFolder::make_in(&std::env::temp_dir(), &name).map_err(|error| Ended::io("make a temporary folder", error))
}
