//! The location of paired differences: the Hodges–Lehmann estimate with Wilcoxon's signed-rank confidence interval.
//!
//! Hollander M., Wolfe D. A., Chicken E.: *Nonparametric Statistical Methods*, 3rd ed. (2014), sections 3.1–3.3.
//! Distribution-free for differences that are symmetric around their centre; one outlier moves it little.

use crate::order::sorted;

/// The least confidence of an interval.
pub const CONFIDENCE: f64 = 0.95;
/// The fewest pairs with which the interval can reach [`CONFIDENCE`].
pub const FEWEST_PAIRS: usize = 6;
/// Up to this many pairs the null distribution is exact; beyond, its normal approximation is right to four decimals.
const EXACT_TO: usize = 200;

/// The location of differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    /// The Hodges–Lehmann estimate: the median of the Walsh averages.
    pub estimate: f64,
    /// The interval, where there are enough pairs for [`CONFIDENCE`].
    pub interval: Option<Interval>,
}

/// A confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Its confidence, 0 to 1.
    pub confidence: f64,
}

/// The location of differences; `None` where there are none.
pub fn locate(differences: &[f64]) -> Option<Location> {
    let walsh = Walsh { sorted: sorted(differences) };
    let count = walsh.count();
    if count == 0 {
        return None;
    }
    let estimate = (walsh.at(count.div_ceil(2)) + walsh.at(count / 2 + 1)) / 2.0;
    let interval = tail(differences.len()).map(|(rank, confidence)| Interval {
        low: walsh.at(rank),
        high: walsh.at(count + 1 - rank),
        confidence,
    });
    Some(Location { estimate, interval })
}

/// The Walsh averages `(d_i + d_j) / 2`, i ≤ j, of ascending differences, found without listing them.
struct Walsh {
    sorted: Vec<f64>,
}

impl Walsh {
    fn count(&self) -> u64 {
        let n = self.sorted.len() as u64;
        n * (n + 1) / 2
    }

    /// The average of this rank, from 1: the least value with so many averages at or below it.
    fn at(&self, rank: u64) -> f64 {
        let mut below = order_key(self.sorted[0]);
        let mut above = order_key(self.sorted[self.sorted.len() - 1]);
        while below < above {
            let middle = below + (above - below) / 2;
            if self.at_most(from_order_key(middle)) >= rank {
                above = middle;
            } else {
                below = middle + 1;
            }
        }
        from_order_key(below)
    }

    /// How many averages are at most `limit`.
    fn at_most(&self, limit: f64) -> u64 {
        let mut partners = self.sorted.len();
        let mut found = 0;
        for (i, first) in self.sorted.iter().enumerate() {
            while partners > i && (first + self.sorted[partners - 1]) / 2.0 > limit {
                partners -= 1;
            }
            if partners <= i {
                break;
            }
            found += (partners - i) as u64;
        }
        found
    }
}

/// A key that orders like its number, so that a binary search ends after 64 steps.
fn order_key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

fn from_order_key(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

/// The rank of the Walsh average at which the interval for `n` pairs begins, and the interval's confidence.
fn tail(n: usize) -> Option<(u64, f64)> {
    if n < FEWEST_PAIRS {
        return None;
    }
    Some(if n <= EXACT_TO { exact_tail(n) } else { normal_tail(n) })
}

fn exact_tail(n: usize) -> (u64, f64) {
    let mut cumulated = 0.0;
    let mut rank = 0;
    for probability in null_distribution(n) {
        if cumulated + probability > (1.0 - CONFIDENCE) / 2.0 {
            break;
        }
        cumulated += probability;
        rank += 1;
    }
    (rank, 1.0 - 2.0 * cumulated)
}

/// The probability of each value of the signed-rank statistic, from 0, if the differences are symmetric around 0.
fn null_distribution(n: usize) -> Vec<f64> {
    let mut probabilities = vec![0.0; n * (n + 1) / 2 + 1];
    probabilities[0] = 1.0;
    let mut top = 0;
    for rank in 1..=n {
        top += rank;
        for sum in (0..=top).rev() {
            let with_rank = if sum >= rank { probabilities[sum - rank] } else { 0.0 };
            probabilities[sum] = (probabilities[sum] + with_rank) / 2.0;
        }
    }
    probabilities
}

/// Equation 3.37 of the book, rounded so that the interval is rather too wide.
fn normal_tail(n: usize) -> (u64, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let n = n as f64;
    let middle = n * (n + 1.0) / 4.0;
    let deviation = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0).sqrt();
    (((middle - Z * deviation).floor() as u64).max(1), CONFIDENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walsh_averages(d: &[f64]) -> Vec<f64> {
        let all = (0..d.len()).flat_map(|i| (i..d.len()).map(move |j| (d[i] + d[j]) / 2.0));
        sorted(&all.collect::<Vec<_>>())
    }

    #[test]
    fn critical_values_are_those_of_the_tables() {
        // Two-sided 5 %: the largest sums that are still significant are 0, 2, 3, 5, 8, 52 and 434.
        let expected = [(6, 0), (7, 2), (8, 3), (9, 5), (10, 8), (20, 52), (50, 434)];
        for (n, critical) in expected {
            assert_eq!(exact_tail(n).0, critical + 1, "n = {n}");
        }
        assert!((exact_tail(6).1 - 0.96875).abs() < 1e-12);
        assert!((exact_tail(10).1 - 0.951_171_875).abs() < 1e-12);
    }

    #[test]
    fn six_pairs_span_all_averages_and_five_are_too_few() {
        let d = [0.3, -0.1, 0.7, 0.2, 0.4, 0.25];
        let found = locate(&d).and_then(|location| location.interval).expect("an interval");
        assert_eq!((found.low, found.high), (-0.1, 0.7));
        assert_eq!(locate(&d[..5]).expect("an estimate").interval, None);
        assert_eq!(locate(&[]), None);
    }

    #[test]
    fn it_agrees_with_the_listed_averages() {
        let d = [1.83, 0.5, -1.62, 2.48, 1.68, -1.88, 1.55, 3.06, -1.3, 0.0];
        let listed = walsh_averages(&d);
        let found = locate(&d).expect("an estimate");
        assert_eq!(found.estimate, (listed[27] + listed[27]) / 2.0);
        let interval = found.interval.expect("an interval");
        assert_eq!((interval.low, interval.high), (listed[8], listed[listed.len() - 9]));
    }

    #[test]
    #[expect(clippy::approx_constant, reason = "3.14 is a score of the published table")]
    fn the_books_example_of_depression_scores() {
        // Hollander & Wolfe, table 3.1 and example 3.3: the estimate is -0.46.
        let before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30];
        let after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
        let d: Vec<f64> = after.iter().zip(before).map(|(y, x)| y - x).collect();
        let found = locate(&d).expect("an estimate");
        assert!((found.estimate + 0.46).abs() < 1e-9, "{}", found.estimate);
        // At 96.1 % the book's interval is (-0.786, -0.010).
        let interval = found.interval.expect("an interval");
        assert!((interval.low + 0.786).abs() < 1e-9 && (interval.high + 0.010).abs() < 1e-9, "{interval:?}");
        assert!((interval.confidence - 0.961).abs() < 5e-4);
    }

    #[test]
    fn the_approximation_meets_the_exact_distribution() {
        let (exact, approximate) = (exact_tail(EXACT_TO).0, normal_tail(EXACT_TO).0);
        assert!(exact.abs_diff(approximate) <= 2, "{exact} and {approximate}");
    }

    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        let mut state = 7u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let trials = 4_000;
        let mut held = 0;
        for _ in 0..trials {
            // Long tails on both sides: the difference of two exponentials, around 0.5.
            let d: Vec<f64> = (0..10).map(|_| 0.5 + (uniform().max(1e-12) / uniform().max(1e-12)).ln()).collect();
            let interval = locate(&d).and_then(|location| location.interval).expect("an interval");
            held += u32::from(interval.low <= 0.5 && 0.5 <= interval.high);
        }
        let share = f64::from(held) / f64::from(trials);
        assert!((0.94..0.965).contains(&share), "{share}");
    }
}
