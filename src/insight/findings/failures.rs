//! Executions that did not succeed, and those that a crash took with it.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): beside one that aborts, three sleeps
//! ended as processes, and were lost as threads.

use super::{facts::Facts, found::Found};
use crate::{
    causes::{Cause, causes},
    failed::{self, Failed},
    phrase::Phrase,
};
use model::{Execution, Experiment, FindingPlace, OutcomeKind, Run, Stage, outcome::signal_name};

/// The id of executions that did not succeed.
pub const FAILURES: &str = "failures";
/// The id of a crash that took others with it.
pub const CRASH: &str = "crash-took-others";

/// Failures come before everything: times of work that was not done say little.
const WEIGHT: f64 = 10.0;
const LEAST_WEIGHT: f64 = 4.0;

fn measured(experiment: &Experiment) -> impl Iterator<Item = &Run> {
    let compared = |run: &&Run| !run.warmup && experiment.compared.contains(&run.setting());
    experiment.runs.iter().filter(compared)
}

fn manner(facts: &Facts<'_>, run: &Run) -> String {
    Phrase::of(run.setting(), &facts.experiment.compared).manner
}

/// Executions that did not succeed, whatever the reason.
pub fn failures(facts: &Facts<'_>) -> Option<Found> {
    let failures = |run: &Run| run.executions.iter().filter(|execution| execution.failed()).count();
    let runs: Vec<&Run> = measured(facts.experiment).filter(|run| failures(run) > 0).collect();
    let worst = runs.iter().copied().max_by_key(|run| failures(run))?;
    let Failed { count, of, .. } = failed::failed(facts.experiment);
    let (sum, all) = (count as u64, of as u64);
    let first = worst.executions.iter().find(|execution| execution.failed())?;
    let causes = causes(runs.iter().flat_map(|run| run.executions.iter().map(move |execution| (*run, execution))));
    let sentence = sentence(facts, &causes, sum, all)?;
    let mended = causes.iter().find_map(|cause| cause.mend).map_or_else(
        || "Mend them first: a run that failed does not count, and what fails early looks fast.".to_owned(),
        |mend| format!("{}. Until then these runs don't count.", capital(mend)),
    );
    let mut found = Found::new(FAILURES, "Some executions did not succeed")
        .sentence(sentence)
        .advice(mended)
        .clause("executions did not succeed")
        .count("failed_count", sum)
        .count("causes_count", causes.len() as u64)
        .count("executions_count", all)
        .found_in(runs.iter().map(|run| run.setting()).collect::<Vec<_>>())
        .shown_by(worst_first(worst, &runs), last_seen(worst, first));
    // A daemon thread that nobody waited for did nothing wrong: the finding on its join comes first.
    let mut all_failed = runs.iter().flat_map(|run| &run.executions).filter(|execution| execution.failed());
    let harmless = all_failed.all(|execution| is(execution, OutcomeKind::Abandoned));
    found.weight = if harmless { LEAST_WEIGHT } else { WEIGHT };
    Some(found)
}

/// `20 of 24 executions did not succeed, all for one reason; as threads, primes #1: exception: ValueError: bad.`
fn sentence(facts: &Facts<'_>, causes: &[Cause<'_>], sum: u64, all: u64) -> Option<String> {
    let cause = causes.first()?;
    let (run, execution) = cause.first;
    let reasons = match (sum, causes.len()) {
        (1, _) => String::new(),
        (_, 1) => ", all for one reason".to_owned(),
        (_, n) if cause.count == 1 => format!(", for {n} reasons"),
        (_, n) => format!(", for {n} reasons, {} of them for the most frequent one", cause.count),
    };
    Some(format!(
        "{sum} of {all} {} did not succeed{reasons}; {}, {}: {}.",
        if all == 1 { "execution" } else { "executions" },
        manner(facts, run),
        execution.label(),
        cause.sentence
    ))
}

/// A process that died took executions with it that had done nothing wrong; in a mode that isolates, one goes alone.
pub fn crash(facts: &Facts<'_>) -> Option<Found> {
    let lost = |run: &Run| run.executions.iter().filter(|execution| is(execution, OutcomeKind::Lost)).count() as u64;
    // Left out are sequential runs, which lose only the one that crashed; runs that Spawnscope ended at a timeout; and
    // pools of processes, whose workers are apart.
    let timed_out = |run: &Run| run.executions.iter().any(|execution| is(execution, OutcomeKind::TimedOut));
    let crashed = |run: &&Run| lost(run) > 1 && !run.mode.isolates() && !timed_out(run);
    let runs: Vec<&Run> = measured(facts.experiment).filter(crashed).collect();
    let worst = runs.iter().copied().max_by_key(|run| lost(run))?;
    let first = worst.executions.iter().find(|execution| is(execution, OutcomeKind::Lost))?;
    let signal = first.outcome.as_ref().and_then(|outcome| outcome.signal);
    let what = signal.map_or_else(|| "The end of their process".to_owned(), signal_name);
    let apart = measured(facts.experiment).find(|run| run.mode.isolates() && alone(run).is_some());
    let beside = apart.and_then(|run| Some((run, alone(run)?))).map_or_else(String::new, |(run, crashed)| {
        let others = run.executions.iter().filter(|execution| !execution.failed()).count();
        format!(" {}, {} went alone, and {others} others succeeded.", capital(&manner(facts, run)), crashed.label())
    });
    let sentence = format!(
        "{what} ended the process in which {} executions ran {}: all of them are lost, whoever crashed.{beside}",
        lost(worst),
        manner(facts, worst),
    );
    let mut found = Found::new(CRASH, "A crash took others with it")
        .sentence(sentence)
        .advice("Run what may crash in processes of its own: a process that crashes goes alone.")
        .clause("one that crashes takes all others of its process with it")
        .count("lost_count", lost(worst))
        .count("executions_count", worst.executions.len() as u64)
        .word("signal", signal.map_or_else(String::new, signal_name))
        .found_in(runs.iter().map(|run| run.setting()).collect::<Vec<_>>())
        .shown_by(worst_first(worst, &runs), last_seen(worst, first));
    found.weight = WEIGHT + 1.0;
    Some(found)
}

fn is(execution: &Execution, kind: OutcomeKind) -> bool {
    execution.outcome.as_ref().is_some_and(|outcome| outcome.kind == kind)
}

/// The one that a signal ended, where it is the only one that failed.
fn alone(run: &Run) -> Option<&Execution> {
    let mut failed = run.executions.iter().filter(|execution| execution.failed());
    let first = failed.next().filter(|execution| is(execution, OutcomeKind::Signalled))?;
    failed.next().is_none().then_some(first)
}

fn worst_first(worst: &Run, runs: &[&Run]) -> Vec<u32> {
    let first = worst.id;
    std::iter::once(first).chain(runs.iter().map(|run| run.id).filter(|id| *id != first)).collect()
}

/// From its launch to its exit, or to the end of the run.
fn last_seen(run: &Run, execution: &Execution) -> Option<FindingPlace> {
    let from_ns = execution.stamps.get(Stage::LaunchCalled)?;
    let ended = execution.stamps.get(Stage::Exited).unwrap_or_else(|| run.length_ns());
    Some(FindingPlace { execution: Some(execution.id), from_ns, to_ns: ended.max(from_ns) })
}

fn capital(text: &str) -> String {
    crate::phrase::capitalised(text)
}
