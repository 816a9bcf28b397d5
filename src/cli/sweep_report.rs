//! The report of a sweep in the terminal: a table of points, the fitted laws, the answers.

use super::report::align;
use insight::{scaling::scaling, spread::spread_text};
use model::{
    Experiment, SweepAxis,
    quantity::{Unit, figures},
    scaling::{Estimate, Point},
};
use scene::sweep::view::{FitRow, Metric, View, fit_rows, place};
use statistics::order::Spread;

/// The table of points, the laws fitted to them, and what is best or where curves cross; empty if the experiment is no sweep.
pub fn sweep_report(experiment: &Experiment) -> String {
    let Some(scaling) = scaling(experiment) else { return String::new() };
    let view = View::of(&scaling);
    let mut parts = vec![points(&view)];
    let fits = fits(&view);
    if !fits.is_empty() {
        parts.push(fits);
    }
    let sentences: Vec<&str> = view.sentences().chain(scaling.notes.iter().map(String::as_str)).collect();
    if !sentences.is_empty() {
        parts.push(sentences.join("\n"));
    }
    parts.join("\n\n")
}

/// One line per point, and an empty line between two curves.
fn points(view: &View) -> String {
    let metrics = view.metrics();
    let mut heading = vec![String::new(), variable(view)];
    heading.extend(metrics.iter().map(|metric| heading_of(*metric).to_owned()));
    heading.push("repeats".to_owned());
    let mut lines = vec![heading];
    for (index, curve) in view.curves.iter().enumerate() {
        if index > 0 {
            lines.push(Vec::new());
        }
        lines.extend(
            curve.points.iter().map(|(_, point)| line(&curve.name, point, metrics, &view.scaling.axis, curve.best)),
        );
    }
    align(&lines)
}

fn line(name: &str, point: &Point, metrics: &[Metric], axis: &SweepAxis, best: Option<f64>) -> Vec<String> {
    let is_best = best.is_some_and(|best| best == place(point.setting, axis));
    let varied = point.setting.argument.map_or_else(|| point.setting.workers.to_string(), |value| value.to_string());
    let mut line = vec![name.to_owned(), if is_best { format!("* {varied}") } else { varied }];
    line.extend(metrics.iter().map(|metric| metric.of(point).map_or("–".to_owned(), |it| cell(*metric, &it))));
    line.push(point.repeats.to_string());
    line
}

/// The heading of the second column, with the meaning of its star if there is one.
fn variable(view: &View) -> String {
    let title = view.scaling.axis.title();
    let starred =
        matches!(view.scaling.axis, SweepAxis::Workers(_)) || view.curves.iter().any(|curve| curve.best.is_some());
    if starred { format!("{title} (* best)") } else { title }
}

fn heading_of(metric: Metric) -> &'static str {
    match metric {
        Metric::Makespan => "makespan ± 95 %",
        Metric::Throughput => "executions per s",
        Metric::Speedup => "speedup",
        Metric::Efficiency => "efficiency",
    }
}

/// `1.84 s ± 0.03`, `1.94 × ± 0.02`: with half of the interval's width, if there is an interval.
fn cell(metric: Metric, estimate: &Estimate) -> String {
    let (Some(low), Some(high)) = (estimate.low, estimate.high) else { return metric.text(estimate.median) };
    // The other points are measured against the point of one worker, whose speedup and efficiency are exact.
    let given = metric != Metric::Makespan && low == high;
    let spread = Spread { median: estimate.median, low, high, count: if given { 1 } else { 2 } };
    match metric {
        Metric::Makespan => spread_text(Unit::Time, &spread),
        Metric::Speedup => spread_text(Unit::Times, &spread),
        Metric::Throughput => figures(estimate.median),
        Metric::Efficiency if given => figures(estimate.median),
        Metric::Efficiency => format!("{:.2} ± {:.2}", estimate.median, spread.half()),
    }
}

/// One line per law, and a line below it if the fit needs a warning.
fn fits(view: &View) -> String {
    let rows = fit_rows(view);
    let cells = |row: &FitRow| {
        let (names, parameters) = row.cells.split_at(row.cells.len().min(2));
        [vec![names.join(", ")], parameters.to_vec()].concat()
    };
    let table = align(&rows.iter().map(cells).collect::<Vec<_>>());
    let with_note = |(line, row): (&str, &FitRow)| match &row.note {
        Some(note) => format!("{line}\n  {note}"),
        None => line.to_owned(),
    };
    table.lines().zip(&rows).map(with_note).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::LaunchMode::{Processes, Threads};

    #[test]
    fn points_fits_and_answers_stand_below_each_other() {
        let mut builder = Builder::compare("t").sweep("workers=1..3");
        for (workers, seconds) in [(1, 2.0), (2, 1.0), (3, 1.2)] {
            builder = builder.workers(workers).makespans(Threads, &[seconds; 7]).makespans(Processes, &[2.0; 7]);
        }
        let text = sweep_report(&builder.build());
        for expected in [
            "workers (* best)   makespan ± 95 %",
            "Threads                    1     2.00 s ± 0.00               2.00    1.00 ×         1.00         7",
            "Threads                  * 2     1.00 s ± 0.00               4.00    2.00 ×         1.00         7",
            "Threads, Amdahl's law ",
            "\nThreads are best at 2 workers; beyond it 3 workers cost 20 % (95 %: 20–20 %).\n",
            "Processes are best at 1 worker; more workers gain nothing that can be told.",
        ] {
            assert!(text.contains(expected), "{expected} is not in\n{text}");
        }
    }

    #[test]
    fn over_an_argument_there_are_times_and_crossings_alone() {
        let builder =
            Builder::compare("t").sweep("primes.limit=1000,2000").argument(1000.0).makespans(Threads, &[1.0; 7]);
        let builder = builder.makespans(Processes, &[1.5; 7]).argument(2000.0).makespans(Threads, &[3.0; 7]);
        let text = sweep_report(&builder.makespans(Processes, &[2.0; 7]).build());
        assert!(text.contains("primes: limit   makespan ± 95 %   repeats"), "{text}");
        assert!(text.contains("Processes begin to pay from limit ") && !text.contains("Amdahl"), "{text}");
        assert_eq!(sweep_report(&Builder::compare("t").makespans(Threads, &[1.0]).build()), "");
    }
}
