//! The axes of a sweep's charts: where a value is, and which round values are marked.

use crate::ticks::{round_step, ticks as time_ticks};
use model::quantity::{Unit, brief, plain};

/// The kind of an axis's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Nanoseconds.
    Time,
    /// Whole numbers.
    Whole,
    /// Numbers of any kind.
    Number,
}

/// An axis from one value to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Its lower end.
    pub from: f64,
    /// Its upper end, above `from`.
    pub to: f64,
    /// Whether the axis is logarithmic; both ends are above 0 then.
    pub log: bool,
    /// The kind of its numbers.
    pub counted: Counted,
}

/// A marked value.
#[derive(Clone, Debug, PartialEq)]
pub struct AxisMark {
    /// The value.
    pub at: f64,
    /// How it is written, with its unit.
    pub text: String,
}

impl Scale {
    /// An axis from `low` to `high` with a margin at each end; with `zero`, a linear axis begins at 0.
    pub fn over(low: f64, high: f64, log: bool, zero: bool, counted: Counted) -> Self {
        if log {
            let room = (high / low).powf(0.06).max(1.05);
            return Self { from: low / room, to: high * room, log, counted };
        }
        let low = if zero { low.min(0.0) } else { low };
        let room = ((high - low) * 0.06).max(high.abs() * 1e-3).max(f64::MIN_POSITIVE);
        let from = if zero && low == 0.0 { 0.0 } else { low - room };
        Self { from, to: high + room, log, counted }
    }

    /// The coordinate that grows evenly along the axis: the value, or its decimal logarithm.
    pub fn flat(&self, value: f64) -> f64 {
        if self.log { value.max(f64::MIN_POSITIVE).log10() } else { value }
    }

    /// The value for a coordinate: the inverse of [`Scale::flat`].
    pub fn value(&self, flat: f64) -> f64 {
        if self.log { 10f64.powf(flat) } else { flat }
    }

    /// Where a value is: 0 at the lower end, 1 at the upper one.
    pub fn place(&self, value: f64) -> f64 {
        let (from, to) = (self.flat(self.from), self.flat(self.to));
        (self.flat(value) - from) / (to - from)
    }

    /// `count` values at equal distances from end to end.
    pub fn even(&self, count: usize) -> impl Iterator<Item = f64> + use<> {
        let (scale, last) = (*self, count.max(2) - 1);
        let (from, to) = (scale.flat(scale.from), scale.flat(scale.to));
        (0..=last).map(move |i| scale.value(from + (to - from) * i as f64 / last as f64))
    }

    /// Round values, at most about `most`.
    pub fn marks(&self, most: usize) -> Vec<AxisMark> {
        match (self.log, self.counted) {
            (true, _) => self.ratio_marks(most.max(2)),
            (false, Counted::Time) => {
                let ticks = time_ticks(self.from, self.to, most.max(2));
                ticks.ticks.iter().map(|tick| AxisMark { at: tick.at_ns, text: ticks.label(tick) }).collect()
            }
            (false, _) => self.even_marks(most.max(2)),
        }
    }

    fn even_marks(&self, most: usize) -> Vec<AxisMark> {
        let least = (self.to - self.from) / most as f64;
        let step = round_step(least);
        let step = if self.counted == Counted::Whole { step.max(1.0) } else { step };
        let (first, last) = ((self.from / step - 1e-9).ceil() as i64, (self.to / step + 1e-9).floor() as i64);
        (first..=last).map(|i| AxisMark { at: i as f64 * step, text: plain(i as f64 * step, step) }).collect()
    }

    /// Powers of ten, with more digits between them where there is room, or fewer powers where there is none.
    fn ratio_marks(&self, most: usize) -> Vec<AxisMark> {
        let (first, last) = (self.from.log10().floor() as i32, self.to.log10().ceil() as i32);
        let of = |digits: &[f64], every: i32| -> Vec<f64> {
            let decades = (first..=last).filter(|power| power.rem_euclid(every) == 0);
            let all = decades.flat_map(|power| digits.iter().map(move |digit| digit * 10f64.powi(power)));
            all.filter(|value| (self.from..=self.to).contains(value)).collect()
        };
        let dense: [&[f64]; 4] =
            [&[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], &[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];
        let fitting = dense.into_iter().map(|digits| of(digits, 1)).find(|values| values.len() <= most);
        let values = fitting.unwrap_or_else(|| of(&[1.0], (last - first) / most as i32 + 1));
        values.into_iter().map(|at| AxisMark { at, text: self.text(at) }).collect()
    }

    /// A marked value with its unit.
    fn text(&self, value: f64) -> String {
        match self.counted {
            // A mark is a round value, so that zeros after the point are left out.
            Counted::Time => {
                let scaled = Unit::Time.scaled(value);
                scaled.map_or_else(|| Unit::Time.text(value), |scaled| scaled.brief_text())
            }
            _ => brief(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(scale: Scale, most: usize) -> Vec<String> {
        scale.marks(most).into_iter().map(|mark| mark.text).collect()
    }

    #[test]
    fn workers_are_marked_by_whole_numbers() {
        let scale = |most: f64| Scale { from: 0.8, to: most + 0.2, log: false, counted: Counted::Whole };
        assert_eq!(texts(scale(4.0), 10), ["1", "2", "3", "4"]);
        assert_eq!(texts(scale(32.0), 8), ["5", "10", "15", "20", "25", "30"]);
    }

    #[test]
    fn ratios_are_marked_by_round_numbers() {
        let limits = Scale { from: 9e4, to: 1.1e7, log: true, counted: Counted::Number };
        assert_eq!(
            texts(limits, 8),
            ["100,000", "200,000", "500,000", "1,000,000", "2,000,000", "5,000,000", "10,000,000"]
        );
        assert_eq!(texts(limits, 3), ["100,000", "1,000,000", "10,000,000"]);
        let times = Scale { from: 2e6, to: 3e9, log: true, counted: Counted::Time };
        assert_eq!(texts(times, 4), ["10 ms", "100 ms", "1 s"]);
        let narrow = Scale { from: 1.4e9, to: 3.2e9, log: true, counted: Counted::Time };
        assert_eq!(texts(narrow, 6), ["1.5 s", "2 s", "3 s"]);
        let wide = Scale { from: 1.0, to: 1e12, log: true, counted: Counted::Number };
        assert!((2..=6).contains(&wide.marks(6).len()), "{:?}", wide.marks(6));
    }

    #[test]
    fn even_numbers_share_their_decimals() {
        let scale = Scale { from: 0.0, to: 1.1, log: false, counted: Counted::Number };
        assert_eq!(texts(scale, 6), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        let scale = Scale { from: 0.0, to: 52_000.0, log: false, counted: Counted::Number };
        assert_eq!(texts(scale, 6), ["0", "10,000", "20,000", "30,000", "40,000", "50,000"]);
    }

    #[test]
    fn a_place_is_a_share_of_the_axis_and_equal_values_have_room() {
        let log = Scale { from: 10.0, to: 1000.0, log: true, counted: Counted::Number };
        assert!((log.place(100.0) - 0.5).abs() < 1e-9);
        let one = Scale::over(2.0, 2.0, false, false, Counted::Number);
        assert!(one.from < 2.0 && one.to > 2.0 && one.place(2.0).is_finite());
        let none = Scale::over(0.0, 0.0, false, true, Counted::Number);
        assert!(none.place(0.0).is_finite() && none.to > none.from);
    }
}
