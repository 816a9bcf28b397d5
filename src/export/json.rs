//! The JSON document, which opens again in the window and in `spawnscope export`.

use super::{ExportError, ExportOptions, Exporter};
use crate::analysis::document::document;
use crate::model::Experiment;

/// JSON.
pub struct Json;

impl Exporter for Json {
    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn title(&self) -> &'static str {
        "JSON document (opens again)"
    }

    fn export(&self, experiment: &Experiment, _: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        let mut bytes =
            serde_json::to_vec_pretty(&document(experiment)).map_err(|error| ExportError::Chart(error.to_string()))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{compare::compare, testing::Builder};
    use crate::model::LaunchMode::{Processes, Threads};
    use crate::store::document_file;

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
