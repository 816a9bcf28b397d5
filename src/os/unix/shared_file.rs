//! FIFOs, and files that processes map.

use std::{
    ffi::CString,
    fs::File,
    io::{self, Write},
    os::unix::{ffi::OsStrExt, fs::OpenOptionsExt},
    path::Path,
};

pub fn make_fifo(path: &Path) -> io::Result<()> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    // SAFETY: the path is a live string that ends in a zero.
    match unsafe { libc::mkfifo(path.as_ptr(), libc::S_IRUSR | libc::S_IWUSR) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

pub fn open_without_waiting(fifo: &Path) -> io::Result<File> {
    File::options().write(true).custom_flags(libc::O_NONBLOCK).open(fifo)
}

/// Makes a file of this length at the path, which this user alone may open; `reserve` allocates its blocks.
pub fn file_at(path: &Path, bytes: u64, reserve: impl FnOnce(&File, u64) -> io::Result<()>) -> io::Result<File> {
    let file = File::options().read(true).write(true).create_new(true).mode(0o600).open(path)?;
    reserve(&file, bytes)?;
    Ok(file)
}

/// Gives an empty file its length by writing zeros.
pub fn write_zeroes(mut file: &File, bytes: u64) -> io::Result<()> {
    let block = [0; 64 << 10];
    let mut left = bytes;
    while left > 0 {
        let length = left.min(block.len() as u64) as usize;
        file.write_all(&block[..length])?;
        left -= length as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn a_file_has_its_room_beforehand() {
        let folder = tempfile::tempdir().expect("a folder");
        let file =
            file_at(&folder.path().join("words"), 100_000, write_zeroes).expect("made").metadata().expect("there");
        assert_eq!((file.len(), file.mode() & 0o777), (100_000, 0o600));
        assert!(file.blocks() * 512 >= 100_000, "{} blocks", file.blocks());
    }
}
