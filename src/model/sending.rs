//! What an execution's arguments and its result cost to be sent from one process to another.

use serde::{Deserialize, Serialize};

/// A stretch of time, since the run's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// When it began.
    pub from_ns: u64,
    /// When it ended.
    pub to_ns: u64,
}

impl Span {
    /// Its length.
    pub fn ns(self) -> u64 {
        self.to_ns.saturating_sub(self.from_ns)
    }
}

/// What an execution's arguments and its result cost to be sent. What is not known is absent: a process of its own
/// hands back no result, and a failed execution may have sent nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Keys", into = "Keys")]
pub struct Sending {
    /// How many bytes its arguments made, pickled, with some hundred around them.
    pub argument_bytes: Option<u64>,
    /// When the launcher pickled them.
    pub pickled: Option<Span>,
    /// Since when the pool's worker that ran it could take its first call.
    pub worker_ready_ns: Option<u64>,
    /// Since when that worker waited for this call: it had sent the result of the one before.
    pub worker_free_ns: Option<u64>,
    /// When whoever ran it unpickled them.
    pub unpickled: Option<Span>,
    /// How many bytes its result made, pickled.
    pub result_bytes: Option<u64>,
    /// When whoever ran it pickled the result.
    pub result_pickled: Option<Span>,
    /// When the launcher unpickled the result, which it then had.
    pub result_unpickled: Option<Span>,
}

impl Sending {
    /// Time that pickling and unpickling the arguments took; absent where neither is known.
    pub fn argument_ns(&self) -> Option<u64> {
        both(self.pickled, self.unpickled)
    }

    /// Time that pickling and unpickling the result took, likewise.
    pub fn result_ns(&self) -> Option<u64> {
        both(self.result_pickled, self.result_unpickled)
    }

    /// The instant from which only sending delayed the start. In a pool: its worker waited for the call, and pickling
    /// of its arguments had begun. In a process of its own: unpickling of its arguments began.
    pub fn sent_from_ns(&self) -> Option<u64> {
        match (self.worker_free_ns, self.pickled) {
            (Some(free_ns), Some(pickled)) => Some(free_ns.max(pickled.from_ns)),
            _ => self.unpickled.map(|span| span.from_ns),
        }
    }
}

fn both(pickled: Option<Span>, unpickled: Option<Span>) -> Option<u64> {
    let sum = |spans: [Option<Span>; 2]| spans.into_iter().flatten().map(Span::ns).sum();
    (pickled.is_some() || unpickled.is_some()).then(|| sum([pickled, unpickled]))
}

/// Its keys in documents: the times, beside the instants that they are computed from.
#[derive(Serialize, Deserialize)]
struct Keys {
    argument_bytes: Option<u64>,
    argument_ns: Option<u64>,
    result_bytes: Option<u64>,
    result_ns: Option<u64>,
    #[serde(default)]
    argument_pickled: Option<Span>,
    #[serde(default)]
    worker_ready_ns: Option<u64>,
    #[serde(default)]
    worker_free_ns: Option<u64>,
    #[serde(default)]
    argument_unpickled: Option<Span>,
    #[serde(default)]
    result_pickled: Option<Span>,
    #[serde(default)]
    result_unpickled: Option<Span>,
}

impl From<Sending> for Keys {
    fn from(sending: Sending) -> Self {
        let (argument_ns, result_ns) = (sending.argument_ns(), sending.result_ns());
        let Sending {
            argument_bytes,
            pickled,
            worker_ready_ns,
            worker_free_ns,
            unpickled,
            result_bytes,
            result_pickled,
            result_unpickled,
        } = sending;
        Self {
            argument_bytes,
            argument_ns,
            result_bytes,
            result_ns,
            argument_pickled: pickled,
            worker_ready_ns,
            worker_free_ns,
            argument_unpickled: unpickled,
            result_pickled,
            result_unpickled,
        }
    }
}

impl From<Keys> for Sending {
    fn from(keys: Keys) -> Self {
        Self {
            argument_bytes: keys.argument_bytes,
            pickled: keys.argument_pickled,
            worker_ready_ns: keys.worker_ready_ns,
            worker_free_ns: keys.worker_free_ns,
            unpickled: keys.argument_unpickled,
            result_bytes: keys.result_bytes,
            result_pickled: keys.result_pickled,
            result_unpickled: keys.result_unpickled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from_ns: u64, to_ns: u64) -> Option<Span> {
        Some(Span { from_ns, to_ns })
    }

    #[test]
    fn a_document_has_the_sums_and_gives_all_back() {
        let sending = Sending {
            argument_bytes: Some(70),
            pickled: span(10, 15),
            worker_free_ns: Some(12),
            unpickled: span(20, 27),
            result_bytes: Some(9),
            result_pickled: span(40, 41),
            ..Sending::default()
        };
        let text = serde_json::to_value(sending).expect("written");
        assert_eq!((&text["argument_ns"], &text["result_ns"]), (&12.into(), &1.into()));
        assert_eq!(serde_json::from_value::<Sending>(text).expect("read"), sending);
    }

    #[test]
    fn a_call_is_sent_when_its_worker_waits_for_it() {
        let queued = Sending { pickled: span(10, 15), worker_free_ns: Some(90), ..Sending::default() };
        assert_eq!(queued.sent_from_ns(), Some(90), "pickled long before a worker was free");
        let large = Sending { worker_free_ns: Some(5), ..queued };
        assert_eq!(large.sent_from_ns(), Some(10), "the worker waited for the pickle");
        let process = Sending { pickled: span(10, 15), unpickled: span(70, 80), ..Sending::default() };
        assert_eq!(process.sent_from_ns(), Some(70), "the process was started in between");
    }
}
