//! An explanation found in measurements.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An explanation found in measurements: what is the case, the figures that show it, and what to try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which rule found it: `start-cost-dominates`. Never changes its meaning.
    pub id: String,
    /// A few words: *Start cost dominates*.
    pub title: String,
    /// What is the case, with its figures, in one or two sentences.
    pub sentence: String,
    /// What to do about it, in one or two sentences; empty where there is nothing to mend.
    #[serde(default)]
    pub advice: String,
    /// The figures by name, each with its unit at the end of its name (`ready_percent`, `on_cpu_ns`).
    pub evidence: Map<String, Value>,
    /// The ids of the runs in which it was found, the one that shows it best first.
    pub runs: Vec<u32>,
    /// Where the first of the runs shows it; absent where the run as a whole does.
    #[serde(default)]
    pub place: Option<FindingPlace>,
}

/// A place on the timeline of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingPlace {
    /// The execution to look at; absent where there is none in particular.
    pub execution: Option<u32>,
    /// From when, in nanoseconds since the run's origin.
    pub from_ns: u64,
    /// Until when.
    pub to_ns: u64,
}
