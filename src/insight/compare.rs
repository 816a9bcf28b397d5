//! Which of two settings is faster, by how much, and how sure that is.
//!
//! Repeats are compared in pairs, see `pairs`. The ratio is the Hodges–Lehmann estimate of their log ratios, and its
//! interval comes from a bootstrap, see [`bootstrap`]: both assume no distribution of times, and one disturbed repeat
//! does not decide. The signed-rank test is a second opinion: nothing is called faster where it disagrees.

use super::{pairs, phrase::Phrase, verdict};
use model::{
    Experiment, Run, Setting,
    document::{Comparison, Verdict},
};
use statistics::{
    bootstrap, order, rank_test,
    signed_rank::{self, Interval},
};

pub use super::verdict::EQUIVALENCE;

/// Compares the pairs of the compared settings that `pairs::settings` names.
pub fn compare(experiment: &Experiment) -> Vec<Comparison> {
    let pairs = pairs::settings(&experiment.compared, experiment.sweep.is_some());
    pairs.map(|(a, b)| compare_two(experiment, a, b)).collect()
}

/// Compares two settings by their complete, measured repeats.
pub fn compare_two(experiment: &Experiment, a: Setting, b: Setting) -> Comparison {
    let phrases = [a, b].map(|setting| Phrase::of(setting, &experiment.compared));
    let found = Finding::of(experiment, a, b);
    let interval = found.interval;
    Comparison {
        a,
        b,
        metric: "makespan_ns".to_owned(),
        ratio: found.ratio,
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        confidence: interval.map_or(0.0, |interval| interval.confidence),
        p_value: found.p_value,
        pairs: found.pairs,
        verdict: interval.map_or(Verdict::Unclear, |interval| verdict::verdict(&interval, found.p_value)),
        sentence: found.sentence(experiment, [a, b], &phrases),
    }
}

/// The ratio alone, without resampling.
pub fn ratio(experiment: &Experiment, a: Setting, b: Setting) -> Option<f64> {
    let [of_a, of_b] = [a, b].map(|setting| makespans(experiment, setting));
    ratio_of(&of_a, &of_b, &pairs::log_ratios(&of_a, &of_b))
}

/// The seed of an experiment's resampling: the plan's.
pub fn seed(experiment: &Experiment) -> u64 {
    experiment.plan.run.seed.unwrap_or(0)
}

/// Whether a comparison is of these two settings, in this order.
pub fn is_of(comparison: &Comparison, a: Setting, b: Setting) -> bool {
    comparison.a == a && comparison.b == b
}

/// Whether statistics count the run: it is no warm-up, it came to its end, and every execution succeeded.
pub fn counts(run: &Run) -> bool {
    !run.warmup && run.makespan_ns.is_some() && run.end.as_ref().is_some_and(|end| end.complete) && run.succeeded()
}

struct Finding {
    pairs: usize,
    ratio: Option<f64>,
    interval: Option<Interval>,
    p_value: Option<f64>,
}

impl Finding {
    fn of(experiment: &Experiment, a: Setting, b: Setting) -> Self {
        let [of_a, of_b] = [a, b].map(|setting| makespans(experiment, setting));
        let pairs = pairs::log_ratios(&of_a, &of_b);
        Self {
            pairs: pairs.len(),
            ratio: ratio_of(&of_a, &of_b, &pairs),
            interval: bootstrap::interval(&pairs, seed(experiment)).map(exponential),
            p_value: rank_test::p_value(&pairs),
        }
    }

    fn sentence(&self, experiment: &Experiment, settings: [Setting; 2], phrases: &[Phrase; 2]) -> String {
        let [a, b] = phrases;
        match (self.ratio, &self.interval) {
            (Some(ratio), Some(interval)) => verdict::sentence(a, b, ratio, interval, self.p_value),
            (Some(ratio), None) => verdict::too_few(a, b, self.pairs, ratio),
            (None, _) => nothing(experiment, settings, phrases),
        }
    }
}

/// The repeat number and makespan, in nanoseconds, of each run that counts.
pub fn makespans(experiment: &Experiment, setting: Setting) -> Vec<(u32, f64)> {
    let runs = experiment.repeats(setting).filter(|run| counts(run));
    runs.filter_map(|run| Some((run.repeat, run.makespan_ns?.max(1) as f64))).collect()
}

/// The ratio by the pairs; where there are none, that of the medians.
fn ratio_of(a: &[(u32, f64)], b: &[(u32, f64)], log_ratios: &[f64]) -> Option<f64> {
    if let Some(location) = signed_rank::locate(log_ratios) {
        return Some(location.estimate.exp());
    }
    let median = |side: &[(u32, f64)]| order::median(&side.iter().map(|(_, ns)| *ns).collect::<Vec<_>>());
    Some(median(a)? / median(b)?)
}

fn exponential(log: Interval) -> Interval {
    Interval { low: log.low.exp(), high: log.high.exp(), confidence: log.confidence }
}

fn nothing(experiment: &Experiment, settings: [Setting; 2], phrases: &[Phrase; 2]) -> String {
    let without = |setting: Setting| !experiment.repeats(setting).any(counts);
    let side = usize::from(!without(settings[0]));
    verdict::nothing_to_compare(&phrases[side], why_incomplete(experiment, settings[side]))
}

/// Why a run of the setting does not count: the first message of a run, or else the first failure of an execution.
pub(super) fn why_incomplete(experiment: &Experiment, setting: Setting) -> Option<String> {
    let runs = || experiment.repeats(setting).filter(|run| run.end.is_some());
    let failure = |run: &Run| run.executions.iter().find_map(|e| e.outcome.clone().filter(|o| !o.is_success()));
    let message = |run: &Run| run.end.as_ref().and_then(|end| end.message.clone());
    let why = runs().find_map(message).or_else(|| runs().find_map(failure).map(|outcome| outcome.sentence()))?;
    Some(why.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

    const SECOND: f64 = 1e9;

    fn experiment(threads: &[f64], processes: &[f64]) -> Experiment {
        Builder::compare("t").makespans(Threads, threads).makespans(Processes, processes).build()
    }

    #[test]
    fn a_clear_difference_is_told_with_its_interval() {
        let found = &compare(&experiment(&[1.84, 1.80, 1.90, 1.86, 1.83, 1.85], &[0.13; 6]))[0];
        assert_eq!(found.verdict, Verdict::B);
        assert!((found.ratio.expect("a ratio") - 14.2).abs() < 0.1, "{found:?}");
        assert_eq!((found.confidence, found.pairs, found.p_value), (0.95, 6, Some(0.03125)));
        let (low, high) = (found.low.expect("low") * 0.13 * SECOND, found.high.expect("high") * 0.13 * SECOND);
        assert!((1.80e9..1.83e9).contains(&low) && (1.86e9..1.90e9).contains(&high), "{low} {high}");
        assert!(found.sentence.starts_with("Processes are 14.2 × faster than threads"), "{}", found.sentence);
    }

    #[test]
    fn one_outlier_does_not_decide() {
        let mut threads = [1.0; 14];
        threads[4] = 50.0;
        let found = &compare(&experiment(&threads, &[1.0; 14]))[0];
        assert_eq!((found.verdict, found.ratio), (Verdict::None, Some(1.0)), "{}", found.sentence);
        let few = &compare(&experiment(&threads[..7], &[1.0; 7]))[0];
        assert_eq!((few.verdict, few.ratio), (Verdict::Unclear, Some(1.0)), "{}", few.sentence);
        let clear = &compare(&experiment(&threads.map(|s| s * 2.0), &[1.0; 14]))[0];
        assert_eq!((clear.verdict, clear.high), (Verdict::B, Some(2.0)), "{}", clear.sentence);
    }

    #[test]
    fn pairs_cancel_drift() {
        let drift = [1.0, 1.5, 2.0, 2.5, 3.0, 3.5];
        let found = &compare(&experiment(&drift.map(|s| s * 1.1), &drift))[0];
        assert_eq!(found.verdict, Verdict::B);
        assert!((found.low.expect("low") - 1.1).abs() < 1e-6);
    }

    #[test]
    fn five_pairs_are_too_few_however_different() {
        let found = &compare(&experiment(&[2.3; 5], &[1.0; 5]))[0];
        assert_eq!((found.verdict, found.low, found.high), (Verdict::Unclear, None, None));
        assert!(found.sentence.contains("5 complete pairs, 6 are needed"), "{}", found.sentence);
    }

    #[test]
    fn repeats_are_matched_by_their_number_and_warm_ups_left_out() {
        let mut experiment = experiment(&[2.0; 7], &[1.0; 7]);
        experiment.runs.iter_mut().filter(|run| run.repeat == 3).for_each(|run| run.warmup = true);
        let found = &compare(&experiment)[0];
        assert_eq!(found.pairs, 6, "{found:?}");
    }

    #[test]
    fn a_side_that_crashed_is_named_with_the_reason() {
        let experiment = Builder::compare("t").crash(Threads, 2).makespans(Processes, &[1.0; 6]).build();
        let found = &compare(&experiment)[0];
        assert_eq!((found.verdict, found.ratio), (Verdict::Unclear, None));
        assert_eq!(
            found.sentence,
            "Nothing to compare: no run as threads succeeded as a whole (the runner was ended by SIGSEGV)."
        );
    }
}
