//! What the tasks gave, for the terminal: times by task, results, output, failures with their tracebacks.

use super::report::{align, counted, settings, shown_line};
use insight::{
    answers::{self, Alike},
    causes::mend_in,
    label::label,
    left::{self, left},
};
use model::{Execution, Experiment, Outcome, Run, quantity::human_bytes};

/// The most failures with their own line; the rest are counted.
const MOST_FAILURES: usize = 10;
/// The most tasks, results and outputs that are shown; the rest are counted.
const MOST: usize = 8;
/// The most lines of a text that are shown.
const MOST_LINES: usize = 5;
/// The most lines of a traceback that are shown: its last lines have the place and the exception.
const MOST_TRACEBACK: usize = 8;

/// Times by task, results and outputs: one part for each that has something to show.
pub fn gave(experiment: &Experiment) -> Vec<String> {
    [times(experiment), results(experiment), outputs(experiment)].into_iter().flatten().collect()
}

fn times(experiment: &Experiment) -> Option<String> {
    let tasks = answers::task_times(experiment);
    let heading = |setting| label(setting, &experiment.compared);
    let mut lines = vec![vec!["Median time of a task".to_owned()]];
    lines[0].extend(experiment.compared.iter().map(|setting| heading(*setting)));
    for task in tasks.iter().take(MOST) {
        lines.push(std::iter::once(format!("  {}", shown_line(&task.task))).chain(task.cells()).collect());
    }
    (!tasks.is_empty()).then(|| with_more(align(&lines), tasks.len().saturating_sub(MOST), "task"))
}

fn results(experiment: &Experiment) -> Option<String> {
    let found = answers::results(experiment);
    // If nothing returns anything, results say nothing.
    if found.iter().all(|alike| alike.first.1.result.as_ref().is_some_and(|result| result == "None")) {
        return None;
    }
    let line = |alike: &Alike| {
        let (_, execution) = alike.first;
        let result = execution.result.as_ref()?;
        let text = result.as_str().map_or_else(|| result.to_string(), str::to_owned);
        Some(format!("  {}: {}{}", shown_line(&execution.task), shown_line(&text), times_over(alike.count)))
    };
    let lines: Vec<String> = found.iter().take(MOST).filter_map(line).collect();
    let text = format!("Results:\n{}", lines.join("\n"));
    (!lines.is_empty()).then(|| with_more(text, found.len().saturating_sub(MOST), "result"))
}

/// ` (28 times)`
fn times_over(count: usize) -> String {
    if count > 1 { format!(" ({count} times)") } else { String::new() }
}

fn outputs(experiment: &Experiment) -> Option<String> {
    let found = answers::outputs(experiment);
    let entry = |alike: &Alike| {
        let (_, execution) = alike.first;
        let output = execution.output.as_deref()?;
        let streams = [
            ("stdout", &output.stdout_tail, output.stdout_bytes),
            ("stderr", &output.stderr_tail, output.stderr_bytes),
        ];
        let said = streams.iter().filter(|(.., bytes)| *bytes > 0).map(|(name, text, bytes)| {
            format!(
                "  {} to {name}{}:{}",
                shown_line(&execution.task),
                times_over(alike.count),
                first_lines(text, *bytes)
            )
        });
        Some(said.collect::<Vec<_>>().join("\n"))
    };
    let entries: Vec<String> = found.iter().take(MOST).filter_map(entry).collect();
    let text = format!("Written:\n{}", entries.join("\n"));
    (!entries.is_empty()).then(|| with_more(text, found.len().saturating_sub(MOST), "text"))
}

/// The first lines of the text that was kept, and how much more there is; of binary output only its length.
fn first_lines(text: &str, bytes: u64) -> String {
    let is_text = !text.chars().any(|c| c == '\u{FFFD}' || (c.is_control() && !c.is_whitespace() && c != '\u{1b}'));
    if !is_text {
        return format!(" {}, which are no text", human_bytes(bytes));
    }
    let mut lines: Vec<String> =
        text.lines().take(MOST_LINES).map(|line| format!("\n    {}", shown_line(line))).collect();
    let left = text.lines().count().saturating_sub(MOST_LINES);
    if bytes > text.len() as u64 {
        lines.insert(0, format!("\n    … of {} the end is kept, which begins:", human_bytes(bytes)));
    }
    if left > 0 {
        lines.push(format!("\n    … and {} more", counted(left as u64, "line")));
    }
    lines.concat()
}

/// A text, and a line below it with how many more there are.
fn with_more(text: String, more: usize, what: &str) -> String {
    if more == 0 { text } else { format!("{text}\n  … and {} more", counted(more as u64, what)) }
}

/// The executions that did not succeed: where, which, and how they ended, with one line for all that ended alike.
pub fn failures(experiment: &Experiment) -> Vec<String> {
    let found = answers::failures(experiment);
    let mut lines: Vec<String> = found.iter().take(MOST_FAILURES).map(|alike| failure(experiment, alike)).collect();
    let told: usize = found.iter().take(MOST_FAILURES).map(|alike| alike.count).sum();
    let more = answers::failed(experiment).saturating_sub(told);
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
    lines.extend(answers::silent_join(experiment).map(str::to_owned));
    lines
}

/// `crash #1 (threads, repeat 2): lost (SIGSEGV)…`, with the last words of a program and the traceback of a function.
fn failure(experiment: &Experiment, alike: &Alike) -> String {
    let (run, execution): (&Run, &Execution) = alike.first;
    let sentence = execution.outcome.as_ref().map(Outcome::sentence).unwrap_or_default();
    let place = answers::place(run, &settings(experiment));
    let others = match alike.count - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let mut line = format!("{} ({place}){others}: {}", shown_line(&execution.label()), shown_line(&sentence));
    let stderr = execution.output.as_ref().map_or("", |output| output.stderr_tail.as_str());
    if let Some(last) = stderr.lines().rfind(|line| !line.trim().is_empty()) {
        line += &format!("; stderr ends with: {}", shown_line(last));
    }
    if let Some(mend) = mend_in(run, execution) {
        line += &format!("; to mend it: {mend}");
    }
    line + &traceback(execution.traceback.as_deref().unwrap_or_default(), &sentence)
}

/// The end of a traceback, which has the place. Lines that the sentence already contains are left out.
fn traceback(text: &str, sentence: &str) -> String {
    let is_new = |line: &&str| !line.starts_with("Traceback (") && !sentence.contains(line.trim());
    let lines: Vec<&str> = text.trim_end().lines().filter(is_new).collect();
    let left = lines.len().saturating_sub(MOST_TRACEBACK);
    let mut shown: Vec<String> = lines.iter().skip(left).map(|line| format!("\n    {}", shown_line(line))).collect();
    if left > 0 {
        shown.insert(0, format!("\n    … {} before", counted(left as u64, "line")));
    }
    shown.concat()
}

/// The processes that tasks and runs left behind: one line for all that are alike.
pub fn left_running(experiment: &Experiment) -> Option<String> {
    let (found, settings) = (left(experiment), settings(experiment));
    let lines = found.iter().take(MOST).map(|left| format!("\n  {}", left::line(left, &settings)));
    let text = format!("Left running:{}", lines.collect::<String>());
    (!found.is_empty()).then(|| with_more(text, found.len().saturating_sub(MOST), "kind"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::testing::Builder;
    use model::{LaunchMode::Threads, OutcomeKind, Output};

    fn experiment() -> Experiment {
        Builder::compare("t").makespans(Threads, &[1.0; 4]).build()
    }

    #[test]
    fn a_programs_last_words_are_shown() {
        let mut experiment = experiment();
        let execution = &mut experiment.runs[0].executions[0];
        execution.outcome = Some(Outcome { code: Some(2), ..Outcome::of(OutcomeKind::Failed) });
        let stderr_tail = "usage: x\nx: no \u{1b}[1mfile\n\n".to_owned();
        execution.output = Some(Box::new(Output { stderr_tail, ..Output::default() }));
        let line = "primes #1 (threads, repeat 1): failed (exit status 2); stderr ends with: x: no  [1mfile";
        assert_eq!(failures(&experiment), [line]);
    }

    #[test]
    fn failures_that_are_alike_are_one_line_with_a_count_and_a_traceback() {
        let mut experiment = experiment();
        for execution in experiment.runs.iter_mut().flat_map(|run| &mut run.executions) {
            execution.outcome = Some(Outcome::with_message(OutcomeKind::Exception, "ValueError: no"));
            execution.traceback = Some(
                "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    raise\nValueError: no".into(),
            );
        }
        let all: usize = experiment.runs.iter().map(|run| run.executions.len()).sum();
        let line = format!(
            "primes #1 (threads, repeat 1) and {} more: exception: ValueError: no\n      File \"a.py\", line 3, in f\n        raise",
            all - 1
        );
        assert_eq!(failures(&experiment), [line]);
    }

    #[test]
    fn failures_of_many_kinds_are_counted() {
        let mut experiment = experiment();
        for (at, execution) in experiment.runs.iter_mut().flat_map(|run| &mut run.executions).enumerate() {
            execution.outcome = Some(Outcome::with_message(OutcomeKind::Panicked, format!("number {at}\nsecond line")));
        }
        let lines = failures(&experiment);
        assert_eq!(lines.len(), MOST_FAILURES + 1);
        assert_eq!(lines[0], "primes #1 (threads, repeat 1): panicked: number 0");
        assert_eq!(lines[MOST_FAILURES], "… and 6 more");
    }

    #[test]
    fn results_and_output_are_shown_once_with_a_count() {
        let mut experiment = experiment();
        for execution in experiment.runs.iter_mut().flat_map(|run| &mut run.executions) {
            let stdout_tail = "a\nb\nc\nd\ne\nf\n".to_owned();
            execution.output = Some(Box::new(Output { stdout_bytes: 12, stdout_tail, ..Output::default() }));
        }
        experiment.runs[1].executions[0].output = Some(Box::new(Output {
            stderr_bytes: 2_000,
            stderr_tail: "\u{FFFD}\u{1}".to_owned(),
            ..Output::default()
        }));
        let parts = gave(&experiment);
        assert_eq!(parts[0], "Results:\n  primes: 216816 (16 times)");
        let written = "Written:\n  primes to stdout (15 times):\n    a\n    b\n    c\n    d\n    e\n    … and 1 line more\n  primes to \
                       stderr: 1.95 KiB, which are no text";
        assert_eq!(parts[1], written);
    }

    #[test]
    fn who_was_left_running_is_told_by_kind_and_no_more_kinds_than_are_read() {
        assert_eq!(left_running(&experiment()), None);
        let text = left_running(&insight::testing::left::experiment()).expect("two kinds");
        let [head, remains, alike] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
        assert_eq!(head, "Left running:");
        assert!(remains.contains("(process 99)") && remains.ends_with("and may still be there"), "{text}");
        assert!(alike.starts_with("  primes #1 (processes, repeat 1): sleep 600"), "{text}");
        let mut many = experiment();
        let kind = |n: u32| model::LeftProcess {
            command: "x".repeat(n as usize + 1),
            ..insight::testing::left::process(n, None, model::LeftEnd::Killed)
        };
        many.runs[0].end.get_or_insert_default().left = (0..12).map(kind).collect();
        let text = left_running(&many).expect("twelve kinds");
        assert!(text.lines().count() == 10 && text.ends_with("\n  … and 4 kinds more"), "{text}");
    }
}
