//! What a sweep says: its points, laws fitted to them, the best of them, and where one setting overtakes another.

use super::{Setting, SweepAxis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a sweep says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// What was varied.
    pub axis: SweepAxis,
    /// The name of what was varied, where the axis lacks it: a Python function's parameter, a program's option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// Every setting of the sweep that was asked for, by curve and then by what is varied.
    pub points: Vec<Point>,
    /// Laws of scaling, one entry a curve and law; only where workers are varied.
    pub fits: Vec<Fit>,
    /// The best point of each curve; of curves over an argument that only grow with it, none.
    pub best: Vec<Best>,
    /// Where the curves of two settings cross; only where an argument is varied.
    #[serde(default)]
    pub crossings: Vec<Crossing>,
    /// Further notes on it, in sentences: points without times, repeats that are left out.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// One point of a curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The setting, with its workers or its argument.
    #[serde(flatten)]
    pub setting: Setting,
    /// Complete measured repeats.
    pub repeats: usize,
    /// From the origin to the last join; absent where no repeat is complete.
    pub makespan_ns: Option<Estimate>,
    /// Executions per second.
    pub throughput_per_s: Option<Estimate>,
    /// How many times as fast as the curve's own point of one worker; absent where there is none, or an argument is varied.
    pub speedup: Option<f64>,
    /// The interval of the speedup.
    #[serde(default)]
    pub speedup_interval: Option<Estimate>,
    /// Speedup over workers.
    pub efficiency: Option<f64>,
    /// The interval of the efficiency.
    #[serde(default)]
    pub efficiency_interval: Option<Estimate>,
    /// Why there are no times, or not those of all repeats, in one sentence.
    #[serde(default)]
    pub note: Option<String>,
}

/// A median with the 95 % interval of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The median.
    pub median: f64,
    /// Lower end of the interval; absent where there are too few repeats for one.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl Estimate {
    /// The estimate of a value that grows with this one.
    pub fn map(self, value: impl Fn(f64) -> f64) -> Self {
        Self { median: value(self.median), low: self.low.map(&value), high: self.high.map(&value) }
    }

    /// The estimate of a value that falls as this one grows.
    pub fn turned(self, value: impl Fn(f64) -> f64) -> Self {
        let Self { low, high, .. } = self.map(&value);
        Self { low: high, high: low, ..self.map(&value) }
    }
}

/// A law of scaling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Law {
    /// Amdahl's: a share of the work is serial.
    Amdahl,
    /// The Universal Scalability Law: contention, and coherency between every two workers.
    Usl,
}

/// A law fitted to the points of one curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// The curve: its setting, with the workers of its first point.
    #[serde(flatten)]
    pub setting: Setting,
    /// Which law.
    pub law: Law,
    /// Its parameters by name: `t1_ns` the time with one worker, `serial` (Amdahl), `contention` and `coherency` (USL).
    /// Empty where it could not be fitted.
    pub parameters: BTreeMap<String, f64>,
    /// One standard error of each.
    pub errors: BTreeMap<String, f64>,
    /// Why there is no fit, or why it is to be taken with care, in one sentence.
    #[serde(default)]
    pub note: Option<String>,
}

/// The best number of workers, or value of an argument, of one curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// The setting, with the fewest workers, or the least value, of which no other is surely faster.
    #[serde(flatten)]
    pub setting: Setting,
    /// Whether there are enough repeats to tell the best; if not, it is the one that took the least so far.
    #[serde(default)]
    pub told: bool,
    /// `Threads are best at 2 workers; beyond it …`.
    pub sentence: String,
}

/// Where the makespans of two settings are the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crossing {
    /// The setting that is faster below; its argument is the first point's.
    pub below: Setting,
    /// The setting that is faster above.
    pub above: Setting,
    /// The argument at which both take as long; absent where there is none in the range.
    pub at: Option<f64>,
    /// Lower end of its 95 % interval; absent where it can't be told.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// For people.
    pub sentence: String,
}
