//! Order statistics: quantiles, and a median with its spread.

/// From this many values on, the quartiles give the spread; of fewer, the smallest and the largest value.
pub const QUARTILES_FROM: usize = 4;

/// The quantile `p` (0 to 1) of ascending values by linear interpolation between them; `None` where there are none.
///
/// Type 7 of Hyndman R. J., Fan Y.: *Sample Quantiles in Statistical Packages*, The American Statistician 50 (1996).
pub fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let place = p.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    Some(ascending[below] + (place - below as f64) * (ascending[above] - ascending[below]))
}

/// The median of values in any order; `None` where there are none.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(&sorted(values), 0.5)
}

/// The values in ascending order.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values
}

/// A median with its spread over repeats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The middle value.
    pub median: f64,
    /// The lower quartile; the smallest value where there are fewer than [`QUARTILES_FROM`].
    pub low: f64,
    /// The upper quartile; the largest value where there are fewer than [`QUARTILES_FROM`].
    pub high: f64,
    /// How many values there are.
    pub count: usize,
}

impl Spread {
    /// Median and spread of values in any order; `None` where there are none.
    pub fn of(values: &[f64]) -> Option<Self> {
        let values = sorted(values);
        let count = values.len();
        let (low, high) = if count < QUARTILES_FROM { (0.0, 1.0) } else { (0.25, 0.75) };
        Some(Self {
            median: quantile(&values, 0.5)?,
            low: quantile(&values, low)?,
            high: quantile(&values, high)?,
            count,
        })
    }

    /// Half of the distance between `low` and `high`: half of the interquartile range where there are enough values.
    pub fn half(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_type_7() {
        // R: quantile(c(1, 2, 4, 8, 16), c(0, .1, .25, .5, .9, 1), type = 7)
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        let found = [0.0, 0.1, 0.25, 0.5, 0.9, 1.0].map(|p| quantile(&values, p).expect("values"));
        for (found, expected) in found.into_iter().zip([1.0, 1.4, 2.0, 4.0, 12.8, 16.0]) {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        }
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(median(&[3.0, 1.0, 2.0, 10.0]), Some(2.5));
    }

    #[test]
    fn few_values_are_spread_from_least_to_most_and_many_by_quartiles() {
        let few = Spread::of(&[3.0, 1.0, 9.0]).expect("values");
        assert_eq!((few.low, few.median, few.high), (1.0, 3.0, 9.0));
        let many = Spread::of(&[1.0, 2.0, 3.0, 4.0, 1000.0]).expect("values");
        assert_eq!((many.low, many.median, many.high), (2.0, 3.0, 4.0));
    }
}
