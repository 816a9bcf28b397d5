//! What is reported about executions after a look: those that have changed, and new measurements of those that have
//! ended.

use super::{measured::Measured, records::Records};
use model::RunEvent;
use protocol::slots::Slots;

/// The executions that have changed, as they are now known. For executions that have already ended, only what they did,
/// if more of that became known. Of a million executions most are reported twice: in full when they have ended, and
/// again, only with what they did, when their slices are known.
pub fn of(records: &mut Records, slots: &Slots, measured: &mut Measured) -> Vec<RunEvent> {
    let mut changed = records.take_changed();
    changed.sort_unstable();
    changed.dedup();
    let mut at = 0;
    let mut fresh = measured.fresh();
    fresh.retain(|id| {
        at += changed[at..].iter().take_while(|other| *other < id).count();
        changed.get(at) != Some(id) && records.is_over(*id)
    });
    let (own, fresh): (Vec<_>, Vec<_>) = fresh.into_iter().partition(|id| measured.has_own(*id));
    if !own.is_empty() {
        changed.extend(own);
        changed.sort_unstable();
    }
    records.take_states(slots, &changed, measured);
    let did: Vec<_> = fresh.into_iter().filter_map(|id| records.did(slots, id, measured)).collect();
    let mut events = Vec::new();
    if !changed.is_empty() {
        events.push(RunEvent::Executions(records.told(changed)));
    }
    if !did.is_empty() {
        events.push(RunEvent::Did(did));
    }
    events
}
