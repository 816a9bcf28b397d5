//! Modes, owners and groups.

use std::{
    fs::{self, DirBuilder, File, Metadata, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, fchown},
    path::Path,
};

pub fn keep_private(path: &Path) -> io::Result<()> {
    let mode = if path.metadata()?.is_dir() { 0o700 } else { 0o600 };
    fs::set_permissions(path, Permissions::from_mode(mode))
}

pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

pub fn new_file_access() -> Option<Permissions> {
    Some(Permissions::from_mode(0o666))
}

pub fn give_access(file: &File, old: &Metadata) -> io::Result<()> {
    let (user, group, mut mode) = (old.uid(), old.gid(), old.mode() & 0o7777);
    let now = file.metadata()?;
    if (now.uid(), now.gid()) != (user, group) && fchown(file, Some(user), Some(group)).is_err() {
        // We may at least set the group where the file is another user's; if not, the rights of the old group go to no other.
        if now.gid() != group && fchown(file, None, Some(group)).is_err() {
            mode &= !0o2070;
        }
        mode &= !0o4000;
    }
    file.set_permissions(Permissions::from_mode(mode))
}
