//! What a runner reports about itself.

use crate::left_behind::LeftBehind;
use model::{InterpreterFacts, RunEvent};
use protocol::{PROTOCOL, text::Text};

/// What a runner has reported about itself.
#[derive(Default)]
pub struct Said {
    interpreter: Option<InterpreterFacts>,
    /// Its peak of resident memory.
    pub rss_bytes: Option<u64>,
    /// CPU time of its threads besides the launcher's, and of their children.
    pub cpu_beside_ns: Option<u64>,
    /// Whether it said goodbye, so that it ran to its end.
    pub bye: bool,
    pub left: LeftBehind,
}

impl Said {
    /// Takes in a text, and returns the event to emit at once, if any. Ignores texts about other things.
    pub fn hear(&mut self, text: &Text) -> Option<RunEvent> {
        match text {
            Text::Hello { protocol, interpreter, .. } if *protocol == PROTOCOL => {
                self.interpreter.clone_from(interpreter);
                return self.interpreter();
            }
            Text::Loaded { gil_enabled, thread_libraries } => {
                let facts = self.interpreter.as_mut()?;
                (facts.gil_enabled, facts.thread_libraries) = (*gil_enabled, thread_libraries.clone());
                return self.interpreter();
            }
            Text::Bye { max_rss_bytes, cpu_beside_ns } => {
                (self.bye, self.rss_bytes, self.cpu_beside_ns) = (true, *max_rss_bytes, *cpu_beside_ns);
            }
            Text::Left(process) => self.left.hear(process.clone()),
            Text::Runner { pid } => return Some(RunEvent::Runner { pid: *pid }),
            _ => {}
        }
        None
    }

    fn interpreter(&self) -> Option<RunEvent> {
        self.interpreter.clone().map(RunEvent::Interpreter)
    }
}
