//! What launching costs by itself, by setting: how long starts took, and how long after the ends joins returned.

use model::{
    Execution, Experiment, Phase, Run, Setting,
    document::{LatencyEntry, LaunchCostsEntry},
};
use statistics::order::{quantile, sorted};
use std::collections::BTreeMap;

/// Bins of a histogram in each power of ten.
pub const BINS_A_DECADE: i32 = 10;

/// The phases of [`LaunchCosts::handing`].
const HANDING: [Phase; 3] = [Phase::Queued, Phase::Sending, Phase::Returning];

/// What launching costs in one setting, over all executions of its measured repeats that have ended, complete or not;
/// warm-ups are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchCosts {
    /// The setting.
    pub setting: Setting,
    /// From the launch call to the first instruction of the target.
    pub start: Latencies,
    /// From the end of a thread or process to the return of join.
    pub join: Latencies,
    /// How long calls waited in a pool's queue, took to be sent, and to be returned; of executions that have the phase.
    pub handing: [Latencies; 3],
}

/// Latencies of many executions, in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latencies {
    /// How many latencies are known.
    pub count: usize,
    /// How many executions have no latency, for want of a stamp.
    pub without: usize,
    /// Absent where none is known.
    pub quantiles: Option<Quantiles>,
    bins: BTreeMap<i32, u32>,
}

/// Quantiles in nanoseconds, by [`quantile`]: linear between neighbours (type 7 of Hyndman and Fan).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiles {
    /// Half took no longer.
    pub p50: f64,
    /// 90 % took no longer.
    pub p90: f64,
    /// 99 % took no longer.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Quantiles {
    /// Each with its name, in order.
    pub fn all(&self) -> [(&'static str, f64); 4] {
        [("p50", self.p50), ("p90", self.p90), ("p99", self.p99), ("max", self.max)]
    }
}

impl Latencies {
    /// The latencies of executions.
    fn of<'a>(executions: impl Iterator<Item = &'a Execution>, latency: impl Fn(&Execution) -> Option<u64>) -> Self {
        let mut all = Self::default();
        let mut values = Vec::new();
        for execution in executions {
            let Some(ns) = latency(execution) else {
                all.without += 1;
                continue;
            };
            *all.bins.entry(bin_of(ns)).or_default() += 1;
            values.push(ns as f64);
        }
        let values = sorted(&values);
        let at = |p| quantile(&values, p).unwrap_or_default();
        all.count = values.len();
        all.quantiles = values.last().map(|max| Quantiles { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: *max });
        all
    }

    /// The bins that hold something: where each begins and ends, in nanoseconds, and how many are in it.
    pub fn bins(&self) -> impl Iterator<Item = (f64, f64, u32)> + '_ {
        self.bins.iter().map(|(bin, count)| (edge(*bin), edge(bin + 1), *count))
    }

    /// How many are in the fullest bin.
    pub fn most(&self) -> u32 {
        self.bins.values().copied().max().unwrap_or(0)
    }

    fn entry(&self) -> LatencyEntry {
        let [p50, p90, p99, max] =
            self.quantiles.map_or([None; 4], |quantiles| quantiles.all().map(|(_, ns)| Some(ns)));
        LatencyEntry { p50, p90, p99, max, count: self.count, without: self.without }
    }
}

/// 0 ns goes into the bin of 1 ns: it has no logarithm.
fn bin_of(ns: u64) -> i32 {
    let bin = ((ns.max(1) as f64).log10() * f64::from(BINS_A_DECADE)).floor() as i32;
    // A rounded logarithm may miss by one at an edge.
    if (ns.max(1) as f64) >= edge(bin + 1) { bin + 1 } else { bin }
}

fn edge(bin: i32) -> f64 {
    10_f64.powf(f64::from(bin) / f64::from(BINS_A_DECADE))
}

/// A logarithmic axis of whole decades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogAxis {
    /// It begins at ten to the power of this, in nanoseconds.
    pub first: i32,
    /// It ends at ten to the power of this.
    pub last: i32,
}

impl LogAxis {
    /// The axis that all of these fit on; absent where nothing is known of any.
    pub fn of<'a>(all: impl Iterator<Item = &'a Latencies>) -> Option<Self> {
        let mut bins = all.flat_map(|latencies| latencies.bins.keys().copied());
        let (low, high) = bins.next().map(|first| bins.fold((first, first), |(l, h), bin| (l.min(bin), h.max(bin))))?;
        let (first, last) = (low.div_euclid(BINS_A_DECADE), high.div_euclid(BINS_A_DECADE) + 1);
        Some(Self { first, last })
    }

    /// Where on the axis a time is, 0 to 1.
    pub fn place(&self, ns: f64) -> f64 {
        let (first, last) = (f64::from(self.first), f64::from(self.last));
        ((ns.max(1.0).log10() - first) / (last - first)).clamp(0.0, 1.0)
    }

    /// The powers of ten on it, in nanoseconds, its ends included.
    pub fn decades(&self) -> impl Iterator<Item = f64> + use<> {
        (self.first..=self.last).map(|power| 10_f64.powi(power))
    }

    /// The lines between these: 2, 3 … 9 times each.
    pub fn minor(&self) -> impl Iterator<Item = f64> + use<> {
        (self.first..self.last).flat_map(|power| (2..10).map(move |times| f64::from(times) * 10_f64.powi(power)))
    }
}

/// The label of a decade: `10 µs`.
pub fn decade_text(ns: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")];
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| ns >= unit * 0.999).unwrap_or(UNITS[3]);
    format!("{:.0} {name}", ns / unit)
}

/// What launching costs in each compared setting, in their order; in all that were run, where none are compared.
pub fn launch_costs(experiment: &Experiment) -> Vec<LaunchCosts> {
    let compared = &experiment.compared;
    let settings = if compared.is_empty() { experiment.settings() } else { compared.clone() };
    settings.into_iter().map(|setting| of_setting(experiment, setting)).collect()
}

/// What launching costs in one setting.
pub fn of_setting(experiment: &Experiment, setting: Setting) -> LaunchCosts {
    let runs: Vec<&Run> = experiment.repeats(setting).filter(|run| run.end.is_some()).collect();
    let executions = || runs.iter().flat_map(|run| &run.executions);
    LaunchCosts {
        setting,
        start: Latencies::of(executions(), |execution| execution.start_latency_ns()),
        join: Latencies::of(executions(), |execution| execution.exit_to_join_ns()),
        handing: HANDING.map(|phase| {
            let with = executions().filter(|execution| execution.phases().any(|had| had == phase));
            Latencies::of(with, |execution| execution.phase_ns(phase))
        }),
    }
}

/// The same for the document.
pub fn entries(experiment: &Experiment) -> Vec<LaunchCostsEntry> {
    let entry = |costs: LaunchCosts| LaunchCostsEntry {
        setting: costs.setting,
        start_latency_ns: costs.start.entry(),
        exit_to_join_ns: costs.join.entry(),
    };
    launch_costs(experiment).into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Builder;
    use model::{
        LaunchMode::{Processes, Threads},
        Stage, Stamps,
    };

    fn started_in(run: &mut Run, ns: &[u64]) {
        for (execution, ns) in run.executions.iter_mut().zip(ns) {
            execution.stamps = Stamps::default();
            execution.stamps.set(Stage::LaunchCalled, 1_000);
            execution.stamps.set(Stage::Entered, 1_000 + ns);
        }
    }

    #[test]
    fn repeats_are_pooled_and_warm_ups_and_missing_stamps_left_out() {
        let experiment = Builder::compare("t")
            .makespans(Threads, &[1.0, 1.0])
            .change_last(|run| started_in(run, &[10, 20, 30, 40]))
            .makespans(Processes, &[1.0])
            .change_last(|run| run.warmup = true)
            .build();
        let mut experiment = experiment;
        started_in(&mut experiment.runs[0], &[50, 60, 70]);
        experiment.runs[0].executions[3].stamps = Stamps::default();
        let costs = launch_costs(&experiment);
        let start = &costs[0].start;
        assert_eq!((start.count, start.without), (7, 1));
        let quantiles = start.quantiles.expect("known");
        assert_eq!((quantiles.p50, quantiles.p90, quantiles.max), (40.0, 64.0, 70.0));
        assert_eq!(start.bins().map(|(.., count)| count).sum::<u32>(), 7);
        assert_eq!((costs[1].setting.mode, costs[1].start.count, costs[1].start.quantiles), (Processes, 0, None));
    }

    #[test]
    fn a_value_lies_in_its_bin_and_on_the_axis() {
        for ns in [0, 1, 9, 10, 11, 99, 100, 1_000, 999_999, 1_000_000, 10_u64.pow(12)] {
            let bin = bin_of(ns);
            assert!(edge(bin) <= ns.max(1) as f64 * 1.000_001 && (ns as f64) < edge(bin + 1), "{ns} in {bin}");
        }
        let mut latencies = Latencies::default();
        latencies.bins.extend([(bin_of(48_000), 3), (bin_of(1_000_000), 1)]);
        let axis = LogAxis::of([&latencies, &Latencies::default()].into_iter()).expect("known");
        assert_eq!((axis.first, axis.last), (4, 7));
        assert!((axis.place(100_000.0) - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(axis.decades().map(decade_text).collect::<Vec<_>>(), ["10 µs", "100 µs", "1 ms", "10 ms"]);
        assert_eq!(LogAxis::of([&Latencies::default()].into_iter()), None);
    }
}
