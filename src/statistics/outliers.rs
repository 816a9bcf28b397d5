//! Which repeats lie far from the others.
//!
//! Tukey's fences: Tukey J. W.: *Exploratory Data Analysis* (1977), section 2D. They are of logarithms, because
//! makespans are skewed and comparisons are of ratios. An outlier is marked and never left out: the statistics here
//! tolerate a few.

use crate::order::{quantile, sorted};

/// Below this many values none is an outlier: nobody can say which of four is the odd one.
const FEWEST: usize = 5;
/// How far outside of the quartiles the fences stand, in interquartile ranges.
pub const FENCE: f64 = 1.5;
/// A value within this share of the median is no outlier, however alike the others are.
const LEAST: f64 = 0.01;

/// The quartiles of values and the fences around them, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fences {
    /// The lower quartile.
    pub lower_quartile: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile.
    pub upper_quartile: f64,
    below: f64,
    above: f64,
}

impl Fences {
    /// The fences of positive values in any order; `None` where there are none.
    pub fn of(values: &[f64]) -> Option<Self> {
        let logs = sorted(&values.iter().map(|value| value.ln()).collect::<Vec<_>>());
        let [lower, middle, upper] = [quantile(&logs, 0.25)?, quantile(&logs, 0.5)?, quantile(&logs, 0.75)?];
        let apart = FENCE * (upper - lower);
        let (below, above) = if values.len() < FEWEST {
            (f64::NEG_INFINITY, f64::INFINITY)
        } else {
            ((lower - apart).min(middle - LEAST), (upper + apart).max(middle + LEAST))
        };
        let [lower_quartile, median, upper_quartile] = [lower, middle, upper].map(f64::exp);
        Some(Self { lower_quartile, median, upper_quartile, below: below.exp(), above: above.exp() })
    }

    /// Whether a value lies outside of the fences.
    pub fn is_outlier(&self, value: f64) -> bool {
        value < self.below || value > self.above
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outliers(values: &[f64]) -> Vec<f64> {
        let fences = Fences::of(values).expect("values");
        values.iter().copied().filter(|value| fences.is_outlier(*value)).collect()
    }

    #[test]
    fn what_lies_far_out_is_found_on_either_side() {
        assert_eq!(outliers(&[1.0, 1.02, 1.04, 1.06, 1.08, 3.0]), [3.0]);
        assert_eq!(outliers(&[1.0, 1.02, 0.2, 1.04, 1.06, 1.08]), [0.2]);
        assert_eq!(outliers(&[1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6]), [0.0_f64; 0]);
    }

    #[test]
    fn few_values_and_small_differences_have_none() {
        assert_eq!(outliers(&[1.0, 1.0, 1.0, 9.0]), [0.0_f64; 0]);
        assert_eq!(outliers(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.005]), [0.0_f64; 0]);
        assert_eq!(outliers(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.02]), [1.02]);
        assert_eq!(Fences::of(&[]), None);
    }
}
