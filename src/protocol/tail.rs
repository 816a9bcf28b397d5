//! A stream's output, for runners and hosts alike: counts all bytes and keeps the last of them.

use std::{
    collections::VecDeque,
    io::{self, Read},
};

/// Counts all bytes, and keeps the last of them.
pub struct Tail {
    kept: VecDeque<u8>,
    most: usize,
    bytes: u64,
}

impl Tail {
    /// Keeps at most this many bytes.
    pub fn new(most: usize) -> Self {
        Self { kept: VecDeque::new(), most, bytes: 0 }
    }

    /// All bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes in more.
    pub fn push(&mut self, more: &[u8]) {
        self.bytes += more.len() as u64;
        let more = &more[more.len().saturating_sub(self.most)..];
        let surplus = (self.kept.len() + more.len()).saturating_sub(self.most);
        self.kept.drain(..surplus);
        self.kept.extend(more);
    }

    /// The kept bytes as text. A character that the cut split is left out; bytes that are not UTF-8 become `\u{FFFD}`.
    pub fn text(&self) -> String {
        let mut kept: Vec<u8> = self.kept.iter().copied().collect();
        if self.bytes > kept.len() as u64 {
            let split = kept.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
            kept.drain(..split);
        }
        String::from_utf8_lossy(&kept).into_owned()
    }

    /// Takes in what can be read without blocking; false at the stream's end.
    pub fn take_in(&mut self, mut stream: impl Read) -> bool {
        let mut buffer = [0; 64 << 10];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => return false,
                Ok(length) => self.push(&buffer[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return error.kind() == io::ErrorKind::WouldBlock,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_counted_and_the_end_is_kept() {
        let mut tail = Tail::new(5);
        tail.push(b"abc");
        tail.push("déf".as_bytes());
        assert_eq!((tail.bytes(), tail.text()), (7, "cdéf".to_owned()));
        tail.push(b"0123456789");
        assert_eq!((tail.bytes(), tail.text()), (17, "56789".to_owned()));
    }

    #[test]
    fn a_character_split_by_the_cut_is_left_out_and_bad_bytes_show() {
        let mut tail = Tail::new(3);
        tail.push("aéb".as_bytes());
        tail.push(b"c");
        assert_eq!(tail.text(), "bc");
        let mut tail = Tail::new(9);
        tail.push(b"a\xFFb");
        assert_eq!(tail.text(), "a\u{FFFD}b");
    }
}
