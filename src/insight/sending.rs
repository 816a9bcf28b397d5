//! What is sent to and from executions, in words and sums.

use model::{
    Execution, Phase, Sending,
    quantity::{human_bytes, human_ns},
};

/// What was sent in a phase of an execution: `40.0 MB: pickled in 12.1 ms, unpickled in 8.50 ms`; absent where nothing was.
pub fn sent_text(execution: &Execution, phase: Phase) -> Option<String> {
    let sending = execution.sending.as_deref()?;
    let (bytes, pickled, unpickled) = match phase {
        Phase::Sending => (sending.argument_bytes, sending.pickled, sending.unpickled),
        Phase::Returning => (sending.result_bytes, sending.result_pickled, sending.result_unpickled),
        _ => return None,
    };
    let took = [(pickled, "pickled"), (unpickled, "unpickled")];
    let took = took.into_iter().filter_map(|(span, what)| Some(format!("{what} in {}", human_ns(span?.ns()))));
    Some(format!("{}: {}", human_bytes(bytes?), took.collect::<Vec<_>>().join(", ")))
}

/// Bytes and times that executions sent, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sent {
    /// How many executions were sent something.
    pub executions: usize,
    /// Bytes of arguments.
    pub argument_bytes: f64,
    /// Time to pickle and unpickle arguments.
    pub argument_ns: f64,
    /// Bytes of results.
    pub result_bytes: f64,
    /// Time to pickle and unpickle results.
    pub result_ns: f64,
}

impl Sent {
    /// Adds what one execution sent.
    pub fn add(&mut self, sending: &Sending) {
        let number = |value: Option<u64>| value.unwrap_or(0) as f64;
        self.executions += 1;
        self.argument_bytes += number(sending.argument_bytes);
        self.argument_ns += number(sending.argument_ns());
        self.result_bytes += number(sending.result_bytes);
        self.result_ns += number(sending.result_ns());
    }

    /// A sum divided by the number of executions that were sent something.
    pub fn each(&self, sum: f64) -> f64 {
        sum / self.executions.max(1) as f64
    }
}
