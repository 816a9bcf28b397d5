//! The machine's conditions around a run, read before and after it and not in between.

use model::Conditions;
use os::{self, MachineState};
use std::path::Path;

/// The machine just before a run.
pub struct Before(MachineState);

impl Before {
    /// The machine now.
    pub fn now() -> Self {
        Self(os::machine_state(Path::new("/")))
    }

    /// Call this when the run is over: the machine's conditions, or `None` where the system tells nothing of them.
    pub fn until_now(&self) -> Option<Conditions> {
        between(&self.0, &os::machine_state(Path::new("/"))).known()
    }
}

fn between(before: &MachineState, after: &MachineState) -> Conditions {
    let mhz = || before.mhz.iter().chain(&after.mhz).copied();
    let count_before = |core| before.throttle_counts.iter().find(|(known, _)| *known == core).map(|(_, count)| *count);
    // The count of a core that was switched off and on meanwhile starts at 0 again.
    let events = |(core, count): &(u32, u64)| Some(count.saturating_sub(count_before(*core)?));
    Conditions {
        lowest_mhz: mhz().min(),
        highest_mhz: mhz().max(),
        throttle_events: after.throttle_counts.iter().filter_map(events).max(),
        on_battery: [before.on_battery, after.on_battery].into_iter().flatten().max(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(mhz: &[u32], throttle_counts: &[(u32, u64)], on_battery: Option<bool>) -> MachineState {
        MachineState { mhz: mhz.to_vec(), throttle_counts: throttle_counts.to_vec(), on_battery }
    }

    #[test]
    fn both_looks_count() {
        let before = state(&[2000, 800], &[(0, 7), (1, 7), (2, 4)], Some(false));
        let after = state(&[3100, 1200], &[(0, 10), (1, 10), (2, 5)], Some(true));
        let expected = Conditions {
            lowest_mhz: Some(800),
            highest_mhz: Some(3100),
            throttle_events: Some(3),
            on_battery: Some(true),
        };
        assert_eq!(between(&before, &after), expected);
    }

    #[test]
    fn a_core_that_came_or_went_is_no_event() {
        let before = state(&[], &[(0, 7), (1, 3)], None);
        assert_eq!(between(&before, &state(&[], &[(0, 2), (2, 90)], None)).throttle_events, Some(0));
        assert_eq!(between(&before, &state(&[], &[(2, 90)], None)).throttle_events, None);
    }

    #[test]
    fn nothing_known_is_nothing() {
        let nothing = MachineState::default();
        assert_eq!(between(&nothing, &nothing).known(), None);
        let at_home = between(&nothing, &state(&[], &[], Some(false)));
        assert_eq!(at_home.known().and_then(|conditions| conditions.on_battery), Some(false));
    }
}
