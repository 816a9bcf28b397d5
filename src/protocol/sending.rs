//! What each execution is sent, in a mapped file of its own: the sizes of arguments and results, and when they were pickled and
//! unpickled. The host makes the file for runs of which [`is_wanted`] is true.

use super::words::{WORD_BYTES, Words};
use model::{LaunchMode, Sending, StartMethod, sending::Span, within};
use std::{fs::File, io, sync::atomic::Ordering};

/// How many words an execution has. A size is stored plus one, an instant is absolute, and 0 is *not known*.
pub const SENDING_WORDS: usize = 12;

/// The words of an execution.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
enum Word {
    ArgumentBytes,
    PickledFrom,
    PickledTo,
    WorkerReady,
    WorkerFree,
    UnpickledFrom,
    UnpickledTo,
    ResultBytes,
    ResultFrom,
    ResultTo,
    ReturnedFrom,
    ReturnedTo,
}

/// Whether Python functions are sent arguments, or wait for a pool's worker to start, in this mode and with this start method.
pub fn is_wanted(mode: LaunchMode, start_method: StartMethod) -> bool {
    match mode {
        LaunchMode::ProcessPool | LaunchMode::Interpreters => true,
        LaunchMode::Processes => start_method != StartMethod::Fork,
        _ => false,
    }
}

/// The mapped file.
pub struct SendingFile {
    words: Words,
    count: usize,
}

impl SendingFile {
    /// The length of the file for `count` executions. An empty file can't be mapped.
    pub fn file_bytes(count: usize) -> u64 {
        count.max(1) as u64 * (SENDING_WORDS * WORD_BYTES) as u64
    }

    /// Maps the new file for `count` executions, which is [`SendingFile::file_bytes`] long and all 0.
    ///
    /// # Errors
    /// The file can't be mapped.
    pub fn begin(made: File, count: usize) -> io::Result<Self> {
        Ok(Self { words: Words::of_made(made)?, count })
    }

    /// What is known of an execution, with instants since `origin`; absent where nothing is.
    pub fn get(&self, execution: usize, origin: i64) -> Option<Sending> {
        if execution >= self.count {
            return None;
        }
        let words = &self.words.all()[execution * SENDING_WORDS..][..SENDING_WORDS];
        let word = |word: Word| words[word as usize].load(Ordering::Acquire);
        let bytes = |at: Word| u64::try_from(word(at).checked_sub(1)?).ok().and_then(within);
        let since = |ns: i64| within(u64::try_from(ns.saturating_sub(origin)).unwrap_or(0));
        let instant = |at: Word| Some(word(at)).filter(|ns| *ns != 0).and_then(since);
        let span = |from: Word, to: Word| Some(Span { from_ns: instant(from)?, to_ns: instant(to)? });
        let sending = Sending {
            argument_bytes: bytes(Word::ArgumentBytes),
            pickled: span(Word::PickledFrom, Word::PickledTo),
            worker_ready_ns: instant(Word::WorkerReady),
            worker_free_ns: instant(Word::WorkerFree),
            unpickled: span(Word::UnpickledFrom, Word::UnpickledTo),
            result_bytes: bytes(Word::ResultBytes),
            result_pickled: span(Word::ResultFrom, Word::ResultTo),
            result_unpickled: span(Word::ReturnedFrom, Word::ReturnedTo),
        };
        (sending != Sending::default()).then_some(sending)
    }
}

/// The Python runner's names for the words, with their places.
#[cfg(any(test, feature = "testing"))]
pub fn python_words() -> Vec<(&'static str, i64)> {
    let words = [
        ("ARGUMENT_BYTES", Word::ArgumentBytes),
        ("PICKLED_FROM", Word::PickledFrom),
        ("PICKLED_TO", Word::PickledTo),
        ("WORKER_READY", Word::WorkerReady),
        ("WORKER_FREE", Word::WorkerFree),
        ("UNPICKLED_FROM", Word::UnpickledFrom),
        ("UNPICKLED_TO", Word::UnpickledTo),
        ("RESULT_BYTES", Word::ResultBytes),
        ("RESULT_FROM", Word::ResultFrom),
        ("RESULT_TO", Word::ResultTo),
        ("RETURNED_FROM", Word::ReturnedFrom),
        ("RETURNED_TO", Word::ReturnedTo),
    ];
    let places = words.map(|(name, word)| (name, word as i64));
    places.into_iter().chain([("SENDING_WORDS", SENDING_WORDS as i64)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_runner_notes_the_host_reads() {
        let made = tempfile::tempfile().expect("a file");
        made.set_len(SendingFile::file_bytes(2)).expect("long enough");
        let file = SendingFile::begin(made, 2).expect("mapped");
        assert_eq!(file.get(1, 1_000), None);
        let words = [71, 1_010, 1_015, 0, 1_012, 1_020, 1_027, 1, 0, 1_041, 0, 0];
        words.into_iter().enumerate().for_each(|(at, word)| {
            file.words.all()[SENDING_WORDS + at].store(word, Ordering::Release);
        });
        let expected = Sending {
            argument_bytes: Some(70),
            pickled: Some(Span { from_ns: 10, to_ns: 15 }),
            worker_free_ns: Some(12),
            unpickled: Some(Span { from_ns: 20, to_ns: 27 }),
            result_bytes: Some(0),
            ..Sending::default()
        };
        assert_eq!((file.get(1, 1_000), file.get(0, 1_000), file.get(2, 1_000)), (Some(expected), None, None));
    }
}
