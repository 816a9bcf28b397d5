//! What the engine is doing, and about how long it will take.

use std::time::Duration;

/// What the engine is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Nothing.
    Idle,
    /// A request was sent; nothing has come back yet.
    Starting,
    /// Runs are made.
    Running,
    /// The user asked to stop.
    Stopping,
}

impl Activity {
    /// Whether an experiment is in the making.
    pub fn is_busy(self) -> bool {
        self != Self::Idle
    }
}

/// A remaining time in words: `about 4 s left`.
pub fn remaining_words(left: Duration) -> String {
    match left.as_secs_f64().ceil() as u64 {
        0 | 1 => "about 1 s left".to_owned(),
        secs @ 2..=119 => format!("about {secs} s left"),
        secs => format!("about {} min left", secs.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_never_promise_zero() {
        assert_eq!(remaining_words(Duration::ZERO), "about 1 s left");
        assert_eq!(remaining_words(Duration::from_millis(3400)), "about 4 s left");
        assert_eq!(remaining_words(Duration::from_secs(150)), "about 3 min left");
    }
}
