//! The JSON document, which the window and `spawnscope export` open again.

use super::{ExportError, ExportOptions, Exporter, WriteError};
use insight::document;
use model::{Experiment, document::Document};
use std::io;

/// Up to this many executions a document is indented for people; in a longer one, half of the bytes would be blanks.
const MOST_INDENTED: usize = 20_000;

/// JSON.
pub struct Json;

/// The document of an experiment, without what the options leave out.
pub fn document(experiment: &Experiment, options: &ExportOptions) -> Document {
    let mut document = document::document(experiment);
    if options.no_env {
        document.plan.leave_env_out();
    }
    document
}

impl Exporter for Json {
    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn title(&self) -> &'static str {
        "JSON document (opens again)"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        let mut bytes = Vec::new();
        self.write(experiment, options, &mut bytes).map_err(|error| ExportError::Chart(error.to_string()))?;
        Ok(bytes)
    }

    fn write(
        &self,
        experiment: &Experiment,
        options: &ExportOptions,
        out: &mut dyn io::Write,
    ) -> Result<(), WriteError> {
        let executions: usize = experiment.runs.iter().map(|run| run.executions.len()).sum();
        let document = document(experiment, options);
        let written = match executions > MOST_INDENTED {
            true => serde_json::to_writer(&mut *out, &document),
            false => serde_json::to_writer_pretty(&mut *out, &document),
        };
        written.map_err(io::Error::from)?;
        Ok(out.write_all(b"\n")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::{compare::compare, testing::Builder};
    use model::LaunchMode::{Processes, Threads};
    use store::document_file;

    #[test]
    fn it_opens_again_and_holds_the_comparison() {
        let written = Builder::compare("t").makespans(Threads, &[2.0; 6]).makespans(Processes, &[1.0; 6]).build();
        let bytes = Json.export(&written, &ExportOptions::default()).expect("bytes");
        let read = document_file::read(&bytes, "runs.json").expect("readable");
        assert_eq!((&read.runs, compare(&read)), (&written.runs, compare(&written)));
        let value: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(value["comparisons"][0]["verdict"], "b");
        let costs = &value["launch_costs"][1];
        assert_eq!((&costs["mode"], &costs["start_latency_ns"]["count"]), (&"processes".into(), &24.into()));
        assert!(costs["start_latency_ns"]["p50"].as_f64() <= costs["exit_to_join_ns"]["max"].as_f64());
    }
}
