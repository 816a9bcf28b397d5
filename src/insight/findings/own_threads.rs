//! Tasks have threads and processes of their own, which do the work.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): four matrix products with
//! `OPENBLAS_NUM_THREADS=1` took 0.37 of the time; xz with two threads one at a time 0.96; eight shells two at a time
//! 1.00.

use super::{
    facts::{Facts, SideFacts},
    found::{Claim, Found, percent},
    run_facts::RunFacts,
};
use model::{BlockedOn, LaunchMode, Setting, State, quantity::human_ns};

/// The id.
pub const ID: &str = "own-threads";

/// From a quarter of a run's CPU time on, threads and processes other than its executions matter.
const LEAST: f64 = 0.25;
/// What keeps the cores busy comes before what follows from it, and after a sweep's answer.
const WEIGHT: f64 = 3.2;
/// Threads and processes that belong to no execution are mentioned from this share of the members' CPU time on.
const LEAST_OF_RUN: f64 = 0.05;
/// With one execution in flight, at least this share of those that take part are at work at once, their start included;
/// two that take turns come to half.
const LEAST_AT_ONCE: f64 = 0.55;
/// From this share of the cores on, they are busy.
const BUSY: f64 = 0.8;
/// Less CPU time than this is no work to speak of.
const LEAST_NS: f64 = 1e7;

/// The finding, for the setting in which the most want a core at once.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let shown = |side: &&SideFacts<'_>| {
        let recorded = side.runs.iter().all(|run| run.own.recorded);
        recorded && side.median(RunFacts::own_share) >= LEAST && side.median(|run| run.own.on_cpu_ns) >= LEAST_NS
    };
    let sides: Vec<&SideFacts<'_>> = facts.compared().filter(shown).collect();
    let side = sides.iter().copied().max_by(|a, b| wanted(a).total_cmp(&wanted(b)))?;
    let plainest = side.plainest(RunFacts::own_share);
    let waits = side.median(|run| run.share(run.blocked_ns(BlockedOn::Own)));
    let sentence = format!(
        "{}, {} {} of the CPU time of a run, {} of {}{}. With them {:.1} are on a CPU at once, on {}.{}",
        side.phrase.in_front(),
        who(side, plainest),
        percent(side.median(RunFacts::own_share)),
        human_ns(side.median(|run| run.own.on_cpu_ns) as u64),
        human_ns(side.median(RunFacts::cpu_ns) as u64),
        if waits >= 0.01 {
            format!("; executions wait for them during {} of the time in their targets", percent(waits))
        } else {
            String::new()
        },
        side.median(RunFacts::on_cpu_at_once),
        cores(facts.cores()),
        follows(facts, side),
    );
    let mut found = Found::new(ID, title(side))
        .sentence(sentence)
        .clause(clause(facts, side))
        .percent("own_share_percent", side.median(RunFacts::own_share))
        .ns("own_on_cpu_ns", side.median(|run| run.own.on_cpu_ns))
        .ns("cpu_ns", side.median(RunFacts::cpu_ns))
        .count("own_threads_count", side.median(|run| run.own.threads as f64) as u64)
        .count("own_processes_count", side.median(|run| run.own.processes as f64) as u64)
        .count("of_no_execution_count", side.median(|run| run.own.of_run as f64) as u64)
        .percent("waiting_for_them_percent", waits)
        .ratio("active_each_count", side.median(|run| run.own.active))
        .ratio("on_cpu_at_once_count", side.median(RunFacts::on_cpu_at_once))
        .count("cores_count", facts.cores() as u64)
        .costing(facts, |run| run.cpu_ns() / run.able_at_once().max(1.0))
        .found_in(sides.iter().map(|side| side.setting).collect::<Vec<_>>())
        .shown_by(
            std::iter::once(plainest.run.id).chain(side.ids().filter(|id| *id != plainest.run.id)),
            plainest.place_of(&[State::Blocked(BlockedOn::Own)]).or(Some(plainest.whole(None))),
        );
    (found.weight, found.likeness, found.doubt) = (WEIGHT, 0.9, 0.7);
    Some(advised(found, facts, side))
}

/// By whether tasks have more threads or more processes.
fn title(side: &SideFacts<'_>) -> &'static str {
    let [threads, processes] = [|run: &RunFacts<'_>| run.own.threads, |run: &RunFacts<'_>| run.own.processes]
        .map(|of| side.median(|run| of(run) as f64));
    if processes > threads { "Tasks have processes of their own" } else { "Tasks have threads of their own" }
}

/// How many would want a core at once if every execution in flight had as many at work as one alone.
fn wanted(side: &SideFacts<'_>) -> f64 {
    side.median(|run| run.own.active) * side.median(RunFacts::in_flight)
}

/// `each execution starts 3 threads and 2 processes of its own (head, sha256sum), which take`.
fn who(side: &SideFacts<'_>, plainest: &RunFacts<'_>) -> String {
    let executions = plainest.run.executions.len().max(1) as f64;
    let each = |count: f64| (count / executions * 10.0).round() / 10.0;
    let [threads, processes] =
        [each(side.median(|run| run.own.threads as f64)), each(side.median(|run| run.own.processes as f64))];
    let counted: Vec<String> = [(threads, "thread", "threads"), (processes, "process", "processes")]
        .into_iter()
        .filter(|(count, ..)| *count > 0.0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1.0 { one } else { many }))
        .collect();
    let names = plainest.own.busiest(3);
    let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
    // What a runner has without a task's doing takes next to nothing.
    let counts = plainest.own.of_run_ns >= LEAST_OF_RUN * plainest.own.on_cpu_ns;
    let of_run = if counts { plainest.own.of_run } else { 0 };
    let shared = format!(
        "{of_run} {} to no execution (made while modules were loaded, or left by one that is over)",
        if of_run == 1 { "thread or process belongs" } else { "threads and processes belong" }
    );
    match (counted.is_empty(), of_run > 0) {
        (false, false) => {
            let takes = if threads + processes == 1.0 { "takes" } else { "take" };
            format!("each execution starts {} of its own{names}, which {takes}", counted.join(" and "))
        }
        (false, true) => {
            format!("each execution starts {} of its own{names}, and {shared}; they take", counted.join(" and "))
        }
        _ => format!("{shared}{names}, and {}", if of_run == 1 { "takes" } else { "take" }),
    }
}

fn cores(cores: f64) -> String {
    if cores == 1.0 { "1 core".to_owned() } else { format!("{cores:.0} cores") }
}

/// Whether one execution alone has as many at work as there are cores. A run with one in flight shows whether these
/// work at once, or in turns.
fn fills(facts: &Facts<'_>, side: &SideFacts<'_>) -> bool {
    let alone = facts.in_sequence(side).map(|sequence| sequence.median(RunFacts::able_at_once));
    let wanted = each(side).min(facts.cores());
    each(side) + 0.25 >= facts.cores().max(2.0) && alone.is_none_or(|at_once| at_once >= LEAST_AT_ONCE * wanted)
}

/// Whether the executions in flight keep the cores busy: members that wait leave them free.
fn keeps_cores_busy(facts: &Facts<'_>, side: &SideFacts<'_>) -> bool {
    side.median(RunFacts::on_cpu_at_once) >= BUSY * facts.cores().min(wanted(side).max(1.0))
}

/// How many compute for one execution at once: its own; or it and all that belong to no execution, where these take
/// half of the members' time.
fn each(side: &SideFacts<'_>) -> f64 {
    let of_run =
        side.median(|run| if run.own.of_run_ns >= 0.5 * run.own.on_cpu_ns { run.own.of_run as f64 } else { 0.0 });
    side.median(|run| run.own.active).max(1.0 + of_run)
}

/// What follows from it: how many compute in all, on how many cores.
fn follows(facts: &Facts<'_>, side: &SideFacts<'_>) -> String {
    let (in_flight, each) = (side.median(|run| run.most as f64), each(side).round());
    let cores = cores(facts.cores());
    match (fills(facts, side), in_flight > 1.0) {
        (true, true) => format!(
            " {each:.0} compute for each execution and {in_flight:.0} are in flight: {:.0} on {cores}, where one execution has \
             them all already.",
            each * in_flight
        ),
        (true, false) => format!(" {each:.0} compute for one execution: it has all {cores} already."),
        (false, true) if in_flight > facts.cores() && keeps_cores_busy(facts, side) => {
            format!(" {in_flight:.0} executions are in flight on {cores}: more than {:.0} gain nothing.", facts.cores())
        }
        _ => String::new(),
    }
}

fn advised(found: Found, facts: &Facts<'_>, side: &SideFacts<'_>) -> Found {
    let n = facts.cores();
    if fills(facts, side) {
        let one_at_a_time = facts.ways(side, |it| it.mode == LaunchMode::Sequential);
        return found.trying(
            [Claim::LosesNothing { sides: one_at_a_time, to: side.setting }],
            format!("More at once gain nothing: run one execution at a time, or {}", fewer(side, n)),
            format!("More at once are faster all the same, as measured; {}", fewer(side, n)),
        );
    }
    let mut all = facts.ways(side, |_| true);
    all.push(side.setting);
    let threads: Vec<Setting> =
        all.iter().copied().filter(|it| matches!(it.mode, LaunchMode::Threads | LaunchMode::ThreadPool)).collect();
    let apart = all.into_iter().filter(|it| it.mode.isolates());
    let found = match keeps_cores_busy(facts, side) {
        true => found.advice(format!("Run as many at once as there are cores ({n:.0}); more gain nothing.")),
        false => found.advice(
            "A sweep over workers tells how many at once are best: what tasks start leaves cores free for a while.",
        ),
    };
    if facts.starts_programs() {
        return found;
    }
    found.trying(
        apart.map(|to| Claim::LosesNothing { sides: threads.clone(), to }),
        "What computes are the threads and processes that tasks start, so threads start them as well as processes do.",
        "",
    )
}

fn fewer(side: &SideFacts<'_>, n: f64) -> String {
    let whom = if threads_do_it(side) { "threads" } else { "processes" };
    let fewer = format!("give each fewer {whom}, so that workers × {whom} each is the number of cores");
    match libraries(side) {
        Some(variables) => format!(
            "{fewer} ({n:.0}). Of a numeric library that is `{variables} = \"1\"` in the task's env, which is set before the \
             library is loaded; inside the function it comes too late."
        ),
        None => format!("{fewer} ({n:.0})."),
    }
}

fn clause(facts: &Facts<'_>, side: &SideFacts<'_>) -> String {
    match fills(facts, side) {
        true => {
            format!("one execution has all {} already, with threads and processes of its own", cores(facts.cores()))
        }
        false => "the work is done by threads and processes that the tasks start".to_owned(),
    }
}

/// Whether threads, not processes, do most of what tasks start.
fn threads_do_it(side: &SideFacts<'_>) -> bool {
    side.median(|run| run.own.threads_ns / run.own.on_cpu_ns.max(1.0)) >= 0.5
}

/// The environment variables that set the number of threads of the numeric libraries that were loaded, where threads do
/// the work.
fn libraries(side: &SideFacts<'_>) -> Option<String> {
    let facts = side.runs.first()?.run.interpreter_facts.as_ref().filter(|_| threads_do_it(side))?;
    let variables: Vec<&str> = facts.thread_libraries.iter().filter_map(|library| variable(library)).collect();
    (!variables.is_empty()).then(|| variables.join("` and `"))
}

fn variable(library: &str) -> Option<&'static str> {
    Some(match library {
        "openblas" => "OPENBLAS_NUM_THREADS",
        "mkl" => "MKL_NUM_THREADS",
        "blis" => "BLIS_NUM_THREADS",
        "openmp" => "OMP_NUM_THREADS",
        _ => return None,
    })
}
