//! When a comparison or a sweep has repeats enough: when its intervals are as narrow as wanted, and have been for some
//! rounds.
//!
//! Stopping at the first interval that is narrow enough stops too often at one that is narrow by chance: such intervals
//! hold the truth in 91 % instead of 95. A fixed number of further observations corrects that: Simons G.: *On the cost
//! of not knowing the variance when making a fixed-width confidence interval for the mean*, The Annals of Mathematical
//! Statistics 39 (1968), 1946–1952. Here an interval has to be narrow enough in some rounds in a row, see [`STEADY`];
//! `benches/coverage.rs` has the figures.

use super::{
    compare::{counts, seed},
    pairs,
};
use model::{Experiment, Run, Setting};
use statistics::{
    bootstrap,
    median_interval::{FEWEST_VALUES, median_interval},
    order, signed_rank,
};
use std::collections::HashMap;

/// In so many rounds in a row, the interval of a ratio has to be narrow enough.
pub const STEADY: usize = 4;
/// The same for the interval of a median, each end of which depends on two values only.
const STEADY_MEDIAN: usize = 8;
/// An interval so many times narrower than wanted is enough at once: none is so by chance.
const CLEARLY: f64 = 3.0;

/// The result of one measured repeat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timed {
    /// Its setting.
    pub setting: Setting,
    /// Which repeat, from 0.
    pub repeat: u32,
    /// Its makespan; absent where the run does not count, see [`super::compare::counts`].
    pub makespan_ns: Option<u64>,
}

/// How far a comparison is from the precision that is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Half of the widest interval's width over its middle: 0.034 for ±3.4 %. Absent where an interval has too few
    /// repeats yet, and where there is none to wait for.
    pub half_width: Option<f64>,
    /// Whether no more repeats are needed.
    pub enough: bool,
    /// About how many rounds are to come, by the square of the width over the wanted one; absent where that can't be
    /// estimated.
    pub rounds_to_come: Option<u32>,
}

/// How far the measured repeats so far are from `precision`: in a comparison by the interval of the ratio of every
/// pair, in a sweep by that of every setting's median. A setting of which no repeat counts is left out: more of them
/// would not help. At a precision of 0 there is nothing to wait for.
pub fn progress(timed: &[Timed], compared: &[Setting], sweep: bool, precision: f64, seed: u64) -> Progress {
    let measures = measures(timed, compared, sweep);
    let widths: Vec<Option<f64>> = measures.iter().map(|measure| measure.half_width(0, seed)).collect();
    let half_width =
        widths.iter().copied().collect::<Option<Vec<f64>>>().and_then(|all| all.into_iter().reduce(f64::max));
    if precision <= 0.0 || measures.is_empty() {
        return Progress { half_width, enough: true, rounds_to_come: Some(0) };
    }
    let narrow = |(measure, width): (&Measure, &Option<f64>)| measure.is_narrow(*width, precision, seed);
    let enough = measures.iter().zip(&widths).all(narrow);
    let to_come = |(measure, width): (&Measure, &Option<f64>)| Some(measure.rounds_for(precision, (*width)?));
    let to_come: Option<Vec<u32>> = measures.iter().zip(&widths).map(to_come).collect();
    let rounds_to_come = if enough { Some(0) } else { to_come.and_then(|all| all.into_iter().max()).map(|n| n.max(1)) };
    Progress { half_width, enough, rounds_to_come }
}

/// The same for an experiment as it is now; `None` where it is neither a comparison of two or more settings nor a
/// sweep.
pub fn of_experiment(experiment: &Experiment) -> Option<Progress> {
    let sweep = experiment.sweep.is_some();
    if experiment.compared.len() < 2 && !sweep {
        return None;
    }
    let measured = experiment.runs.iter().filter(|run| !run.warmup && run.end.is_some());
    let timed = |run: &Run| Timed {
        setting: run.setting(),
        repeat: run.repeat,
        makespan_ns: run.makespan_ns.filter(|_| counts(run)),
    };
    let timed: Vec<Timed> = measured.map(timed).collect();
    Some(progress(&timed, &experiment.compared, sweep, experiment.plan.run.precision, seed(experiment)))
}

/// A quantity that is to be known precisely, by its values in the order of repeats.
enum Measure {
    /// The ratio of two settings: its logarithms.
    Ratio(Vec<f64>),
    /// The median of one setting: its makespans.
    Median(Vec<f64>),
}

fn measures(timed: &[Timed], compared: &[Setting], sweep: bool) -> Vec<Measure> {
    let mut repeats: HashMap<Setting, Vec<(u32, f64)>> = HashMap::new();
    for one in timed {
        let of_setting = repeats.entry(one.setting).or_default();
        of_setting.extend(one.makespan_ns.map(|ns| (one.repeat, ns.max(1) as f64)));
    }
    repeats.values_mut().for_each(|of_setting| of_setting.sort_by_key(|(repeat, _)| *repeat));
    let of = |setting: &Setting| repeats.get(setting).map_or(&[][..], Vec::as_slice);
    let left_out = |setting: &Setting| repeats.get(setting).is_some_and(Vec::is_empty);
    if sweep {
        let median = |setting| Measure::Median(of(setting).iter().map(|(_, ns)| *ns).collect());
        return compared.iter().filter(|setting| !left_out(setting)).map(median).collect();
    }
    let pairs = pairs::settings(compared, false).filter(|(a, b)| !left_out(a) && !left_out(b));
    pairs.map(|(a, b)| Measure::Ratio(pairs::log_ratios(of(&a), of(&b)))).collect()
}

impl Measure {
    fn values(&self) -> &[f64] {
        match self {
            Self::Ratio(values) | Self::Median(values) => values,
        }
    }

    fn steady(&self) -> usize {
        match self {
            Self::Ratio(_) => STEADY,
            Self::Median(_) => STEADY_MEDIAN,
        }
    }

    /// Half of the interval's width over its middle, as it was `ago` values ago.
    fn half_width(&self, ago: usize, seed: u64) -> Option<f64> {
        let values = &self.values()[..self.values().len().checked_sub(ago)?];
        match self {
            Self::Ratio(_) => {
                let interval = bootstrap::interval(values, seed)?;
                let estimate = signed_rank::locate(values)?.estimate;
                Some(((interval.high - estimate).exp() - (interval.low - estimate).exp()) / 2.0)
            }
            Self::Median(_) => {
                let (low, high) = median_interval(values)?;
                Some((high - low) / 2.0 / order::median(values)?)
            }
        }
    }

    fn is_narrow(&self, half_width: Option<f64>, precision: f64, seed: u64) -> bool {
        let Some(now) = half_width.filter(|now| *now <= precision) else { return false };
        let narrow = |ago| self.half_width(ago, seed).is_some_and(|width| width <= precision);
        now * CLEARLY <= precision || (1..self.steady()).all(narrow)
    }

    /// About how many more values are needed: the width falls with the square root of their number.
    fn rounds_for(&self, precision: f64, half_width: f64) -> u32 {
        let now = self.values().len().max(FEWEST_VALUES) as f64;
        let needed = now * (half_width / precision).powi(2);
        (needed - now).ceil().clamp(0.0, f64::from(u32::MAX)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::LaunchMode::{Processes, Threads};

    const MS: f64 = 1e6;

    fn setting(mode: model::LaunchMode) -> Setting {
        Setting::of(mode)
    }

    fn timed(of: Setting, ms: &[f64]) -> Vec<Timed> {
        let one = |(repeat, ms): (u32, &f64)| Timed { setting: of, repeat, makespan_ns: Some((ms * MS) as u64) };
        (0..).zip(ms).map(one).collect()
    }

    fn failed(of: Setting, count: u32) -> Vec<Timed> {
        (0..count).map(|repeat| Timed { setting: of, repeat, makespan_ns: None }).collect()
    }

    /// Times around 100 ms that differ by up to so many per cent.
    fn noisy(count: usize, percent: f64) -> Vec<f64> {
        (0..count).map(|i| 100.0 + percent * (((i * 37) % 101) as f64 / 50.0 - 1.0)).collect()
    }

    fn of_two(threads: &[f64], processes: &[f64], precision: f64) -> Progress {
        let [a, b] = [setting(Threads), setting(Processes)];
        let timed = [timed(a, threads), timed(b, processes)].concat();
        progress(&timed, &[a, b], false, precision, 1)
    }

    #[test]
    fn equal_repeats_are_enough_as_soon_as_there_is_an_interval() {
        let found = of_two(&[100.0; 6], &[50.0; 6], 0.05);
        assert_eq!(found, Progress { half_width: Some(0.0), enough: true, rounds_to_come: Some(0) });
        let found = of_two(&[100.0; 5], &[50.0; 5], 0.05);
        assert_eq!(found, Progress { half_width: None, enough: false, rounds_to_come: None });
    }

    #[test]
    fn wide_intervals_ask_for_more_rounds_by_the_square() {
        let found = of_two(&noisy(10, 20.0), &[50.0; 10], 0.05);
        let half = found.half_width.expect("an interval");
        assert!(!found.enough && half > 0.05, "{found:?}");
        let expected = (10.0 * (half / 0.05).powi(2) - 10.0).ceil();
        assert_eq!(found.rounds_to_come, Some(expected as u32));
    }

    #[test]
    fn narrow_enough_once_is_not_enough_and_for_some_rounds_it_is() {
        let times = noisy(40, 10.0);
        let at = |n: usize| of_two(&times[..n], &vec![50.0; n], 0.05);
        let first = (6..40).find(|n| at(*n).half_width.is_some_and(|half| half <= 0.05)).expect("narrow in the end");
        assert!(!at(first).enough && at(first).rounds_to_come == Some(1));
        let stop = (6..=40).find(|n| at(*n).enough).expect("it stops");
        assert!(stop >= first + STEADY - 1, "{first} {stop}");
        assert!((stop + 1 - STEADY..=stop).all(|n| at(n).half_width.is_some_and(|half| half <= 0.05)));
    }

    #[test]
    fn a_setting_that_always_fails_is_not_waited_for() {
        let [a, b] = [setting(Threads), setting(Processes)];
        let some_failed = [timed(a, &[100.0; 7]), failed(b, 7)].concat();
        let found = progress(&some_failed, &[a, b], false, 0.05, 1);
        assert_eq!((found.enough, found.half_width), (true, None));
        let half_failed = [timed(a, &[100.0; 7]), failed(b, 4), timed(b, &[50.0; 3])].concat();
        assert!(!progress(&half_failed, &[a, b], false, 0.05, 1).enough, "it may still succeed");
        assert!(!progress(&[], &[a, b], false, 0.05, 1).enough, "nothing has been tried");
    }

    #[test]
    fn a_sweep_asks_for_the_interval_of_each_setting() {
        let [a, b] = [setting(Threads), setting(Processes)];
        // Drift that pairs would cancel: 2 % a repeat, in both.
        let drift: Vec<f64> = (0..9).map(|i| 100.0 * 1.1_f64.powi(i)).collect();
        let both = [timed(a, &drift), timed(b, &drift)].concat();
        assert!(progress(&both, &[a, b], false, 0.05, 1).enough);
        let found = progress(&both, &[a, b], true, 0.05, 1);
        assert!(!found.enough && found.half_width.is_some_and(|half| half > 0.1), "{found:?}");
        let alone = progress(&timed(a, &noisy(12, 1.0)), &[a], true, 0.05, 1);
        assert!(alone.enough && alone.half_width.is_some_and(|half| half < 0.02), "{alone:?}");
    }

    #[test]
    fn exactly_as_many_as_asked_is_always_enough() {
        assert!(of_two(&noisy(7, 40.0), &[50.0; 7], 0.0).enough);
    }
}
