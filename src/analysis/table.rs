//! The table of results, as the terminal and the window show it: a row a metric, a column a setting.

use super::{
    compare::compare_two,
    label::label,
    stats::{Spread, Unit, figures},
    summary::{ModeSummary, summarise},
};
use crate::model::{Experiment, RunSetting};

/// What a cell shows where nothing is known.
pub const UNKNOWN: &str = "—";

/// Results as rows of metrics and columns of settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Whose columns they are: the compared settings, then the baselines.
    pub settings: Vec<RunSetting>,
    /// The heading of each column.
    pub headings: Vec<String>,
    /// The heading of the last column, where two settings are compared: `Threads / Processes`.
    pub ratio_heading: Option<String>,
    /// A row for each metric.
    pub rows: Vec<Row>,
}

/// One metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is.
    pub label: &'static str,
    /// In what it is counted.
    pub unit: Unit,
    /// For each setting the median and its spread; absent where unknown.
    pub values: Vec<Option<String>>,
    /// The first compared setting divided by the second; absent where it means nothing.
    pub ratio: Option<f64>,
}

impl Row {
    /// The text of the column at `index`.
    pub fn cell(&self, index: usize) -> &str {
        self.values.get(index).and_then(Option::as_deref).unwrap_or(UNKNOWN)
    }

    /// The text of the ratio's column.
    pub fn ratio_cell(&self) -> String {
        self.ratio.map_or_else(|| UNKNOWN.to_owned(), figures)
    }
}

/// The table of an experiment. The ratio of makespans is that of the comparison; the others are ratios of medians.
pub fn table(experiment: &Experiment) -> Table {
    let columns = summarise(experiment);
    let settings: Vec<RunSetting> = columns.iter().map(|column| column.setting).collect();
    let headings: Vec<String> = settings.iter().map(|setting| label(*setting, &settings)).collect();
    let mut rows = rows(&columns);
    let comparable = experiment.compared.len() >= 2;
    if comparable {
        let comparison = compare_two(experiment, settings[0], settings[1]);
        rows.iter_mut().filter(|row| row.label == MAKESPAN).for_each(|row| row.ratio = comparison.ratio);
    } else {
        rows.iter_mut().for_each(|row| row.ratio = None);
    }
    let ratio_heading = comparable.then(|| format!("{} / {}", headings[0], headings[1]));
    Table { settings, headings, ratio_heading, rows }
}

const MAKESPAN: &str = "Makespan";

fn rows(columns: &[ModeSummary]) -> Vec<Row> {
    let spread = |label, unit: Unit, of: fn(&ModeSummary) -> Option<Spread>| Row {
        label,
        unit,
        values: columns.iter().map(|column| of(column).map(|spread| unit.spread_text(&spread))).collect(),
        ratio: ratio(columns, |column| of(column).map(|spread| spread.median)),
    };
    let single = |label, of: fn(&ModeSummary) -> Option<f64>| Row {
        label,
        unit: Unit::Time,
        values: columns.iter().map(|column| of(column).map(|value| Unit::Time.text(value))).collect(),
        ratio: ratio(columns, of),
    };
    let count = |label, of: fn(&ModeSummary) -> String| Row {
        label,
        unit: Unit::Count,
        values: columns.iter().map(|column| Some(of(column))).collect(),
        ratio: None,
    };
    let share = |label, of: fn(&ModeSummary) -> Option<Spread>| Row { ratio: None, ..spread(label, Unit::Percent, of) };
    let mut rows = vec![
        spread(MAKESPAN, Unit::Time, |column| column.makespan_ns),
        spread("Speedup over sequential", Unit::Times, |column| column.speedup),
        spread("CPU time", Unit::Time, |column| column.cpu_ns),
        single("Start latency, p50", |column| column.start_latency_ns.p50),
        single("Start latency, p99", |column| column.start_latency_ns.p99),
        single("Exit to join, p50", |column| column.exit_to_join_ns.p50),
        single("Exit to join, p99", |column| column.exit_to_join_ns.p99),
        spread("Peak memory (at most)", Unit::Bytes, |column| column.peak_memory_bytes),
        count("Complete repeats", |column| format!("{} of {}", column.complete, column.repeats)),
        count("Failed executions", |column| column.failed_executions.to_string()),
    ];
    let shares = [
        share("In the target: on CPU", |column| column.on_cpu_percent),
        share("In the target: waiting for the GIL", |column| column.gil_percent),
    ];
    rows.extend(shares.into_iter().filter(|row| row.values.iter().any(Option::is_some)));
    rows
}

fn ratio(columns: &[ModeSummary], of: impl Fn(&ModeSummary) -> Option<f64>) -> Option<f64> {
    let (a, b) = (of(columns.first()?)?, of(columns.get(1)?)?);
    Some(a / b).filter(|ratio| ratio.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Builder;
    use crate::model::LaunchMode::{Processes, Threads};

    #[test]
    fn cells_have_spread_and_the_ratio_is_first_by_second() {
        let experiment = Builder::compare("t")
            .makespans(Threads, &[1.81, 1.84, 1.87])
            .makespans(Processes, &[0.92, 0.92, 0.92])
            .baseline(&[3.68])
            .build();
        let table = table(&experiment);
        assert_eq!(table.headings, ["Threads", "Processes", "Sequential"]);
        assert_eq!(table.ratio_heading.as_deref(), Some("Threads / Processes"));
        assert_eq!(table.rows[0].values[0].as_deref(), Some("1.84 s ± 0.03"));
        assert_eq!((table.rows[0].cell(2), table.rows[0].ratio_cell().as_str()), ("3.68 s", "2.00"));
        assert_eq!(table.rows[1].cell(1), "4.00 × ± 0.00");
    }

    #[test]
    fn what_is_unknown_is_a_dash() {
        let table = table(&Builder::compare("t").crash(Threads, 1).build());
        assert_eq!((table.rows[0].cell(0), table.ratio_heading.as_deref()), (UNKNOWN, None));
        assert_eq!(table.rows[8].cell(0), "0 of 1");
        assert!(table.rows.iter().all(|row| row.ratio.is_none()));
    }

    #[test]
    fn states_have_rows_where_they_were_looked_at() {
        use crate::model::{BlockedTotals, Interpreter, Sampling, States};
        let mut experiment = Builder::compare("t").makespans(Threads, &[1.0]).makespans(Processes, &[1.0]).build();
        let plain = table(&experiment).rows.len();
        let blocked_on = Some(BlockedTotals::of([60, 0, 0, 0, 0]));
        let states = States { on_cpu_ns: 40, runnable_ns: 0, blocked_ns: 60, blocked_on };
        for run in experiment.runs.iter_mut().filter(|run| run.mode == Threads) {
            run.interpreter = Some(Interpreter::new("python3"));
            run.sampling = Some(Sampling { asked_hz: 100.0, reached_hz: 98.0, core_share: 0.01, sees_gil: true });
            run.executions.iter_mut().for_each(|execution| execution.states = Some(Box::new(states)));
        }
        experiment.compared[0].interpreter = Some(Interpreter::new("python3"));
        let table = table(&experiment);
        assert_eq!(table.rows.len(), plain + 2);
        assert_eq!((table.rows[plain].cell(0), table.rows[plain + 1].cell(0)), ("40 %", "60 %"));
        assert_eq!((table.rows[plain + 1].cell(1), table.rows[plain + 1].ratio), (UNKNOWN, None));
    }
}
