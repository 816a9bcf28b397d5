//! Reads the JSON document of an experiment.

use super::numbers;
use crate::model::{
    Experiment, Run,
    document::{DOCUMENT_SCHEMA, Document},
    plan::MAX_REPEATS,
    slices::MAX_CORES,
};
use serde::Deserialize;

/// A document that cannot be read; holds one sentence with its place and its mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DocumentError(String);

/// The experiment that a document holds; `name` is the file's, for the sentence of an error.
///
/// # Errors
/// It is no JSON, no document of Spawnscope, or of another schema.
pub fn read(bytes: &[u8], name: &str) -> Result<Experiment, DocumentError> {
    // Of a document of a million executions nothing is read twice; what is wrong with one is found by its schema first.
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

/// The error's text without its place at the end.
fn cause(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// The schema that a text names; empty where it is JSON and names none.
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

/// What the program counts on when it places executions: their ids are their places, and no number is beyond them.
fn check_runs(document: &Document, name: &str) -> Result<(), DocumentError> {
    document.runs.iter().enumerate().try_for_each(|(i, run)| {
        check_run(run).map_err(|what| {
            DocumentError(format!("{name}, run {i}: {what}; export the experiment anew, or undo the change there"))
        })
    })
}

fn check_run(run: &Run) -> Result<(), String> {
    if run.repeat >= MAX_REPEATS {
        return Err(format!("repeat {} is beyond the most there can be, {MAX_REPEATS}", run.repeat));
    }
    let entries = run.executions.iter().flat_map(|execution| &execution.slices).chain(&run.other_slices);
    if let Some(entry) = entries.into_iter().find(|entry| entry.core >= MAX_CORES) {
        return Err(format!("a slice is on core {}; there can be {MAX_CORES} at most", entry.core));
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
    use crate::analysis::testing::Builder;
    use crate::model::LaunchMode::{Processes, Threads};

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
