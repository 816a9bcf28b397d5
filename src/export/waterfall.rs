//! What an execution costs step by step: as a chart (`.waterfall.svg`, `.waterfall.png`) and as a table
//! (`.waterfall.csv`).

use super::{ExportError, ExportOptions, Exporter, chart, png, table::Table};
use insight::{label::word, waterfall};
use model::{
    Experiment, Setting,
    waterfall::{CostDifference, ExecutionCost, Step, Times},
};

/// As scalable vector graphics.
pub struct WaterfallSvg;

/// As portable network graphics.
pub struct WaterfallPng;

/// As comma-separated values: a row for each setting and step, and one for all steps together.
pub struct WaterfallCsv;

impl Exporter for WaterfallSvg {
    fn extensions(&self) -> &'static [&'static str] {
        &["waterfall.svg"]
    }

    fn title(&self) -> &'static str {
        "SVG chart of what an execution costs"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        chart::waterfall_svg(experiment, options, chart::Fonts::Embedded).map(String::into_bytes)
    }
}

impl Exporter for WaterfallPng {
    fn extensions(&self) -> &'static [&'static str] {
        &["waterfall.png"]
    }

    fn title(&self) -> &'static str {
        "PNG chart of what an execution costs"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        png::bytes(&chart::waterfall_svg(experiment, options, chart::Fonts::Named)?, options.scale)
    }
}

const HEADER: [&str; 18] = [
    "setting",
    "mode",
    "start_method",
    "workers",
    "interpreter",
    "argument",
    "step",
    "mean_ns",
    "p25_ns",
    "p50_ns",
    "p75_ns",
    "executions",
    "difference_ns",
    "difference_percent",
    "memory_share_p50_bytes",
    "own_memory_p50_bytes",
    "repeats",
    "without_stamps",
];

impl Exporter for WaterfallCsv {
    fn extensions(&self) -> &'static [&'static str] {
        &["waterfall.csv"]
    }

    fn title(&self) -> &'static str {
        "CSV table of what an execution costs"
    }

    fn export(&self, experiment: &Experiment, _: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        let failed = |error: csv::Error| ExportError::Chart(error.to_string());
        let found = waterfall::waterfall(experiment);
        let settings = waterfall::shown(experiment);
        let mut writer = Table::new(Vec::new());
        writer.write_record(HEADER).map_err(failed)?;
        for (cost, setting) in found.settings.iter().zip(&settings) {
            let apart = found.differences.iter().find(|apart| apart.b == cost.setting);
            for row in rows(cost, apart) {
                writer.write_record(head(*setting, &settings).into_iter().chain(row)).map_err(failed)?;
            }
        }
        writer.into_bytes().map_err(|error| ExportError::Chart(error.to_string()))
    }
}

fn head(setting: Setting, among: &[Setting]) -> Vec<String> {
    vec![
        word(setting, among),
        setting.mode.to_string(),
        text(setting.start_method),
        setting.workers.to_string(),
        text(setting.interpreter),
        text(setting.argument),
    ]
}

/// A row for each step, and one with the span and the memory.
fn rows(cost: &ExecutionCost, apart: Option<&CostDifference>) -> Vec<Vec<String>> {
    let step_apart = |step: Step| {
        let found = apart?.steps.iter().find(|apart| apart.step == step)?;
        Some((found.ns, found.percent))
    };
    let mut rows: Vec<Vec<String>> = cost
        .steps
        .iter()
        .map(|step| {
            // Where the setting has states, *in the target* stands only for some executions, and has no difference.
            let apart =
                step_apart(step.step).filter(|_| step.step != Step::InTarget || cost.step(Step::OnCpu).is_none());
            let mut row = times(step.step.key(), Some(&step.times), step.executions, apart);
            row.resize(HEADER.len() - 6, String::new());
            row
        })
        .collect();
    let span_apart = apart.map(|apart| (apart.span_ns, apart.span_percent));
    let mut together = times("together", cost.span.as_ref(), cost.executions, span_apart);
    together.extend([
        text(cost.memory_share_bytes.map(|share| share.p50)),
        text(cost.own_memory_bytes.map(|own| own.p50)),
        cost.repeats.to_string(),
        cost.without.to_string(),
    ]);
    rows.push(together);
    rows
}

fn times(name: &str, times: Option<&Times>, executions: usize, apart: Option<(f64, f64)>) -> Vec<String> {
    let ns = |of: fn(&Times) -> f64| text(times.map(of));
    vec![
        name.to_owned(),
        ns(|times| times.mean_ns),
        ns(|times| times.p25_ns),
        ns(|times| times.p50_ns),
        ns(|times| times.p75_ns),
        executions.to_string(),
        text(apart.map(|(ns, _)| ns)),
        text(apart.map(|(_, percent)| percent)),
    ]
}

/// A cell; empty where the value is unknown.
fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

    #[test]
    fn rows_of_a_setting_add_up_to_its_last() {
        let experiment = Builder::compare("t").makespans(Threads, &[1.0, 1.1]).makespans(Processes, &[1.5]).build();
        let bytes = WaterfallCsv.export(&experiment, &ExportOptions::default()).expect("bytes");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let headers = reader.headers().expect("a header").clone();
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        let cell =
            |row: &csv::StringRecord, name: &str| row[headers.iter().position(|h| h == name).expect(name)].to_owned();
        for setting in ["threads", "processes"] {
            let of: Vec<_> = rows.iter().filter(|row| cell(row, "setting") == setting).collect();
            let (last, steps) = of.split_last().expect("rows");
            assert_eq!((cell(last, "step").as_str(), steps.len()), ("together", 4));
            let number = |row: &csv::StringRecord, name| cell(row, name).parse::<f64>().expect("a number");
            let sum: f64 = steps.iter().map(|row| number(row, "mean_ns")).sum();
            assert!((sum - number(last, "mean_ns")).abs() < 1e-3);
            if setting == "processes" {
                let sum: f64 = steps.iter().map(|row| number(row, "difference_ns")).sum();
                assert!((sum - number(last, "difference_ns")).abs() < 1e-3);
                assert_eq!(cell(last, "start_method"), "fork");
            } else {
                assert_eq!((cell(last, "difference_ns"), cell(last, "executions")), (String::new(), "8".into()));
            }
            assert_eq!(number(last, "memory_share_p50_bytes"), f64::from(12 << 20));
            assert_eq!(cell(steps[0], "memory_share_p50_bytes"), "");
        }
    }

    #[test]
    fn a_setting_without_times_has_one_row_that_knows_nothing() {
        let experiment = Builder::compare("t").crash(Threads, 1).build();
        let bytes = WaterfallCsv.export(&experiment, &ExportOptions::default()).expect("bytes");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!((rows.len(), &rows[0][6], &rows[0][7], &rows[0][11]), (1, "together", "", "0"));
    }
}
