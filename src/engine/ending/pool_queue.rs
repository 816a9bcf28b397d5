//! Watches whether any worker takes calls from the queue of a Python pool. Calls that wait there have no timeout of
//! their own, so without this check a run whose workers never come would never end.

use super::Sight;
use model::{Execution, Stage};

/// Since when no worker has taken a call from the queue.
#[derive(Clone, Default)]
pub struct PoolQueue {
    idle_since_ns: Option<i64>,
}

impl PoolQueue {
    /// The executions that wait in the queue, if for longer than `limit_ns` no execution was running and none was
    /// taken.
    pub fn forgotten<'a>(&mut self, now_ns: i64, limit_ns: u64, sight: &'a impl Sight) -> Vec<&'a Execution> {
        if !is_idle(sight) {
            self.idle_since_ns = None;
            return Vec::new();
        }
        let since_ns = *self.idle_since_ns.get_or_insert(now_ns);
        if u64::try_from(now_ns.saturating_sub(since_ns)).is_ok_and(|ns| ns <= limit_ns) {
            return Vec::new();
        }
        sight.in_flight().filter(|execution| !has(sight, execution, Stage::Entered)).collect()
    }
}

/// Whether executions wait and none is running. The launcher takes results in the order of the queue: if the first that
/// it waits for has run, its result is on its way.
fn is_idle(sight: &impl Sight) -> bool {
    let mut in_flight = sight.in_flight().peekable();
    if in_flight.peek().is_none_or(|first| has(sight, first, Stage::Entered)) {
        return false;
    }
    let waits_or_ran = |it| !has(sight, it, Stage::Entered) || has(sight, it, Stage::Exited);
    in_flight.all(waits_or_ran)
}

fn has(sight: &impl Sight, execution: &Execution, stage: Stage) -> bool {
    sight.stage(execution.id, stage) != 0
}
