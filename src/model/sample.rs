//! Per-core CPU usage over one interval.

use serde::{Deserialize, Serialize};

/// Per-core CPU usage of the whole machine over one interval, an *estimate*: the system counts ticks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Start of the interval, in nanoseconds since the run's origin; negative where it began before the run.
    pub from_ns: i64,
    /// End of the interval.
    pub to_ns: i64,
    /// For each core the share of the interval in which it was busy, 0 to 1.
    pub busy: Vec<f32>,
}
