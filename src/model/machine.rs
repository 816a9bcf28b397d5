//! The machine on which a run was measured.

use serde::{Deserialize, Serialize};

/// The machine of an experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Its name in the network.
    pub hostname: String,
    /// The operating system and its version.
    pub os: String,
    /// The kernel's version.
    pub kernel: String,
    /// The processor's name.
    pub cpu_model: String,
    /// Cores that the scheduler sees.
    pub logical_cores: u32,
    /// Cores in hardware, where known.
    pub physical_cores: Option<u32>,
    /// Main memory.
    pub memory_bytes: u64,
}

impl Machine {
    /// One line: processor, cores, system.
    pub fn line(&self) -> String {
        let model = if self.cpu_model.is_empty() { "unknown processor" } else { &self.cpu_model };
        let plural = if self.logical_cores == 1 { "" } else { "s" };
        format!("{model}, {} core{plural}, {} {}", self.logical_cores, self.os, self.kernel)
    }
}
