//! An event loop that is never given back: coroutines run one after another.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): `await asyncio.sleep` took 0.25 of
//! the time of `time.sleep`, a thread beside the loop 0.26, a pool of processes for what computes 0.48.

use super::{
    event_loop::loop_on_cpu,
    facts::Facts,
    found::{Found, percent},
    run_facts::{RunFacts, place},
};
use model::{Execution, LaunchMode, LoopKept, Phase, others::OTHERS_WARN, quantity::human_ns};
use std::collections::HashMap;

/// The id.
pub const ID: &str = "event-loop-kept";

/// The least share of the run for which others could not go on.
const LEAST: f64 = 0.25;
/// Nobody notices less than this, and asyncio's own debug mode is silent too (`slow_callback_duration` is 100 ms).
const LEAST_NS: f64 = 5e6;
/// The loop's thread is on a CPU for more than half of that time: it computes.
const COMPUTES: f64 = 0.5;
/// For less than this it blocks. In between it blocks if other programs left it a core.
const BLOCKS: f64 = 0.1;

/// When an execution kept the loop from others, for how long it was kept in all, and how many others could not go on
/// meanwhile.
struct Kept<'a> {
    from_ns: u64,
    to_ns: u64,
    sum_ns: u64,
    by: &'a Execution,
    waiting: usize,
    /// Whether the others were to begin; else they had begun.
    to_begin: bool,
}

/// What explains more: that others could not begin, or that they could not go on.
fn kept<'a>(run: &RunFacts<'a>) -> Option<Kept<'a>> {
    [delayed(run), in_steps(run)].into_iter().flatten().max_by_key(|kept| (kept.sum_ns, kept.to_begin))
}

/// The stretch in which the loop did not come to executions that were ready to begin, and the execution that was in its
/// target for longest of those before them.
fn delayed<'a>(run: &RunFacts<'a>) -> Option<Kept<'a>> {
    let executions = &run.run.executions;
    if run.run.mode != LaunchMode::Asyncio {
        return None;
    }
    let (first, begun) =
        executions.iter().filter_map(|e| Some((e, e.phase(Phase::InTarget)?))).min_by_key(|it| it.1.0)?;
    let launched = |e: &&Execution| {
        e.id != first.id && e.phase(Phase::Launching).is_some_and(|(from, to)| from < begun.1 && to >= begun.1)
    };
    let waiting: Vec<&Execution> = executions.iter().filter(launched).collect();
    let to_ns = waiting.iter().filter_map(|e| Some(e.phase(Phase::Launching)?.1)).max()?;
    let before = |e: &&Execution| e.phase(Phase::InTarget).is_some_and(|(from, _)| from < to_ns);
    let by = executions.iter().filter(before).max_by_key(|e| e.phase_ns(Phase::InTarget))?;
    let (from_ns, sum_ns) = (begun.0, to_ns.saturating_sub(begun.0));
    Some(Kept { from_ns, to_ns, sum_ns, by, waiting: waiting.len(), to_begin: true })
}

/// The long steps during which others had begun and not ended: none of these could go on. Of the execution that had
/// most of them, the longest step.
fn in_steps<'a>(run: &RunFacts<'a>) -> Option<Kept<'a>> {
    let executions = &run.run.executions;
    let inside = |id: u32| executions.get(id as usize).and_then(|e| e.phase(Phase::InTarget));
    let (mut entered, mut left): (Vec<u64>, Vec<u64>) = executions.iter().filter_map(|e| inside(e.id)).unzip();
    entered.sort_unstable();
    left.sort_unstable();
    // No execution but its own begins or ends in a step.
    let beside = |step: &LoopKept| {
        let there = entered.partition_point(|at| *at < step.from_ns) - left.partition_point(|at| *at < step.from_ns);
        let itself = inside(step.execution).is_some_and(|(from, to)| from < step.from_ns && to >= step.from_ns);
        there - usize::from(itself)
    };
    let length = |step: &LoopKept| step.to_ns - step.from_ns;
    let steps: Vec<&LoopKept> = run.run.loop_kept.iter().filter(|step| beside(step) > 0).collect();
    let mut own_ns: HashMap<u32, u64> = HashMap::new();
    steps.iter().for_each(|step| *own_ns.entry(step.execution).or_default() += length(step));
    let (by, _) = own_ns.into_iter().max_by_key(|(id, ns)| (*ns, std::cmp::Reverse(*id)))?;
    let longest = steps.iter().filter(|step| step.execution == by).max_by_key(|step| length(step))?;
    Some(Kept {
        from_ns: longest.from_ns,
        to_ns: longest.to_ns,
        sum_ns: steps.iter().map(|step| length(step)).sum(),
        by: executions.get(by as usize)?,
        waiting: beside(longest),
        to_begin: false,
    })
}

fn kept_ns(run: &RunFacts<'_>) -> f64 {
    kept(run).map_or(0.0, |kept| kept.sum_ns as f64)
}

fn share(run: &RunFacts<'_>) -> f64 {
    let ns = kept_ns(run);
    if ns >= LEAST_NS { ns / run.makespan_ns } else { 0.0 }
}

/// The share of that time in which the loop's thread was on a CPU or wanted one.
fn on_cpu(run: &RunFacts<'_>) -> Option<f64> {
    let kept = kept(run)?;
    loop_on_cpu(run, kept.from_ns, kept.to_ns)
}

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let hits = facts.hits(LEAST, share);
    let (side, run) = (hits.first()?.side, *hits[0].runs.first()?);
    let kept = kept(run)?;
    let busy = on_cpu(run);
    let had_a_core = run.run.others_share.is_none_or(|share| share <= OTHERS_WARN);
    let (how, advice) = words(busy.filter(|share| had_a_core || !(BLOCKS..COMPUTES).contains(share)));
    let manner = side.phrase.in_front();
    let longest_ns =
        if kept.to_begin { kept.by.phase_ns(Phase::InTarget).unwrap_or(0) } else { kept.to_ns - kept.from_ns };
    let (sum, longest) = (human_ns(kept.sum_ns), human_ns(longest_ns));
    let (by, waiting) = (kept.by.label(), kept.waiting);
    let sentence = match kept.to_begin {
        true => format!(
            "{manner}, coroutines ran one after another: {waiting} others were ready to begin, and the loop did not come to them for \
             {sum}, because those before them did not give it back; the longest of these, of {longest}, was {by}{how}."
        ),
        false => format!(
            "{manner}, the event loop stood still for {sum} in all, in steps of 5 ms and more; the longest, of {longest}, was {by}'s: \
             meanwhile none of the {waiting} others that had begun could go on{how}."
        ),
    };
    let mut found = Found::new(ID, "The event loop is never given back")
        .sentence(sentence)
        .advice(advice)
        .clause(format!("the event loop is kept during {} of the run", percent(hits[0].value)))
        .percent("kept_percent", hits[0].value)
        .ns("kept_ns", kept.sum_ns as f64)
        .count("kept_waiting_count", kept.waiting as u64)
        .costing(facts, kept_ns)
        .shown_by_hits(&hits, |run| place(kept_by(run)?, Phase::InTarget));
    if let Some(share) = busy {
        found = found.percent("loop_on_cpu_percent", share);
    }
    Some(found)
}

fn kept_by<'a>(run: &RunFacts<'a>) -> Option<&'a Execution> {
    Some(kept(run)?.by)
}

fn words(busy: Option<f64>) -> (String, &'static str) {
    match busy {
        Some(share) if share >= COMPUTES => (
            format!(" (its thread was on a CPU or wanted one during {} of that: they compute)", percent(share)),
            "What computes gains nothing by a loop: run it in processes (a process pool, or loop.run_in_executor with one).",
        ),
        Some(share) => (
            format!(
                " (its thread was on a CPU or wanted one during {} of that: they block, as time.sleep does)",
                percent(share)
            ),
            "Await what waits: asyncio.sleep() in place of time.sleep(), an asyncio library in place of a blocking one, or \
             await asyncio.to_thread(call).",
        ),
        None => (
            String::new(),
            "Await what waits (asyncio.sleep(), asyncio.to_thread()), and give what computes to a process pool.",
        ),
    }
}
