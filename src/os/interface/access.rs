//! Who may read and write a file.

use crate::system;
use std::{
    fs::{File, Metadata, Permissions},
    io,
    path::Path,
};

/// Lets this user alone read and write a file, or enter a folder, whatever the umask allows to others. On Windows this does
/// nothing: a file has its folder's rights, and a user's own folders are private.
///
/// # Errors
/// The path does not exist, or belongs to another user.
pub fn keep_private(path: &Path) -> io::Result<()> {
    system::keep_private(path)
}

/// Makes a folder and its missing parents, which this user alone may enter; a folder that exists stays as it is. On Windows the
/// folder has its parent's rights.
///
/// # Errors
/// The system's.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    system::make_private_folder(folder)
}

/// The access of a new file before the umask is applied; `None` where a new file has its folder's rights.
pub fn new_file_access() -> Option<Permissions> {
    system::new_file_access()
}

/// Gives a file the access that an old one had: its mode, and its owner and group where the system lets us. Where it does not
/// let us set the group, the rights of the old group are given to no other. On Windows only the read-only attribute is set.
///
/// # Errors
/// The system's.
pub fn give_access(file: &File, old: &Metadata) -> io::Result<()> {
    system::give_access(file, old)
}
