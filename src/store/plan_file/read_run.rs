//! The table `[run]`: every key of it is optional.

use super::{
    faults::Faults,
    spans::Part,
    toml_text::{self, RUN},
    values,
    values::Placed,
    words,
};
use crate::model::{Field, RunSettings, plan::MAX_EXECUTIONS, plan::MAX_REPEATS};
use toml::de::DeTable;

/// Reads the settings and their places.
pub(super) fn read(table: &DeTable<'_>, start: usize, faults: &mut Faults) -> (RunSettings, Part) {
    toml_text::refuse_unknown(table, &RUN, "[run]", faults);
    let mut run = RunSettings::default();
    let mut part = Part { start, ..Part::default() };
    for key in RUN {
        if let Some(value) = table.get(key) {
            part.fields.insert(Field::Run(key), value.span().start);
            set(&mut run, key, value, faults);
        }
    }
    (run, part)
}

fn set(run: &mut RunSettings, key: &str, value: Placed<'_, '_>, faults: &mut Faults) {
    match key {
        "mode" => run.mode = word(key, value, words::read_mode, faults).unwrap_or(run.mode),
        "start_method" => run.start_method = word(key, value, words::read_start_method, faults),
        "workers" => run.workers = values::whole(key, value, 0..=MAX_EXECUTIONS as u32, faults).unwrap_or(run.workers),
        "repeat" => run.repeat = values::whole(key, value, 1..=MAX_REPEATS, faults).unwrap_or(run.repeat),
        "warmup" => run.warmup = values::whole(key, value, 0..=MAX_REPEATS, faults).unwrap_or(run.warmup),
        _ => run.timeout = values::timeout(key, value, faults),
    }
}

fn word<T>(key: &str, value: Placed<'_, '_>, read: fn(&str) -> Result<T, String>, faults: &mut Faults) -> Option<T> {
    let word = values::text(key, value, faults)?;
    read(word).map_err(|message| faults.add(value.span().start, message)).ok()
}
