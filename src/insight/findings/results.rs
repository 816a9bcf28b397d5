//! What executions returned: not the same in two settings, not the same in two repeats, the same where it should
//! differ, or a generator or coroutine that was never run.
//!
//! The advice was tried (`benches/advice.py`): of 8,000 additions without a lock some 2,000 came through, with one all
//! of them; four forked processes with one random generator drew the same, with a generator each they drew four
//! different numbers.

use super::{
    facts::{Facts, SideFacts},
    found::Found,
    run_facts::{RunFacts, place},
};
use crate::phrase::capitalised;
use model::{Execution, LaunchMode, Phase, StartMethod, quantity::grouped};
use serde_json::Value;

/// The id of results that differ between two settings, in each of which all repeats agree.
pub const DIFFER: &str = "results-differ";
/// The id of results that change from repeat to repeat.
pub const ORDER: &str = "results-depend-on-order";
/// The id of equal results where executions one after another have different ones.
pub const EQUAL: &str = "equal-random-results";
/// The id of a generator or coroutine that nobody ran.
pub const NEVER_RUN: &str = "never-run";

/// The fewest repeats that tell whether a setting's repeats agree.
const FEWEST: usize = 3;
/// A wrong result comes after failures, and before all figures: it makes them worthless.
const WRONG: f64 = 6.0;
/// Results that depend on the order may be meant so.
const MAY_BE_MEANT: f64 = 0.5;

/// What each execution of a run returned.
fn results<'a>(run: &RunFacts<'a>) -> Vec<Option<&'a Value>> {
    run.run.executions.iter().map(|execution| execution.result.as_ref()).collect()
}

/// Whether all repeats returned the same; absent where there are too few, or nothing was returned.
fn agrees(side: &SideFacts<'_>) -> Option<bool> {
    let all: Vec<_> = side.runs.iter().map(results).collect();
    let some = all.first()?.iter().any(Option::is_some);
    (some && all.len() >= FEWEST).then(|| all.windows(2).all(|two| two[0] == two[1]))
}

/// Every two settings that do the same work, by whether the repeats of each agree.
fn pairs<'f, 'a>(
    facts: &'f Facts<'a>,
    first: bool,
    second: bool,
) -> impl Iterator<Item = (&'f SideFacts<'a>, &'f SideFacts<'a>)> {
    let of = move |wanted| facts.sides.iter().filter(move |side| agrees(side) == Some(wanted));
    of(first)
        .flat_map(move |a| of(second).map(move |b| (a, b)))
        .filter(|(a, b)| a.setting != b.setting && a.does_the_work_of(b))
}

/// Two settings return different results, each of them the same in all of its repeats.
pub fn differ(facts: &Facts<'_>) -> Option<Found> {
    let (a, b, execution, count) = pairs(facts, true, true).find_map(|(a, b)| {
        let (of_a, of_b) = (results(&a.runs[0]), results(&b.runs[0]));
        let mut unlike = of_a.iter().zip(&of_b).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at);
        let first = unlike.next()?;
        Some((a, b, a.runs[0].run.executions.get(first)?, 1 + unlike.count()))
    })?;
    let said = |side: &SideFacts<'_>| {
        shown(side.runs[0].run.executions.get(execution.id as usize).and_then(|e| e.result.as_ref()))
    };
    let apart = a.setting.mode.isolates() != b.setting.mode.isolates();
    let why =
        if apart { " Processes have variables of their own; threads, and calls in sequence, share them." } else { "" };
    let found = Found::new(DIFFER, "The results are not the same")
        .sentence(format!(
            "{} returned {} {} and {} {}, in every repeat of each; of {} executions {count} differ. Where the result is what \
             the work comes to, their times are those of different work.{why}",
            execution.label(),
            said(a),
            a.phrase.manner,
            said(b),
            b.phrase.manner,
            a.runs[0].run.executions.len(),
        ))
        .advice("Decide which result is right before you compare times: return what each has worked out, and put it together at the end.")
        .clause("they do not return the same")
        .count("differ_count", count as u64)
        .word("result", said(a))
        .word("result_elsewhere", said(b))
        .found_in([a.setting, b.setting])
        .shown_by(a.ids().chain(b.ids()), place(execution, Phase::InTarget));
    Some(weighing(found, WRONG))
}

/// The greatest integer that a run returned, where all its results are integers.
fn greatest(run: &RunFacts<'_>) -> Option<i64> {
    results(run).into_iter().map(|result| result?.as_i64()).collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// One setting returns something else in each repeat, another does not: the result depends on the order. Where all
/// results are integers, and even the greatest stays below what the other setting comes to, updates were lost.
pub fn order(facts: &Facts<'_>) -> Option<Found> {
    let all: Vec<_> = pairs(facts, false, true).filter(|(varies, _)| together(varies)).collect();
    let lost = |(varies, steady): &&(&SideFacts<'_>, &SideFacts<'_>)| lost_of(varies, steady).is_some();
    let (varies, steady) = *all.iter().find(lost).or_else(|| all.first())?;
    let run = &varies.runs[0];
    let unlike = |other: &RunFacts<'_>| results(run).iter().zip(results(other)).position(|(a, b)| *a != b);
    let (other, at) = varies.runs.iter().find_map(|other| Some((other, unlike(other)?)))?;
    let execution: &Execution = run.run.executions.get(at)?;
    let of = |run: &RunFacts<'_>| shown(run.run.executions.get(at).and_then(|e| e.result.as_ref()));
    let sentence = format!(
        "{}, what is returned changes from repeat to repeat ({}: {}, then {}); {} it does not: it depends on the order in \
         which executions come to what they share.",
        varies.phrase.in_front(),
        execution.label(),
        of(run),
        of(other),
        steady.phrase.manner,
    );
    let found = Found::new(ORDER, "Results depend on the order")
        .clause("what is returned depends on the order")
        .word("result", of(run))
        .word("result_in_another_repeat", of(other))
        .found_in([varies.setting])
        .shown_by(varies.ids(), place(execution, Phase::InTarget));
    let Some((most, wanted)) = lost_of(varies, steady) else {
        let advice = "That may be meant. If not, return what each has worked out by itself, and put it together after the last join.";
        return Some(weighing(found.sentence(sentence).advice(advice), MAY_BE_MEANT));
    };
    let mut found = found
        .sentence(format!(
            "{sentence} The greatest that is returned is {} {}, and never more than {} {}: updates are lost, because one \
             writes over what another has written meanwhile. A wrong result is not a fast one.",
            grouped(wanted),
            steady.phrase.manner,
            grouped(most),
            varies.phrase.manner,
        ))
        .advice("Hold a lock from reading to writing (`with LOCK:` around both), or let each count for itself and add up after the last join.")
        .count("greatest_count", most.unsigned_abs())
        .count("greatest_elsewhere_count", wanted.unsigned_abs());
    found.finding.title = "Updates are lost".to_owned();
    Some(weighing(found.clause("updates are lost"), WRONG))
}

/// Whether several executions are in flight at once, as threads or as processes.
fn together(side: &SideFacts<'_>) -> bool {
    (side.shares_memory() || side.setting.mode.isolates()) && side.median(|run| run.most as f64) > 1.0
}

/// The greatest result of a setting whose results vary, and the last one in sequence, where the former never reached
/// the latter.
fn lost_of(varies: &SideFacts<'_>, steady: &SideFacts<'_>) -> Option<(i64, i64)> {
    if !varies.shares_memory() || steady.setting.mode != LaunchMode::Sequential {
        return None;
    }
    // A counter that all add to: in sequence, each returns more than the one before.
    let in_sequence: Option<Vec<i64>> = results(&steady.runs[0]).into_iter().map(|result| result?.as_i64()).collect();
    let in_sequence = in_sequence?;
    let grows = in_sequence.len() > 1 && in_sequence.windows(2).all(|two| two[0] < two[1]);
    let most = varies.runs.iter().map(greatest).collect::<Option<Vec<_>>>()?.into_iter().max()?;
    let wanted = *in_sequence.last()?;
    (grows && most < wanted).then_some((most, wanted))
}

/// Forked processes return equal results, different ones in each repeat, and in sequence each returns something else:
/// the processes began with one random state.
pub fn equal_random(facts: &Facts<'_>) -> Option<Found> {
    let method = |side: &SideFacts<'_>| side.setting.start_method;
    let forked =
        |side: &&SideFacts<'_>| side.setting.mode.isolates() && matches!(method(side), Some(StartMethod::Fork));
    let side = facts.sides.iter().filter(forked).find(|side| {
        side.runs.len() >= FEWEST && agrees(side) == Some(false) && side.runs.iter().all(|run| twins(run) > 1)
    })?;
    let differs = |other: &&SideFacts<'_>| {
        other.setting.mode == LaunchMode::Sequential
            && other.does_the_work_of(side)
            && other.runs.len() >= FEWEST
            && other.runs.iter().all(|run| twins(run) <= 1)
    };
    let sequence = facts.sides.iter().find(differs)?;
    // Where threads return equal results too (a time, a name), these are no copy of a process's state.
    let alike = |other: &SideFacts<'_>| other.shares_memory() && other.runs.iter().any(|run| twins(run) > 1);
    if facts.sides.iter().filter(|other| other.does_the_work_of(side)).any(alike) {
        return None;
    }
    let run = &side.runs[0];
    let first = run.run.executions.iter().find(|execution| execution.result.is_some())?;
    let count = twins(run);
    let found = Found::new(EQUAL, "Equal results of one random state")
        .sentence(format!(
            "{}, {count} executions returned the same ({}), another in each repeat; {} each returned something else. A forked \
             process begins with a copy of the random generator's state: if these are random numbers, all draw the same.",
            side.phrase.in_front(),
            shown(first.result.as_ref()),
            sequence.phrase.manner,
        ))
        .advice("Make the generator in the function, with a seed of its own for each (random.Random(seed), numpy.random.default_rng(seed)).")
        .clause("forked processes return the same, as if they drew the same random numbers")
        .count("equal_count", count as u64)
        .word("result", shown(first.result.as_ref()))
        .found_in([side.setting])
        .shown_by(side.ids(), place(first, Phase::InTarget));
    Some(weighing(found, WRONG))
}

/// How many executions of one task returned the same, at most.
fn twins(run: &RunFacts<'_>) -> usize {
    let mut all: Vec<(u32, String)> =
        run.run.executions.iter().filter_map(|e| Some((e.task_index, e.result.as_ref()?.to_string()))).collect();
    all.sort_unstable();
    all.chunk_by(|a, b| a == b).map(<[_]>::len).max().unwrap_or(0)
}

/// What calling a function with `yield`, or an `async def`, gives: by the beginning of its repr.
const UNRUN: [(&str, &str, &str); 3] = [
    ("<generator object ", "a generator", "iterate over it, in the function or in another that does so (`list(…)`)"),
    ("<coroutine object ", "a coroutine", "await it, or run it in mode asyncio, or with asyncio.run() in the function"),
    ("<async_generator object ", "an async generator", "iterate over it with `async for`, in a coroutine"),
];

/// Executions that returned a generator or a coroutine: what is in it has not run.
pub fn never_run(facts: &Facts<'_>) -> Option<Found> {
    let unrun = |execution: &Execution| {
        let text = execution.result.as_ref()?.as_str()?;
        UNRUN.into_iter().find(|(begin, ..)| text.starts_with(begin))
    };
    let has = |side: &&SideFacts<'_>| side.runs.iter().any(|run| run.run.executions.iter().any(|e| unrun(e).is_some()));
    let side = facts.sides.iter().find(has)?;
    let run = side.runs.iter().find(|run| run.run.executions.iter().any(|e| unrun(e).is_some()))?;
    let mut all = run.run.executions.iter().filter_map(|e| Some((e, unrun(e)?)));
    let (first, (_, what, mend)) = all.next()?;
    let count = 1 + all.count();
    let found = Found::new(NEVER_RUN, "It was never run")
        .sentence(format!(
            "{} returned {what} ({}): making one runs nothing of what is in it, and its time says nothing.{}",
            first.label(),
            shown(first.result.as_ref()),
            match run.run.executions.len() {
                1 => String::new(),
                all if all == count => format!(" So did all {all} executions."),
                all => format!(" So did {count} of {all} executions."),
            },
        ))
        .advice(format!("{}.", capitalised(mend)))
        .clause(format!("{what} was made, and never run"))
        .count("never_run_count", count as u64)
        .found_in(facts.sides.iter().filter(has).map(|side| side.setting))
        .shown_by(side.ids(), place(first, Phase::InTarget));
    Some(weighing(found, WRONG + 1.0))
}

fn weighing(mut found: Found, weight: f64) -> Found {
    found.weight = weight;
    found
}

/// A result in a sentence, cut where it is long.
fn shown(result: Option<&Value>) -> String {
    const MOST: usize = 60;
    let text = match result {
        None => return "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => return number.as_i64().map_or_else(|| number.to_string(), grouped),
        Some(other) => other.to_string(),
    };
    if text.chars().count() > MOST { text.chars().take(MOST).chain(['…']).collect() } else { text }
}
