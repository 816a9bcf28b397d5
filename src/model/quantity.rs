//! Quantities as people read them: a number, its decimals and its unit.

/// The unit in which a quantity is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nanoseconds, shown in a unit that fits.
    Time,
    /// Bytes, shown in a unit that fits.
    Bytes,
    /// A ratio: how many times as much.
    Times,
    /// A share, shown in percent.
    Percent,
    /// A number of things.
    Count,
}

/// A value in the unit in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaled {
    /// The value in that unit.
    pub number: f64,
    /// The number of decimals that are shown.
    pub decimals: usize,
    /// The unit's sign; empty where there is none.
    pub sign: &'static str,
    /// What one of the unit is worth: nanoseconds, bytes, or 1.
    pub worth: f64,
}

impl Unit {
    /// A value in the unit that fits it; `None` where two units are shown (minutes and seconds).
    pub fn scaled(self, value: f64) -> Option<Scaled> {
        match self {
            Self::Time => scaled_ns(value.max(0.0).round() as u64),
            Self::Bytes => Some(scaled_bytes(value.max(0.0).round() as u64)),
            Self::Times => Some(Scaled { number: value, decimals: decimals(value), sign: "×", worth: 1.0 }),
            Self::Percent => Some(Scaled { number: value, decimals: 0, sign: "%", worth: 1.0 }),
            Self::Count => Some(Scaled { number: value, decimals: 0, sign: "", worth: 1.0 }),
        }
    }

    /// A value with its unit.
    pub fn text(self, value: f64) -> String {
        self.scaled(value).map_or_else(|| minutes(value), Scaled::text)
    }

    /// A value ± half the width of its interval, in the value's unit and decimals: `1.84 s ± 0.03`.
    pub fn text_with(self, value: f64, half: f64) -> String {
        match self.scaled(value) {
            Some(scaled) => format!("{} ± {:.*}", scaled.text(), scaled.decimals, half / scaled.worth),
            None => format!("{} ± {}", minutes(value), self.text(half)),
        }
    }
}

impl Scaled {
    /// The number with its unit: `1.84 s`.
    pub fn text(self) -> String {
        let gap = if self.sign.is_empty() { "" } else { " " };
        format!("{}{gap}{}", self.number_text(), self.sign)
    }

    /// The number with its unit, without zeros at the end of its decimals: `1.5 s`, `10 ms`.
    pub fn brief_text(self) -> String {
        format!("{} {}", rounded(self.number, self.decimals), self.sign)
    }

    /// The number alone: `1.84`.
    pub fn number_text(self) -> String {
        format!("{:.*}", self.decimals, self.number)
    }

    /// Whether the number is shown as zero.
    pub fn shows_zero(self) -> bool {
        (self.number * 10f64.powi(self.decimals as i32)).round() == 0.0
    }
}

/// Three significant figures with a unit that fits: `0 s`, `830 ns`, `1.84 s`, `2 min 5 s`.
pub fn human_ns(ns: u64) -> String {
    scaled_ns(ns).map_or_else(|| minutes(ns as f64), Scaled::text)
}

/// Bytes with a binary unit: `512 B`, `3.2 MiB`.
pub fn human_bytes(bytes: u64) -> String {
    scaled_bytes(bytes).text()
}

/// Nanoseconds in the unit that fits; `None` from two minutes on, which are told as minutes and seconds.
fn scaled_ns(ns: u64) -> Option<Scaled> {
    let (sign, worth) = match ns {
        0 => ("s", 1e9),
        1..=999 => ("ns", 1.0),
        1_000..=999_499 => ("µs", 1e3),
        999_500..=999_499_999 => ("ms", 1e6),
        999_500_000..=119_499_999_999 => ("s", 1e9),
        _ => return None,
    };
    let number = ns as f64 / worth;
    // Nanoseconds are whole.
    let decimals = if ns < 1_000 { 0 } else { decimals(number) };
    Some(Scaled { number, decimals, sign, worth })
}

fn scaled_bytes(bytes: u64) -> Scaled {
    const SIGNS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let (mut at, mut worth) = (0, 1.0);
    let most = |at| if at == 0 { 1024.0 } else { 999.5 };
    while at + 1 < SIGNS.len() && bytes as f64 / worth >= most(at) {
        worth *= 1024.0;
        at += 1;
    }
    let number = bytes as f64 / worth;
    Scaled { number, decimals: if at == 0 { 0 } else { decimals(number) }, sign: SIGNS[at], worth }
}

fn minutes(ns: f64) -> String {
    let seconds = (ns / 1e9).round() as u64;
    format!("{} min {} s", seconds / 60, seconds % 60)
}

/// The decimals of three significant figures; two for 0.
fn decimals(value: f64) -> usize {
    let size = value.abs();
    if size == 0.0 || (0.0995..9.995).contains(&size) {
        2
    } else if size < 0.0995 {
        (2.0 - size.log10().floor()).min(12.0) as usize
    } else if size < 99.95 {
        1
    } else {
        0
    }
}

/// Three significant figures without a unit: `0.98`, `14.2`, `137`.
pub fn figures(value: f64) -> String {
    format!("{value:.*}", decimals(value))
}

/// A whole number with a comma between thousands: `8,000`.
pub fn grouped(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    format!("{}{}", if number < 0 { "−" } else { "" }, groups.join(","))
}

/// A number with three significant figures, and with a comma between its thousands: `8,130`.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size < 1000.0 {
        return figures(value);
    }
    let unit = 10f64.powi(size.log10().floor() as i32 - 2);
    grouped(((value / unit).round() * unit) as i128)
}

/// Like [`number`], without zeros at the end of its decimals: `1.5`, `200`, `8,130`.
pub fn brief(value: f64) -> String {
    if value.abs() < 1000.0 { rounded(value, decimals(value)) } else { number(value) }
}

/// A number with at most so many decimals, and without zeros at their end.
pub fn rounded(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if decimals == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}

/// A value that a person gave: a whole number below 1,000 in all its digits, any other like [`number`].
pub fn exact(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1000.0 { format!("{value:.0}") } else { number(value) }
}

/// A number with the decimals that its step needs; a whole one with a comma between its thousands.
pub fn plain(value: f64, step: f64) -> String {
    let decimals = (-step.log10().floor()).clamp(0.0, 12.0) as usize;
    if decimals == 0 { grouped(value.round() as i128) } else { format!("{value:.decimals$}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_figures_and_a_unit() {
        let shown: Vec<_> =
            [0, 830, 12_340, 1_000_000, 999_499_999, 999_500_000, 1_840_000_000, 125_000_000_000].map(human_ns).into();
        assert_eq!(shown, ["0 s", "830 ns", "12.3 µs", "1.00 ms", "999 ms", "1.00 s", "1.84 s", "2 min 5 s"]);
    }

    #[test]
    fn bytes_change_unit() {
        let shown = [512, 1023, 1 << 10, 1 << 20, 3_355_443, 1_023_500, u64::MAX].map(human_bytes);
        assert_eq!(shown, ["512 B", "1023 B", "1.00 KiB", "1.00 MiB", "3.20 MiB", "0.98 MiB", "16777216 TiB"]);
    }

    #[test]
    fn how_far_others_lie_is_told_in_the_unit_of_the_value() {
        assert_eq!(Unit::Time.text_with(1.84e9, 0.03e9), "1.84 s ± 0.03");
        assert_eq!(Unit::Time.text_with(990e6, 20e6), "990 ms ± 20");
        assert_eq!(Unit::Time.text_with(125e9, 3e9), "2 min 5 s ± 3.00 s");
        assert_eq!(Unit::Bytes.text_with(2097152.0, 1048576.0), "2.00 MiB ± 1.00");
        assert_eq!(Unit::Times.text_with(2.0, 0.1), "2.00 × ± 0.10");
        assert_eq!(Unit::Count.text_with(12.0, 1.0), "12 ± 1");
    }

    #[test]
    fn decimals_that_say_nothing_are_left_out() {
        let text = |ns| Unit::Time.scaled(ns).expect("one unit").brief_text();
        assert_eq!([1.5e9, 2e9, 1e7, 1.25e3, 0.0].map(text), ["1.5 s", "2 s", "10 ms", "1.25 µs", "0 s"]);
        assert_eq!([0.5, 30.0, 8_126.0].map(brief), ["0.5", "30", "8,130"]);
        assert_eq!([0.0, 0.004, 0.2].map(|share| Unit::Percent.scaled(share).map(Scaled::shows_zero)), [Some(true); 3]);
        assert_eq!(Unit::Percent.scaled(0.6).map(Scaled::shows_zero), Some(false));
    }

    #[test]
    fn numbers_keep_three_figures() {
        assert_eq!(
            [0.0, 0.07, 0.98, 9.999, 14.23, 137.2].map(figures),
            ["0.00", "0.0700", "0.98", "10.0", "14.2", "137"]
        );
        assert_eq!([999.4, 8_126.0, -12_345.0].map(number), ["999", "8,130", "−12,300"]);
    }
}
