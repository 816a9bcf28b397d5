//! Durations as people write them: `60s` in files, `60 s` in sentences.

use serde::{Deserialize, Deserializer, Serializer};
use std::time::Duration;

/// A limit of time as people set it: `60 s`, `2.5 s`, `10 min`.
pub fn limit_text(limit: Duration) -> String {
    let secs = limit.as_secs_f64();
    if secs >= 120.0 && secs % 60.0 == 0.0 { format!("{} min", secs / 60.0) } else { format!("{secs} s") }
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
    fn what_is_written_can_be_read() {
        for text in ["60s", "250ms", "1m30s"] {
            let duration = parse(text).expect("valid");
            assert_eq!(parse(&super::text(duration)), Ok(duration));
        }
        assert!(parse("soon").unwrap_err().contains("60s"));
    }
}
