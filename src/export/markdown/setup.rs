//! The setup: machine, runs, interpreters, conditions and plan.

use super::page::{Page, code, plain};
use crate::chart::date;
use insight::waterfall::words::time;
use model::{
    Args, Conditions, Experiment, InterpreterFacts, Run, SweepAxis, Target, Task, duration::text as duration,
    quantity::human_bytes,
};
use serde_json::Value;

/// The machine, the date, and how runs were made.
pub fn head(page: &mut Page, experiment: &Experiment) {
    let machine = &experiment.machine;
    let mut lines = vec![format!("**Machine:** {}", plain(&machine.line()))];
    if machine.memory_bytes > 0 {
        lines[0] += &format!(", {} of memory", human_bytes(machine.memory_bytes));
    }
    lines.push(format!("**Runs:** {}", plain(&runs(experiment))));
    let facts =
        distinct(experiment.runs.iter().filter_map(|run| run.interpreter_facts.as_ref()).map(InterpreterFacts::title));
    if !facts.is_empty() {
        lines.push(format!("**Interpreters:** {}", plain(&facts.join(", "))));
    }
    if let Some(conditions) = conditions(experiment) {
        lines.push(format!("**Conditions:** {conditions}"));
    }
    // A backslash at the end of a line is a line break.
    page.paragraph(&lines.join("\\\n"));
}

fn runs(experiment: &Experiment) -> String {
    let settings = experiment.settings();
    let measured = experiment.runs.iter().filter(|run| !run.warmup).count();
    let warmups = experiment.runs.len() - measured;
    let mut words = vec![format!("{} of {}", counted(measured, "measured run"), counted(settings.len(), "setting"))];
    if warmups > 0 {
        words[0] += &format!(" after {}", counted(warmups, "warm-up"));
    }
    words.extend(experiment.runs.first().map(|run| format!("begun {}", date(&run.started_at))));
    words.extend(experiment.plan.run.seed.map(|seed| format!("seed {seed}")));
    words.push(format!("measured: {}", experiment.plan.run.measure));
    words.push(format!("Spawnscope {}", experiment.program_version));
    words.join(", ")
}

/// The machine's frequencies, throttling and power over all measured runs, as far as they are known.
fn conditions(experiment: &Experiment) -> Option<String> {
    let of = |run: &Run| run.end.as_ref()?.conditions.clone();
    let all: Vec<Conditions> = experiment.runs.iter().filter(|run| !run.warmup).filter_map(of).collect();
    let lowest = all.iter().filter_map(|conditions| conditions.lowest_mhz).min();
    let highest = all.iter().filter_map(|conditions| conditions.highest_mhz).max();
    let throttled: Vec<u64> = all.iter().filter_map(|conditions| conditions.throttle_events).collect();
    let mut words = Vec::new();
    if let (Some(lowest), Some(highest)) = (lowest, highest) {
        words.push(format!("cores at {lowest} to {highest} MHz before and after runs"));
    }
    if !throttled.is_empty() {
        words.push(match throttled.iter().filter(|events| **events > 0).count() {
            0 => "no thermal throttling".to_owned(),
            runs => format!("thermal throttling in {}", counted(runs, "run")),
        });
    }
    let power: Vec<bool> = all.iter().filter_map(|conditions| conditions.on_battery).collect();
    words.extend((!power.is_empty()).then(|| if power.contains(&true) { "on battery" } else { "on mains" }.to_owned()));
    (!words.is_empty()).then(|| words.join(", "))
}

/// The tasks of the plan.
pub fn tasks(page: &mut Page, experiment: &Experiment) {
    let plan = &experiment.plan;
    page.heading(2, "Plan");
    let run = &plan.run;
    let mut words = vec![match run.workers {
        _ if matches!(experiment.sweep, Some(SweepAxis::Workers(_))) => {
            "as many in flight as the sweep says".to_owned()
        }
        0 => "as many in flight as there are executions".to_owned(),
        workers => format!("at most {workers} in flight"),
    }];
    words.extend(run.timeout.map(|timeout| format!("at most {} for each execution", duration(timeout))));
    page.paragraph(&format!("{}.", capital(&words.join(", "))));
    let heads = ["Task", "Target", "Arguments", "Executions"].map(str::to_owned);
    let rows = plan
        .tasks
        .iter()
        .map(|task| vec![task.name.clone(), task.target.to_string(), arguments(task), task.count.to_string()]);
    page.columns(3, &heads, &rows.collect::<Vec<_>>());
}

/// `limit = 20000`, or `8000000, step = 1` for a Python function.
fn arguments(task: &Task) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let named = |(name, value): (&String, &Value)| format!("{name} = {}", text(value));
    let mut words: Vec<String> = match &task.args {
        Args::Named(map) => map.iter().map(named).collect(),
        Args::List(_) if matches!(task.target, Target::Program(_)) => vec![task.args.words().join(" ")],
        Args::List(list) => list.iter().map(text).collect(),
    };
    words.extend(task.kwargs.iter().map(named));
    words.join(", ")
}

/// `1 run`, `3 runs`
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    texts.for_each(|text| {
        if !found.contains(&text) {
            found.push(text);
        }
    });
    found
}

/// The name of a run in its experiment: `threads, repeat 2`, as code.
pub fn place(run: &Run, word: &str) -> String {
    let kind = if run.warmup { "warm-up" } else { "repeat" };
    code(&format!("{word}, {kind} {}", run.repeat + 1))
}

/// A stretch on a run's timeline: `from 1.20 ms to 3.40 ms`.
pub fn stretch(from_ns: u64, to_ns: u64) -> String {
    format!("from {} to {}", time(from_ns as f64), time(to_ns as f64))
}
