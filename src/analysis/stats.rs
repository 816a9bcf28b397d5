//! Order statistics, and a value with its spread as people read it.

use crate::model::duration::{human_bytes, human_ns};

/// From this many values on the spread is the quartiles; below, the smallest and the largest value.
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

/// In what a metric is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nanoseconds, shown in a unit that fits.
    Time,
    /// Bytes, shown in a unit that fits.
    Bytes,
    /// How many times as much.
    Times,
    /// Of a hundred.
    Percent,
    /// How many.
    Count,
}

impl Unit {
    /// A value with its unit.
    pub fn text(self, value: f64) -> String {
        match self {
            Self::Time => human_ns(value.max(0.0).round() as u64),
            Self::Bytes => human_bytes(value.max(0.0).round() as u64),
            Self::Times => format!("{} ×", figures(value)),
            Self::Percent => format!("{value:.0} %"),
            Self::Count => format!("{value:.0}"),
        }
    }

    /// Median ± half of the spread in the median's unit and precision (`1.84 s ± 0.03`); the median alone where there
    /// is one value.
    pub fn spread_text(self, spread: &Spread) -> String {
        let text = self.text(spread.median);
        if spread.count < 2 {
            return text;
        }
        match self.per_unit(&text) {
            Some((decimals, divisor)) => format!("{text} ± {:.decimals$}", spread.half() / divisor),
            None => format!("{text} ± {}", self.text(spread.half())),
        }
    }

    /// The decimals of a text and what its unit is worth; `None` where the text has no single unit.
    fn per_unit(self, text: &str) -> Option<(usize, f64)> {
        let (number, unit) = text.split_once(' ')?;
        let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let divisor = match unit {
            "ns" | "B" | "×" | "%" => 1.0,
            "µs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "KiB" => 1024.0,
            "MiB" => 1024f64.powi(2),
            "GiB" => 1024f64.powi(3),
            "TiB" => 1024f64.powi(4),
            _ => return None,
        };
        Some((decimals, divisor))
    }
}

/// A whole number with a comma between thousands: `8,000`.
pub fn grouped(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    format!("{}{}", if number < 0 { "−" } else { "" }, groups.join(","))
}

/// Three significant figures without a unit: `0.98`, `14.2`, `137`.
pub fn figures(value: f64) -> String {
    let size = value.abs();
    let decimals = if size == 0.0 || (0.0995..9.995).contains(&size) {
        2
    } else if size < 0.0995 {
        (2.0 - size.log10().floor()).min(12.0) as usize
    } else if size < 99.95 {
        1
    } else {
        0
    };
    format!("{value:.decimals$}")
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

    #[test]
    fn a_spread_is_told_in_the_unit_of_its_median() {
        let spread = |values: &[f64]| Spread::of(values).expect("values");
        assert_eq!(Unit::Time.spread_text(&spread(&[1.81e9, 1.84e9, 1.87e9])), "1.84 s ± 0.03");
        assert_eq!(Unit::Time.spread_text(&spread(&[980e6, 990e6, 1_020e6])), "990 ms ± 20");
        assert_eq!(Unit::Time.spread_text(&spread(&[1.84e9])), "1.84 s");
        assert_eq!(Unit::Time.spread_text(&spread(&[120e9, 125e9, 126e9])), "2 min 5 s ± 3.00 s");
        assert_eq!(Unit::Bytes.spread_text(&spread(&[1048576.0, 2097152.0, 3145728.0])), "2.00 MiB ± 1.00");
        assert_eq!(Unit::Times.spread_text(&spread(&[1.9, 2.0, 2.1])), "2.00 × ± 0.10");
    }

    #[test]
    fn numbers_keep_three_figures() {
        assert_eq!(
            [0.0, 0.07, 0.98, 9.999, 14.23, 137.2].map(figures),
            ["0.00", "0.0700", "0.98", "10.0", "14.2", "137"]
        );
    }
}
