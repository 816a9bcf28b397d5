//! The verdicts, the table of medians, what failed, and what was left running.

use super::page::{Page, code, plain};
use super::setup::{counted, place};
use insight::{
    causes::{Cause, causes},
    label::word,
    left, noise, precision, stopping,
    summary::differing_results,
    table::{self, MetricRow},
};
use model::{
    Experiment,
    document::{Comparison, Document},
};

/// The most comparisons written out; the document (.json) has all.
const MOST_COMPARISONS: usize = 12;
/// The most causes of failure, or kinds of processes left running, written out.
const MOST_FAILURES: usize = 10;

/// The verdicts with their intervals, why repeating stopped, and warnings.
pub fn sentences(page: &mut Page, experiment: &Experiment, found: &Document) {
    // A sweep has curves in place of comparisons.
    let comparisons = if found.sweep.is_some() { &[][..] } else { &found.comparisons[..] };
    let verdicts = comparisons.iter().take(MOST_COMPARISONS).map(verdict);
    let more = comparisons.len().saturating_sub(MOST_COMPARISONS);
    let more = (more > 0).then(|| format!("{} in the JSON document.", counted(more, "more comparison")));
    let early = experiment.message.iter().map(|message| format!("Ended early: {message}."));
    let warnings = early.chain(differing_results(experiment)).chain(noise::warnings(experiment));
    let warnings = warnings.map(|warning| format!("**Note:** {}", plain(&warning)));
    let progress = precision::of_experiment(experiment).filter(|_| !comparisons.is_empty());
    let stopped = progress.and_then(|progress| stopping::why_stopped(experiment, &progress));
    page.list(verdicts.chain(more).chain(stopped.map(|why| plain(&why))).chain(warnings));
}

/// `**Processes are 1.87 × …** (7 pairs, rank test p = 0.016)`
fn verdict(comparison: &Comparison) -> String {
    let sentence = format!("**{}**", plain(&comparison.sentence));
    // Without an interval the pairs are too few for a test to say anything, and the sentence gives their number.
    if comparison.low.is_none() {
        return sentence;
    }
    let p_value = comparison.p_value.map(|p| format!(", rank test p {}", noise::p_equals(p))).unwrap_or_default();
    format!("{sentence} ({}{})", counted(comparison.pairs, "pair"), plain(&p_value))
}

/// The medians with their spread; launch costs have a table of their own.
pub fn table(page: &mut Page, experiment: &Experiment) {
    let table = table::table(experiment);
    let launch = |row: &MetricRow| ["Start latency", "Exit to join"].iter().any(|name| row.label.starts_with(name));
    let mut heads = vec![String::new()];
    heads.extend(table.headings.iter().cloned());
    heads.extend(table.ratio_heading.clone());
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .filter(|row| !row.is_idle() && !launch(row))
        .map(|row| {
            let mut cells = vec![row.label.to_owned()];
            cells.extend((0..table.settings.len()).map(|index| row.cell(index)));
            cells.extend(table.ratio_heading.is_some().then(|| row.ratio_cell()));
            cells
        })
        .collect();
    page.heading(2, "Results");
    page.table(&heads, &rows);
    page.paragraph(
        "Medians over complete repeats ± half of the distance between the quartiles (of fewer than four repeats, \
         between the least and the greatest).",
    );
}

/// Why executions did not succeed: each cause once, with the first execution that it struck and their number.
pub fn failures(page: &mut Page, experiment: &Experiment) {
    let failed = experiment.runs.iter().flat_map(|run| run.executions.iter().map(move |e| (run, e)));
    let causes = causes(failed);
    if causes.is_empty() {
        return;
    }
    page.heading(2, "What failed");
    if let Some(words) = insight::failed::failed(experiment).words() {
        page.paragraph(&format!("{words}."));
    }
    let settings = experiment.settings();
    let line = |cause: &Cause<'_>| {
        let (run, execution) = cause.first;
        let where_ = place(run, &word(run.setting(), &settings));
        let times = if cause.count > 1 { format!("; {} times in all", cause.count) } else { String::new() };
        let mend = cause.mend.map_or_else(String::new, |mend| format!("; to mend it: {mend}"));
        format!(
            "{} ({where_}): {}{times}{}",
            code(&execution.label()),
            plain(&first_line(&cause.sentence)),
            plain(&mend)
        )
    };
    let more: usize = causes.iter().skip(MOST_FAILURES).map(|cause| cause.count).sum();
    let more = (more > 0).then(|| format!("… and {more} more, for other reasons"));
    page.list(causes.iter().take(MOST_FAILURES).map(line).chain(more));
}

/// The processes that tasks and runs left running: like ones once, with their number.
pub fn left_running(page: &mut Page, experiment: &Experiment) {
    let (found, settings) = (left::left(experiment), experiment.settings());
    if found.is_empty() {
        return;
    }
    page.heading(2, "What was left running");
    let more: usize = found.iter().skip(MOST_FAILURES).map(|left| left.count).sum();
    let more = (more > 0).then(|| format!("… and {more} more, of other kinds"));
    page.list(found.iter().take(MOST_FAILURES).map(|it| plain(&left::line(it, &settings))).chain(more));
}

fn first_line(text: &str) -> String {
    const MOST: usize = 300;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > MOST { line.chars().take(MOST).collect::<String>() + "…" } else { line.to_owned() }
}
