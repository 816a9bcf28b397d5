//! An execution waits for what another does: an item, a signal, its turn. Nobody holds a lock.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): a producer twice as fast took 0.53 of
//! the time.

use super::{
    facts::{Facts, SideFacts},
    found::{Found, percent},
    run_facts::{RunFacts, place},
    turns::{Places, Turns},
    woken::{Woken, most_woken},
};
use model::{BlockedOn, Execution, Phase};

/// The id.
pub const ID: &str = "waiting-for-another";

/// An execution that waits for another during less than a third of its time has other things to do.
const LEAST: f64 = 0.3;
/// What both settings wait for binds them alike: that explains more than too few repeats do.
const LIKENESS: f64 = 0.85;

/// An execution that takes this share of its time even when it is alone does not wait for another.
const AS_LONG_ALONE: f64 = 0.7;

/// How long an execution was in its target, in the median over repeats.
fn inside_ns(side: &SideFacts<'_>, id: u32) -> f64 {
    let of = |run: &RunFacts<'_>| run.run.executions.get(id as usize)?.stamps.in_target_ns();
    side.median(|run| of(run).map_or(0.0, |ns| ns as f64))
}

/// Whether the waiter takes as long where it is in flight alone: then its wait ends by itself, after a time.
fn waits_alone(facts: &Facts<'_>, side: &SideFacts<'_>, waiter: u32) -> bool {
    let alone = facts.beside_sequence(side);
    alone.is_some_and(|sequence| inside_ns(sequence, waiter) >= AS_LONG_ALONE * inside_ns(side, waiter))
}

fn waits(run: &RunFacts<'_>) -> Option<Woken> {
    let blocked = run.blocked_ns(BlockedOn::Lock) + run.blocked_ns(BlockedOn::Io);
    // An execution that waits for its members is woken up by them.
    let worth = blocked > 0.0 && run.in_flight() > 1.0 && !run.is_done_by_own();
    most_woken(run.run).filter(|found| worth && found.share >= LEAST)
}

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    // To wait for a lock is to wait for another, too: that is another finding.
    let share = |run: &RunFacts<'_>| waits(run).filter(|_| !Turns::of(run).pass_a_lock()).map_or(0.0, |it| it.share);
    let hits = facts.hits(LEAST, share);
    let (side, run) = (hits.first()?.side, *hits[0].runs.first()?);
    let found = waits(run)?;
    if waits_alone(facts, side, found.waiter) {
        return None;
    }
    let execution = |id: u32| run.run.executions.get(id as usize);
    let (waiter, by) = (execution(found.waiter)?, execution(found.by)?);
    // On a loaded machine a lock's holder is seldom seen to go on: that there is no lock is sure only where each waits
    // at a place of its own, and at least two wait. An execution that gets a lock again and again does not wait.
    let turns = Turns::of(run);
    let no_lock = turns.places == Places::Apart && turns.among >= 2;
    let sentence = format!(
        "{}, {} waits during {} of the time in its target, {} times, and {} of these waits end just after {} was on a CPU: it \
         waits for what that one does (an item, a signal, its turn){}.",
        side.phrase.in_front(),
        waiter.label(),
        percent(found.share),
        found.waits,
        percent(found.woken),
        named(by, waiter),
        if no_lock { ", and no lock goes from one to another" } else { "" },
    );
    let mut finding = Found::new(ID, "Waiting for another task")
        .sentence(sentence)
        .advice(
            "Make faster what it waits for, or share that among more executions; more of those who wait gain nothing.",
        )
        .clause(format!(
            "{} waits for {} during {} of its time",
            waiter.label(),
            named(by, waiter),
            percent(found.share)
        ))
        .word("waits", waiter.label())
        .word("for", by.label())
        .percent("waits_percent", found.share)
        .count("waits_count", found.waits as u64)
        .percent("ended_by_another_percent", found.woken)
        .costing(facts, |run| waits(run).map_or(0.0, |found| found.waited_ns as f64))
        .shown_by_hits(&hits, |run| place(run.run.executions.get(waits(run)?.waiter as usize)?, Phase::InTarget));
    finding.likeness = LIKENESS;
    Some(finding)
}

/// The other's label; `another` where both are of one task.
fn named(by: &Execution, waiter: &Execution) -> String {
    if by.task_index == waiter.task_index { "another".to_owned() } else { by.label() }
}
