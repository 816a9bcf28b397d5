//! What runners said about executions in texts, until it is reported.

use crate::stacks::source_lines::with_source;
use model::{Execution, Output, outcome::NOTHING_DUE, within};
use protocol::text::{OUTPUT_KEPT, Text};
use std::collections::{BTreeSet, HashMap};

/// Once executions have written more output than this in all, only the last [`OUTPUT_KEPT_WHEN_MANY`] bytes are kept of
/// each that writes more.
const OUTPUT_BUDGET: usize = 256 << 20;
const OUTPUT_KEPT_WHEN_MANY: usize = 64 << 10;

/// What was said, by execution.
#[derive(Default)]
pub struct Said {
    messages: HashMap<u32, String>,
    /// The `repr()` of what executions returned.
    results: HashMap<u32, String>,
    tracebacks: HashMap<u32, String>,
    /// Where executions were shortly before their timeout: the place, and the calls that led there.
    places: HashMap<u32, (String, String)>,
    /// Executions about which a text has arrived since [`Said::take_touched`].
    touched: BTreeSet<u32>,
    output_bytes: usize,
}

impl Said {
    /// Takes in a text about one of these executions; ignores texts about unknown ones.
    pub fn hear(&mut self, text: Text, executions: &mut [Execution]) {
        let Some(id) = text.execution().filter(|id| (*id as usize) < executions.len()) else { return };
        match text {
            Text::Message { message, .. } => drop(self.messages.insert(id, message)),
            Text::Output { stderr, bytes, part, .. } => {
                self.take_output(&mut executions[id as usize], stderr, bytes, &part);
            }
            Text::Result { part, .. } => append(&mut self.results, id, &part),
            Text::Traceback { part, .. } => append(&mut self.tracebacks, id, &part),
            Text::Where { place, stack, idle_loop, .. } => {
                let idle = if idle_loop { NOTHING_DUE } else { "" };
                self.places.insert(id, (place + idle, with_source(&stack)));
            }
            _ => return,
        }
        self.touched.insert(id);
    }

    fn take_output(&mut self, execution: &mut Execution, stderr: bool, bytes: u64, part: &str) {
        let crowded = self.output_bytes > OUTPUT_BUDGET;
        let output = execution.output.get_or_insert_with(Box::<Output>::default);
        let (total, tail) = match stderr {
            false => (&mut output.stdout_bytes, &mut output.stdout_tail),
            true => (&mut output.stderr_bytes, &mut output.stderr_tail),
        };
        *total = within(bytes).unwrap_or(*total);
        tail.push_str(part);
        self.output_bytes += part.len();
        if crowded && tail.len() > OUTPUT_KEPT_WHEN_MANY {
            let cut = tail.ceil_char_boundary(tail.len() - OUTPUT_KEPT_WHEN_MANY);
            self.output_bytes -= cut;
            tail.drain(..cut);
        }
    }

    /// Executions about which a text has arrived since the last call.
    pub fn take_touched(&mut self) -> BTreeSet<u32> {
        std::mem::take(&mut self.touched)
    }

    /// The sentence that came with an execution's end.
    pub fn message(&self, id: u32) -> Option<&str> {
        self.messages.get(&id).map(String::as_str)
    }

    /// The `repr()` of what an execution returned.
    pub fn result(&self, id: u32) -> Option<&str> {
        self.results.get(&id).map(String::as_str)
    }

    /// The traceback of what an execution raised.
    pub fn traceback(&self, id: u32) -> Option<&str> {
        self.tracebacks.get(&id).map(String::as_str)
    }

    /// Where an execution was shortly before its timeout, and the calls that led there.
    pub fn place(&self, id: u32) -> Option<(&str, &str)> {
        self.places.get(&id).map(|(place, stack)| (place.as_str(), stack.as_str()))
    }
}

/// Appends a part to a text, up to the most that a runner sends.
fn append(texts: &mut HashMap<u32, String>, id: u32, part: &str) {
    let text = texts.entry(id).or_default();
    if text.len() + part.len() <= OUTPUT_KEPT {
        text.push_str(part);
    }
}
