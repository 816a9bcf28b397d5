//! A temporary folder of one's own, gone with the execution; of one that is killed the host sweeps it away.

use super::Ended;
use os::HeldFolder;

/// Makes a folder below the system's temporary folder.
///
/// # Errors
/// The system refuses it.
pub fn folder() -> Result<HeldFolder, Ended> {
    // Forked children share the state of the generator of names: the process id keeps them apart.
    let name = format!("{}-", std::process::id());
    HeldFolder::make_in(&std::env::temp_dir(), &name).map_err(|error| Ended::io("make a temporary folder", error))
}
