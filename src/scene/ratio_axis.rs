//! An axis on which equal ratios have equal lengths: logarithmic, with round numbers on it.

use crate::ticks::round_step;
use model::quantity::rounded;

/// The smallest span of an axis, as a ratio, so that smaller differences are not magnified.
const LEAST_SPAN: f64 = 1.1;
/// The margin beyond the outermost values, as a share of the span.
const MARGIN: f64 = 0.06;

/// The axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioAxis {
    low: f64,
    high: f64,
}

impl RatioAxis {
    /// An axis for the positive ones among these values; `None` where there are none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let logs = values.into_iter().filter(|value| *value > 0.0 && value.is_finite()).map(f64::ln);
        let (low, high) =
            logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), log| (low.min(log), high.max(log)));
        if low > high {
            return None;
        }
        let lacking = (LEAST_SPAN.ln() - (high - low)).max(0.0) / 2.0;
        let (low, high) = (low - lacking, high + lacking);
        let margin = MARGIN * (high - low);
        Some(Self { low: low - margin, high: high + margin })
    }

    /// The place of a value: 0 at the left end, 1 at the right.
    pub fn place(&self, value: f64) -> f64 {
        (value.max(f64::MIN_POSITIVE).ln() - self.low) / (self.high - self.low)
    }

    /// The smallest value on the axis.
    pub fn from(&self) -> f64 {
        self.low.exp()
    }

    /// The largest value on the axis.
    pub fn to(&self) -> f64 {
        self.high.exp()
    }

    /// At most about `most` round numbers on the axis: in even steps where the ends are less than 4 times apart, else
    /// from few digits a decade down to powers of ten.
    pub fn ticks(&self, most: usize) -> Vec<f64> {
        let (from, to) = (self.from(), self.to());
        if to < 4.0 * from {
            return even(from, to, most);
        }
        let decades = from.log10().floor() as i32..=to.log10().ceil() as i32;
        for digits in [&[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0][..], &[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]] {
            let all = decades.clone().flat_map(|decade| digits.iter().map(move |digit| digit * 10_f64.powi(decade)));
            let inside: Vec<f64> = all.filter(|tick| (from..=to).contains(tick)).collect();
            if inside.len() <= most || digits.len() == 1 {
                let every = inside.len().div_ceil(most.max(1)).max(1);
                return inside.into_iter().step_by(every).collect();
            }
        }
        Vec::new()
    }
}

fn even(from: f64, to: f64, most: usize) -> Vec<f64> {
    let least = (to - from) / most.max(2) as f64;
    let step = round_step(least);
    let (first, last) = ((from / step).ceil() as i64, (to / step).floor() as i64);
    (first..=last).map(|at| at as f64 * step).collect()
}

/// A tick of a ratio: `1.05 ×`, `2 ×`, `200 ×`.
pub fn ratio_text(ratio: f64) -> String {
    format!("{} ×", round(ratio))
}

/// A tick of time: `1.05 s`, `20 ms`.
pub fn time_text(ns: f64) -> String {
    let units = [(60e9, "min"), (1e9, "s"), (1e6, "ms"), (1e3, "µs")];
    // Only whole minutes are written in minutes.
    let fits = |(unit, _): &(f64, &str)| ns >= unit * (1.0 - 1e-9) && (*unit < 60e9 || (ns / unit).fract() < 1e-9);
    let (unit, name) = units.into_iter().find(fits).unwrap_or((1.0, "ns"));
    format!("{} {name}", round(ns / unit))
}

/// A number to four significant figures, without trailing zeros.
fn round(value: f64) -> String {
    let decimals = (3.0 - value.abs().max(f64::MIN_POSITIVE).log10().floor()).clamp(0.0, 9.0) as usize;
    rounded(value, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ratios_have_equal_lengths() {
        let axis = RatioAxis::of([1.0, 16.0]).expect("values");
        let length = |a: f64, b: f64| axis.place(b) - axis.place(a);
        assert!((length(1.0, 2.0) - length(8.0, 16.0)).abs() < 1e-12);
        assert!(axis.place(1.0) > 0.0 && axis.place(16.0) < 1.0);
        assert_eq!(RatioAxis::of([]), None);
    }

    #[test]
    fn equal_values_lie_in_the_middle_of_a_small_span() {
        let axis = RatioAxis::of([2e9; 3]).expect("values");
        assert!((axis.place(2e9) - 0.5).abs() < 1e-9);
        assert!(axis.to() / axis.from() > LEAST_SPAN);
    }

    #[test]
    fn ticks_have_short_texts() {
        assert_eq!([1.0, 1.05, 0.98, 20.0, 1e4].map(ratio_text), ["1 ×", "1.05 ×", "0.98 ×", "20 ×", "10000 ×"]);
        assert_eq!(
            [1.05e9, 2e7, 1.234e3, 50.0, 1.2e11, 9e10].map(time_text),
            ["1.05 s", "20 ms", "1.234 µs", "50 ns", "2 min", "90 s"]
        );
    }

    #[test]
    fn ticks_are_round_and_no_more_than_asked() {
        let ticks = |low: f64, high: f64| RatioAxis::of([low, high]).expect("values").ticks(8);
        let close = |found: Vec<f64>, expected: &[f64]| {
            assert_eq!(found.len(), expected.len(), "{found:?}");
            assert!(found.iter().zip(expected).all(|(a, b)| (a / b - 1.0).abs() < 1e-9), "{found:?}");
        };
        close(ticks(1.0, 1.5), &[1.0, 1.1, 1.2, 1.3, 1.4, 1.5]);
        close(ticks(0.9, 20.0), &[1.0, 2.0, 5.0, 10.0, 20.0]);
        close(ticks(0.95, 5.0), &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0]);
        close(ticks(1.0, 3e5), &[1.0, 10.0, 100.0, 1e3, 1e4, 1e5]);
        for (low, high) in [(1.0, 1.01), (3.0, 7e9), (1e9, 2e9)] {
            assert!((2..=9).contains(&ticks(low, high).len()), "{low} {high}: {:?}", ticks(low, high));
        }
    }
}
