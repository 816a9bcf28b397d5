//! The confidence interval of a median, from the values alone.
//!
//! Each end is interpolated between two order statistics, of which one has less and one more than the wanted
//! confidence: Hettmansperger T. P., Sheather S. J.: *Confidence intervals based on interpolated order statistics*,
//! Statistics & Probability Letters 4 (1986), 75–79. It assumes no distribution and needs no resampling. A bootstrap of
//! the median has the same order statistics to go by, and its intervals of 7 values hold the truth in 98–99 %.

use super::signed_rank::CONFIDENCE;
use crate::order::sorted;

/// The fewest values whose smallest and largest span a 95 % interval.
pub const FEWEST_VALUES: usize = 6;
/// Up to this many values the binomial distribution is summed; beyond, its normal approximation is right to three decimals.
const EXACT_TO: usize = 1_000;

/// The 95 % interval of the median of the distribution that the values are from; `None` with fewer than
/// [`FEWEST_VALUES`].
pub fn median_interval(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len();
    if n < FEWEST_VALUES {
        return None;
    }
    let ascending = sorted(values);
    let (depth, inward) = if n > EXACT_TO { approximate(n) } else { interpolated(n) };
    let between = |outer: f64, inner: f64| outer + inward * (inner - outer);
    let low = between(ascending[depth - 1], ascending[depth]);
    let high = between(ascending[n - depth], ascending[n - depth - 1]);
    Some((low, high))
}

/// The rank, from 1 and from either end, of the outer order statistics, which have more than the wanted confidence; and
/// how far from them towards their inner neighbours the interval's ends lie, 0 to 1.
fn interpolated(n: usize) -> (usize, f64) {
    // The probability that fewer than `depth` of the values lie below the median.
    let mut term = 0.5_f64.powi(n as i32);
    let (mut tail, mut depth) = (term, 1);
    loop {
        term *= (n - depth + 1) as f64 / depth as f64;
        let (wider, narrower) = (1.0 - 2.0 * tail, 1.0 - 2.0 * (tail + term));
        if narrower < CONFIDENCE {
            let share = (wider - CONFIDENCE) / (wider - narrower);
            let (outer, ranks) = ((n - depth) as f64, depth as f64);
            return (depth, outer * share / (ranks + (n as f64 - 2.0 * ranks) * share));
        }
        tail += term;
        depth += 1;
    }
}

/// The same by the normal approximation of the binomial distribution.
fn approximate(n: usize) -> (usize, f64) {
    const Z: f64 = 1.959_963_984_540_054;
    let place = (n as f64 + 1.0 - Z * (n as f64).sqrt()) / 2.0;
    (place.floor() as usize, place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_those_of_the_formula() {
        // numpy and scipy.stats.binom, by the paper's formula, of the squares of 1 to n.
        let squares = |n: usize| (1..=n).map(|i| (i * i) as f64).rev().collect::<Vec<_>>();
        for (n, low, high) in EXPECTED {
            let found = median_interval(&squares(n)).expect("values enough");
            assert!((found.0 - low).abs() < 1e-6 && (found.1 - high).abs() < 1e-6, "n = {n}: {found:?}");
        }
    }

    const EXPECTED: [(usize, f64, f64); 6] = [
        (6, 2.071_428_571, 32.071_428_571),
        (7, 3.2, 39.466_666_667),
        (10, 7.288_288_288, 69.819_819_820),
        (20, 39.058_044_807, 218.178_207_740),
        (41, 219.747_343_873, 738.961_934_037),
        (1_000, 220_461.568_318_997, 282_457.328_942_392),
    ];

    #[test]
    fn few_values_have_none_and_equal_ones_one_without_width() {
        assert_eq!(median_interval(&[1.0; 5]), None);
        assert_eq!(median_interval(&[3.0; 6]), Some((3.0, 3.0)));
    }

    #[test]
    fn very_many_values_go_on_as_many_do() {
        let width = |n: usize| {
            let (low, high) =
                median_interval(&(0..n).map(|i| i as f64 / n as f64).collect::<Vec<_>>()).expect("enough");
            (high - low) * (n as f64).sqrt()
        };
        assert!((width(1_000) / width(1_001) - 1.0).abs() < 0.01, "{} {}", width(1_000), width(1_001));
        assert!(width(10_000) > 1.9 && width(10_000) < 2.0);
    }
}
