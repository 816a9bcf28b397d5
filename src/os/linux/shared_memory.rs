//! Memory that several processes map, reached by a path.

use crate::unix::{file_at, write_zeroes};
use rustix::{
    fs::{FallocateFlags, MemfdFlags, SealFlags, fallocate, fcntl_add_seals, memfd_create},
    io::{Errno, retry_on_intr},
    process::{DumpableBehavior, dumpable_behavior},
};
use std::{
    fs::{self, File, Permissions},
    io,
    os::{
        fd::AsRawFd,
        unix::fs::{MetadataExt, PermissionsExt, symlink},
    },
    path::Path,
};

pub fn share_memory_at(path: &Path, bytes: u64) -> io::Result<File> {
    sealed_at(path, bytes).or_else(|error| {
        tracing::debug!("a file in place of sealed memory: {error}");
        let _ = fs::remove_file(path);
        file_at(path, bytes, reserve)
    })
}

fn sealed_at(path: &Path, bytes: u64) -> io::Result<File> {
    // A process that got capabilities from its executable hides its descriptors, even from its children.
    if dumpable_behavior()? != DumpableBehavior::Dumpable {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    // Linux before 6.3 does not know this flag; a later one may insist on it.
    let memory = memfd_create(c"spawnscope", flags | MemfdFlags::NOEXEC_SEAL);
    let memory = File::from(memory.or_else(|_| memfd_create(c"spawnscope", flags))?);
    memory.set_permissions(Permissions::from_mode(0o600))?;
    reserve(&memory, bytes)?;
    fcntl_add_seals(&memory, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
    symlink(format!("/proc/{}/fd/{}", std::process::id(), memory.as_raw_fd()), path)?;
    // The link does not lead there where /proc is missing or is another namespace's.
    let (own, reached) = (memory.metadata()?, File::options().read(true).write(true).open(path)?.metadata()?);
    match (own.dev(), own.ino()) == (reached.dev(), reached.ino()) {
        true => Ok(memory),
        false => Err(io::ErrorKind::NotFound.into()),
    }
}

/// Makes an empty file this long, with its pages or blocks.
fn reserve(file: &File, bytes: u64) -> io::Result<()> {
    match retry_on_intr(|| fallocate(file, FallocateFlags::empty(), 0, bytes)) {
        Err(Errno::OPNOTSUPP) => write_zeroes(file, bytes),
        reserved => Ok(reserved?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileExt;

    #[test]
    fn nobody_can_shorten_what_is_reached_by_its_path() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("words");
        let memory = share_memory_at(&path, 10_000).expect("made");
        let other = File::options().read(true).write(true).open(&path).expect("opened by its path");
        other.write_all_at(b"here", 9_996).expect("written");
        let mut read = [0; 4];
        memory.read_exact_at(&mut read, 9_996).expect("read");
        assert_eq!((&read, other.metadata().expect("there").len()), (b"here", 10_000));
        assert!(other.set_len(0).is_err(), "it was shortened");
        assert!(File::options().write(true).truncate(true).open(&path).is_err(), "it was emptied");
        fs::remove_file(&path).expect("removed");
        memory.read_exact_at(&mut read, 9_996).expect("the path was all that went");
    }

    #[test]
    fn a_file_has_its_room_beforehand() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str, bytes| file_at(&folder.path().join(name), bytes, reserve);
        let file = at("words", 100_000).expect("made").metadata().expect("there");
        assert_eq!((file.len(), file.mode() & 0o777), (100_000, 0o600));
        assert!(file.blocks() * 512 >= 100_000, "{} blocks", file.blocks());
        assert!(at("too-long", 1 << 62).is_err());
    }
}
