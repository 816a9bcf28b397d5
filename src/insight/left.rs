//! Processes that runs left behind. Those that are alike are listed once, with their number.

use super::answers::place;
use model::{Execution, Experiment, LeftEnd, LeftProcess, MOST_LEFT_NAMED, Run, Setting};
use std::collections::HashMap;

/// Processes that were left behind in the same way.
#[derive(Clone, Debug)]
pub struct Left<'a> {
    /// The run of the first of them.
    pub run: &'a Run,
    /// The first of them.
    pub process: &'a LeftProcess,
    /// How many there are, that one included.
    pub count: usize,
}

/// The kinds in an experiment: those that could not be ended first, then the most numerous.
pub fn left(experiment: &Experiment) -> Vec<Left<'_>> {
    kinds(&experiment.runs)
}

/// The same for some runs.
pub fn kinds<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Vec<Left<'a>> {
    let mut found: Vec<Left<'a>> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for run in runs {
        for process in of_run(run) {
            let place = *places.entry(key(run, process)).or_insert(found.len());
            match found.get_mut(place) {
                Some(left) => left.count += 1,
                None => found.push(Left { run, process, count: 1 }),
            }
        }
    }
    found.sort_by_key(|left| (!left.process.remains(), std::cmp::Reverse(left.count)));
    found
}

/// The processes that a run left behind.
pub fn of_run(run: &Run) -> &[LeftProcess] {
    run.end.as_ref().map_or(&[], |end| &end.left)
}

/// The processes that an execution left behind; for `None`, those that no execution is known to have left.
pub fn of_execution(run: &Run, execution: Option<u32>) -> impl Iterator<Item = &LeftProcess> {
    of_run(run).iter().filter(move |process| process.execution == execution)
}

/// The execution that left a process behind, where it is known.
pub fn who_left<'a>(run: &'a Run, process: &LeftProcess) -> Option<&'a Execution> {
    run.executions.get(process.execution? as usize)
}

/// How many processes the runs left behind, in words: `3`, and `at least 100` where a guard did not name all of them.
pub fn count_words(experiment: &Experiment) -> String {
    let counts: Vec<usize> = experiment.runs.iter().map(|run| of_run(run).len()).collect();
    let least = if counts.iter().any(|count| *count >= MOST_LEFT_NAMED) { "at least " } else { "" };
    format!("{least}{}", counts.iter().sum::<usize>())
}

/// `leaves #1 (processes, repeat 1): sleep 600 (process 4711) was left running; SIGTERM ended it; 20 such processes in all`
pub fn line(left: &Left<'_>, settings: &[Setting]) -> String {
    let Left { run, process, .. } = left;
    let place = place(run, settings);
    let who = who_left(run, process).map_or_else(|| place.clone(), |it| format!("{} ({place})", it.label()));
    format!("{who}: {}", sentence(left))
}

/// The same within one run: `leaves #1: sleep 600 (process 4711) was left running; SIGTERM ended it; 4 such processes
/// in all`
pub fn line_in_run(left: &Left<'_>) -> String {
    let who = who_left(left.run, left.process).map_or_else(String::new, |it| format!("{}: ", it.label()));
    format!("{who}{}", sentence(left))
}

fn sentence(left: &Left<'_>) -> String {
    let more = if left.count > 1 { format!("; {} such processes in all", left.count) } else { String::new() };
    format!("{}{more}", left.process.sentence())
}

/// What processes that are alike have in common.
type Key = (Option<u32>, String, bool, Option<LeftEnd>);

/// Commands that differ only in numbers (a port, a file's, a time) are alike.
fn key(run: &Run, process: &LeftProcess) -> Key {
    let mut command = String::with_capacity(process.command.len());
    for c in process.command.chars() {
        match c.is_ascii_digit() {
            false => command.push(c),
            true if !command.ends_with('0') => command.push('0'),
            true => {}
        }
    }
    (who_left(run, process).map(|it| it.task_index), command, process.holds_output, process.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::left::{experiment, process};

    #[test]
    fn those_that_are_alike_are_one_line_with_a_count_and_who_remains_comes_first() {
        let experiment = experiment();
        let lines: Vec<_> = left(&experiment).iter().map(|left| line(left, &experiment.compared)).collect();
        let expected = [
            "processes, repeat 1: sleep 609 (process 99) was left running; it could not be ended, and may still be there",
            "primes #1 (processes, repeat 1): sleep 600 (process 4710) was left running and held its stdout or stderr; SIGKILL \
             ended it; 8 such processes in all",
        ];
        assert_eq!(lines, expected);
        assert_eq!(count_words(&experiment), "9");
    }

    #[test]
    fn where_a_guard_named_not_all_the_count_is_a_least_one() {
        let mut experiment = experiment();
        let end = experiment.runs[0].end.get_or_insert_default();
        end.left = (0..MOST_LEFT_NAMED as u32).map(|pid| process(pid, None, LeftEnd::Terminated)).collect();
        assert_eq!(count_words(&experiment), "at least 109");
    }
}
