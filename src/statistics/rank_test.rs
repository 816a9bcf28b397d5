//! Wilcoxon's signed-rank test: how probable it is that paired differences lie as far to one side as they do, if their
//! distribution is centred on 0.
//!
//! Hollander M., Wolfe D. A., Chicken E.: *Nonparametric Statistical Methods*, 3rd ed. (2014), section 3.1, with its
//! treatment of zeros and ties. It assumes of the distribution only that it is symmetric.

use statrs::distribution::{ContinuousCDF, Normal};

/// Up to this many differences other than 0, every choice of signs is counted; beyond, the normal approximation is
/// right to three decimals.
const EXACT_TO: usize = 100;

/// The two-sided p-value. Differences of 0 are left out; where all are 0, it is 1. `None` without differences.
pub fn p_value(differences: &[f64]) -> Option<f64> {
    if differences.is_empty() {
        return None;
    }
    let mut differences: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    differences.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let ranks = doubled_ranks(&differences);
    let positive: usize = differences.iter().zip(&ranks).filter(|(d, _)| **d > 0.0).map(|(_, rank)| rank).sum();
    let all: usize = ranks.iter().sum();
    let lesser = positive.min(all - positive);
    let tail = if ranks.len() <= EXACT_TO { exact_tail(&ranks, lesser) } else { normal_tail(&ranks, lesser) };
    Some((2.0 * tail).min(1.0))
}

/// Twice the rank of each size, so that the mean rank of equal ones is a whole number.
fn doubled_ranks(by_size: &[f64]) -> Vec<usize> {
    let mut ranks = Vec::with_capacity(by_size.len());
    for equal in by_size.chunk_by(|a, b| a.abs() == b.abs()) {
        let before = ranks.len();
        ranks.resize(before + equal.len(), 2 * before + equal.len() + 1);
    }
    ranks
}

/// The probability of a sum of at most `limit`, if each rank is in it with probability 1/2.
fn exact_tail(ranks: &[usize], limit: usize) -> f64 {
    let mut of_sum = vec![0.0; limit + 1];
    of_sum[0] = 1.0;
    for &rank in ranks {
        for sum in (0..=limit).rev() {
            let with_rank = if sum >= rank { of_sum[sum - rank] } else { 0.0 };
            of_sum[sum] = (of_sum[sum] + with_rank) / 2.0;
        }
    }
    of_sum.iter().sum()
}

/// The same by the normal approximation, without a continuity correction; ties reduce its variance by themselves.
fn normal_tail(ranks: &[usize], limit: usize) -> f64 {
    let middle = ranks.iter().sum::<usize>() as f64 / 2.0;
    let variance = ranks.iter().map(|rank| (*rank as f64).powi(2)).sum::<f64>() / 4.0;
    Normal::standard().cdf((limit as f64 - middle) / variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: f64) {
        let found = found.expect("a p-value");
        assert!((found / expected - 1.0).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn exact_values_are_those_of_scipy() {
        // scipy 1.17: stats.wilcoxon(d, method="exact").pvalue
        close(p_value(&[2.44, -2.16, 0.82, -0.17, -0.05]), 1.0);
        close(p_value(&[0.18, -1.62, 0.17, -0.47, 3.72, 0.63, 0.05]), 0.578_125);
        let d = [0.12, -0.27, -0.66, 0.01, 0.88, 0.16, 1.36, 0.2, 0.42, 1.95, 0.95, -0.11, 0.22];
        close(p_value(&d), 0.057_373_046_875);
        close(p_value(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), 0.031_25);
        close(p_value(&[-0.1, -0.2, -0.3, -0.4, -0.5, -0.6, -0.7]), 0.015_625);
    }

    #[test]
    fn zeros_are_left_out_and_ties_share_their_rank_as_in_scipy() {
        // scipy 1.17: stats.wilcoxon(d, method=stats.PermutationMethod(n_resamples=100000)), which tries all signs.
        close(p_value(&[0.3, -0.1, 0.3, 0.2, 0.0, 0.5, 0.2, -0.2, 0.7]), 0.062_5);
    }

    #[test]
    fn many_differences_are_approximated_as_in_scipy() {
        // scipy 1.17: stats.wilcoxon(d, method="asymptotic", correction=False)
        let d: Vec<f64> = (0..250).map(|i| f64::from((i * 37) % 251 - 90) / 100.0).collect();
        close(p_value(&d), 7.032_486_720_629_81e-11);
        let (exact, approximate) =
            (exact_tail(&doubled_ranks(&d[..100]), 4_000), normal_tail(&doubled_ranks(&d[..100]), 4_000));
        assert!((exact - approximate).abs() < 2e-3, "{exact} {approximate}");
    }

    #[test]
    fn equal_sides_differ_in_nothing() {
        assert_eq!(p_value(&[0.0; 8]), Some(1.0));
        assert_eq!(p_value(&[]), None);
    }
}
