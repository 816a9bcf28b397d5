//! Who may read and write a file.

use crate::system;
use std::{
    fs::{File, Metadata, Permissions},
    io,
    path::Path,
};

/// Lets this user alone read and write a file, and enter a folder, whatever the umask left to others. On Windows a file has
/// its folder's rights, and those of a user's own folders are the user's: nothing is done.
///
/// # Errors
/// It is not there, or another user's.
pub fn keep_private(path: &Path) -> io::Result<()> {
    system::keep_private(path)
}

/// Makes a folder, and those above it, that this user alone may look into; one that is there stays as it is. On Windows it
/// has the rights of the folder above it.
///
/// # Errors
/// The system's.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    system::make_private_folder(folder)
}

/// What everybody may do with a new file before the umask takes its part; `None` where a new file has its folder's rights.
pub fn new_file_access() -> Option<Permissions> {
    system::new_file_access()
}

/// Gives a file the access that an old one had: its mode, and its owner and group where the system lets us; what the old one
/// allowed to a group that can't be given is allowed to no other. On Windows it is whether it may be written to.
///
/// # Errors
/// The system's.
pub fn give_access(file: &File, old: &Metadata) -> io::Result<()> {
    system::give_access(file, old)
}
