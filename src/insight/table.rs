//! The table of results, as the terminal and the window show it: a row a metric, a column a setting.

use super::{
    compare,
    label::label,
    launch_costs::{Latencies, LaunchCosts},
    resources::Resource,
    summary::{ModeSummary, summarise},
};
use model::{
    Experiment, Setting,
    quantity::{Scaled, Unit, figures},
};
use statistics::order::Spread;

/// What a cell shows where nothing is known.
pub const UNKNOWN: &str = "—";

/// Results as rows of metrics and columns of settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The settings of the columns: those compared, then the baselines.
    pub settings: Vec<Setting>,
    /// The heading of each column.
    pub headings: Vec<String>,
    /// The heading of the last column, where two settings are compared: `Threads / Processes`.
    pub ratio_heading: Option<String>,
    /// A row for each metric.
    pub rows: Vec<MetricRow>,
}

/// One metric.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricRow {
    /// Its name.
    pub label: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// Its value in each setting, where known.
    pub values: Vec<Option<Cell>>,
    /// The first compared setting divided by the second; absent where it means nothing.
    pub ratio: Option<f64>,
    /// What it means, and why it may not be known, in a sentence each.
    pub help: &'static str,
    /// Whether the row may be left out where all its values are zero.
    pub detail: bool,
}

/// The value of a metric in a setting, in the unit of its row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    /// A value alone.
    Value(f64),
    /// A median, and half of the spread around it.
    Spread(f64, f64),
    /// A part of a whole: `4 of 5`.
    Part(u64, u64),
}

impl Cell {
    fn of(spread: &Spread) -> Self {
        if spread.count < 2 { Self::Value(spread.median) } else { Self::Spread(spread.median, spread.half()) }
    }

    /// As people read it: `1.84 s ± 0.03`.
    fn text(self, unit: Unit) -> String {
        match self {
            Self::Value(value) => unit.text(value),
            Self::Spread(median, half) => unit.text_with(median, half),
            Self::Part(some, all) => format!("{some} of {all}"),
        }
    }

    /// Whether it shows nothing but zeros.
    fn shows_zero(self, unit: Unit) -> bool {
        let (value, half) = match self {
            Self::Value(value) => (value, 0.0),
            Self::Spread(median, half) => (median, half),
            Self::Part(..) => return false,
        };
        unit.scaled(value)
            .is_some_and(|scaled| scaled.shows_zero() && Scaled { number: half / scaled.worth, ..scaled }.shows_zero())
    }
}

impl MetricRow {
    /// The text of the column at `index`.
    pub fn cell(&self, index: usize) -> String {
        self.values.get(index).copied().flatten().map_or_else(|| UNKNOWN.to_owned(), |cell| cell.text(self.unit))
    }

    /// Whether the row may be left out: nothing is known, or it is a detail and all zero.
    pub fn is_idle(&self) -> bool {
        let mut known = self.values.iter().flatten().peekable();
        known.peek().is_none() || (self.detail && known.all(|cell| cell.shows_zero(self.unit)))
    }

    /// The text of the ratio's column.
    pub fn ratio_cell(&self) -> String {
        self.ratio.map_or_else(|| UNKNOWN.to_owned(), figures)
    }
}

/// The table of an experiment. The ratio of makespans is that of the comparison; the others are ratios of medians.
pub fn table(experiment: &Experiment) -> Table {
    let columns = summarise(experiment);
    let settings: Vec<Setting> = columns.iter().map(|column| column.setting).collect();
    let headings: Vec<String> = settings.iter().map(|setting| label(*setting, &settings)).collect();
    let mut rows = rows(&columns);
    let comparable = experiment.compared.len() >= 2;
    if comparable {
        let ratio = compare::ratio(experiment, settings[0], settings[1]);
        rows.iter_mut().filter(|row| row.label == MAKESPAN).for_each(|row| row.ratio = ratio);
    } else {
        rows.iter_mut().for_each(|row| row.ratio = None);
    }
    let ratio_heading = comparable.then(|| format!("{} / {}", headings[0], headings[1]));
    Table { settings, headings, ratio_heading, rows }
}

const MAKESPAN: &str = "Makespan";
const GIL: &str = "In the target: waiting for the GIL";
const OWN: &str = "In the target: waiting for own threads and processes";
const OWN_CPU: &str = "CPU time of own threads and processes";
const OWN_HELP: &str = "Of threads and processes that executions started, and of those of the run that belong to no execution; it is \
                        in the CPU time above. A dash where there are none, or nothing tells of them.";
const SPEEDUP: &str = "The median sequential makespan divided by each makespan; a dash where no sequential repeat is \
                       complete: Compare makes some.";
const PEAK: &str = "Of the runner's tree: the runner's peak and those of the processes in flight with it; pages that they \
                    share count in each. A dash where no repeat is complete.";

/// Makes rows of the columns' summaries.
struct Maker<'a> {
    columns: &'a [ModeSummary],
}

impl Maker<'_> {
    fn row(
        &self,
        label: &'static str,
        unit: Unit,
        help: &'static str,
        of: impl Fn(&ModeSummary) -> Option<Spread>,
    ) -> MetricRow {
        let values = self.columns.iter().map(|column| of(column).as_ref().map(Cell::of));
        let ratio = ratio(self.columns, |column| of(column).map(|spread| spread.median));
        MetricRow { label, unit, values: values.collect(), ratio, help, detail: false }
    }

    fn detail(
        &self,
        label: &'static str,
        unit: Unit,
        help: &'static str,
        of: impl Fn(&ModeSummary) -> Option<Spread>,
    ) -> MetricRow {
        MetricRow { detail: true, ..self.row(label, unit, help, of) }
    }

    fn share(&self, label: &'static str, of: impl Fn(&ModeSummary) -> Option<Spread>) -> MetricRow {
        MetricRow { ratio: None, ..self.row(label, Unit::Percent, SHARE, of) }
    }

    fn latencies<const N: usize>(
        &self,
        labels: [&'static str; N],
        help: &'static str,
        of: fn(&LaunchCosts) -> &Latencies,
    ) -> Vec<MetricRow> {
        let quantile =
            |column: &ModeSummary, at: usize| of(&column.launch_costs).quantiles.map(|quantiles| quantiles.all()[at].1);
        let row = |(at, label): (usize, &'static str)| MetricRow {
            label,
            unit: Unit::Time,
            values: self.columns.iter().map(|column| quantile(column, at).map(Cell::Value)).collect(),
            ratio: ratio(self.columns, |column| quantile(column, at)),
            help,
            detail: false,
        };
        labels.into_iter().enumerate().map(row).collect()
    }

    fn median(&self, label: &'static str, help: &'static str, of: fn(&LaunchCosts) -> &Latencies) -> MetricRow {
        self.latencies([label; 1], help, of).remove(0)
    }

    fn count(&self, label: &'static str, help: &'static str, of: fn(&ModeSummary) -> Cell) -> MetricRow {
        let values = self.columns.iter().map(|column| Some(of(column))).collect();
        MetricRow { label, unit: Unit::Count, values, ratio: None, help, detail: false }
    }

    /// The sum of a resource over the executions of a repeat.
    fn total(&self, label: &'static str, resource: Resource) -> MetricRow {
        self.detail(label, resource.unit(), TOTAL, |column| column.totals[resource as usize])
    }
}

const COMPLETE: &str = "Of complete repeats; a dash where there is none.";
const SHARE: &str = "A share of the time that executions spent in their targets; a dash where states were not measured, or \
                     no repeat is complete.";
const TOTAL: &str = "Over all executions of a complete repeat; a dash where it is not known of each of them.";
const START: &str = "From the launch call to the first instruction of the target, less waits in a pool's queue and what \
                     sending arguments took, over the executions of all measured \
                     repeats; a dash where none got that far.";
const JOIN: &str = "From the end of a thread or process to the return of join, over the executions of all measured \
                    repeats; a dash where none got that far.";
const QUEUE: &str = "From the submission of a call, or the start of the pool's workers, until one of them is free for it; a \
                     dash where there is no such queue.";
const SENDING: &str = "Pickled, sent from process to process and unpickled; a dash where nothing is sent.";
const ALIVE: &str = "In the runner's tree at once, by the kernel's records; a dash where there are none.";

fn rows(columns: &[ModeSummary]) -> Vec<MetricRow> {
    let make = Maker { columns };
    let mut rows = vec![
        make.row(MAKESPAN, Unit::Time, COMPLETE, |column| column.makespan_ns),
        make.row("Speedup over sequential", Unit::Times, SPEEDUP, |column| column.speedup),
        make.row("CPU time", Unit::Time, COMPLETE, |column| column.cpu_ns),
    ];
    let names = ["Start latency, p50", "Start latency, p90", "Start latency, p99", "Start latency, max"];
    rows.extend(make.latencies(names, START, |costs| &costs.start));
    let names = ["Exit to join, p50", "Exit to join, p90", "Exit to join, p99", "Exit to join, max"];
    rows.extend(make.latencies(names, JOIN, |costs| &costs.join));
    rows.extend([
        make.median("In the pool's queue, p50", QUEUE, |costs| &costs.handing[0]),
        make.median("Sending arguments, p50", SENDING, |costs| &costs.handing[1]),
        make.median("Returning the result, p50", SENDING, |costs| &costs.handing[2]),
    ]);
    rows.extend([
        make.row("Peak memory (at most)", Unit::Bytes, PEAK, |column| column.peak_memory_bytes),
        make.count("Complete repeats", COMPLETE, |column| Cell::Part(column.complete as u64, column.repeats as u64)),
        make.count("Failed executions", "In all measured repeats.", |column| {
            Cell::Value(column.failed_executions as f64)
        }),
        make.share("In the target: on CPU", |column| column.on_cpu_percent),
        make.share("In the target: ready", |column| column.ready_percent),
        make.share("In the target: blocked", |column| column.blocked_percent),
        make.share(GIL, |column| column.gil_percent),
        MetricRow { detail: true, ..make.share(OWN, |column| column.own_percent) },
        make.detail(OWN_CPU, Unit::Time, OWN_HELP, |column| column.own_cpu_ns),
        make.total("User time", Resource::User),
        make.total("System time", Resource::System),
        make.total("Voluntary switches", Resource::Voluntary),
        make.total("Involuntary switches", Resource::Involuntary),
        make.total("Migrations", Resource::Migrations),
        make.total("Minor page faults", Resource::MinorFaults),
        make.total("Major page faults", Resource::MajorFaults),
        make.detail("Most processes", Unit::Count, ALIVE, |column| column.most_processes),
        make.detail("Most threads", Unit::Count, ALIVE, |column| column.most_threads),
        make.total("Written to stdout", Resource::Stdout),
        make.total("Written to stderr", Resource::Stderr),
    ]);
    // Only interpreters have a GIL.
    rows.retain(|row| row.label != GIL || row.values.iter().any(Option::is_some));
    rows
}

fn ratio(columns: &[ModeSummary], of: impl Fn(&ModeSummary) -> Option<f64>) -> Option<f64> {
    let (a, b) = (of(columns.first()?)?, of(columns.get(1)?)?);
    Some(a / b).filter(|ratio| ratio.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

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
        assert_eq!(table.rows[0].cell(0), "1.84 s ± 0.03");
        assert_eq!([table.rows[0].cell(2), table.rows[0].ratio_cell()], ["3.68 s", "2.00"]);
        assert_eq!(table.rows[1].cell(1), "4.00 × ± 0.00");
    }

    #[test]
    fn what_is_unknown_is_a_dash() {
        let table = table(&Builder::compare("t").crash(Threads, 1).build());
        assert_eq!((table.rows[0].cell(0).as_str(), table.ratio_heading.as_deref()), (UNKNOWN, None));
        let complete = table.rows.iter().find(|row| row.label == "Complete repeats").expect("a row");
        assert_eq!(complete.cell(0), "0 of 1");
        assert!(table.rows.iter().all(|row| row.ratio.is_none()));
    }

    #[test]
    fn states_have_rows_where_they_were_looked_at() {
        use model::{BlockedTotals, Interpreter, Sampling, States};
        let mut experiment = Builder::compare("t").makespans(Threads, &[1.0]).makespans(Processes, &[1.0]).build();
        let blocked_on = Some(BlockedTotals::of([60, 0, 0, 0, 0, 0]));
        let states = States { on_cpu_ns: 40, runnable_ns: 0, blocked_ns: 60, blocked_on };
        for run in experiment.runs.iter_mut().filter(|run| run.mode == Threads) {
            run.interpreter = Some(Interpreter::new("python3"));
            run.sampling = Some(Sampling {
                asked_hz: 100.0,
                reached_hz: 98.0,
                core_share: 0.01,
                sees_gil: true,
                lock_looks: None,
            });
            run.executions.iter_mut().for_each(|execution| execution.states = Some(Box::new(states)));
        }
        experiment.compared[0].interpreter = Some(Interpreter::new("python3"));
        let table = table(&experiment);
        let row = |label: &str| table.rows.iter().find(|row| row.label.ends_with(label)).expect("a row");
        let cells = ["on CPU", "ready", "blocked", "waiting for the GIL"].map(|label| row(label).cell(0));
        assert_eq!(cells, ["40 %", "0 %", "60 %", "60 %"]);
        assert_eq!((row("waiting for the GIL").cell(1).as_str(), row("waiting for the GIL").ratio), (UNKNOWN, None));
    }

    #[test]
    fn totals_are_of_all_executions_and_details_of_nothing_are_idle() {
        let mut experiment = Builder::compare("t").makespans(Threads, &[1.0]).makespans(Processes, &[1.0]).build();
        for (run, each) in experiment.runs.iter_mut().zip([3, 6]) {
            for execution in &mut run.executions {
                let usage = execution.usage.as_mut().expect("known");
                (usage.voluntary_switches, usage.major_faults) = (Some(each), Some(0));
            }
        }
        let table = table(&experiment);
        let row = |label: &str| table.rows.iter().find(|row| row.label == label).expect("a row");
        let switches = row("Voluntary switches");
        assert_eq!((switches.cell(0), switches.cell(1), switches.ratio), ("12".into(), "24".into(), Some(0.5)));
        assert!(row("Major page faults").is_idle() && row("Migrations").is_idle() && !switches.is_idle());
        assert_eq!([row("Major page faults").cell(0), row("Migrations").cell(0)], ["0", UNKNOWN]);
        assert!(!row("Failed executions").is_idle());
    }
}
