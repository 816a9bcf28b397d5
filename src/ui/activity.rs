//! What is being done, and about how long it will take.

use std::time::Duration;

/// What is being done, by the engine or with what it has measured.
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
    /// Every run is over, and the summary is being made.
    SummingUp,
}

impl Activity {
    /// Whether something is being done during which no measurement may begin.
    pub fn is_busy(self) -> bool {
        self != Self::Idle
    }

    /// Whether an experiment is being measured.
    pub fn is_measuring(self) -> bool {
        matches!(self, Self::Starting | Self::Running | Self::Stopping)
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
