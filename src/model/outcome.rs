//! How an execution ended. A failing task is a result, not an error of this program.

use serde::{Deserialize, Serialize};

/// Follows the place where an execution awaited something that nothing in its event loop was due to bring.
pub const NOTHING_DUE: &str = ", with nothing due in its event loop";

/// The kinds of outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// It returned, or exited with status 0.
    Success,
    /// It exited with another status, or returned an error.
    Failed,
    /// A signal ended its process.
    Signalled,
    /// It panicked.
    Panicked,
    /// It raised an exception that nobody caught.
    Exception,
    /// It took longer than its timeout and was ended.
    TimedOut,
    /// The user stopped it, or it never started because of that.
    Cancelled,
    /// The system refused to start it.
    CouldNotStart,
    /// The runner died with it, or the pool that it ran in broke: nobody is left to say how it would have ended.
    Lost,
    /// A daemon thread that still ran when the run was over: nobody waited for it.
    Abandoned,
}

impl OutcomeKind {
    /// The words that people see.
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Signalled => "signalled",
            Self::Panicked => "panicked",
            Self::Exception => "exception",
            Self::TimedOut => "timed out",
            Self::Cancelled => "cancelled",
            Self::CouldNotStart => "could not start",
            Self::Lost => "lost",
            Self::Abandoned => "abandoned",
        }
    }
}

/// How an execution ended, with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The kind of ending.
    pub kind: OutcomeKind,
    /// The exit status, where it exited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i32>,
    /// The signal's number, where one ended the process (the runner's own, for `lost`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// One sentence for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<str>>,
}

/// Stands in a message between what happened and where the execution was shortly before.
const WAS_AT: &str = "; shortly before it was at ";

impl Outcome {
    /// A message with the place at which the execution was shortly before.
    pub fn message_at(message: &str, place: &str) -> Box<str> {
        format!("{message}{WAS_AT}{place}").into()
    }

    /// Its message without the place, and the place, as [`Outcome::message_at`] put them together.
    pub fn message_and_place(&self) -> (Option<&str>, Option<&str>) {
        match self.message.as_deref().map(|message| (message, message.split_once(WAS_AT))) {
            Some((_, Some((message, place)))) => (Some(message), Some(place)),
            Some((message, None)) => (Some(message), None),
            None => (None, None),
        }
    }

    /// An outcome of which only the kind is known.
    pub fn of(kind: OutcomeKind) -> Self {
        Self { kind, code: None, signal: None, message: None }
    }

    /// It returned, or exited with status 0.
    pub fn success() -> Self {
        Self::of(OutcomeKind::Success)
    }

    /// An outcome with its sentence.
    pub fn with_message(kind: OutcomeKind, message: impl Into<Box<str>>) -> Self {
        Self { message: Some(message.into()), ..Self::of(kind) }
    }

    /// Whether it is a success.
    pub fn is_success(&self) -> bool {
        self.kind == OutcomeKind::Success
    }

    /// One line for people: the kind, its code or signal, and the message.
    pub fn sentence(&self) -> String {
        let mut text = self.kind.word().to_owned();
        if let Some(code) = self.code {
            text += &format!(" (exit status {code})");
        }
        if let Some(signal) = self.signal {
            text += &format!(" ({})", signal_name(signal));
        }
        if let Some(message) = &self.message {
            text += &format!(": {message}");
        }
        text
    }
}

/// The name of a POSIX signal (`SIGSEGV`), or its number; numbers as on Linux for x86-64 and AArch64.
pub fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => return format!("signal {signal}"),
    };
    name.to_owned()
}
