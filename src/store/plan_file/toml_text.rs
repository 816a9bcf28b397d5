//! Reads the file as a TOML tree, and checks its keys.

use super::{faults::Faults, syntax, words::nearest, words::shown};
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
        // An error without a place is at the end of the file.
        let offset = error.span().map_or(text.len(), |span| span.start);
        faults.add(offset, syntax::sentence(text, offset, error.message()));
        faults
    })
}

/// Reports every key that a table must not have.
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
