//! The file as a TOML tree, and toml's own words made into one short sentence.

use super::{faults::Faults, words::nearest, words::shown};
use toml::{Spanned, de::DeTable};

/// Keys of the file's top level.
pub(super) const TOP: [&str; 4] = ["schema", "name", "run", "task"];
/// Keys of `[run]`.
pub(super) const RUN: [&str; 16] = [
    "mode",
    "start_method",
    "compare",
    "python",
    "join_timeout",
    "start_again",
    "workers",
    "repeat",
    "precision",
    "limit",
    "seed",
    "sweep",
    "warmup",
    "measure",
    "load_timeout",
    "timeout",
];
/// Keys of `[[task]]`.
pub(super) const TASK: [&str; 8] = ["name", "target", "args", "kwargs", "env", "cwd", "count", "timeout"];

/// Parses the text as TOML.
pub(super) fn parse(text: &str) -> Result<DeTable<'_>, Faults> {
    DeTable::parse(text).map(Spanned::into_inner).map_err(|error| {
        let mut faults = Faults::default();
        // An error without a place is about the end of the file.
        faults.add(error.span().map_or(text.len(), |span| span.start), syntax_sentence(error.message()));
        faults
    })
}

fn syntax_sentence(message: &str) -> String {
    let message = shown(message.lines().collect::<Vec<_>>().join(", ").as_str());
    let mend = match message.as_str() {
        m if m.contains("duplicate key") => "keep one of the two",
        m if m.contains("must be quoted") => "write the value after `=`, a text between double quotes",
        m if m.contains("quote") => "put the text between two double quotes",
        m if m.contains("basic string") || m.contains("literal string") => "put the text between two double quotes",
        m if m.contains("unclosed") => "add the closing bracket",
        m if m.contains("with no value") || m.contains("missing assignment") => "write `key = value`",
        m if m.contains("missing value") => "write the value after `=`",
        m if m.contains("comma") => "check the commas here",
        _ => "correct the text here",
    };
    format!("this is no valid TOML: {message}; {mend}")
}

/// Tells of every key that a table must not have.
pub(super) fn refuse_unknown(table: &DeTable<'_>, known: &[&'static str], heading: &str, faults: &mut Faults) {
    for key in table.keys().filter(|key| !known.contains(&(key.get_ref() as &str))) {
        faults.add(key.span().start, unknown(key.get_ref(), known, heading));
    }
}

fn unknown(key: &str, known: &[&'static str], heading: &str) -> String {
    let key = shown(key);
    if let Some(near) = nearest(&key, known.iter().copied()) {
        return format!("unknown key `{key}` in {heading}; did you mean `{near}`?");
    }
    let elsewhere: [(&str, &[&str]); 3] = [("[run]", &RUN), ("[[task]]", &TASK), ("the file's first lines", &TOP)];
    match elsewhere.iter().find(|(_, keys)| keys.contains(&key.as_str())) {
        Some((place, _)) => format!("`{key}` does not belong in {heading}; move it to {place}"),
        None => format!("unknown key `{key}` in {heading}; use {}", known.join(", ")),
    }
}
