//! A table with a row for each execution.

use super::{ExportError, ExportOptions, Exporter, WriteError, table::Table};
use insight::{
    left,
    resources::{self, Resource},
};
use model::{BlockedOn, Execution, Experiment, Phase, Run, SlicesSource, Stage, State, StatesSource};
use std::{collections::HashMap, io};

/// Comma-separated values.
pub struct Csv;

const HEADER: [&str; 59] = [
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
    "on_cpu_ns",
    "runnable_ns",
    "blocked_ns",
    "gil_ns",
    "lock_ns",
    "sleep_ns",
    "io_ns",
    "other_ns",
    "interpreter",
    "voluntary_switches",
    "involuntary_switches",
    "minor_faults",
    "major_faults",
    "migrations",
    "stdout_bytes",
    "stderr_bytes",
    "states_source",
    "slices_source",
    "others_share",
    "queued_ns",
    "sending_ns",
    "returning_ns",
    "argument_bytes",
    "argument_ns",
    "result_bytes",
    "result_ns",
    "own_ns",
    "own_threads",
    "own_processes",
    "own_on_cpu_ns",
    "cpu_ns",
    "left_running",
];

impl Exporter for Csv {
    fn extensions(&self) -> &'static [&'static str] {
        &["csv"]
    }

    fn title(&self) -> &'static str {
        "CSV table, a row an execution"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        let mut bytes = Vec::new();
        self.write(experiment, options, &mut bytes).map_err(|error| ExportError::Chart(error.to_string()))?;
        Ok(bytes)
    }

    fn write(&self, experiment: &Experiment, _: &ExportOptions, out: &mut dyn io::Write) -> Result<(), WriteError> {
        let mut writer = Table::new(out);
        writer.write_record(HEADER).map_err(io::Error::from)?;
        for run in &experiment.runs {
            let left = left_running(run);
            for execution in &run.executions {
                writer.write_record(row(run, execution, &left)).map_err(io::Error::from)?;
            }
        }
        Ok(writer.flush()?)
    }
}

/// The number of processes that each execution of a run is known to have left running.
fn left_running(run: &Run) -> HashMap<u32, usize> {
    let mut counts = HashMap::new();
    left::of_run(run).iter().filter_map(|process| process.execution).for_each(|id| *counts.entry(id).or_default() += 1);
    counts
}

fn row(run: &Run, execution: &Execution, left: &HashMap<u32, usize>) -> [String; HEADER.len()] {
    let stamp = |stage| text(execution.stamps.get(stage));
    let phase = |phase| text(execution.phases().find(|had| *had == phase).and_then(|phase| execution.phase_ns(phase)));
    let sending = execution.sending.as_deref();
    let outcome = execution.outcome.as_ref();
    let usage = execution.usage.as_ref();
    let states = execution.states.as_ref();
    let own = execution.own.as_deref();
    let used = |resource| text(resources::used(run, execution, resource).ok());
    let blocked = |on| text(states.and_then(|states| states.get(State::Blocked(on))));
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
        text(states.map(|states| states.on_cpu_ns)),
        text(states.map(|states| states.runnable_ns)),
        text(states.map(|states| states.blocked_ns)),
        blocked(BlockedOn::Gil),
        blocked(BlockedOn::Lock),
        blocked(BlockedOn::Sleep),
        blocked(BlockedOn::Io),
        blocked(BlockedOn::Other),
        text(run.interpreter),
        used(Resource::Voluntary),
        used(Resource::Involuntary),
        used(Resource::MinorFaults),
        used(Resource::MajorFaults),
        used(Resource::Migrations),
        used(Resource::Stdout),
        used(Resource::Stderr),
        text(run.states_source.map(StatesSource::word)),
        text(run.slices_source.map(SlicesSource::word)),
        text(run.others_share),
        phase(Phase::Queued),
        phase(Phase::Sending),
        phase(Phase::Returning),
        text(sending.and_then(|sending| sending.argument_bytes)),
        text(sending.and_then(|sending| sending.argument_ns())),
        text(sending.and_then(|sending| sending.result_bytes)),
        text(sending.and_then(|sending| sending.result_ns())),
        blocked(BlockedOn::Own),
        text(own.map(|own| own.threads)),
        text(own.map(|own| own.processes)),
        text(own.map(|own| own.on_cpu_ns)),
        text(execution.cpu_ns()),
        text(left.get(&execution.id)),
    ]
}

/// A cell; empty where the value is unknown.
fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn result_text(result: &serde_json::Value) -> String {
    result.as_str().map_or_else(|| result.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

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
    #[test]
    fn what_an_execution_did_stands_at_the_end_and_what_is_unknown_is_empty() {
        let mut experiment = Builder::compare("t").python("python3.13").makespans(Threads, &[1.0]).build();
        let states = experiment.runs[0].executions[1].states.as_mut().expect("looked at");
        states.blocked_on = None;
        let (on_cpu, blocked) = (states.on_cpu_ns, states.blocked_ns);
        experiment.runs[0].executions[2].states = None;
        let bytes = Csv.export(&experiment, &ExportOptions::default()).expect("bytes");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().expect("a header").iter().nth(27), Some("on_cpu_ns"));
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        let tail = |row: usize| rows[row].iter().skip(27).take(9).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            tail(0)[3],
            experiment.runs[0].executions[0]
                .states
                .as_ref()
                .and_then(|s| s.blocked_on)
                .map_or(0, |b| b.gil_ns)
                .to_string()
        );
        let expected = [&on_cpu.to_string(), "0", &blocked.to_string(), "", "", "", "", "", "python3.13"];
        assert_eq!(tail(1), expected);
        assert_eq!(tail(2), ["", "", "", "", "", "", "", "", "python3.13"]);
    }

    #[test]
    fn what_an_execution_used_follows_and_sources_have_their_words() {
        let mut experiment = Builder::compare("t").makespans(Processes, &[1.0]).build();
        let run = &mut experiment.runs[0];
        (run.states_source, run.slices_source) = (Some(StatesSource::Schedstat), Some(SlicesSource::SwitchRecords));
        let usage = run.executions[0].usage.as_mut().expect("known");
        (usage.migrations, usage.minor_faults) = (Some(3), Some(0));
        let bytes = Csv.export(&experiment, &ExportOptions::default()).expect("bytes");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let row = reader.records().next().expect("a row").expect("a row");
        let tail: Vec<_> = row.iter().skip(36).take(10).collect();
        assert_eq!(tail, ["", "", "0", "", "3", "", "", "schedstat", "switch-records", ""]);
    }

    #[test]
    fn who_left_processes_running_has_their_number_in_the_last_column() {
        let mut experiment = Builder::compare("t").makespans(Processes, &[1.0]).build();
        let one = |execution| model::LeftProcess {
            pid: 7,
            command: "sleep 600".to_owned(),
            execution,
            holds_output: false,
            end: None,
        };
        experiment.runs[0].end.as_mut().expect("over").left = vec![one(Some(1)), one(None), one(Some(1))];
        let bytes = Csv.export(&experiment, &ExportOptions::default()).expect("bytes");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().expect("a header").iter().next_back(), Some("left_running"));
        let last = |row: csv::StringRecord| row.iter().next_back().map(str::to_owned);
        let cells: Vec<_> = reader.records().map(|row| last(row.expect("a row")).expect("a cell")).collect();
        assert_eq!(cells[..3], ["", "2", ""]);
    }
}
