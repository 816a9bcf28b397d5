//! The confidence interval of the location of paired differences, by resampling the pairs.
//!
//! The percentile bootstrap of the Hodges–Lehmann estimate: Efron B., Tibshirani R. J.: *An Introduction to the Bootstrap*
//! (1993), chapter 13. Its levels are widened for few pairs, because resamples spread less than samples: the *expanded
//! percentile interval* of Hesterberg T.: *What Teachers Should Know About the Bootstrap*, The American Statistician 69
//! (2015), 371–386. `benches/coverage.rs` shows how often such intervals hold the truth.

use super::signed_rank::{self, CONFIDENCE, FEWEST_PAIRS, Interval};
use rand::Rng;
use rand_pcg::{Pcg64Mcg, rand_core::SeedableRng};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Up to this many pairs are resampled. For more, the rank test's interval is used: both converge, and for 10,000 pairs
/// it takes no longer than resampling does for 100.
const RESAMPLED_TO: usize = 200;

/// The confidence interval of the differences' location; `None` with fewer than [`FEWEST_PAIRS`] of them. The same
/// differences and the same seed give the same interval.
pub fn interval(differences: &[f64], seed: u64) -> Option<Interval> {
    let location = signed_rank::locate(differences)?;
    let pairs = differences.len();
    if !(FEWEST_PAIRS..=RESAMPLED_TO).contains(&pairs) {
        return location.interval;
    }
    let estimates = crate::order::sorted(&Resampling::of(differences).estimates(seed));
    let level = expanded_level(pairs);
    let end = |p| crate::order::quantile(&estimates, p).unwrap_or(location.estimate);
    // A quantile of resamples may fall short of the estimate itself where nearly all pairs are alike.
    let (low, high) = (end(level).min(location.estimate), end(1.0 - level).max(location.estimate));
    Some(Interval { low, high, confidence: CONFIDENCE })
}

/// How many resamples there are: fewer where each takes longer.
fn resamples(pairs: usize) -> usize {
    if pairs <= 20 { 2_000 } else { 1_000 }
}

/// The share of resamples beyond each end of the interval: 0.4 % for 7 pairs, towards 2.5 % for many.
pub fn expanded_level(pairs: usize) -> f64 {
    let n = pairs as f64;
    let (normal, student) = (Normal::standard(), StudentsT::new(0.0, 1.0, n - 1.0));
    let upper = 1.0 - (1.0 - CONFIDENCE) / 2.0;
    let t = student.map_or_else(|_| normal.inverse_cdf(upper), |student| student.inverse_cdf(upper));
    normal.cdf(-(n / (n - 1.0)).sqrt() * t)
}

/// The Walsh averages in ascending order, each with the indices of its two differences. A resample's estimate is a
/// weighted median of them, so nothing is sorted again.
struct Resampling {
    averages: Vec<(f64, u16, u16)>,
    pairs: usize,
}

impl Resampling {
    fn of(differences: &[f64]) -> Self {
        let pairs = differences.len();
        let of = |i: usize, j: usize| ((differences[i] + differences[j]) / 2.0, i as u16, j as u16);
        let mut averages: Vec<_> = (0..pairs).flat_map(|i| (i..pairs).map(move |j| of(i, j))).collect();
        averages.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { averages, pairs }
    }

    /// The estimate of each resample.
    fn estimates(&self, seed: u64) -> Vec<f64> {
        let mut dice = Pcg64Mcg::seed_from_u64(seed);
        let mut times = vec![0_u32; self.pairs];
        let one = |_| {
            times.fill(0);
            (0..self.pairs).for_each(|_| times[below(&mut dice, self.pairs)] += 1);
            self.estimate(&times)
        };
        (0..resamples(self.pairs)).map(one).collect()
    }

    /// The Hodges–Lehmann estimate of a resample that has each difference this many times: the median of its Walsh
    /// averages.
    fn estimate(&self, times: &[u32]) -> f64 {
        let count = (self.pairs * (self.pairs + 1) / 2) as u32;
        let (first, second) = (count.div_ceil(2), count / 2 + 1);
        let (mut so_far, mut at_first) = (0, None);
        for (average, i, j) in &self.averages {
            let (a, b) = (times[usize::from(*i)], times[usize::from(*j)]);
            so_far += if i == j { a * (a + 1) / 2 } else { a * b };
            if so_far >= first {
                let lower = *at_first.get_or_insert(*average);
                if so_far >= second {
                    return (lower + average) / 2.0;
                }
            }
        }
        // The weights add up to `count`, so the loop has returned before.
        at_first.unwrap_or_default()
    }
}

/// A number below `end`, the same on every platform and in every version of `rand`.
fn below(dice: &mut Pcg64Mcg, end: usize) -> usize {
    ((u64::from(dice.next_u32()) * end as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signed_rank::locate;

    fn differences(n: usize) -> Vec<f64> {
        (0..n).map(|i| 0.3 + 0.05 * ((i * 7_919) % 101) as f64 / 101.0).collect()
    }

    #[test]
    fn levels_are_those_of_the_paper() {
        // scipy.stats: norm.cdf(-sqrt(n / (n - 1)) * t.ppf(0.975, n - 1))
        for (n, level) in [(6, 0.002_431_803_2), (7, 0.004_109_153_8), (10, 0.008_550_639_0), (100, 0.023_064_387_2)] {
            assert!((expanded_level(n) - level).abs() < 1e-9, "n = {n}: {}", expanded_level(n));
        }
    }

    #[test]
    fn a_resample_of_everything_once_has_the_estimate_itself() {
        for n in [6, 7, 20, 33] {
            let d = differences(n);
            let found = Resampling::of(&d).estimate(&vec![1; n]);
            assert!((found - locate(&d).expect("an estimate").estimate).abs() < 1e-12, "n = {n}");
        }
    }

    #[test]
    fn a_seed_makes_it_repeatable() {
        let d = differences(12);
        assert_eq!(interval(&d, 7), interval(&d, 7));
        assert_ne!(interval(&d, 7), interval(&d, 8));
        assert_eq!(interval(&d[..5], 7), None);
    }

    #[test]
    fn equal_differences_have_an_interval_without_width() {
        let found = interval(&[0.25; 9], 1).expect("an interval");
        assert_eq!((found.low, found.high), (0.25, 0.25));
    }

    #[test]
    fn one_disturbed_pair_of_fourteen_moves_no_end_far() {
        let mut d = differences(14);
        let quiet = interval(&d, 1).expect("an interval");
        d[3] = 9.0;
        let disturbed = interval(&d, 1).expect("an interval");
        assert!((quiet.high - disturbed.high).abs() < 0.02, "{quiet:?} {disturbed:?}");
        assert!((quiet.low - disturbed.low).abs() < 0.02, "{quiet:?} {disturbed:?}");
    }

    #[test]
    fn where_resampling_ends_the_rank_tests_interval_is_nearly_the_same() {
        let d = differences(RESAMPLED_TO);
        let (resampled, ranked) =
            (interval(&d, 1).expect("an interval"), locate(&d).and_then(|l| l.interval).expect("an interval"));
        let width = ranked.high - ranked.low;
        assert!((resampled.low - ranked.low).abs() < 0.15 * width, "{resampled:?} {ranked:?}");
        assert!((resampled.high - ranked.high).abs() < 0.15 * width, "{resampled:?} {ranked:?}");
    }
}
