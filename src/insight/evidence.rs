//! The figures of a finding as people read them.

use model::{
    Finding, Run,
    quantity::{Unit, figures as plain, grouped, human_ns},
};
use serde_json::Value;

/// What is said where there are runs and no finding.
pub const NOTHING: &str =
    "Nothing stands out: no rule found anything in these runs that costs time or that went wrong.";

/// A figure of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it is: `ready`, `on CPU at once`.
    pub name: String,
    /// Its value with its unit.
    pub value: String,
}

/// The figures of a finding, in their order. The end of a name (`_ns`, `_percent`) gives the value's unit.
pub fn figures(finding: &Finding) -> Vec<Figure> {
    finding.evidence.iter().map(|(name, value)| figure(name, value)).collect()
}

fn figure(name: &str, value: &Value) -> Figure {
    let number = value.as_f64();
    let with = |suffix: &str| name.strip_suffix(suffix).zip(number);
    let (name, value) = if let Some((name, percent)) = with("_percent") {
        (name, if percent < 9.95 { format!("{percent:.1} %") } else { Unit::Percent.text(percent) })
    } else if let Some((name, ns)) = with("_ns") {
        (name, Unit::Time.text(ns))
    } else if let Some((name, bytes)) = with("_bytes") {
        (name, Unit::Bytes.text(bytes))
    } else if let Some((name, ratio)) = with("_ratio") {
        (name, Unit::Times.text(ratio))
    } else if let Some((name, count)) = with("_count") {
        (name, if count.fract() == 0.0 { grouped(count as i128) } else { plain(count) })
    } else {
        (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    Figure { name: words(name), value }
}

/// Words for names: `on_cpu_at_once` is `on CPU at once`.
fn words(name: &str) -> String {
    let word = |word: &str| match word {
        "cpu" => "CPU".to_owned(),
        "gil" => "GIL".to_owned(),
        other => other.to_owned(),
    };
    name.split('_').map(word).collect::<Vec<_>>().join(" ")
}

/// `: count_down #1, 0.25 ms to 474 ms`: where a run shows the finding; empty where it has no place.
pub fn place_words(run: &Run, finding: &Finding) -> String {
    let Some(place) = finding.place else { return String::new() };
    let execution = place.execution.and_then(|id| run.executions.get(id as usize)).map(|it| it.label() + ", ");
    format!(": {}{} to {}", execution.unwrap_or_default(), human_ns(place.from_ns), human_ns(place.to_ns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_its_unit_at_its_value() {
        for (name, value, expected) in [
            ("ready_percent", Value::from(93.4), ("ready", "93 %")),
            ("gil_percent", 0.3.into(), ("GIL", "0.3 %")),
            ("launching_ns", 140_000.into(), ("launching", "140 µs")),
            ("user_ratio", 2.7.into(), ("user", "2.70 ×")),
            ("on_cpu_at_once_count", 0.97.into(), ("on CPU at once", "0.97")),
            ("gave_cpu_away_count", 10_978.into(), ("gave CPU away", "10,978")),
            ("signal", "SIGSEGV".into(), ("signal", "SIGSEGV")),
        ] {
            let figure = figure(name, &value);
            assert_eq!((figure.name.as_str(), figure.value.as_str()), expected);
        }
    }
}
