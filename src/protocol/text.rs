//! Texts: JSON lines from the runner to the host, and orders from the host to the runner.
//!
//! Several processes write to one FIFO. So a line is a single write of at most [`MAX_LINE`] bytes, which the system does not
//! interleave with others (POSIX: PIPE_BUF is at least 512; Linux has 4,096).

use model::{InterpreterFacts, LeftProcess, MainKind};
use serde::{Deserialize, Serialize};
use std::io::Write;

/// The longest line, its newline included.
pub const MAX_LINE: usize = 4096;
/// How many bytes of an execution's stdout, and of its stderr, are kept: the last ones.
pub const OUTPUT_KEPT: usize = 1 << 20;
/// Longer messages are cut, so that a line stays under [`MAX_LINE`] with its escapes.
const MAX_MESSAGE: usize = 600;

/// What a runner says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Text {
    /// The first text.
    Hello {
        /// The version of the protocol that the runner speaks.
        protocol: u32,
        /// Which runner: `builtin` or `python`.
        runtime: String,
        /// The interpreter, for a Python runner.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interpreter: Option<InterpreterFacts>,
    },
    /// A target's file or module is about to be loaded.
    Loading {
        /// The file, or `module NAME`.
        source: String,
        /// Sent again while loading takes long: where it is, `FILE:LINE`.
        #[serde(default)]
        place: Option<String>,
    },
    /// The guard has started the runner.
    Runner {
        /// Its process.
        pid: u32,
    },
    /// An execution or the run left a process behind. Both may report the same process.
    Left(LeftProcess),
    /// The targets are loaded; the first execution is created next.
    Loaded {
        /// Whether the GIL is on; absent where the runtime has no GIL.
        gil_enabled: Option<bool>,
        /// Numeric libraries with threads of their own, see [`InterpreterFacts::thread_libraries`].
        #[serde(default)]
        thread_libraries: Vec<String>,
    },
    /// A part of the `repr()` of what an execution returned; parts come in order.
    Result {
        /// Which execution.
        execution: u32,
        /// The part; the last one says how much was cut.
        part: String,
    },
    /// A part of the traceback of what an execution raised; parts come in order.
    Traceback {
        /// Which execution.
        execution: u32,
        /// The part.
        part: String,
    },
    /// Where an execution is, shortly before its timeout.
    Where {
        /// Which execution.
        execution: u32,
        /// The user's own line: `work.py:12, in consume`.
        place: String,
        /// The calls that led there, as in a traceback.
        stack: String,
        /// Whether it awaits something while nothing in its event loop is due to wake it.
        #[serde(default)]
        idle_loop: bool,
    },
    /// The launcher did something other than starting and joining.
    Mark {
        /// What.
        kind: MainKind,
        /// For which execution.
        execution: u32,
        /// When it began, CLOCK_MONOTONIC.
        from_ns: i64,
        /// When it ended.
        to_ns: i64,
        /// What came of it, in words.
        #[serde(default)]
        message: Option<String>,
    },
    /// An execution held its event loop in one step for this long: no other coroutine of the loop ran meanwhile.
    Kept {
        /// Which execution.
        execution: u32,
        /// When the step began, CLOCK_MONOTONIC.
        from_ns: i64,
        /// When it ended.
        to_ns: i64,
    },
    /// Why an execution did not succeed, in a sentence.
    Message {
        /// Which execution.
        execution: u32,
        /// The sentence.
        message: String,
    },
    /// A part of what an execution wrote; parts come in order.
    Output {
        /// Which execution.
        execution: u32,
        /// Whether the stream is stderr.
        stderr: bool,
        /// How many bytes were written to that stream in all.
        bytes: u64,
        /// The part.
        part: String,
    },
    /// The runner can't go on.
    Fatal {
        /// Why, in a sentence.
        message: String,
    },
    /// The last text.
    Bye {
        /// CPU time since *loaded* of the runner's threads other than the launcher, and of children that the runner has waited
        /// for; absent where it is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cpu_beside_ns: Option<u64>,
        /// Peak resident memory of the runner itself.
        max_rss_bytes: Option<u64>,
    },
}

impl Text {
    /// The execution that the text is about; absent where it is about the run.
    pub fn execution(&self) -> Option<u32> {
        match self {
            Self::Message { execution, .. }
            | Self::Output { execution, .. }
            | Self::Result { execution, .. }
            | Self::Traceback { execution, .. }
            | Self::Where { execution, .. }
            | Self::Mark { execution, .. } => Some(*execution),
            _ => None,
        }
    }
}

/// A host's order to a guard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Ask these executions' processes, and the groups that they lead, to end (SIGTERM).
    Terminate {
        /// Which executions.
        executions: Vec<u32>,
    },
    /// End the runner and everything that it started.
    End {},
    /// End these executions' processes and everything that they started (SIGKILL).
    Kill {
        /// Which executions.
        executions: Vec<u32>,
    },
}

/// Writes a text as one line in one write. Failure means that the host has ended; the guard learns that from its lifeline.
pub fn send(mut fifo: impl Write, text: &Text) {
    if let Some(line) = line_of(text) {
        let _ = fifo.write_all(&line);
    }
}

/// Sends the sentence that says why an execution did not succeed.
pub fn send_message(fifo: impl Write, execution: u32, message: &str) {
    send(fifo, &Text::Message { execution, message: cut(message) });
}

/// Sends what an execution wrote to one stream, in as many lines as that takes.
pub fn send_output(mut fifo: impl Write, execution: u32, stderr: bool, bytes: u64, tail: &str) {
    let mut rest = tail;
    while !rest.is_empty() {
        let mut length = rest.floor_char_boundary(3900.min(rest.len()));
        loop {
            let part = rest[..length].to_owned();
            match line_of(&Text::Output { execution, stderr, bytes, part }) {
                Some(line) => break drop(fifo.write_all(&line)),
                None => length = rest.floor_char_boundary(length / 2).max(1),
            }
        }
        rest = &rest[length..];
    }
}

fn line_of(text: &Text) -> Option<Vec<u8>> {
    let mut line = serde_json::to_vec(text).ok()?;
    line.push(b'\n');
    (line.len() <= MAX_LINE).then_some(line)
}

/// The message, shortened where it would not fit into a line.
pub fn cut(message: &str) -> String {
    if message.len() <= MAX_MESSAGE {
        return message.to_owned();
    }
    let end = message.floor_char_boundary(MAX_MESSAGE);
    format!("{}… ({} bytes in all)", &message[..end], message.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_of_any_bytes_comes_whole_and_in_short_lines() {
        let tail = "a\u{1}ü\n".repeat(3000);
        let mut sent = Vec::new();
        send_output(&mut sent, 7, true, 99, &tail);
        let mut joined = String::new();
        for line in sent.split_inclusive(|byte| *byte == b'\n') {
            assert!(line.len() <= MAX_LINE);
            match serde_json::from_slice(line).expect("a line is whole") {
                Text::Output { execution: 7, stderr: true, bytes: 99, part } => joined += &part,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(joined, tail);
    }

    #[test]
    fn a_long_message_is_cut_and_says_so() {
        let mut sent = Vec::new();
        send_message(&mut sent, 1, &"\u{1}".repeat(10_000));
        assert!(sent.len() <= MAX_LINE);
        assert!(String::from_utf8(sent).expect("UTF-8").contains("10000 bytes in all"));
    }
}
