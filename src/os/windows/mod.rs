//! Windows. Type-checked, and never run.

mod clocks;
mod processes;

pub use crate::lacking::*;
pub use {clocks::*, processes::*};

use crate::AsDescriptor;
use std::{
    fs::{self, File, Metadata, Permissions},
    io,
    os::windows::io::{AsHandle, BorrowedHandle, OwnedHandle},
    path::Path,
};

pub const NAME: &str = "Windows";
pub const DISPLAY_HAS_NAME: bool = false;
pub const HAS_FILE_DIALOGS: bool = true;
pub const RUN_LACK: Option<&str> = Some(
    "on Windows Spawnscope can't make runs yet: nothing there would end what a run leaves behind; make the run on Linux, and \
     open what it saved here",
);

pub type Descriptor = OwnedHandle;
pub type BorrowedDescriptor<'a> = BorrowedHandle<'a>;

impl<T: AsHandle> AsDescriptor for T {
    fn as_descriptor(&self) -> BorrowedDescriptor<'_> {
        self.as_handle()
    }
}

pub fn set_nonblocking(_descriptor: BorrowedDescriptor<'_>) -> io::Result<()> {
    Err(lacking("read a pipe without waiting"))
}

pub fn wait_for_either(_first: BorrowedDescriptor<'_>, _second: BorrowedDescriptor<'_>) -> io::Result<()> {
    Err(lacking("wait for one of two pipes"))
}

pub fn has_hung_up(_pipe: BorrowedDescriptor<'_>) -> bool {
    false
}

pub fn keep_private(_path: &Path) -> io::Result<()> {
    Ok(())
}

pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

pub fn new_file_access() -> Option<Permissions> {
    None
}

pub fn give_access(file: &File, old: &Metadata) -> io::Result<()> {
    file.set_permissions(old.permissions())
}

pub fn make_fifo(_path: &Path) -> io::Result<()> {
    Err(lacking("make a pipe that has a path"))
}

pub fn open_without_waiting(_fifo: &Path) -> io::Result<File> {
    Err(lacking("open a pipe by its path"))
}

pub fn share_memory_at(_path: &Path, _bytes: u64) -> io::Result<File> {
    Err(lacking("share memory by its path"))
}

/// Windows opens a folder in another way than a file, and has no locks on folders.
pub fn hold(_folder: &Path) -> io::Result<Option<File>> {
    Err(lacking("lock a folder"))
}

pub fn is_own(_folder: &Metadata) -> bool {
    false
}

pub fn silence_stdout() -> io::Result<()> {
    Err(lacking("lead stdout to nowhere"))
}

pub fn bear_file_size_limit() {}

pub fn ignores_hangups() -> bool {
    false
}

pub fn ignore_hangups() {}
