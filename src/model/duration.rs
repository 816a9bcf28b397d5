//! Durations: words for people (`1.84 s`), and `"60s"` in files.

use serde::{Deserialize, Deserializer, Serializer};
use std::time::Duration;

/// Three significant figures with a unit that fits: `0 s`, `830 ns`, `1.84 s`, `2 min 5 s`.
pub fn human_ns(ns: u64) -> String {
    match ns {
        0 => "0 s".to_owned(),
        1..=999 => format!("{ns} ns"),
        1_000..=999_499 => figures(ns as f64 / 1e3, "µs"),
        999_500..=999_499_999 => figures(ns as f64 / 1e6, "ms"),
        999_500_000..=119_499_999_999 => figures(ns as f64 / 1e9, "s"),
        _ => {
            let seconds = (ns as f64 / 1e9).round() as u64;
            format!("{} min {} s", seconds / 60, seconds % 60)
        }
    }
}

/// A limit of time as people set it: `60 s`, `2.5 s`, `10 min`.
pub fn limit_text(limit: Duration) -> String {
    let secs = limit.as_secs_f64();
    if secs >= 120.0 && secs % 60.0 == 0.0 { format!("{} min", secs / 60.0) } else { format!("{secs} s") }
}

/// Bytes with a binary unit: `512 B`, `3.2 MiB`.
pub fn human_bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    figures(value, UNITS[unit])
}

fn figures(value: f64, unit: &str) -> String {
    let decimals = if value < 9.995 {
        2
    } else if value < 99.95 {
        1
    } else {
        0
    };
    format!("{value:.decimals$} {unit}")
}

/// Reads a duration as people write it (`60s`, `1m 30s`, `250ms`).
///
/// # Errors
/// A sentence that says what is wrong and shows an example.
pub fn parse(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| format!("`{text}` is no duration; write for example 60s, 250ms or 1m30s"))
}

/// Writes a duration so that [`parse`] reads it.
pub fn text(duration: Duration) -> String {
    humantime::format_duration(duration).to_string().replace(' ', "")
}

/// Writes an optional duration as text, for `#[serde(with)]`.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(duration) => serializer.serialize_str(&text(*duration)),
        None => serializer.serialize_none(),
    }
}

/// Reads an optional duration from text, for `#[serde(with)]`.
///
/// # Errors
/// The text is no duration.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    Option::<String>::deserialize(deserializer)?.map(|text| parse(&text).map_err(serde::de::Error::custom)).transpose()
}

/// For serde: a duration that is always there.
pub mod plain {
    use super::{Deserialize, Deserializer, Duration, Serializer};

    /// Writes it as text.
    pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::text(*duration))
    }

    /// Reads it from text.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        super::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
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
        assert_eq!([human_bytes(512), human_bytes(1 << 20), human_bytes(3_355_443)], ["512 B", "1.00 MiB", "3.20 MiB"]);
    }

    #[test]
    fn what_is_written_can_be_read() {
        for text in ["60s", "250ms", "1m30s"] {
            let duration = parse(text).expect("valid");
            assert_eq!(parse(&super::text(duration)), Ok(duration));
        }
        assert!(parse("soon").unwrap_err().contains("60s"));
    }
}
