//! What measuring costs, by a self-test.

use super::{LaunchMode, Measure, StartMethod};
use serde::{Deserialize, Serialize};

/// What measuring costs on this machine, by a self-test of empty executions. It is not subtracted from any measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasuringCosts {
    /// One stamp, a clock read and a store, in nanoseconds.
    pub stamp_ns: f64,
    /// The most executions in flight.
    pub workers: u32,
    /// How often each run was made, interleaved with the others.
    pub rounds: u32,
    /// What a launch costs in each mode.
    pub modes: Vec<ModeCosts>,
}

/// What a launch costs in one mode, at each level of measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModeCosts {
    /// How the empty executions were launched.
    pub mode: LaunchMode,
    /// How processes were started; null in modes that start none.
    pub start_method: Option<StartMethod>,
    /// Launches in each run.
    pub launches: u32,
    /// Every level, the least first.
    pub levels: Vec<LevelCost>,
}

/// What a launch costs at one level of measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelCost {
    /// How much was measured.
    pub measure: Measure,
    /// The median makespan divided by its launches; null where the level could not be measured.
    pub per_launch_ns: Option<f64>,
    /// What the level adds to the one before, per launch; null at the first, and where either could not be measured.
    pub adds: Option<CostSpread>,
    /// Why it could not be measured, and what would help, in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A difference that was measured several times. Noise may make it negative; it is shown as it was measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostSpread {
    /// The median.
    pub median_ns: f64,
    /// A quarter of them lies below.
    pub low_ns: f64,
    /// A quarter of them lies above.
    pub high_ns: f64,
}

impl CostSpread {
    /// The spread of some measurements; absent where there are none.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let at = |quantile: f64| {
            let place = quantile * values.len().checked_sub(1)? as f64;
            let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
            Some(below + (above - below) * place.fract())
        };
        Some(Self { median_ns: at(0.5)?, low_ns: at(0.25)?, high_ns: at(0.75)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_has_the_middle_and_the_quarters() {
        let spread = CostSpread::of(vec![50.0, -10.0, 20.0, 30.0, 10.0]);
        assert_eq!(spread, Some(CostSpread { median_ns: 20.0, low_ns: 10.0, high_ns: 30.0 }));
        assert_eq!(CostSpread::of(vec![1.0, 2.0]).map(|spread| spread.median_ns), Some(1.5));
        assert_eq!(CostSpread::of(Vec::new()), None);
    }
}
