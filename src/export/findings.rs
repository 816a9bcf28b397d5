//! Findings as a page of cards (SVG, PNG) and as a table (CSV); the extensions are `.findings.svg` and so on.

use super::{ExportError, ExportOptions, Exporter, chart, png, table::Table};
use insight::findings::findings;
use model::{Experiment, Finding};
use serde_json::Value;

/// As scalable vector graphics.
pub struct FindingsSvg;

/// As portable network graphics.
pub struct FindingsPng;

/// As comma-separated values.
pub struct FindingsCsv;

const HEADER: [&str; 9] = ["id", "title", "sentence", "advice", "evidence", "runs", "execution", "from_ns", "to_ns"];

impl Exporter for FindingsSvg {
    fn extensions(&self) -> &'static [&'static str] {
        &["findings.svg"]
    }

    fn title(&self) -> &'static str {
        "SVG page of findings"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        chart::findings_svg(experiment, options, chart::Fonts::Embedded).map(String::into_bytes)
    }
}

impl Exporter for FindingsPng {
    fn extensions(&self) -> &'static [&'static str] {
        &["findings.png"]
    }

    fn title(&self) -> &'static str {
        "PNG page of findings"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        png::bytes(&chart::findings_svg(experiment, options, chart::Fonts::Named)?, options.scale)
    }
}

impl Exporter for FindingsCsv {
    fn extensions(&self) -> &'static [&'static str] {
        &["findings.csv"]
    }

    fn title(&self) -> &'static str {
        "CSV table, a row a finding"
    }

    fn export(&self, experiment: &Experiment, _: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        let failed = |error: csv::Error| ExportError::Chart(error.to_string());
        let mut writer = Table::new(Vec::new());
        writer.write_record(HEADER).map_err(failed)?;
        for finding in findings(experiment) {
            writer.write_record(row(&finding)).map_err(failed)?;
        }
        writer.into_bytes().map_err(|error| ExportError::Chart(error.to_string()))
    }
}

fn row(finding: &Finding) -> [String; HEADER.len()] {
    let figure = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name}={value}")
    };
    let evidence: Vec<String> = finding.evidence.iter().map(figure).collect();
    let runs: Vec<String> = finding.runs.iter().map(u32::to_string).collect();
    let place = finding.place;
    let text = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
    [
        finding.id.clone(),
        finding.title.clone(),
        finding.sentence.clone(),
        finding.advice.clone(),
        evidence.join("; "),
        runs.join(" "),
        text(place.and_then(|place| place.execution).map(u64::from)),
        text(place.map(|place| place.from_ns)),
        text(place.map(|place| place.to_ns)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

    #[test]
    fn a_finding_is_a_row_with_its_figures() {
        let experiment = Builder::compare("t").crash(Threads, 1).crash(Processes, 1).build();
        let bytes = FindingsCsv.export(&experiment, &ExportOptions::default()).expect("bytes");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().expect("a header"), &csv::StringRecord::from(HEADER.to_vec()));
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.iter().map(|row| &row[0]).collect::<Vec<_>>(), ["crash-took-others", "failures"]);
        assert_eq!((&rows[0][4], &rows[0][5]), ("executions_count=4; lost_count=4; signal=SIGSEGV", "0"));
        assert_eq!(
            rows[0][7].parse::<u64>().ok(),
            experiment.runs[0].executions[0].stamps.get(model::Stage::LaunchCalled)
        );
    }
}
