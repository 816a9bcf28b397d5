//! A comparison as a chart and as a table; the extensions are `.compare.svg`, `.compare.png` and `.compare.csv`.

use super::{ExportError, ExportOptions, Exporter, chart, png, table::Table};
use insight::compare::compare;
use model::{Experiment, document::Verdict};
use scene::distribution::sides;

/// As scalable vector graphics.
pub struct CompareSvg;

/// As portable network graphics.
pub struct ComparePng;

/// As comma-separated values, a row for each pair of settings.
pub struct CompareCsv;

impl Exporter for CompareSvg {
    fn extensions(&self) -> &'static [&'static str] {
        &["compare.svg"]
    }

    fn title(&self) -> &'static str {
        "SVG chart of the comparison"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        chart::compare_svg(experiment, options, chart::Fonts::Embedded).map(String::into_bytes)
    }
}

impl Exporter for ComparePng {
    fn extensions(&self) -> &'static [&'static str] {
        &["compare.png"]
    }

    fn title(&self) -> &'static str {
        "PNG chart of the comparison"
    }

    fn export(&self, experiment: &Experiment, options: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        png::bytes(&chart::compare_svg(experiment, options, chart::Fonts::Named)?, options.scale)
    }
}

const HEADER: [&str; 10] = ["a", "b", "ratio", "low", "high", "confidence", "p_value", "pairs", "verdict", "sentence"];

impl Exporter for CompareCsv {
    fn extensions(&self) -> &'static [&'static str] {
        &["compare.csv"]
    }

    fn title(&self) -> &'static str {
        "CSV table of the comparison, a row a pair"
    }

    fn export(&self, experiment: &Experiment, _: &ExportOptions) -> Result<Vec<u8>, ExportError> {
        let failed = |error: csv::Error| ExportError::Chart(error.to_string());
        let comparisons = compare(experiment);
        if comparisons.is_empty() {
            return Err(ExportError::NothingToCompare);
        }
        let mut writer = Table::new(Vec::new());
        writer.write_record(HEADER).map_err(failed)?;
        for comparison in comparisons {
            let [a, b] = sides(experiment, &comparison);
            let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
            let verdict = match comparison.verdict {
                Verdict::A => "a",
                Verdict::B => "b",
                Verdict::None => "none",
                Verdict::Unclear => "unclear",
            };
            let row = [
                a,
                b,
                number(comparison.ratio),
                number(comparison.low),
                number(comparison.high),
                number(comparison.low.map(|_| comparison.confidence)),
                number(comparison.p_value),
                comparison.pairs.to_string(),
                verdict.to_owned(),
                comparison.sentence.clone(),
            ];
            writer.write_record(row).map_err(failed)?;
        }
        writer.into_bytes().map_err(|error| ExportError::Chart(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::{Processes, ThreadPool, Threads};

    #[test]
    fn every_pair_is_a_row_that_reads_back() {
        let experiment = Builder::compare("t")
            .makespans(Threads, &[2.0; 7])
            .makespans(Processes, &[1.0; 7])
            .makespans(ThreadPool, &[1.0; 2])
            .build();
        let bytes = CompareCsv.export(&experiment, &ExportOptions::default()).expect("bytes");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().expect("a header"), HEADER.as_slice());
        let rows: Vec<Vec<String>> =
            reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0][..9], ["Threads", "Processes", "2", "2", "2", "0.95", "0.015625", "7", "b"]);
        assert_eq!(rows[1][..9], ["Threads", "Thread pool", "2", "", "", "", "0.5", "2", "unclear"]);
        let alone = Builder::compare("t").makespans(Threads, &[2.0; 7]).build();
        let error = CompareCsv.export(&alone, &ExportOptions::default()).expect_err("one setting");
        assert!(error.to_string().contains("two or more"), "{error}");
    }
}
