//! What is handed from one process to another, or through a pool's queue, costs more than the work.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): results of 16 MB took 0.07 of the
//! time from a pool of threads and 0.09 as sums; a range in place of a list 0.21; 250 calls in one 0.05; no pool 0.04.

use super::{
    facts::{Facts, SideFacts},
    found::{Claim, Found, likewise, percent},
    run_facts::{RunFacts, place},
};
use model::{
    LaunchMode, Phase, Setting,
    quantity::{human_bytes, human_ns},
};

/// The id.
pub const ID: &str = "sending";

/// From half on, more time goes into sending than into the work.
const LEAST: f64 = 0.5;
/// Sending during others' work costs nothing: for at least this share of the run, no execution is in its target.
const LEAST_OF_RUN: f64 = 0.2;
/// From so many bytes of an execution on, or so long a time to pickle and unpickle them, the size of what is sent is
/// the matter; with less, it is that anything is sent.
const MANY_BYTES: f64 = 65_536.0;
const LONG_NS: f64 = 1e6;
/// Fewer calls than this say nothing of the cost of one.
const FEWEST_CALLS: usize = 20;

/// The finding: much is sent, or calls are so short that to hand them over costs more.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    much(facts).or_else(|| short_calls(facts))
}

/// Whether sending takes more of a run than its work: then that is how it differs from threads.
pub fn dominates(run: &RunFacts<'_>) -> bool {
    much_share(run) >= LEAST
}

/// Sending as a share of sending and working, where much is sent and the run shows it.
fn much_share(run: &RunFacts<'_>) -> f64 {
    let sent = &run.sent;
    let heavy = sent.each(sent.argument_bytes + sent.result_bytes) >= MANY_BYTES
        || sent.each(sent.argument_ns + sent.result_ns) >= LONG_NS;
    let shown = run.only_sending_ns / run.makespan_ns >= LEAST_OF_RUN;
    if heavy && shown { run.sending_ns / (run.sending_ns + run.in_target_ns).max(1.0) } else { 0.0 }
}

fn much(facts: &Facts<'_>) -> Option<Found> {
    let hits = facts.hits(LEAST, much_share);
    let side = hits.first()?.side;
    let each = |of: fn(&RunFacts<'_>) -> f64| side.median(|run| run.sent.each(of(run)));
    let arguments = each(|run| run.sending_ns - run.returning_ns);
    let results = each(|run| run.returning_ns);
    let parts = [
        (arguments, "its arguments", each(|run| run.sent.argument_bytes), each(|run| run.sent.argument_ns), "sent"),
        (results, "its result", each(|run| run.sent.result_bytes), each(|run| run.sent.result_ns), "returned"),
    ];
    let told = parts.iter().filter(|(ns, ..)| *ns >= 0.1 * (arguments + results));
    let told = told.map(|(ns, what, bytes, pickling, way)| {
        format!(
            "{what} ({}) {} {} to be {way}, with {} of work to pickle and unpickle",
            human_bytes(bytes.round() as u64),
            if what.ends_with('s') { "take" } else { "takes" },
            human_ns(ns.round() as u64),
            human_ns(pickling.round() as u64)
        )
    });
    let sentence = format!(
        "{}, an execution is {} in its target; {}. During {} of the run something was on its way and nobody worked.{}",
        side.phrase.in_front(),
        human_ns(side.median(|run| run.each(run.in_target_ns)).round() as u64),
        told.collect::<Vec<_>>().join(", and "),
        percent(side.median(|run| run.only_sending_ns / run.makespan_ns)),
        likewise(&hits),
    );
    let whose = if results >= arguments { "results" } else { "arguments" };
    let found = evidence(Found::new(ID, "Sending costs more than the work"), side)
        .sentence(sentence)
        .trying(
            threads_lose_nothing(facts, side),
            if results >= arguments { THREADS_RETURN } else { THREADS_SHARE },
            "",
        )
        .trying([], if results >= arguments { RETURN_LESS } else { SEND_LESS }, "")
        .clause(format!("{whose} are pickled and sent from process to process {}", side.phrase.manner))
        .percent("sending_percent", hits[0].value)
        .costing(facts, |run| run.only_sending_ns)
        .shown_by_hits(&hits, longest);
    Some(found)
}

const THREADS_RETURN: &str = "Threads return a result without a copy.";
const RETURN_LESS: &str = "From processes return less: a sum or an excerpt, a file's name, or data in shared memory \
                           (multiprocessing.shared_memory).";
const THREADS_SHARE: &str = "Threads share what they are given.";
const SEND_LESS: &str = "To processes send less: a file's name or a range, from which each makes its own part; what all calls \
                         need, once, by the pool's initializer or as a global that forked workers inherit.";

fn threads_lose_nothing(facts: &Facts<'_>, side: &SideFacts<'_>) -> Option<Claim> {
    let threads = |it: Setting| matches!(it.mode, LaunchMode::Threads | LaunchMode::ThreadPool);
    Some(Claim::LosesNothing { sides: facts.ways(side, threads), to: side.setting })
}

/// The share of the run in which no execution is in its target because short calls are handed over.
fn short_share(run: &RunFacts<'_>) -> f64 {
    let calls = run.run.executions.len();
    if !run.pooled || calls < FEWEST_CALLS || handing_ns(run) / calls as f64 <= run.each(run.in_target_ns) {
        return 0.0;
    }
    handing_ns(run) / run.makespan_ns
}

/// How long it took to hand all calls over: no execution was in its target, and workers had started.
fn handing_ns(run: &RunFacts<'_>) -> f64 {
    (run.empty_share() * run.makespan_ns - run.slowest_launch_ns).max(0.0)
}

fn short_calls(facts: &Facts<'_>) -> Option<Found> {
    let mut hits = facts.hits(LEAST, short_share);
    // The setting that pays most is the plainest.
    hits.sort_by(|a, b| b.side.median(handing_ns).total_cmp(&a.side.median(handing_ns)));
    let side = hits.first()?.side;
    let each = side.median(|run| run.each(handing_ns(run)));
    let sent = side.median(|run| run.sent.executions as f64) > 0.0;
    let sizes = if sent { format!(" ({})", sizes(side)) } else { String::new() };
    let sentence = format!(
        "{}, handing a call over takes {}{sizes}, and the call itself {}: during {} of the run workers waited for calls, and \
         calls in the pool's queue.{}",
        side.phrase.in_front(),
        human_ns(each.round() as u64),
        human_ns(side.median(|run| run.each(run.in_target_ns)).round() as u64),
        percent(hits[0].value),
        likewise(&hits),
    );
    let processes = hits.iter().any(|hit| hit.side.setting.mode == LaunchMode::ProcessPool);
    let found = evidence(Found::new(ID, "Handing a call over costs more than the call"), side)
        .sentence(sentence)
        .advice(if processes { ADVICE_CHUNKS } else { ADVICE_LARGER })
        .trying(
            [Claim::LosesNothing { sides: facts.ways(side, |it| it.mode == LaunchMode::Sequential), to: side.setting }],
            "Calls this short are fast enough one after another, without a pool.",
            "",
        )
        .clause(format!("handing a call over takes {} {}", human_ns(each.round() as u64), side.phrase.manner))
        .ns("handing_over_ns", each)
        .percent("handing_over_percent", hits[0].value)
        .costing(facts, |run| if run.pooled { handing_ns(run) } else { 0.0 })
        .shown_by_hits(&hits, longest);
    Some(found)
}

const ADVICE_CHUNKS: &str = "Hand many calls over at once: `map(…, chunksize=…)` of a pool of processes, or a function that \
                             does many of them in one call.";
const ADVICE_LARGER: &str = "Give each call more to do: a function that does many of them in one call.";

/// `its arguments 62 B, its result 45 B; 11.2 µs to pickle and unpickle both`.
fn sizes(side: &SideFacts<'_>) -> String {
    let each = |of: fn(&RunFacts<'_>) -> f64| side.median(|run| run.sent.each(of(run)));
    format!(
        "its arguments {}, its result {}; {} to pickle and unpickle both",
        human_bytes(each(|run| run.sent.argument_bytes).round() as u64),
        human_bytes(each(|run| run.sent.result_bytes).round() as u64),
        human_ns(each(|run| run.sent.argument_ns + run.sent.result_ns).round() as u64),
    )
}

/// The figures of both kinds: means over executions.
fn evidence(found: Found, side: &SideFacts<'_>) -> Found {
    let each = |of: fn(&RunFacts<'_>) -> f64| side.median(|run| run.each(of(run)));
    let found = found
        .ns("in_target_ns", each(|run| run.in_target_ns))
        .ns("queued_ns", each(|run| run.queued_ns))
        .ns("sending_ns", each(|run| run.sending_ns - run.returning_ns))
        .ns("returning_ns", each(|run| run.returning_ns));
    if side.median(|run| run.sent.executions as f64) == 0.0 {
        return found;
    }
    let bytes = |of: fn(&RunFacts<'_>) -> f64| side.median(|run| run.sent.each(of(run))).round() as u64;
    found
        .count("argument_bytes", bytes(|run| run.sent.argument_bytes))
        .count("result_bytes", bytes(|run| run.sent.result_bytes))
        .count("pickling_ns", bytes(|run| run.sent.argument_ns + run.sent.result_ns))
}

/// The execution that was longest on its way, and whether there or back; where nothing is sent, the wait in the queue
/// counts too.
fn longest(run: &RunFacts<'_>) -> Option<model::FindingPlace> {
    let phases = [Phase::Sending, Phase::Returning, Phase::Queued];
    let most = phases.into_iter().filter_map(|phase| {
        let (execution, ns) = run.most_of(|execution| execution.phase_ns(phase))?;
        Some((ns, phase, execution))
    });
    let (_, phase, execution) = if run.sent.executions > 0 {
        most.filter(|(_, phase, _)| *phase != Phase::Queued).max_by_key(|(ns, ..)| *ns)?
    } else {
        most.max_by_key(|(ns, ..)| *ns)?
    };
    place(execution, phase)
}
