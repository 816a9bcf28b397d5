//! The queue of a Python pool: whether anybody takes from it. What waits there has no timeout of its own, so a pool whose
//! workers never come would be waited for without an end.

use super::records::Records;
use model::Stage;
use protocol::slots::Slots;

/// Since when nobody takes from a pool's queue.
#[derive(Default)]
pub struct PoolQueue {
    idle_since_ns: Option<i64>,
}

impl PoolQueue {
    /// The executions that wait in the queue, where nobody has run, and none was taken, for longer than `limit_ns`.
    pub fn forgotten(&mut self, now: i64, limit_ns: u64, slots: &Slots, records: &Records) -> Vec<u32> {
        if !is_idle(slots, records) {
            self.idle_since_ns = None;
            return Vec::new();
        }
        let since = *self.idle_since_ns.get_or_insert(now);
        if u64::try_from(now.saturating_sub(since)).is_ok_and(|ns| ns <= limit_ns) {
            return Vec::new();
        }
        let waiting = records.in_flight(slots).filter(|(_, slot)| slot.stage(Stage::Entered) == 0);
        waiting.map(|(execution, _)| execution.id).collect()
    }
}

/// Whether somebody waits and nobody runs. The launcher takes results in the order of the queue: where the first that it
/// waits for has run, its result is on its way.
fn is_idle(slots: &Slots, records: &Records) -> bool {
    let mut in_flight = records.in_flight(slots).map(|(_, slot)| slot).peekable();
    if in_flight.peek().is_none_or(|first| first.stage(Stage::Entered) != 0) {
        return false;
    }
    in_flight.all(|slot| slot.stage(Stage::Entered) == 0 || slot.stage(Stage::Exited) != 0)
}
