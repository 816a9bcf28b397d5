//! Frequencies, thermal throttling and power of the machine at an instant.

use crate::system;
use std::path::Path;

/// The machine at an instant, as far as the system tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineState {
    /// Frequencies of cores; empty where they are not told.
    pub mhz: Vec<u32>,
    /// By the core's number, how often it was slowed down for its heat since the system started; empty where it is not told.
    pub throttle_counts: Vec<(u32, u64)>,
    /// Whether the machine runs on its battery; absent where it is not known to have a power supply at all.
    pub on_battery: Option<bool>,
}

/// The machine now. Linux reads it of the files below `root`: `/` on a real machine. A system that does not tell gives a
/// state with nothing in it.
pub fn machine_state(root: &Path) -> MachineState {
    system::machine_state(root)
}
