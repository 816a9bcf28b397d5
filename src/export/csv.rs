//! A table with a row for each execution.

use super::{ExportError, ExportOptions, Exporter};
use crate::model::{Execution, Experiment, Run, Stage};

/// Comma-separated values.
pub struct Csv;

const HEADER: [&str; 27] = [
    "run",
    "mode",
    "start_method",
    "workers",
    "repeat",
    "warmup",
    "execution",
    "task",
    "instance",
    "lane",
    "pid",
    "tid",
    "created_ns",
    "launch_called_ns",
    "launched_ns",
    "entered_ns",
    "left_ns",
    "exited_ns",
    "join_called_ns",
    "joined_ns",
    "outcome",
    "code",
    "signal",
    "result",
    "cpu_user_ns",
    "cpu_system_ns",
    "max_rss_bytes",
];

impl Exporter for Csv {
    fn extensions(&self) -> &'static [&'static str] {
        &["csv"]
    }

    fn title(&self) -> &'static str {
        "CSV table, a row an execution"
    }

    fn export(&self, experiment: &Experiment, _: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        let failed = |error: csv::Error| ExportError::Chart(error.to_string());
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(HEADER).map_err(failed)?;
        for run in &experiment.runs {
            for execution in &run.executions {
                writer.write_record(row(run, execution)).map_err(failed)?;
            }
        }
        writer.into_inner().map_err(|error| ExportError::Chart(error.to_string()))
    }
}

fn row(run: &Run, execution: &Execution) -> [String; HEADER.len()] {
    let stamp = |stage| text(execution.stamps.get(stage));
    let outcome = execution.outcome.as_ref();
    let usage = execution.usage.as_ref();
    [
        run.id.to_string(),
        run.mode.to_string(),
        text(run.start_method),
        run.workers.to_string(),
        run.repeat.to_string(),
        run.warmup.to_string(),
        execution.id.to_string(),
        execution.task.to_string(),
        execution.instance.to_string(),
        text(execution.lane),
        text(execution.pid),
        text(execution.tid),
        stamp(Stage::Created),
        stamp(Stage::LaunchCalled),
        stamp(Stage::Launched),
        stamp(Stage::Entered),
        stamp(Stage::Left),
        stamp(Stage::Exited),
        text(execution.stamps.join_called()),
        stamp(Stage::Joined),
        text(outcome.map(|outcome| outcome.kind.word())),
        text(outcome.and_then(|outcome| outcome.code)),
        text(outcome.and_then(|outcome| outcome.signal)),
        text(execution.result.as_ref().map(result_text)),
        text(usage.and_then(|usage| usage.user_ns)),
        text(usage.and_then(|usage| usage.system_ns)),
        text(usage.and_then(|usage| usage.max_rss_bytes)),
    ]
}

/// Nothing where it is unknown.
fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn result_text(result: &serde_json::Value) -> String {
    result.as_str().map_or_else(|| result.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Builder;
    use crate::model::LaunchMode::{Processes, Threads};

    #[test]
    fn every_execution_is_a_row_that_reads_back() {
        let experiment = Builder::compare("t").makespans(Threads, &[1.0, 1.0]).crash(Processes, 1).build();
        let bytes = Csv.export(&experiment, &ExportOptions::default()).expect("bytes");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let headers = reader.headers().expect("a header").clone();
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), 12);
        let cell =
            |row: usize, name: &str| rows[row][headers.iter().position(|h| h == name).expect("named")].to_owned();
        assert_eq!(
            (cell(0, "mode"), cell(0, "outcome"), cell(0, "result")),
            ("threads".into(), "success".into(), "216816".into())
        );
        let entered = experiment.runs[0].executions[0].stamps.get(Stage::Entered).expect("entered");
        assert_eq!(cell(0, "entered_ns"), entered.to_string());
        assert_eq!(
            (cell(9, "outcome"), cell(9, "signal"), cell(9, "left_ns")),
            ("signalled".into(), "11".into(), String::new())
        );
    }
}
