//! Starting and joining take longer than what is started.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): a pool took 0.03 of the time of a
//! process for each of 300 short executions, ten larger ones 0.06.

use super::{
    facts::{Facts, Hit},
    found::{Claim, Found, likewise, percent},
    run_facts::{RunFacts, joining_ns},
};
use model::{Execution, FindingPlace, LaunchMode, Phase, Setting, Stage, quantity::human_ns};

/// The id.
pub const ID: &str = "start-cost-dominates";

/// From half on, more time goes into starting than into the work.
const LEAST: f64 = 0.5;

/// A pool that starts faster than this is one of threads, or starts as fast: its start is no reason to keep it.
const SHORTEST_OF_POOL_NS: f64 = 1e7;

/// The share of executions' spans or of the run, whichever is less: a launch during others' work costs nothing. A pool
/// starts its workers once, for all calls.
fn share(run: &RunFacts<'_>) -> f64 {
    let called = |run: &RunFacts<'_>| run.run.executions.first().is_some_and(|execution| run.run.calls(execution));
    match run.pooled {
        // A call starts nothing. Where executions wait at their exit for what they started, that is no cost of their
        // own start.
        false if called(run) || run.exit_waits_ns >= LEAST * run.exiting_ns.max(1.0) => 0.0,
        true if cost_ns(run) < SHORTEST_OF_POOL_NS => 0.0,
        true => cost_ns(run) / run.makespan_ns,
        false => run.start_share().min(run.empty_share()),
    }
}

/// How long no execution was in its target, without sending; in a pool, how much of that its slowest worker's start
/// took.
fn cost_ns(run: &RunFacts<'_>) -> f64 {
    let empty_ns = run.empty_share() * run.makespan_ns - run.only_sending_ns;
    if run.pooled { run.slowest_launch_ns.min(empty_ns) } else { empty_ns }
}

/// The finding: the workers of a pool took longer to start than all else, or each start took longer than its work.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let mut hits = facts.hits(LEAST, share);
    // All shares may be nearly 100 %: the setting that pays most is the plainest.
    hits.sort_by(|a, b| b.side.median(cost_ns).total_cmp(&a.side.median(cost_ns)));
    let side = hits.first()?.side;
    let pooled = side.runs[0].pooled;
    hits.retain(|hit| hit.side.runs[0].pooled == pooled);
    if pooled {
        return Some(workers(facts, &hits));
    }
    let side = hits.first()?.side;
    let each = |of: fn(&RunFacts<'_>) -> f64| side.median(|run| of(run) / run.run.executions.len().max(1) as f64);
    let (launching, in_target) = (each(|run| run.launching_ns), each(|run| run.in_target_ns));
    let ending = each(|run| run.exiting_ns + run.joining_ns);
    let pool = |it: Setting| {
        let as_many = it.workers == side.setting.workers;
        as_many && matches!(it.mode, LaunchMode::ThreadPool | LaunchMode::ProcessPool)
    };
    let sentence = format!(
        "{}, an execution takes {} to launch and {} to end and be joined, and is {} in its target: during {} of the run \
         no execution was in its target.{}",
        side.phrase.in_front(),
        human_ns(launching as u64),
        human_ns(ending as u64),
        human_ns(in_target as u64),
        percent(side.median(RunFacts::empty_share)),
        likewise(&hits),
    );
    let found = Found::new(ID, "Start cost dominates")
        .sentence(sentence)
        .advice("Give each execution more to do, so that there are fewer of them.")
        .trying(
            [Claim::Pays { sides: facts.ways(side, pool), over: side.setting }],
            "Or start workers once and let them take one after another: a pool.",
            "A pool, whose workers start once, gains nothing here, as measured.",
        )
        .clause(format!("launching, exit and join are {} of the run {}", percent(hits[0].value), side.phrase.manner))
        .ns("launching_ns", launching)
        .ns("in_target_ns", in_target)
        .ns("exit_and_join_ns", ending)
        .percent("start_share_percent", side.median(RunFacts::start_share))
        .percent("nobody_in_target_percent", side.median(RunFacts::empty_share))
        .costing(facts, cost_ns)
        .shown_by_hits(&hits, place);
    Some(found)
}

/// A pool whose workers take long to start.
fn workers(facts: &Facts<'_>, hits: &[Hit<'_, '_>]) -> Found {
    let side = hits[0].side;
    let starting = side.median(cost_ns);
    let sentence = format!(
        "{}, the first calls wait {} until a worker has started, which is {} of the run; a call is {} in its target.{}",
        side.phrase.in_front(),
        human_ns(starting as u64),
        percent(hits[0].value),
        human_ns(side.median(|run| run.each(run.in_target_ns)) as u64),
        likewise(hits),
    );
    Found::new(ID, "Starting the pool's workers dominates")
        .sentence(sentence)
        .advice("Make the pool once, and hand all calls of the program to it: its workers then start once.")
        .clause(format!("starting workers is {} of the run {}", percent(hits[0].value), side.phrase.manner))
        .ns("worker_start_ns", starting)
        .percent("worker_start_percent", hits[0].value)
        .costing(facts, cost_ns)
        .shown_by_hits(hits, |run| {
            super::run_facts::place(run.most_of(|it| it.phase_ns(Phase::Launching))?.0, Phase::Launching)
        })
}

/// The execution whose launch, exit and join were the longest, from its launch to its join.
fn place(run: &RunFacts<'_>) -> Option<FindingPlace> {
    let cost = |execution: &Execution| {
        Some(execution.phase_ns(Phase::Launching)? + execution.phase_ns(Phase::Exiting)? + joining_ns(execution)?)
    };
    let stamps = &run.most_of(cost)?.0.stamps;
    let execution = run.most_of(cost).map(|(execution, _)| execution.id);
    Some(FindingPlace { execution, from_ns: stamps.get(Stage::LaunchCalled)?, to_ns: stamps.get(Stage::Joined)? })
}
