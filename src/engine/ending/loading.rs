//! The time limit of loading: from the start of the runner until its last target is loaded.

use model::duration::limit_text;
use protocol::text::Text;
use std::{path::PathBuf, time::Duration};

/// What is known about a runner that is loading.
#[derive(Clone)]
pub struct Loading {
    limit: Duration,
    started_ns: i64,
    /// The interpreter that was started; absent for the built-in runner.
    interpreter: Option<PathBuf>,
    hello: bool,
    loaded: bool,
    /// What is being loaded: a file, or `module NAME`.
    source: Option<String>,
    /// Which line of the source is being executed, if that was reported.
    place: Option<String>,
}

impl Loading {
    /// For a runner that was started at an instant of CLOCK_MONOTONIC.
    pub fn new(limit: Duration, started_ns: i64, interpreter: Option<PathBuf>) -> Self {
        Self { limit, started_ns, interpreter, hello: false, loaded: false, source: None, place: None }
    }

    /// Takes in a text of the runner.
    pub fn hear(&mut self, text: &Text) {
        match text {
            Text::Hello { .. } => {
                self.hello = true;
                // The built-in runner has nothing to load.
                self.loaded = self.interpreter.is_none();
            }
            Text::Loading { source, place } => (self.source, self.place) = (Some(source.clone()), place.clone()),
            Text::Loaded { .. } => self.loaded = true,
            _ => {}
        }
    }

    /// Whether the runner has said hello.
    pub fn is_greeted(&self) -> bool {
        self.hello
    }

    /// Why the runner is to be ended, in one sentence, if it has been loading for longer than its limit.
    pub fn overdue(&self, now_ns: i64) -> Option<String> {
        let waited = Duration::from_nanos(u64::try_from(now_ns - self.started_ns).unwrap_or(0));
        let is_ready = self.hello && self.loaded;
        (!is_ready && waited > self.limit).then(|| self.sentence())
    }

    fn sentence(&self) -> String {
        let limit = limit_text(self.limit);
        match (&self.source, &self.interpreter, self.hello) {
            (Some(source), ..) => {
                let place = self.place.as_ref().map_or_else(String::new, |place| format!(" (it was at {place})"));
                not_loaded(source, "", &place, self.limit)
            }
            (None, Some(python), false) => format!(
                "the interpreter {} did not say hello within {limit}; try whether it starts by itself, or set a longer \
                 load_timeout",
                python.display()
            ),
            _ => format!("the runner was not ready within {limit}; set a longer load_timeout"),
        }
    }
}

/// The sentence about a file or module that did not finish loading. `who` says where it was loaded and `place` how far
/// it came, each with a leading space.
pub fn not_loaded(source: &str, who: &str, place: &str, limit: Duration) -> String {
    format!(
        "{source} did not finish loading{who} within {}{place}; code at its top level belongs under `if __name__ == \
         \"__main__\":`, and what really takes so long to load needs a longer load_timeout",
        limit_text(limit)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn loading() -> Loading {
        Loading::new(Duration::from_secs(3), 10 * SECOND, Some("/usr/bin/python3".into()))
    }

    #[test]
    fn it_is_said_what_is_loading_and_what_mends_it() {
        let mut loading = loading();
        loading.hear(&Text::Hello { protocol: 2, runtime: "python".to_owned(), interpreter: None });
        loading.hear(&Text::Loading { source: "/a/bot.py".to_owned(), place: None });
        assert_eq!(loading.overdue(13 * SECOND), None);
        let said = loading.overdue(14 * SECOND).expect("overdue");
        assert!(said.starts_with("/a/bot.py did not finish loading within 3 s; code at its top level"), "{said}");
        loading.hear(&Text::Loaded { gil_enabled: None, thread_libraries: Vec::new() });
        assert_eq!(loading.overdue(99 * SECOND), None);
    }

    #[test]
    fn an_interpreter_that_never_says_hello_is_overdue_too() {
        let said = loading().overdue(14 * SECOND).expect("overdue");
        assert!(said.starts_with("the interpreter /usr/bin/python3 did not say hello within 3 s"), "{said}");
    }
}
