//! The messages so far, for the list of messages and for the corner.

use crate::toasts::Toasts;
use std::collections::VecDeque;

/// The most messages that are kept.
const MOST_MESSAGES: usize = 1_000;

/// The messages so far.
pub struct Told {
    /// All of it, the latest last.
    pub messages: VecDeque<Message>,
    /// Short notes in a corner.
    pub toasts: Toasts,
}

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Info,
    Good,
    Error,
}

/// A message: something that happened.
#[derive(Clone, Debug)]
pub struct Message {
    /// The time of day.
    pub at: String,
    pub level: Level,
    pub text: String,
}

impl Told {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { messages: VecDeque::new(), toasts: Toasts::new() }
    }

    /// Notes what happened, in the list of messages alone.
    pub fn log(&mut self, level: Level, text: impl Into<String>) {
        let at = jiff::Zoned::now().strftime("%H:%M:%S").to_string();
        self.messages.push_back(Message { at, level, text: text.into() });
        if self.messages.len() > MOST_MESSAGES {
            self.messages.pop_front();
        }
    }

    /// Notes what happened, and shows it in a corner for a while.
    pub fn tell(&mut self, level: Level, text: impl Into<String>) {
        let text = text.into();
        self.toasts.add(level, &text);
        self.log(level, text);
    }
}
