//! Whether values rise or fall from first to last: the Mann–Kendall trend test, with the Theil–Sen slope.
//!
//! Hollander M., Wolfe D. A., Chicken E.: *Nonparametric Statistical Methods*, 3rd ed. (2014), sections 8.1 and 9.3.

use crate::order::median;
use statrs::distribution::{ContinuousCDF, Normal};

/// Up to this many values without ties, every order is counted; else the normal approximation is used.
const EXACT_TO: usize = 50;
/// Of more values than this, at most so many are used, evenly spread: all pairs of 10,000 take too long.
const MOST: usize = 400;

/// A trend over values in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Kendall's τ (b) of value and position: 1 where each is greater than the one before, −1 where each is less.
    pub tau: f64,
    /// The probability of a τ at least as far from 0 where there is no trend.
    pub p_value: f64,
    /// The last value over the first, on the Theil–Sen line of the logarithms: 1.1 for 10 % more.
    pub growth: f64,
}

/// The trend of positive values; `None` where there are fewer than three, and where all are the same.
pub fn trend(values: &[f64]) -> Option<Trend> {
    let step = values.len().div_ceil(MOST).max(1);
    let logs: Vec<f64> = values.iter().step_by(step).map(|value| value.ln()).collect();
    let n = logs.len();
    let (mut score, mut tied, mut slopes) = (0_i64, 0_u64, Vec::with_capacity(n * n / 2));
    for (i, first) in logs.iter().enumerate() {
        for (apart, later) in (1..).zip(&logs[i + 1..]) {
            score += i64::from(later > first) - i64::from(later < first);
            tied += u64::from(later == first);
            slopes.push((later - first) / f64::from(apart));
        }
    }
    let pairs = slopes.len() as f64;
    if n < 3 || tied as f64 >= pairs {
        return None;
    }
    let tau = score as f64 / (pairs * (pairs - tied as f64)).sqrt();
    let p_value = if n <= EXACT_TO && tied == 0 { exact(n, score) } else { approximate(&logs, score) };
    Some(Trend { tau, p_value, growth: (median(&slopes)? * (n - 1) as f64).exp() })
}

/// The two-sided probability of so many more rising than falling pairs, over all orders.
fn exact(n: usize, score: i64) -> f64 {
    let pairs = n * (n - 1) / 2;
    let fewer = (pairs - score.unsigned_abs() as usize) / 2;
    // The probability of each number of falling pairs; one more value adds 0 to `before` of them, each with the same
    // probability.
    let mut falling = vec![1.0];
    for before in 1..n {
        let mut longer = vec![0.0; falling.len() + before];
        for (at, probability) in falling.iter().enumerate() {
            (0..=before).for_each(|more| longer[at + more] += probability / (before + 1) as f64);
        }
        falling = longer;
    }
    (2.0 * falling[..=fewer].iter().sum::<f64>()).min(1.0)
}

/// The same by the normal approximation; ties reduce its variance.
fn approximate(values: &[f64], score: i64) -> f64 {
    let spread = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0) / 18.0;
    let ascending = crate::order::sorted(values);
    let ties: f64 = ascending.chunk_by(|a, b| a == b).map(|equal| spread(equal.len() as f64)).sum();
    let deviation = (spread(values.len() as f64) - ties).sqrt();
    2.0 * Normal::standard().cdf(-(score.unsigned_abs() as f64) / deviation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_scipy() {
        // scipy 1.17: stats.kendalltau(range(n), x, method="exact"), the third and fourth method="asymptotic"
        let wavy = |i: i32| ((f64::from(i) * 1.7).sin() * 3.0 + f64::from(i) * 0.08).exp();
        let cases: [(&[f64], f64, f64); 4] = [
            (&[3.0, 1.0, 4.0, 1.5, 5.0, 9.0, 2.6, 5.3, 5.8], 0.5, 0.075_176_366_843_033_51),
            (&[1.0, 2.0, 3.0, 4.0, 6.0, 5.0], 0.866_666_666_666_666_6, 0.016_666_666_666_666_666),
            (
                &[1.0, 2.0, 2.0, 3.0, 4.0, 6.0, 5.0, 7.0, 7.0, 8.0],
                0.932_058_930_609_647_1,
                0.000_218_295_100_039_851_43,
            ),
            (&(0..60).map(wavy).collect::<Vec<_>>(), 0.362_711_864_406_779_66, 4.228_434_676_480_991e-5),
        ];
        for (values, tau, p) in cases {
            let found = trend(values).expect("a trend");
            assert!((found.tau - tau).abs() < 1e-12 && (found.p_value / p - 1.0).abs() < 1e-6, "{found:?}");
        }
    }

    #[test]
    fn growth_is_from_first_to_last_and_one_disturbed_value_does_not_matter() {
        let mut values: Vec<f64> = (0..11).map(|i| 1.01_f64.powi(i)).collect();
        values[5] = 40.0;
        let found = trend(&values).expect("a trend");
        assert!((found.growth - 1.01_f64.powi(10)).abs() < 0.01, "{found:?}");
        assert!(found.p_value < 0.01);
    }

    #[test]
    fn few_values_and_equal_ones_have_no_trend_and_very_many_are_quick() {
        assert_eq!(trend(&[1.0, 2.0]), None);
        assert_eq!(trend(&[2.0; 9]), None);
        let many: Vec<f64> = (0..10_000).map(|i| 1.0 + f64::from(i % 7)).collect();
        assert!(trend(&many).is_some_and(|found| found.p_value > 0.05));
    }
}
