//! What the machine was like while a run went on.

use serde::{Deserialize, Serialize};

/// What the machine was like while a run went on: read just before the runner started and just after it had ended, never
/// between. Each part is absent where the system does not tell, as on most virtual machines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// The lowest frequency that a core had at one of the two instants. A core at rest may be far below one that works.
    #[serde(default)]
    pub lowest_mhz: Option<u32>,
    /// The highest frequency that a core had at one of the two instants.
    #[serde(default)]
    pub highest_mhz: Option<u32>,
    /// How often a core was slowed down for its heat during the run: of the core with the most such events. Cores are
    /// not summed, because those that share hardware each count the same event.
    #[serde(default)]
    pub throttle_events: Option<u64>,
    /// Whether the machine ran on its battery at one of the two instants.
    #[serde(default)]
    pub on_battery: Option<bool>,
}

impl Conditions {
    /// The conditions, where any part of them is known.
    pub fn known(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}
