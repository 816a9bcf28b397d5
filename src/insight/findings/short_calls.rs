//! A task of short calls beside one that computes: each time that it gives the GIL away, it may wait up to the interpreter's
//! switch interval to have it back.
//!
//! A hundred bytes through a pair of sockets took 0.30 ms alone, and in a thread beside one that computes between 0.3 and
//! 33 ms, from run to run: 5.5 ms where it lost the GIL once. Beside a process that computes it took 0.40 to 0.59 ms in ten
//! of ten runs.
//!
//! The advice was tried (`benches/advice.py`, two busy cores, medians of three): forty answers took 0.11 of the time
//! when the task that computes ran in a process, and 0.06 as one answer that takes as long as all of them.

use super::{
    facts::{Facts, SideFacts},
    found::{Claim, Found, percent},
    run_facts::{RunFacts, place},
};
use model::{BlockedOn, Execution, LaunchMode, Phase, States, quantity::human_ns};
use statistics::order;

/// The id.
pub const ID: &str = "short-calls-wait-for-gil";

/// A task that waits for half of the time does little else.
const LEAST_WAITING: f64 = 0.5;
/// Apart from the others it takes a fifth of the time at most.
const LEAST_RATIO: f64 = 5.0;
/// It takes at most this many times the CPU time that it takes apart from the others: to have the GIL back costs some
/// each time.
const MOST_WORK: f64 = 20.0;
/// A call that gives the GIL away takes half a microsecond at the least, and then waits for one switch interval at the most:
/// more than that is another wait.
const MOST_RATIO: f64 = 10_000.0;
/// Shorter waits are not for a switch.
const LEAST_NS: f64 = 1e6;

/// A task that hardly uses the GIL and waits for it.
struct Slowed<'a, 'f> {
    side: &'f SideFacts<'a>,
    apart: &'f SideFacts<'a>,
    task: u32,
    name: &'a str,
    here_ns: f64,
    there_ns: f64,
    waiting_ns: f64,
    /// The part of it that samples saw to be for the GIL.
    gil_ns: f64,
}

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let slowed = facts.compared().filter(|side| shares_gil(side)).filter_map(|side| slowed(facts, side));
    let most = slowed.max_by(|a, b| (a.here_ns - a.there_ns).total_cmp(&(b.here_ns - b.there_ns)))?;
    let Slowed { side, apart, task, name, here_ns, there_ns, waiting_ns, gil_ns } = most;
    let here = human_ns(here_ns as u64);
    let sentence = format!(
        "{}, {name} takes {here}, and {} {}: it waits during {} of the {here}{}. Each time it gives the GIL away for a short call, it {}.",
        side.phrase.in_front(),
        human_ns(there_ns as u64),
        apart.phrase.manner,
        percent(waiting_ns / here_ns),
        if gil_ns < waiting_ns / 2.0 {
            ", mostly too briefly to see on what (that it is the GIL is inferred)"
        } else {
            ""
        },
        until_it_is_back(side),
    );
    // Where it took about as long as the sentence says.
    let apart_ns = |ns: f64| (ns - here_ns).abs();
    let plainest = side.plainest(|run| -apart_ns(mean_of(run, task, |it| it.stamps.in_target_ns())));
    let distance = |it: &Execution| it.stamps.in_target_ns().map_or(f64::INFINITY, |ns| apart_ns(ns as f64));
    let own = plainest.run.executions.iter().filter(|execution| execution.task_index == task);
    let nearest = own.min_by(|a, b| distance(a).total_cmp(&distance(b)));
    let place = nearest.and_then(|execution| place(execution, Phase::InTarget));
    let first = plainest.run.id;
    let mut found = Found::new(ID, "Short calls wait for the GIL")
        .sentence(sentence)
        .trying(
            [Claim::LosesNothing { sides: facts.ways(side, |it| it.mode.isolates()), to: side.setting }],
            "Let what computes run in a process, or make fewer and larger calls: each is one wait.",
            "Make fewer and larger calls: each is one wait. With all of it in processes the whole takes longer here, as measured.",
        )
        .clause(format!("{name} waits for the GIL {}", side.phrase.manner))
        .word("task", name)
        .ns("in_target_ns", here_ns)
        .ns("in_target_apart_ns", there_ns)
        .percent("waiting_percent", waiting_ns / here_ns)
        .found_in([side.setting])
        .shown_by(std::iter::once(first).chain(side.ids().filter(move |id| *id != first)), place);
    // It says of one task what no verdict on whole runs can.
    found.weight = 0.9;
    Some(found)
}

/// What a thread waits for after it gave the GIL away. PyPy has no switch interval: the wait took 0.4 ms there, where
/// CPython's interval is 5 ms.
fn until_it_is_back(side: &SideFacts<'_>) -> &'static str {
    let facts = side.runs.first().and_then(|run| run.run.interpreter_facts.as_ref());
    match facts.is_some_and(|facts| facts.implementation == "PyPy") {
        true => "may wait until one that computes gives it back",
        false => {
            "may wait up to the switch interval (5 ms, unless the program sets another) to have it back from one that computes"
        }
    }
}

/// Whether these are threads of an interpreter that has a GIL.
fn shares_gil(side: &SideFacts<'_>) -> bool {
    matches!(side.setting.mode, LaunchMode::Threads | LaunchMode::ThreadPool) && side.runs.iter().all(RunFacts::has_gil)
}

/// The task that loses most by sharing the GIL, beside the same plan one after another, or else in processes.
fn slowed<'a, 'f>(facts: &'f Facts<'a>, side: &'f SideFacts<'a>) -> Option<Slowed<'a, 'f>> {
    let executions = &side.runs.first()?.run.executions;
    let last = executions.iter().map(|execution| execution.task_index).max().filter(|last| *last > 0)?;
    let sequential = |other: &&SideFacts<'a>| other.setting.mode == LaunchMode::Sequential;
    let isolated = |other: &&SideFacts<'a>| other.setting.mode.isolates();
    let apart = facts.sides.iter().find(sequential).or_else(|| facts.sides.iter().find(isolated))?;
    let of_task = |task: u32| {
        let name: &'a str = &executions.iter().find(|execution| execution.task_index == task)?.task;
        let [here_ns, there_ns] = [side, apart].map(|side| mean(side, task, |it| it.stamps.in_target_ns()));
        let waiting_ns = mean(side, task, |it| it.states.as_deref().map(may_wait_for_gil));
        let waits = waiting_ns >= LEAST_NS && waiting_ns >= LEAST_WAITING * here_ns;
        let gil_ns = mean(side, task, |it| Some(it.states.as_deref()?.blocked_on?.get(BlockedOn::Gil)));
        let slowed = Slowed { side, apart, task, name, here_ns, there_ns, waiting_ns, gil_ns };
        // A task that does other work apart, such as polling until another is done, makes other calls.
        let [here, there] = [side, apart].map(|side| mean(side, task, |it| Some(it.states.as_deref()?.on_cpu_ns)));
        let alike = here <= MOST_WORK * there + 5.0 * LEAST_NS;
        let slower = (LEAST_RATIO..MOST_RATIO).contains(&(here_ns / there_ns));
        (waits && alike && there_ns > 0.0 && slower).then_some(slowed)
    };
    (0..=last).filter_map(of_task).max_by(|a, b| a.waiting_ns.total_cmp(&b.waiting_ns))
}

/// Time blocked on the GIL, or too briefly to see on what.
fn may_wait_for_gil(states: &States) -> u64 {
    let of = |on: BlockedOn| states.blocked_on.map_or(0, |totals| totals.get(on));
    states
        .blocked_ns
        .saturating_sub([BlockedOn::Lock, BlockedOn::Sleep, BlockedOn::Io, BlockedOn::Own].map(of).iter().sum())
}

/// The mean over a task's executions in a repeat; of that the median over repeats.
fn mean(side: &SideFacts<'_>, task: u32, of: impl Fn(&Execution) -> Option<u64>) -> f64 {
    order::median(&side.values(|run| mean_of(run, task, &of))).unwrap_or(0.0)
}

/// The mean over a task's executions of one repeat.
fn mean_of(facts: &RunFacts<'_>, task: u32, of: impl Fn(&Execution) -> Option<u64>) -> f64 {
    let own = facts.run.executions.iter().filter(|execution| execution.task_index == task);
    let values: Vec<f64> = own.filter_map(of).map(|ns| ns as f64).collect();
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
