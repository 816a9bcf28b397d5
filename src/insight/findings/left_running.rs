//! Processes that were still running when the program or the run that had started them was over.
//!
//! The advice was tried (`tests/integration/left_told.rs`): a shell that leaves `sleep &` with its output is found, and
//! one that waits for it, or ends it, is not.

use super::{facts::Facts, found::Found};
use crate::{left, phrase::Phrase};
use model::{FindingPlace, LeftProcess, Run, Stage};

/// The id.
pub const ID: &str = "left-running";

/// As for an abandoned thread: what the run says of itself comes first.
const WEIGHT: f64 = 4.0;
/// A process that could not be ended may disturb every run after it.
const REMAINING_WEIGHT: f64 = 9.0;

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let kinds = left::left(facts.experiment);
    let first = kinds.first()?;
    let all: usize = kinds.iter().map(|kind| kind.count).sum();
    let of = |fits: fn(&LeftProcess) -> bool| -> u64 {
        let processes = facts.experiment.runs.iter().flat_map(left::of_run);
        processes.filter(|process| fits(process)).count() as u64
    };
    let (holding, remaining) = (of(|process| process.holds_output), of(LeftProcess::remains));
    let runs: Vec<&Run> = facts.experiment.runs.iter().filter(|run| !left::of_run(run).is_empty()).collect();
    let shown = std::iter::once(first.run.id).chain(runs.iter().map(|run| run.id).filter(|id| *id != first.run.id));
    let number = left::count_words(facts.experiment);
    let mut found = Found::new(ID, "Processes were left running")
        .sentence(sentence(facts, &kinds, &number))
        .advice(advice(first.process, holding > 0))
        .clause("processes were left running")
        .count("left_count", all as u64)
        .count("kinds_count", kinds.len() as u64)
        .count("holding_output_count", holding)
        .count("remaining_count", remaining)
        .word("command", first.process.command.as_str())
        .found_in(runs.iter().map(|run| run.setting()).collect::<Vec<_>>())
        .shown_by(shown.collect::<Vec<_>>(), place(first));
    found.weight = if remaining > 0 { REMAINING_WEIGHT } else { WEIGHT };
    // It explains no verdict.
    found.likeness = 0.0;
    Some(found)
}

/// `20 processes were still running when the task or the run was over that had started them, all alike; as processes,
/// leaves #1: …`
fn sentence(facts: &Facts<'_>, kinds: &[left::Left<'_>], number: &str) -> String {
    let (kind, all) = (&kinds[0], kinds.iter().map(|kind| kind.count).sum::<usize>());
    let alike = match (all, kinds.len()) {
        (1, _) => String::new(),
        (_, 1) => ", all alike".to_owned(),
        (_, kinds) => format!(", of {kinds} kinds"),
    };
    let was = if number == "1" { "process was" } else { "processes were" };
    let manner = Phrase::of(kind.run.setting(), &facts.experiment.compared).manner;
    let whose = left::who_left(kind.run, kind.process).map_or_else(String::new, |it| format!(", {}", it.label()));
    let holds = if kind.process.holds_output { " held the stdout or stderr of who had started it;" } else { "" };
    let colon = if holds.is_empty() { ":" } else { "" };
    format!(
        "{number} {was} still running when the task or the run was over that had started {}{alike}; {manner}{whose}: \
         {}{holds}{colon} {}.",
        if number == "1" { "it" } else { "them" },
        kind.process.who(),
        kind.process.fate(),
    )
}

fn advice(process: &LeftProcess, holds_output: bool) -> String {
    if process.remains() {
        return format!(
            "Look whether process {0} is still there (`ps -fp {0}`) and end it as the user whose it is: what it does meanwhile \
             disturbs every run.",
            process.pid
        );
    }
    let output = if holds_output {
        " Where it is to go on, give it other output (`>/dev/null 2>&1`): whoever reads what the task writes waits for its end \
         as well."
    } else {
        ""
    };
    format!(
        "Let the task wait for what it starts, or end it (wait, kill; subprocess.run, terminate() and wait()): Spawnscope ends it \
         with the run, and elsewhere it goes on.{output}"
    )
}

/// From the execution's launch to its end, or the whole run.
fn place(kind: &left::Left<'_>) -> Option<FindingPlace> {
    let length_ns = kind.run.length_ns();
    let execution = left::who_left(kind.run, kind.process);
    let from_ns = execution.and_then(|it| it.stamps.get(Stage::LaunchCalled)).unwrap_or(0);
    let to_ns = execution.and_then(|it| it.stamps.last()).map_or(length_ns, |(_, ns)| ns);
    Some(FindingPlace {
        execution: execution.map(|it| it.id),
        from_ns,
        to_ns: to_ns.clamp(from_ns, length_ns.max(from_ns)),
    })
}
