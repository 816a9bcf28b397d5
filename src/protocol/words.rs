//! A file of whole words that several processes map and write at any time.

use memmap2::{MmapOptions, MmapRaw};
use std::{fs::File, io, sync::atomic::AtomicI64};

/// Length of a word, in bytes.
pub const WORD_BYTES: usize = size_of::<AtomicI64>();

/// The mapped file.
pub struct Words {
    map: MmapRaw,
    /// The host's own file, kept open since the path may lead through its descriptor.
    _made: Option<File>,
}

impl Words {
    /// Maps, for the host, a file that it just made.
    ///
    /// # Errors
    /// The file can't be mapped.
    pub fn of_made(made: File) -> io::Result<Self> {
        Ok(Self { map: MmapOptions::new().map_raw(&made)?, _made: Some(made) })
    }

    /// Maps a file that another process made. Its pages are touched beforehand, so that a first store costs no page fault.
    ///
    /// # Errors
    /// The file can't be mapped.
    pub fn of_other(file: &File) -> io::Result<Self> {
        Ok(Self { map: MmapOptions::new().populate().map_raw(file)?, _made: None })
    }

    /// All words; bytes at the end that make no whole word are left out.
    #[expect(unsafe_code, reason = "the system shares the memory of a file as bytes")]
    pub fn all(&self) -> &[AtomicI64] {
        // SAFETY: the mapping lives as long as `self`, is page-aligned and at least this long, and every process that maps the
        // file loads and stores whole words.
        unsafe { std::slice::from_raw_parts(self.map.as_ptr().cast(), self.map.len() / WORD_BYTES) }
    }
}
