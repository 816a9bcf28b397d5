//! A file of whole words that several processes have mapped and write at any time.

use memmap2::{MmapOptions, MmapRaw};
use std::{fs::File, io, sync::atomic::AtomicI64};

/// Length of a word, in bytes.
pub const WORD_BYTES: usize = size_of::<AtomicI64>();

/// The mapped file.
pub struct Words {
    map: MmapRaw,
    /// The host's: kept open, for the path may lead through it.
    _made: Option<File>,
}

impl Words {
    /// Maps a file that was just made; the host does.
    ///
    /// # Errors
    /// The file can't be mapped.
    pub fn of_made(made: File) -> io::Result<Self> {
        Ok(Self { map: MmapOptions::new().map_raw(&made)?, _made: Some(made) })
    }

    /// Maps a file that somebody else made. Its pages are touched beforehand, so that a first store costs no page fault.
    ///
    /// # Errors
    /// The file can't be mapped.
    pub fn of_other(file: &File) -> io::Result<Self> {
        Ok(Self { map: MmapOptions::new().populate().map_raw(file)?, _made: None })
    }

    /// All of it; what is no whole word at its end is left out.
    #[expect(unsafe_code, reason = "the system shares the memory of a file as bytes")]
    pub fn all(&self) -> &[AtomicI64] {
        // SAFETY: the mapping is live as long as `self`, page-aligned and at least so long, and everybody who maps the file
        // loads and stores whole words.
        unsafe { std::slice::from_raw_parts(self.map.as_ptr().cast(), self.map.len() / WORD_BYTES) }
    }
}
