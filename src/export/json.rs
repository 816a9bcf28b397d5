//! The JSON document, which opens again in the window and in `spawnscope export`.

use super::{ExportError, ExportOptions, Exporter};
use crate::analysis::compare::compare;
use crate::model::{Experiment, document::Document};

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
        let document = Document::new(experiment, compare(experiment));
        let mut bytes = serde_json::to_vec_pretty(&document).map_err(|error| ExportError::Chart(error.to_string()))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Builder;
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
    }
}
