//! The texts above and below the panels.

use super::{MARGIN, choice, panel::Panel};
use crate::ExportOptions;
use insight::{compare::compare, others, summary::differing_results};
use model::{Experiment, InterpreterFacts, Run, StartMethod, quantity::grouped};
use scene::{
    palette,
    picture::{Picture, Style},
};

/// The most sentences shown; the document holds all.
const MOST_SENTENCES: usize = 3;

/// Draws title, machine, settings and verdicts; returns where the panels begin.
pub fn draw(picture: &mut Picture, experiment: &Experiment, options: &ExportOptions, panels: &[Panel]) -> f64 {
    let title = options.title.as_deref().unwrap_or(&experiment.plan.name);
    let runs: Vec<&Run> = panels.iter().map(|panel| panel.run).collect();
    let mut y = head(picture, experiment, options, title, &runs) + 12.0;
    let ink = picture.theme.ink;
    for (text, warns) in sentences(experiment) {
        let colour = if warns { picture.theme.readable(palette::FAILED) } else { ink };
        y = paragraph(picture, y, Style::new(19.0, colour).bold(), &text) + 4.0;
    }
    y + 14.0
}

/// Draws title, machine and settings of a page about one subject: `Plan: findings`; returns the last baseline.
pub fn page(picture: &mut Picture, experiment: &Experiment, options: &ExportOptions, about: &str) -> f64 {
    let title = options.title.clone().unwrap_or_else(|| format!("{}: {about}", experiment.plan.name));
    let runs = choice::shown(experiment).into_iter().filter_map(|s| choice::run_of(experiment, s, options));
    head(picture, experiment, options, &title, &runs.collect::<Vec<_>>())
}

/// The same for what an execution costs, with its `sentences`; `more` settings are only in the table. Returns where the
/// chart begins.
pub fn waterfall(
    picture: &mut Picture,
    experiment: &Experiment,
    options: &ExportOptions,
    sentences: &[String],
    more: usize,
) -> f64 {
    let title = options.title.clone().unwrap_or_else(|| format!("What an execution costs: {}", experiment.plan.name));
    let options = ExportOptions { title: Some(title), ..options.clone() };
    let y = page(picture, experiment, &options, "") + 12.0;
    let more = (more > 0).then(|| format!("{} more are in the table (.waterfall.csv).", count(more, "setting")));
    let style = Style::new(17.0, picture.theme.ink);
    let texts = sentences.iter().take(MOST_SENTENCES).chain(&more);
    texts.fold(y, |y, text| paragraph(picture, y, style, text) + 4.0) + 12.0
}

/// The same for a sweep, with its sentences and warnings; returns where the legend begins.
pub fn sweep(
    picture: &mut Picture,
    experiment: &Experiment,
    options: &ExportOptions,
    what: &str,
    sentences: &[String],
    warnings: &[String],
) -> f64 {
    let mut y = page(picture, experiment, options, what) + 12.0;
    let (ink, failed) = (picture.theme.ink, picture.theme.readable(palette::FAILED));
    let early = experiment.message.iter().map(|message| format!("Ended early: {message}.")).collect::<Vec<_>>();
    let lines = sentences.iter().map(|text| (text, ink));
    for (text, colour) in lines.chain(early.iter().chain(warnings).map(|text| (text, failed))) {
        y = paragraph(picture, y, Style::new(19.0, colour).bold(), text) + 4.0;
    }
    y + 16.0
}

/// Draws title, machine and settings; returns the last baseline.
fn head(picture: &mut Picture, experiment: &Experiment, options: &ExportOptions, title: &str, runs: &[&Run]) -> f64 {
    let (ink, muted) = (picture.theme.ink, picture.theme.muted);
    let mut y = MARGIN + 24.0;
    one_line(picture, y, Style::new(30.0, ink).bold(), title);
    let date = runs.first().map(|run| date(&run.started_at)).unwrap_or_default();
    for line in [format!("{}  ·  {date}", experiment.machine.line()), settings_line(experiment, runs)] {
        y += 25.0;
        one_line(picture, y, Style::new(16.0, muted), &line);
    }
    if options.before_edit {
        y += 25.0;
        let warns = picture.theme.readable(palette::FAILED);
        one_line(picture, y, Style::new(16.0, warns).bold(), "Of the plan as it was before its last edit");
    }
    y
}

/// Draws the line at the bottom; returns the picture's height.
pub fn footer(picture: &mut Picture, experiment: &Experiment, y: f64) -> f64 {
    let style = Style::new(13.0, picture.theme.muted);
    one_line(picture, y + 14.0, style, &format!("Spawnscope {}", experiment.program_version));
    y + 14.0 + 26.0
}

fn one_line(picture: &mut Picture, y: f64, style: Style, text: &str) {
    let text = picture.ruler.fit(text, style.size, style.bold, picture.width - 2.0 * MARGIN);
    picture.text(MARGIN, y, style, &text);
}

/// Draws the heading of a part, with its meaning beside it; returns where the part begins.
pub fn heading(picture: &mut Picture, y: f64, title: &str, meaning: &str) -> f64 {
    let texts = [(Style::new(20.0, picture.theme.ink).bold(), title), (Style::new(15.0, picture.theme.muted), meaning)];
    picture.texts((MARGIN, y + 20.0), (picture.width - MARGIN, 14.0), texts);
    y + 34.0
}

/// Draws a text in as many lines as it takes; returns the last baseline.
pub fn paragraph(picture: &mut Picture, mut y: f64, style: Style, text: &str) -> f64 {
    for line in picture.ruler.wrap(text, style.size, style.bold, picture.width - 2.0 * MARGIN) {
        y += style.size * 1.3;
        picture.text(MARGIN, y, style, &line);
    }
    y
}

/// The sentences about the experiment, and whether each is a warning.
fn sentences(experiment: &Experiment) -> Vec<(String, bool)> {
    let verdicts = compare(experiment).into_iter().map(|comparison| (comparison.sentence, false));
    let early = experiment.message.iter().map(|message| (format!("Ended early: {message}."), true));
    let results = differing_results(experiment).into_iter().map(|sentence| (sentence, true));
    let others = others::worst(experiment, &choice::shown(experiment)).map(|sentence| (sentence, true));
    let warnings = early.chain(results.take(MOST_SENTENCES)).chain(others);
    let mut told: Vec<_> = verdicts.collect();
    let more = told.len().saturating_sub(MOST_SENTENCES);
    told.truncate(MOST_SENTENCES);
    if more > 0 {
        told.push((format!("And {} more; the chart of the comparison has all.", count(more, "verdict")), false));
    }
    told.into_iter().chain(warnings).collect()
}

/// The numbers of executions, tasks and repeats, and how executions were started.
fn settings_line(experiment: &Experiment, runs: &[&Run]) -> String {
    let Some(run) = runs.first() else { return String::new() };
    let tasks = experiment.plan.tasks.len();
    let mut parts = vec![format!("{} of {}", count(run.executions.len(), "execution"), count(tasks, "task"))];
    if runs.iter().all(|other| other.workers == run.workers) {
        parts.push(match run.workers {
            0 => "all in flight at once".to_owned(),
            workers => format!("at most {} in flight", grouped(workers)),
        });
    }
    parts.extend(distinct(runs.iter().filter_map(|run| started(run))));
    let facts = runs.iter().filter_map(|run| run.interpreter_facts.as_ref());
    parts.extend(distinct(facts.map(InterpreterFacts::title)));
    let repeats = runs.iter().map(|run| experiment.repeats(run.setting()).count()).max().unwrap_or(0);
    parts.push(count(repeats, "repeat"));
    parts.join("  ·  ")
}

/// How processes were started, or Python threads unless in the usual way.
fn started(run: &Run) -> Option<String> {
    let what = match (run.mode.isolates(), run.start_method?) {
        (true, _) => "processes",
        (false, StartMethod::Thread | StartMethod::Call) => return None,
        (false, StartMethod::Run) => return Some("run() called instead of start()".to_owned()),
        (false, _) => "threads",
    };
    run.start_method.map(|method| format!("{what} by {method}"))
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut found = Vec::new();
    texts.for_each(|text| {
        if !found.contains(&text) {
            found.push(text);
        }
    });
    found
}

fn count(number: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(number as i128), if number == 1 { "" } else { "s" })
}

/// `2026-01-31 10:20 UTC` from RFC 3339; any other text unchanged.
pub fn date(rfc3339: &str) -> String {
    let parts = || Some((rfc3339.get(..10)?, rfc3339.get(11..16)?));
    let zone = || {
        let rest = rfc3339.get(19..)?;
        if rest.ends_with('Z') { Some("UTC") } else { rest.rfind(['+', '-']).and_then(|at| rest.get(at..)) }
    };
    match parts() {
        Some((day, time)) => format!("{day} {time} {}", zone().unwrap_or_default()).trim_end().to_owned(),
        None => rfc3339.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_are_short_and_keep_their_zone() {
        assert_eq!(date("2026-01-31T10:20:30Z"), "2026-01-31 10:20 UTC");
        assert_eq!(date("2026-01-31T10:20:30.123+02:00"), "2026-01-31 10:20 +02:00");
        assert_eq!(date("yesterday"), "yesterday");
    }
}
