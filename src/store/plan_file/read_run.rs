//! Reads the table `[run]`; every key of it is optional.

use super::{
    faults::Faults,
    spans::Part,
    toml_text::{self, RUN},
    values,
    values::Placed,
    words,
};
use model::{
    Choice, Field, RunSettings, Runtime,
    plan::{MAX_CHOICES, MAX_EXECUTIONS, MAX_PRECISION, MAX_REPEATS},
    toml_value::words as word_list,
};
use toml::de::{DeTable, DeValue};

/// Reads the table's values and their places.
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
    if let Some(value) = table.get("mode") {
        refine(&mut run, value, table, faults);
    }
    // `repeat` without `precision` means exactly that many repeats.
    if table.contains_key("repeat") && !table.contains_key("precision") {
        run.precision = 0.0;
    }
    (run, part)
}

fn set(run: &mut RunSettings, key: &str, value: Placed<'_, '_>, faults: &mut Faults) {
    match key {
        // Read last, by `refine`.
        "mode" => {}
        "start_method" => run.start_method = word(key, value, words::read_start_method, faults),
        "workers" => run.workers = values::whole(key, value, 0..=MAX_EXECUTIONS as u32, faults).unwrap_or(run.workers),
        "repeat" => run.repeat = values::whole(key, value, 1..=MAX_REPEATS, faults).unwrap_or(run.repeat),
        "precision" => run.precision = values::share(key, value, MAX_PRECISION, faults).unwrap_or(run.precision),
        "limit" => run.limit = values::timeout(key, value, faults).unwrap_or(run.limit),
        "seed" => run.seed = values::whole(key, value, 0..=u32::MAX, faults).map(u64::from),
        "sweep" => run.sweep = word(key, value, str::parse, faults).map(Box::new),
        "warmup" => run.warmup = values::whole(key, value, 0..=MAX_REPEATS, faults).unwrap_or(run.warmup),
        "measure" => run.measure = word(key, value, words::read_measure, faults).unwrap_or(run.measure),
        "compare" => run.compare = choices(value, faults).unwrap_or_default(),
        "python" => run.python = interpreter(key, value, faults),
        "join_timeout" => run.join_timeout = values::timeout(key, value, faults),
        "start_again" => run.start_again = values::truth(key, value, faults).unwrap_or(false),
        "load_timeout" => run.load_timeout = values::timeout(key, value, faults).unwrap_or(run.load_timeout),
        _ => run.timeout = values::timeout(key, value, faults),
    }
}

/// Reads the mode with its refinements, `processes:spawn/4@python3.13`. Each refinement sets what a key of its own would set;
/// to have both is a mistake.
fn refine(run: &mut RunSettings, value: Placed<'_, '_>, table: &DeTable<'_>, faults: &mut Faults) {
    let Some(choice) = word("mode", value, words::read_choice, faults) else { return };
    run.mode = choice.mode;
    let refinements = [
        ("start_method", choice.start_method.is_some()),
        ("workers", choice.workers.is_some()),
        ("python", matches!(choice.runtime, Runtime::Python(_))),
    ];
    for (key, _) in refinements.into_iter().filter(|(key, is_said)| *is_said && table.contains_key(*key)) {
        let message = format!("`{choice}` and the line `{key}` say the same twice; keep one of them");
        faults.add(value.span().start, message);
    }
    run.start_method = choice.start_method.or(run.start_method);
    run.workers = choice.workers.unwrap_or(run.workers);
    match choice.runtime {
        Runtime::Any => {}
        Runtime::Python(interpreter) => run.python = Some(interpreter.word().to_owned()),
        Runtime::Native => {
            let message = format!(
                "a run makes all tasks of its plan, so `@native` has no place in `mode`; write it in compare = [\"{choice}\"] or \
                 as --mode {choice}"
            );
            faults.add(value.span().start, message);
        }
    }
}

/// What to compare: a list of words, `["threads", "processes:spawn"]`.
fn choices(value: Placed<'_, '_>, faults: &mut Faults) -> Option<Vec<Choice>> {
    let DeValue::Array(items) = value.get_ref() else {
        let words = if let DeValue::String(text) = value.get_ref() {
            text.split(',').map(str::trim).collect()
        } else {
            Vec::new()
        };
        let wanted = match words.iter().all(|word| words::read_choice(word).is_ok()) {
            true if words.len() > 1 => format!("a list: compare = {}", word_list(&words)),
            true if words.len() == 1 => {
                let other = if words[0].starts_with("processes") { "threads" } else { "processes" };
                format!("a list of two or more, for example compare = {}", word_list(&[words[0], other]))
            }
            _ => "a list, for example [\"threads\", \"processes:spawn\"]".to_owned(),
        };
        return values::wrong_type("compare", value, &wanted, faults);
    };
    let mut choices = Vec::new();
    for item in items {
        let choice = word("compare", item, words::read_choice, faults)?;
        if choices.contains(&choice) {
            faults.add(item.span().start, format!("`{choice}` is there twice; name each once"));
        }
        choices.push(choice);
    }
    if choices.len() > MAX_CHOICES {
        faults
            .add(value.span().start, format!("`compare` names {} settings; name at most {MAX_CHOICES}", choices.len()));
    }
    Some(choices)
}

fn interpreter(key: &str, value: Placed<'_, '_>, faults: &mut Faults) -> Option<String> {
    let word = values::text(key, value, faults)?;
    if word.trim().is_empty() || word.contains('\0') {
        faults.add(
            value.span().start,
            "`python` names no interpreter; write for example \"python3\", or remove the line",
        );
    }
    Some(word.to_owned())
}

fn word<T>(key: &str, value: Placed<'_, '_>, read: fn(&str) -> Result<T, String>, faults: &mut Faults) -> Option<T> {
    let word = values::text(key, value, faults)?;
    read(word).map_err(|message| faults.add(value.span().start, message)).ok()
}
