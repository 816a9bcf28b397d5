//! How much of a run is measured.

use serde::{Deserialize, Serialize};

/// How much of a run is measured; each level includes those before it, and costs more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The lifecycle's stamps, and what the system counted of each execution.
    Stamps,
    /// Also what executions did in their targets: on a CPU, ready, blocked, and on what.
    States,
    /// Also when each was on which core, by the kernel's switch records where the system gives them.
    #[default]
    Slices,
}

impl Measure {
    /// Every level, the least first.
    pub const ALL: [Measure; 3] = [Self::Stamps, Self::States, Self::Slices];

    /// The word in plans and on the command line.
    pub fn word(self) -> &'static str {
        ["stamps", "states", "slices"][self as usize]
    }
}

impl std::str::FromStr for Measure {
    type Err = super::mode::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let unknown = || {
            super::mode::UnknownWord::new(format!("`{word}` is no level of measurement; use stamps, states or slices"))
        };
        Self::ALL.into_iter().find(|measure| measure.word() == word).ok_or_else(unknown)
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}
