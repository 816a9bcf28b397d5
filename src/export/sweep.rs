//! The charts of a sweep, as SVG and as PNG, and its points as a table; the extensions are `.sweep.svg`, `.sweep.png` and
//! `.sweep.csv`.

use super::{ExportError, ExportOptions, Exporter, chart, png, table::Table};
use insight::scaling::scaling;
use model::{
    Experiment,
    scaling::{Estimate, Point},
};

/// As scalable vector graphics.
pub struct SweepSvg;

/// As portable network graphics.
pub struct SweepPng;

/// As comma-separated values, a row for each point.
pub struct SweepCsv;

impl Exporter for SweepSvg {
    fn extensions(&self) -> &'static [&'static str] {
        &["sweep.svg"]
    }

    fn title(&self) -> &'static str {
        "SVG chart of a sweep"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        chart::sweep_svg(experiment, options, chart::Fonts::Embedded).map(String::into_bytes)
    }
}

impl Exporter for SweepPng {
    fn extensions(&self) -> &'static [&'static str] {
        &["sweep.png"]
    }

    fn title(&self) -> &'static str {
        "PNG chart of a sweep"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        png::bytes(&chart::sweep_svg(experiment, options, chart::Fonts::Named)?, options.scale)
    }
}

const HEADER: [&str; 19] = [
    "mode",
    "start_method",
    "interpreter",
    "workers",
    "argument",
    "repeats",
    "makespan_ns",
    "makespan_low_ns",
    "makespan_high_ns",
    "throughput_per_s",
    "throughput_low_per_s",
    "throughput_high_per_s",
    "speedup",
    "speedup_low",
    "speedup_high",
    "efficiency",
    "efficiency_low",
    "efficiency_high",
    "note",
];

impl Exporter for SweepCsv {
    fn extensions(&self) -> &'static [&'static str] {
        &["sweep.csv"]
    }

    fn title(&self) -> &'static str {
        "CSV table of a sweep's points"
    }

    fn export(&self, experiment: &Experiment, _options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        let scaling = scaling(experiment).ok_or(ExportError::NoSweep)?;
        let failed = |error: csv::Error| ExportError::Chart(error.to_string());
        let mut writer = Table::new(Vec::new());
        writer.write_record(HEADER).map_err(failed)?;
        for point in &scaling.points {
            writer.write_record(row(point)).map_err(failed)?;
        }
        writer.into_bytes().map_err(|error| ExportError::Chart(error.to_string()))
    }
}

fn row(point: &Point) -> Vec<String> {
    let side = &point.setting;
    let text = |value: Option<String>| value.unwrap_or_default();
    let mut row = vec![
        side.mode.word().to_owned(),
        text(side.start_method.map(|method| method.to_string())),
        text(side.interpreter.map(|interpreter| interpreter.to_string())),
        side.workers.to_string(),
        text(side.argument.map(|argument| argument.to_string())),
        point.repeats.to_string(),
    ];
    let estimates = [point.makespan_ns, point.throughput_per_s, point.speedup_interval, point.efficiency_interval];
    row.extend(estimates.into_iter().flat_map(numbers));
    row.push(text(point.note.clone()));
    row
}

fn numbers(estimate: Option<Estimate>) -> [String; 3] {
    let text = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    [estimate.map(|e| e.median), estimate.and_then(|e| e.low), estimate.and_then(|e| e.high)].map(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

    #[test]
    fn each_point_is_a_row() {
        let builder = Builder::compare("t").sweep("workers=1,2").workers(1).makespans(Threads, &[2.0; 7]);
        let builder = builder.crash(Processes, 2).workers(2).makespans(Threads, &[1.0; 7]).crash(Processes, 2);
        let bytes = SweepCsv.export(&builder.build(), &ExportOptions::default()).expect("a table");
        let text = String::from_utf8(bytes).expect("text");
        let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches('\r')).collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[2], "threads,,,2,,7,1000000000,1000000000,1000000000,4,4,4,2,2,2,1,1,1,");
        assert!(lines[3].starts_with("processes,fork,,1,,0,,,,,,,,,,,,,"), "{}", lines[3]);
        assert!(lines[3].contains("No run as processes succeeded as a whole"));
    }

    #[test]
    fn what_is_no_sweep_has_none_of_this() {
        let experiment = Builder::compare("t").makespans(Threads, &[1.0]).build();
        for exporter in [&SweepCsv as &dyn Exporter, &SweepSvg, &SweepPng] {
            let error = exporter.export(&experiment, &ExportOptions::default()).expect_err("no sweep").to_string();
            assert_eq!(error, "these runs are no sweep: there are no curves to write; sweep the plan first");
        }
    }
}
