//! What charts draw of a comparison: each setting's makespans as dots over a box, and each pair's ratio with its
//! interval.

use super::ratio_axis::RatioAxis;
use insight::{compare::counts, label::label};
use model::{
    Experiment, Setting,
    document::Comparison,
    quantity::{Unit, figures, human_ns},
};
use statistics::{median_interval::median_interval, outliers::Fences};

/// The makespans of one setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// The setting.
    pub setting: Setting,
    /// Its label among the compared settings.
    pub label: String,
    /// The repeats that count, in order of makespan.
    pub values: Vec<Value>,
    /// The box drawn behind the dots; absent where no repeat counts.
    pub bounds: Option<Bounds>,
    /// The 95 % interval of the median, in nanoseconds; absent where there are too few repeats.
    pub interval: Option<(f64, f64)>,
    /// Repeats that do not count: they were cut short, or one of their executions failed.
    pub without: usize,
}

/// One repeat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// The id of its run.
    pub run: u32,
    /// The number of the repeat, from 0.
    pub repeat: u32,
    /// Its makespan in nanoseconds.
    pub ns: f64,
    /// Whether it lies outside of Tukey's fences.
    pub outlier: bool,
}

/// A box with whiskers, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The lower quartile.
    pub lower_quartile: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile.
    pub upper_quartile: f64,
    /// The smallest value that is no outlier.
    pub low: f64,
    /// The largest value that is no outlier.
    pub high: f64,
}

/// The makespans of the compared settings; of all settings where none are compared.
pub fn distributions(experiment: &Experiment) -> Vec<Distribution> {
    let settings = if experiment.compared.is_empty() { experiment.settings() } else { experiment.compared.clone() };
    settings.iter().map(|setting| of_setting(experiment, *setting, &settings)).collect()
}

fn of_setting(experiment: &Experiment, setting: Setting, among: &[Setting]) -> Distribution {
    let ended = experiment.repeats(setting).filter(|run| run.end.is_some());
    let (complete, others): (Vec<_>, Vec<_>) = ended.partition(|run| counts(run));
    let ns = |makespan: u64| makespan.max(1) as f64;
    let times: Vec<f64> = complete.iter().filter_map(|run| run.makespan_ns).map(ns).collect();
    let fences = Fences::of(&times);
    let outlier = |ns: f64| fences.is_some_and(|fences| fences.is_outlier(ns));
    let value = |run: &&model::Run| {
        let ns = ns(run.makespan_ns?);
        Some(Value { run: run.id, repeat: run.repeat, ns, outlier: outlier(ns) })
    };
    let mut values: Vec<Value> = complete.iter().filter_map(value).collect();
    values.sort_by(|a, b| a.ns.total_cmp(&b.ns));
    let inside = |value: &&Value| !value.outlier;
    let bounds = fences.and_then(|fences| {
        Some(Bounds {
            lower_quartile: fences.lower_quartile,
            median: fences.median,
            upper_quartile: fences.upper_quartile,
            low: values.iter().find(inside)?.ns,
            high: values.iter().rfind(inside)?.ns,
        })
    });
    let label = label(setting, among);
    Distribution { setting, label, values, bounds, interval: median_interval(&times), without: others.len() }
}

impl Distribution {
    /// `median 1.84 s (95 %: 1.80 s–1.88 s)`, `7 repeats`, `1 outlier`, `2 more that did not succeed`: those that
    /// apply.
    pub fn words(&self) -> Vec<String> {
        let counted = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let mut words = Vec::new();
        if let Some(bounds) = self.bounds {
            let between = self.interval.map_or_else(String::new, |(low, high)| {
                format!(" (95 %: {}–{})", Unit::Time.text(low), Unit::Time.text(high))
            });
            words.push(format!("median {}{between}", Unit::Time.text(bounds.median)));
        }
        words.push(match (self.values.len(), self.without) {
            (0, 0) => "no repeat has ended yet".to_owned(),
            (0, _) => "no repeat succeeded as a whole".to_owned(),
            (n, _) => counted(n, "repeat"),
        });
        let outliers = self.values.iter().filter(|value| value.outlier).count();
        if outliers > 0 {
            words.push(counted(outliers, "outlier"));
        }
        if self.without > 0 && !self.values.is_empty() {
            words.push(format!("{} more that did not succeed", self.without));
        }
        words
    }

    /// The words for one repeat.
    pub fn value_words(&self, value: &Value) -> String {
        let outlier = if value.outlier { ", an outlier: outside of Tukey's fences (1.5 × the box)" } else { "" };
        format!("{}, repeat {}: {}{outlier}", self.label, value.repeat + 1, human_ns(value.ns as u64))
    }
}

/// What the marks of [`Distribution`]s mean.
pub const MEANING: &str = "a dot is a repeat, a ring an outlier; the box holds the middle half, its line is the median, whiskers \
                           end within Tukey's fences; a ratio has the same length everywhere";

/// An axis for all makespans; absent where there are none.
pub fn time_axis(all: &[Distribution]) -> Option<RatioAxis> {
    RatioAxis::of(all.iter().flat_map(|one| one.values.iter().map(|value| value.ns)))
}

/// An axis for all ratios, their intervals and 1.
pub fn ratio_axis(comparisons: &[Comparison]) -> Option<RatioAxis> {
    let ends = |c: &Comparison| [c.ratio, c.low, c.high].into_iter().flatten();
    RatioAxis::of(comparisons.iter().flat_map(ends).chain([1.0]))
}

/// `14.2 × (95 %: 13.1–15.0)`, `p = 0.016`, `7 pairs`: the figures of a pair that are known.
pub fn figures_of(comparison: &Comparison) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(ratio) = comparison.ratio {
        let between = match (comparison.low, comparison.high) {
            (Some(low), Some(high)) => format!(" (95 %: {}–{})", figures(low), figures(high)),
            _ => String::new(),
        };
        words.push(format!("{} ×{between}", figures(ratio)));
    }
    if let Some(p) = comparison.p_value {
        words.push(format!("p {}", insight::noise::p_equals(p)));
    }
    words.push(match comparison.pairs {
        1 => "1 pair".to_owned(),
        n => format!("{n} pairs"),
    });
    words
}

/// Half the width of a comparison's interval, relative to its ratio: 0.034 for ±3.4 %.
pub fn half_width(comparison: &Comparison) -> Option<f64> {
    Some((comparison.high? - comparison.low?) / 2.0 / comparison.ratio?)
}

/// The labels of a comparison's two settings among the compared settings.
pub fn sides(experiment: &Experiment, comparison: &Comparison) -> [String; 2] {
    [comparison.a, comparison.b].map(|side| {
        let of = experiment.compared.iter().find(|setting| **setting == side);
        of.map_or_else(|| side.mode.title().to_owned(), |setting| label(*setting, &experiment.compared))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::{compare::compare, testing::Builder};
    use model::LaunchMode::{Processes, Threads};

    #[test]
    fn a_box_has_quartiles_and_its_whiskers_end_at_values_within_the_fences() {
        let times = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 9.0];
        let experiment = Builder::compare("t").makespans(Threads, &times).makespans(Processes, &[0.5; 3]).build();
        let found = distributions(&experiment);
        let threads = &found[0];
        let bounds = threads.bounds.expect("values");
        assert!((bounds.median - 1.3e9).abs() < 1.0 && (bounds.high - 1.5e9).abs() < 1.0, "{bounds:?}");
        assert_eq!(
            threads.values.iter().map(|v| v.outlier).collect::<Vec<_>>(),
            [false, false, false, false, false, false, true]
        );
        assert_eq!(threads.values[6].repeat, 6);
        assert_eq!(threads.words()[1..], ["7 repeats", "1 outlier"]);
        assert!(threads.words()[0].starts_with("median 1.30 s (95 %: 1.0"), "{:?}", threads.words());
        assert_eq!((found[1].interval, found[1].words()[0].as_str()), (None, "median 500 ms"));
        let words = threads.value_words(&threads.values[6]);
        assert!(words.starts_with("Threads, repeat 7: 9.00 s, an outlier"), "{words}");
    }

    #[test]
    fn repeats_that_failed_are_counted_and_not_drawn() {
        let experiment = Builder::compare("t").crash(Threads, 3).makespans(Processes, &[1.0; 7]).build();
        let found = distributions(&experiment);
        assert_eq!((found[0].values.len(), found[0].bounds, found[0].without), (0, None, 3));
        assert_eq!(found[0].words(), ["no repeat succeeded as a whole"]);
        let some = Builder::compare("t").makespans(Threads, &[1.0; 3]).crash(Threads, 2).build();
        assert_eq!(distributions(&some)[0].words(), ["median 1.00 s", "3 repeats", "2 more that did not succeed"]);
    }

    #[test]
    fn the_figures_of_a_pair_are_those_there_are() {
        let of = |threads: &[f64], processes: &[f64]| {
            let experiment = Builder::compare("t").makespans(Threads, threads).makespans(Processes, processes).build();
            let comparison = compare(&experiment).remove(0);
            assert_eq!(sides(&experiment, &comparison), ["Threads", "Processes"]);
            (figures_of(&comparison), half_width(&comparison))
        };
        let (words, half) = of(&[2.0; 7], &[1.0; 7]);
        assert_eq!((words.join(", ").as_str(), half), ("2.00 × (95 %: 2.00–2.00), p = 0.016, 7 pairs", Some(0.0)));
        let (words, half) = of(&[2.0], &[1.0]);
        assert_eq!((words.join(", ").as_str(), half), ("2.00 ×, p = 1.00, 1 pair", None));
    }
}
