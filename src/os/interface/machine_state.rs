//! Frequencies, thermal throttling and power of the machine at an instant.

use crate::system;
use std::path::Path;

/// The machine at an instant, as far as the system tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineState {
    /// Frequencies of cores; empty where the system does not tell.
    pub mhz: Vec<u32>,
    /// By the core's number, how often heat throttled it since the system started; empty where the system does not tell.
    pub throttle_counts: Vec<(u32, u64)>,
    /// Whether the machine runs on its battery; absent where no power supply is known.
    pub on_battery: Option<bool>,
}

/// The machine now. Linux reads it from the files below `root`, which is `/` on a real machine. A system that does not tell
/// gives an empty state.
pub fn machine_state(root: &Path) -> MachineState {
    system::machine_state(root)
}
