//! Reads the JSON document of an experiment.

use super::numbers;
use model::{
    Execution, Experiment, Machine, Run, Stage, States,
    document::{DOCUMENT_SCHEMA, Document},
    plan::MAX_REPEATS,
    slices::MAX_CORES,
};
use serde::Deserialize;
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// A document that can't be read; holds one sentence with the place and the fix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DocumentError(String);

/// The largest document that is read, in bytes; enough for some ten million executions.
const MOST_BYTES: u64 = 4 << 30;
/// How many bytes are read to see whether a file can be a document.
const BEGINNING: u64 = 4096;

/// Reads the experiment of a file.
///
/// # Errors
/// It is no regular file (a pipe or a device may never end), can't be read, or is too large; or an error of [`read`].
pub fn read_file(path: &Path) -> Result<Experiment, DocumentError> {
    let name = path.display().to_string();
    let bytes = read_bytes(path).map_err(|what| DocumentError(format!("{name}: {what}")))?;
    read(&bytes, &name)
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => {
            "there is no such file; save runs with `spawnscope run --export FILE.json`".to_owned()
        }
        _ => format!("the file can't be read: {error}"),
    };
    let found = path.metadata().map_err(unreadable)?;
    match () {
        () if found.is_dir() => return Err("this is a folder; name a file of saved runs in it".to_owned()),
        () if !found.is_file() => return Err("this is no regular file; name a file of saved runs".to_owned()),
        () if found.len() > MOST_BYTES => {
            return Err(format!(
                "the file has {} bytes, more than any document of saved runs; name another",
                found.len()
            ));
        }
        () => {}
    }
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    (&file).take(BEGINNING).read_to_end(&mut bytes).map_err(unreadable)?;
    // A file that does not begin like a document is not read to its end.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_none_or(|byte| *byte == b'{') {
        (&file).take(MOST_BYTES).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    Ok(bytes)
}

/// The experiment in a document; `name` is the file's, for messages.
///
/// # Errors
/// It is no JSON, no document of Spawnscope, or of another schema.
pub fn read(bytes: &[u8], name: &str) -> Result<Experiment, DocumentError> {
    // A document may have a million executions, so a good one is parsed only once. The schema of a bad one is checked first.
    let document = serde_json::from_slice::<Document>(bytes);
    match &document {
        Ok(document) => check_schema(&document.schema, name)?,
        Err(_) => check_schema(&schema_of(bytes, name)?, name)?,
    }
    let document = document.map_err(|error| {
        DocumentError(format!(
            "{name}, {}: {}; export the experiment anew, or undo the change there",
            place(&error),
            cause(&error)
        ))
    })?;
    check_machine(&document.machine, name)?;
    check_runs(&document, name)?;
    Ok(document.into_experiment())
}

fn not_json(name: &str, error: &serde_json::Error) -> DocumentError {
    let what = if error.is_eof() { "the text ends too early".to_owned() } else { cause(error) };
    DocumentError(format!(
        "{name}, {}: this is no JSON ({what}); give a .json file that spawnscope wrote",
        place(error)
    ))
}

fn place(error: &serde_json::Error) -> String {
    format!("line {} column {}", error.line(), error.column())
}

/// The error's text without the place at its end.
fn cause(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// The schema that a text names; empty where it is JSON without one.
fn schema_of(bytes: &[u8], name: &str) -> Result<String, DocumentError> {
    #[derive(Deserialize)]
    struct Schema {
        schema: String,
    }
    match serde_json::from_slice::<Schema>(bytes) {
        Ok(Schema { schema }) => Ok(schema),
        Err(error) if error.is_data() => Ok(String::new()),
        Err(error) => Err(not_json(name, &error)),
    }
}

fn check_schema(schema: &str, name: &str) -> Result<(), DocumentError> {
    let (family, ours) = split(DOCUMENT_SCHEMA);
    let sentence = match split(schema) {
        _ if schema == DOCUMENT_SCHEMA => return Ok(()),
        (found, Some(version)) if found == family && Some(version) > ours => format!(
            "{name}: its schema is {schema}, and this program reads {DOCUMENT_SCHEMA}; open it with a newer spawnscope"
        ),
        (found, _) if found == family => {
            format!("{name}: its schema is {schema}, which this program does not know; it reads {DOCUMENT_SCHEMA}")
        }
        _ => format!(
            "{name}: this is JSON, but no experiment of spawnscope: `schema` is not \"{DOCUMENT_SCHEMA}\"; \
             give a file that `--export FILE.json` or `--json` wrote"
        ),
    };
    Err(DocumentError(sentence))
}

fn split(schema: &str) -> (&str, Option<u32>) {
    schema.split_once('/').map_or((schema, None), |(family, version)| (family, version.parse().ok()))
}

/// Checks the number of cores, since the program makes a row for each.
fn check_machine(machine: &Machine, name: &str) -> Result<(), DocumentError> {
    match machine.logical_cores {
        cores if cores > MAX_CORES => Err(DocumentError(format!(
            "{name}: the machine has {cores} cores; there can be {MAX_CORES} at most; export the experiment anew, or undo \
             the change there"
        ))),
        _ => Ok(()),
    }
}

/// Checks what the program relies on when it places executions: each id is its place, and no number exceeds them.
fn check_runs(document: &Document, name: &str) -> Result<(), DocumentError> {
    document.runs.iter().enumerate().try_for_each(|(i, run)| {
        check_run(run).map_err(|what| {
            DocumentError(format!("{name}, run {i}: {what}; export the experiment anew, or undo the change there"))
        })
    })
}

/// The numbers of an execution that the program adds up.
fn counted(execution: &Execution) -> impl Iterator<Item = u64> {
    let stamps = Stage::ALL.map(|stage| execution.stamps.get(stage));
    let used = execution.usage.as_deref().map(|usage| {
        [
            usage.user_ns,
            usage.system_ns,
            usage.voluntary_switches,
            usage.involuntary_switches,
            usage.minor_faults,
            usage.major_faults,
        ]
    });
    let state = |states: &States| {
        let on = states.blocked_on.unwrap_or_default();
        let blocked = [on.gil_ns, on.lock_ns, on.sleep_ns, on.io_ns, on.other_ns, on.own_ns];
        [states.on_cpu_ns, states.runnable_ns, states.blocked_ns].into_iter().chain(blocked).map(Some)
    };
    let states: Vec<_> = execution.states.as_deref().into_iter().flat_map(state).collect();
    let own = execution.own.as_deref().map(|own| [own.on_cpu_ns, own.runnable_ns, own.spun_ns].map(Some));
    let all = stamps.into_iter().chain(used.into_iter().flatten()).chain(states).chain(own.into_iter().flatten());
    all.flatten()
}

fn check_run(run: &Run) -> Result<(), String> {
    // The sums over all executions must fit into 64 bits: each number is at most nine years, or less where there are very many.
    let most = (1_u64 << 58).min((1 << 62) / (run.executions.len() as u64).max(1));
    for (place, execution) in run.executions.iter().enumerate() {
        if let Some(number) = counted(execution).find(|number| *number > most) {
            return Err(format!("execution {place} has the number {number}, which no execution reaches"));
        }
    }
    if run.repeat >= MAX_REPEATS {
        return Err(format!("repeat {} is beyond the most there can be, {MAX_REPEATS}", run.repeat));
    }
    let entries = run.executions.iter().flat_map(|execution| &execution.slices).chain(&run.other_slices);
    if let Some(entry) = entries.into_iter().find(|entry| entry.core >= MAX_CORES) {
        return Err(format!("a slice is on core {}; there can be {MAX_CORES} at most", entry.core));
    }
    if let Some(sample) = run.cores.iter().find(|sample| sample.busy.len() > MAX_CORES as usize) {
        return Err(format!("a sample has {} cores; there can be {MAX_CORES} at most", sample.busy.len()));
    }
    let count = run.executions.len();
    for (place, execution) in run.executions.iter().enumerate() {
        let beyond = |number: u32| number as usize >= count;
        if execution.id as usize != place {
            return Err(format!("execution {place} has the id {}; ids count from 0", execution.id));
        }
        if execution.lane.is_some_and(beyond) || beyond(execution.instance) {
            return Err(format!("execution {place} has a lane or an instance beyond the {count} executions"));
        }
    }
    numbers::check(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

    fn sentence(text: &str) -> String {
        read(text.as_bytes(), "runs.json").expect_err("not readable").to_string()
    }

    fn document() -> (Experiment, String) {
        let experiment = Builder::compare("t").makespans(Threads, &[1.0; 3]).crash(Processes, 1).build();
        let text = serde_json::to_string_pretty(&Document::new(&experiment, Vec::new())).expect("serialises");
        (experiment, text)
    }

    #[test]
    fn what_was_written_is_read_back() {
        let (written, text) = document();
        let read = read(text.as_bytes(), "runs.json").expect("readable");
        assert_eq!((&read.runs, &read.plan, &read.compared), (&written.runs, &written.plan, &written.compared));
        assert!(read.ended);
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        assert_eq!(
            sentence("{\n  \"schema\": oops }"),
            "runs.json, line 2 column 13: this is no JSON (expected value); give a .json file that spawnscope wrote"
        );
        assert!(sentence("{\"schema\":").contains("ends too early"));
        assert!(sentence("").contains("line 1 column 0"));
    }

    #[test]
    fn other_schemas_are_refused() {
        assert!(sentence("{\"schema\": 1}").contains("no experiment of spawnscope"));
        assert!(sentence("[]").contains("no experiment of spawnscope"));
        assert!(sentence("{\"schema\": \"spawnscope.experiment/2\"}").contains("open it with a newer spawnscope"));
        assert!(sentence("{\"schema\": \"spawnscope.experiment/x\"}").contains("does not know"));
    }

    #[test]
    fn a_broken_document_is_told_with_its_place() {
        let (_, text) = document();
        let broken = sentence(&text.replacen("\"workers\": 2", "\"workers\": -2", 1));
        assert!(broken.starts_with("runs.json, line ") && broken.contains("-2"), "{broken}");
        let renumbered = sentence(&text.replacen("\"id\": 3", "\"id\": 7", 1));
        assert!(renumbered.contains("has the id 7"), "{renumbered}");
        let far = sentence(&text.replacen("\"lane\": 1", "\"lane\": 4294967295", 1));
        assert!(far.starts_with("runs.json, run 0: execution 1 has a lane"), "{far}");
        let late = sentence(&text.replacen("\"exited_ns\": ", "\"exited_ns\": 99999999", 1));
        assert!(late.starts_with("runs.json, run 0: the number 99999"), "{late}");
    }
}
