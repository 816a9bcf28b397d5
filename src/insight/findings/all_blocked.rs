//! Everybody was blocked when the timeout came: a deadlock.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): two locks in one order ended in every
//! repeat, in opposite orders in none.

use super::{facts::Facts, found::Found};
use crate::phrase::{Phrase, capitalised};
use model::{BlockedOn, Execution, FindingPlace, LaunchMode, OutcomeKind, Run, Stage, State, outcome::NOTHING_DUE};

/// The id.
pub const ID: &str = "all-blocked";

/// It goes before the failures that it explains.
const WEIGHT: f64 = 10.5;
/// An execution that was blocked for nine tenths of its last second made no progress.
const BLOCKED: f64 = 0.9;
/// How much of an execution's end is looked at: a second.
const LAST_NS: u64 = 1_000_000_000;
/// How many executions are named with their places; more are counted.
const NAMED: usize = 4;

/// The executions that were in their targets when the timeout came, if all of them were blocked.
fn stuck(run: &Run) -> Option<Vec<&Execution>> {
    let kind = |execution: &Execution| execution.outcome.as_ref().map(|outcome| outcome.kind);
    let inside = |execution: &&Execution| {
        let stamps = &execution.stamps;
        // A timeout breaks the whole pool: a signal ends its workers. An execution that crashed before has no place.
        let with_its_pool = kind(execution) == Some(OutcomeKind::Signalled) && place_of(execution).is_some();
        let ended = matches!(kind(execution), Some(OutcomeKind::TimedOut | OutcomeKind::Lost)) || with_its_pool;
        ended && stamps.get(Stage::Entered).is_some() && stamps.get(Stage::Left).is_none()
    };
    let all: Vec<&Execution> = run.executions.iter().filter(inside).collect();
    let timed_out = all.iter().any(|execution| kind(execution) == Some(OutcomeKind::TimedOut));
    let known = all.iter().all(|execution| {
        place_of(execution).is_some() && (awaits_in_vain(execution) || was_blocked(run, execution.id))
    });
    (timed_out && known).then_some(all)
}

/// Whether it was blocked at its end, on something that another could have ended: a sleep ends by itself.
fn was_blocked(run: &Run, execution: u32) -> bool {
    let Some(profile) = run.profile(execution) else { return false };
    let Some(end) = profile.bins.last().map(|bin| bin.to_ns) else { return false };
    let last = || profile.bins.iter().filter(|bin| bin.to_ns + LAST_NS > end);
    let on = [BlockedOn::Lock, BlockedOn::Io, BlockedOn::Other].map(|on| State::Blocked(on).index());
    let blocked: u64 = last().map(|bin| on.iter().map(|state| bin.in_state_ns[*state]).sum::<u64>()).sum();
    let all: u64 = last().map(|bin| bin.in_state_ns.iter().sum::<u64>()).sum();
    all > 0 && blocked as f64 >= BLOCKED * all as f64
}

/// The place where it was, by its outcome.
fn place_of(execution: &Execution) -> Option<&str> {
    execution.outcome.as_ref()?.message_and_place().1
}

/// Whether it awaited something for which nothing was due in its event loop.
fn awaits_in_vain(execution: &Execution) -> bool {
    place_of(execution).is_some_and(|place| place.ends_with(NOTHING_DUE))
}

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let runs: Vec<(&Run, Vec<&Execution>)> =
        facts.experiment.runs.iter().filter(|run| !run.warmup).filter_map(|run| Some((run, stuck(run)?))).collect();
    // A compared setting comes before a baseline.
    let asked = |run: &Run| facts.experiment.compared.contains(&run.setting());
    let (run, all) = runs.iter().max_by_key(|(run, all)| (asked(run), all.len()))?;
    let place = |it: &Execution| place_of(it).unwrap_or_default().trim_end_matches(NOTHING_DUE).to_owned();
    let named = all.iter().take(NAMED).map(|it| format!("{} at {}", it.label(), place(it)));
    let named = named.collect::<Vec<_>>().join("; ");
    let more = match all.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let (who, waiting) = match run.executions.iter().filter(|it| it.stamps.get(Stage::Entered).is_none()).count() {
        0 if all.iter().any(|it| awaits_in_vain(it)) => {
            ("Nothing was due in their event loop, so that nobody was left to wake them", false)
        }
        0 => ("Nobody of the run was left to wake them", false),
        _ => ("Those that had not begun could have woken them, and were not to begin before these ended", true),
    };
    let manner = Phrase::of(run.setting(), &facts.experiment.compared).manner;
    let sentence = format!(
        "{}, all that had begun and had not ended were blocked when the timeout came: {named}{more}. {who}.",
        capitalised(&manner)
    );
    let advice = match waiting {
        true if run.mode == LaunchMode::Sequential => {
            "Run them at once, as threads or processes: one after another, what one waits for never comes."
        }
        true => {
            "Use as many workers as there are executions that wait for each other: what one waits for can't begin before."
        }
        false => {
            "Look at these places. Of locks: take them in the same order everywhere, or one for both. Let a wait end, by a \
             timeout or by an item that says so."
        }
    };
    let mut found = Found::new(ID, "Everybody was blocked at the timeout")
        .sentence(sentence)
        .advice(advice)
        .clause("everybody was blocked until the timeout")
        .count("blocked_count", all.len() as u64)
        .count("runs_count", runs.len() as u64)
        .found_in(runs.iter().map(|(run, _)| run.setting()).collect::<Vec<_>>())
        .shown_by(plainest_first(run, &runs), last_seen(run, all[0]));
    // In a baseline that nobody asked for, it comes last: no compared setting was blocked so.
    found.weight = if asked(run) { WEIGHT } else { 0.0 };
    Some(found)
}

fn plainest_first(first: &Run, runs: &[(&Run, Vec<&Execution>)]) -> Vec<u32> {
    let others = runs.iter().map(|(run, _)| run.id).filter(|id| *id != first.id);
    std::iter::once(first.id).chain(others).collect()
}

fn last_seen(run: &Run, execution: &Execution) -> Option<FindingPlace> {
    let from_ns = execution.stamps.get(Stage::Entered)?;
    Some(FindingPlace { execution: Some(execution.id), from_ns, to_ns: run.length_ns().max(from_ns) })
}
