//! What the host does if a run does not end although its guard was told to end it.

use super::{Effect, Ending};

/// From the order to end a run to killing all processes below its guard.
const FORCE_NS: i64 = 2_000_000_000;
/// From the order to killing the guard.
const GUARD_NS: i64 = 3_000_000_000;
/// From the order to letting the run go.
const LET_GO_NS: i64 = 4_500_000_000;

impl Ending {
    /// The guard was told to end the run `waited_ns` ago.
    pub(super) fn force(&mut self, waited_ns: i64, effects: &mut Vec<Effect>) {
        if waited_ns > FORCE_NS {
            // Repeated at every tick: these processes may start others meanwhile.
            effects.push(Effect::KillBelow);
        }
        if waited_ns > GUARD_NS && !std::mem::replace(&mut self.guard_killed, true) {
            effects.push(Effect::KillGuard);
        }
        if waited_ns > LET_GO_NS {
            effects.push(Effect::LetGo);
        }
    }
}
