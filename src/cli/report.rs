//! The report in the terminal.

use super::{answers_report, findings_report, sweep_report::sweep_report};
use insight::{
    compare::compare,
    failed::failed,
    findings::findings_of,
    label::word,
    noise, precision, stopping,
    summary::differing_results,
    table::{Table, table},
};
use model::{Choice, Experiment, Plan, Run, Setting, document::Comparison, quantity::human_ns};
use scene::distribution::{figures_of, sides};

/// `3 tasks, 6 executions, 5 repeats after 1 warm-up`
pub fn plan_words(plan: &Plan) -> String {
    let mut words = vec![
        counted(plan.tasks.len() as u64, "task"),
        counted(plan.executions(), "execution"),
        counted(plan.run.repeat.into(), "repeat"),
    ];
    if plan.run.warmup > 0 {
        words[2] += &format!(" after {}", counted(plan.run.warmup.into(), "warm-up"));
    }
    if plan.run.workers > 0 {
        words.push(format!("at most {} in flight", plan.run.workers));
    }
    words.join(", ")
}

/// The line above the runs: what runs, and how.
pub fn heading(plan: &Plan, choices: &[Choice]) -> String {
    let choices: Vec<_> = choices.iter().map(Choice::to_string).collect();
    format!("{}: {} ({})", shown_line(&plan.name), plan_words(plan), choices.join(", "))
}

/// One run: its mode, which repeat, how long it took, and how its executions ended.
pub fn run_line(run: &Run, experiment: &Experiment) -> String {
    let of = experiment.schedule.iter().filter(|s| s.setting == run.setting() && s.warmup == run.warmup).count();
    let kind = if run.warmup { "warm-up" } else { "repeat" };
    let which = format!("{kind} {}/{}", run.repeat + 1, of.max(run.repeat as usize + 1));
    let time = run.makespan_ns.map_or_else(|| "cut short".to_owned(), human_ns);
    let settings = settings(experiment);
    let name = |setting: Setting| word(setting, &settings);
    let words = settings.iter().map(|setting| name(*setting));
    let width = words.map(|word| word.chars().count()).max().unwrap_or(0).max(12);
    format!("  {:<width$}  {which:<14}  {time:>11}  {}", name(run.setting()), outcomes(run))
}

/// The settings of all runs of the experiment, including those to come.
pub fn settings(experiment: &Experiment) -> Vec<Setting> {
    let mut settings = experiment.settings();
    for scheduled in &experiment.schedule {
        if !settings.contains(&scheduled.setting) {
            settings.push(scheduled.setting);
        }
    }
    settings
}

/// How the executions ended: `4 of 4 succeeded`, or `3 of 4 succeeded, 1 lost`.
fn outcomes(run: &Run) -> String {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    let ended = run.executions.iter().map(|execution| execution.outcome.as_ref().map_or("unknown", |o| o.kind.word()));
    for word in ended {
        match kinds.iter_mut().find(|(kind, _)| *kind == word) {
            Some((_, count)) => *count += 1,
            None => kinds.push((word, 1)),
        }
    }
    let succeeded = kinds.iter().find(|(kind, _)| *kind == "success").map_or(0, |(_, count)| *count);
    let mut words = vec![format!("{succeeded} of {} succeeded", run.executions.len())];
    words.extend(kinds.iter().filter(|(kind, _)| *kind != "success").map(|(kind, count)| format!("{count} {kind}")));
    words.join(", ")
}

/// The table, the failures, the processes that were left behind, what disturbed the runs, the verdict on each pair of
/// settings, and the findings. A sweep has its points in place of the table, which would have a column for each, and its
/// answers in place of the verdicts.
pub fn report(experiment: &Experiment) -> String {
    let is_sweep = experiment.sweep.is_some();
    let table = if is_sweep { sweep_report(experiment) } else { results_table(experiment) };
    let mut parts = vec![format!("{}\n{table}", experiment.machine.line())];
    parts.extend(answers_report::gave(experiment));
    let failures = answers_report::failures(experiment);
    if !failures.is_empty() {
        let sum = failed(experiment).words().map(|words| format!("{words}:"));
        parts.push(sum.into_iter().chain(failures).collect::<Vec<_>>().join("\n"));
    }
    parts.extend(answers_report::left_running(experiment));
    let noise = noise::warnings(experiment);
    let noise = (!noise.is_empty()).then(|| noise.join("\n"));
    let comparisons = compare(experiment);
    let found = findings_of(experiment, &comparisons);
    let told = if is_sweep { &[][..] } else { &comparisons[..] };
    let figures = (!told.is_empty()).then(|| figures(experiment, told));
    let words = differing_results(experiment).into_iter().chain(noise).chain(figures);
    let words = words.chain(told.iter().map(|comparison| comparison.sentence.clone()));
    parts.extend(words.chain(findings_report::text(&found)));
    parts.join("\n\n")
}

/// `Threads / Processes: 2.00 × (95 %: 1.97–2.03) · p = 0.016 · 7 pairs` for each pair, and why there were no more
/// repeats.
fn figures(experiment: &Experiment, comparisons: &[Comparison]) -> String {
    let line = |comparison: &Comparison| {
        let [a, b] = sides(experiment, comparison);
        format!("{a} / {b}: {}", figures_of(comparison).join(" · "))
    };
    let mut lines: Vec<String> = comparisons.iter().map(line).collect();
    let progress = precision::of_experiment(experiment);
    lines.extend(progress.and_then(|progress| stopping::why_stopped(experiment, &progress)));
    lines.join("\n")
}

/// The first line of a text, at most 200 characters, without control characters.
pub fn shown_line(text: &str) -> String {
    const MOST: usize = 200;
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The meaning of the table's first labels.
const LEGEND: &str = "Makespan: a whole run, to its last join. Start latency: from start() to the first line of the task. Exit to \
                      join: from its end to the return of join(). p50: half took no longer.";
/// With fewer executions of a setting, p90 and p99 are the longest of them or the next to it.
const MANY: u64 = 20;

/// The table of results and the meaning of its labels; p90 and p99 of few executions are left out.
fn results_table(experiment: &Experiment) -> String {
    let mut table = table(experiment);
    let most = experiment.compared.iter().map(|setting| experiment.repeats(*setting).count()).max().unwrap_or(0);
    if experiment.plan.executions() * (most as u64) < MANY {
        table.rows.retain(|row| !row.label.ends_with("p90") && !row.label.ends_with("p99"));
    }
    format!("{}\n{LEGEND}", table_text(&table))
}

/// The table as lines of aligned columns: metrics to the left, numbers to the right.
fn table_text(table: &Table) -> String {
    let mut heading = vec![String::new()];
    heading.extend(table.headings.iter().cloned());
    heading.extend(table.ratio_heading.clone());
    let mut lines = vec![heading];
    // A row without any value, such as a speedup without a baseline, is left out.
    for row in table.rows.iter().filter(|row| !row.is_idle()) {
        let mut line = vec![row.label.to_owned()];
        line.extend((0..table.settings.len()).map(|index| row.cell(index)));
        line.extend(table.ratio_heading.is_some().then(|| row.ratio_cell()));
        lines.push(line);
    }
    align(&lines)
}

/// Pads cells to the width of their column; the first column is aligned to the left, the others to the right.
pub fn align(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let cell_width = |line: &Vec<String>, column: usize| line.get(column).map_or(0, |cell| cell.chars().count());
    let widths: Vec<usize> =
        (0..columns).map(|column| lines.iter().map(|line| cell_width(line, column)).max().unwrap_or(0)).collect();
    let row = |line: &Vec<String>| {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<_>>().join("   ").trim_end().to_owned()
    };
    lines.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// `1 task`, `3 tasks`
pub fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::{
        LaunchMode::{Processes, Threads},
        Outcome, OutcomeKind,
    };

    #[test]
    fn columns_are_aligned() {
        let lines = [vec!["".to_owned(), "A".to_owned()], vec!["µs".to_owned(), "1.00 µs".to_owned()]];
        assert_eq!(align(&lines), "           A\nµs   1.00 µs");
    }

    #[test]
    fn a_run_is_one_line() {
        let experiment = Builder::compare("t").makespans(Threads, &[1.84]).build();
        let line = run_line(&experiment.runs[0], &experiment);
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words[..6].join(" "), "threads repeat 1/1 1.84 s 4");
    }

    #[test]
    fn the_report_has_the_table_and_ends_with_the_verdict() {
        let times = [1.0, 1.01, 1.02, 1.0, 1.01, 1.02, 1.0];
        let experiment =
            Builder::compare("t").makespans(Threads, &times).makespans(Processes, &times.map(|t| t / 2.0)).build();
        let text = report(&experiment);
        assert!(text.contains("Makespan") && text.contains("Threads / Processes"), "{text}");
        assert!(text.ends_with(&compare(&experiment)[0].sentence), "{text}");
        for expected in
            ["Threads / Processes: 2.00 × (95 %: ", "p = 0.016 · 7 pairs\nStopped after 7 repeats: the interval is"]
        {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
    }

    #[test]
    fn what_disturbed_a_comparison_and_why_it_says_little_are_told() {
        let rising: Vec<f64> = (0..8).map(|i| 1.0 + 0.05 * f64::from(i)).collect();
        let mut experiment = Builder::compare("t").makespans(Threads, &rising).makespans(Processes, &[1.0; 8]).build();
        assert!(report(&experiment).contains("Runs in threads took ever longer, 35 %"));
        experiment.plan.run.precision = 0.0;
        assert!(report(&experiment).contains("8 repeats of each, as asked."));
        let one = report(&Builder::compare("t").makespans(Threads, &[2.0]).makespans(Processes, &[1.0]).build());
        assert!(one.contains("2.00 × · p = 1.00 · 1 pair\n") && one.contains("1 complete pair, 6 are needed"), "{one}");
        let failed = report(&Builder::compare("t").crash(Threads, 2).makespans(Processes, &[1.0; 2]).build());
        assert!(failed.contains("Threads / Processes: 0 pairs") && failed.contains("Nothing to compare"), "{failed}");
    }

    #[test]
    fn how_the_executions_of_a_run_ended_is_counted() {
        let mut experiment = Builder::compare("t").makespans(Threads, &[1.0]).build();
        for execution in &mut experiment.runs[0].executions {
            execution.outcome = Some(Outcome::of(OutcomeKind::Panicked));
        }
        assert!(outcomes(&experiment.runs[0]).starts_with("0 of 4 succeeded, 4 panicked"));
    }
}
