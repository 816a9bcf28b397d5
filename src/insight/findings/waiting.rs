//! Executions wait, and need no core.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): eight sleeps with eight workers took
//! 0.25 of the time with two. Two that slept under one lock took 0.55 of the time when they slept outside of it (beside
//! a compiler).

use super::{
    facts::{Facts, SideFacts},
    found::{Claim, Found, likewise, percent},
    run_facts::RunFacts,
    waits_together::waiting_at_once,
};
use model::{BlockedOn, LaunchMode, Setting, State};

/// The id.
pub const ID: &str = "waiting";

/// An execution that waits for more than half of the time leaves a core to others.
const LEAST: f64 = 0.5;
/// Where waits overlap, at least this many wait together.
const LEAST_TOGETHER: f64 = 1.2;
/// Where no sample says on what executions are blocked for more than this share of their waits, the cause is unknown.
const MOST_UNSEEN: f64 = 0.5;
const THREADS_SUFFICE: &str = "Threads, or one event loop, wait as well as processes and start sooner.";
/// Fewer than this wait one after another.
const MOST_APART: f64 = 1.05;
/// A smaller share is not in the sentence.
const LEAST_TOLD: f64 = 0.005;

/// Time asleep or in I/O. Time blocked on something unknown counts too: such a wait is over before a sample.
fn waits_ns(run: &RunFacts<'_>) -> f64 {
    if run.is_done_by_own() {
        return 0.0; // Others compute for them, who need cores.
    }
    run.blocked_ns(BlockedOn::Sleep) + run.blocked_ns(BlockedOn::Io) + run.unseen_ns
}

/// How many wait at once, while any does.
fn at_once(run: &RunFacts<'_>) -> f64 {
    waiting_at_once(run, waits_ns(run))
}

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let hits = facts.hits(LEAST, |run| run.share(waits_ns(run)));
    let (side, share) = (hits.first()?.side, hits[0].value);
    // The setting in which most of them wait together tells what waiting costs.
    let all = hits.iter().map(|hit| (hit.side, hit.side.median(at_once)));
    let (best, together) = all.max_by(|a, b| a.1.total_cmp(&b.1))?;
    // Executions that are in flight together and yet wait one after another are kept apart. Those that wait too briefly
    // to see on what may wait for the others.
    let unseen = best.median(|run| run.unseen_ns / waits_ns(run).max(1.0)) > MOST_UNSEEN;
    let gains = facts.saves_time(best).or((!unseen).then_some(true));
    let kept_apart = (together < LEAST_TOGETHER || gains == Some(false))
        && best.median(RunFacts::in_flight) >= 1.5
        && gains.is_some();
    let whose = if best.setting == side.setting { String::new() } else { format!("{} ", best.phrase.manner) };
    let overlap = match together {
        _ if gains.is_none() => String::new(),
        _ if kept_apart && gains == Some(false) => "; the whole takes as long as one after another".to_owned(),
        n if n >= LEAST_TOGETHER => format!("; {whose}{n:.1} of them wait together, so that waits overlap"),
        _ if kept_apart => {
            let flying = best.median(RunFacts::in_flight);
            let waits = if together < MOST_APART { "one waits after another" } else { "hardly two wait at once" };
            format!("; {flying:.1} are in flight, and yet {waits}")
        }
        n if n < MOST_APART => "; one waits after another".to_owned(),
        _ => String::new(),
    };
    let sentence = format!(
        "{}, executions wait during {} of the time in their targets ({}) and are on a CPU during {}{overlap}.{}",
        side.phrase.in_front(),
        percent(share),
        on_what(hits[0].runs.first()?, share),
        percent(side.median(|run| run.share(run.state_ns(State::OnCpu)))),
        likewise(&hits),
    );
    let clause = match together {
        n if n >= LEAST_TOGETHER && gains == Some(true) => {
            format!("executions wait during {} of the time, and waits overlap", percent(share))
        }
        n if n < MOST_APART && gains.is_some() => {
            format!("executions wait during {} of the time, one after another", percent(share))
        }
        _ => format!("executions wait during {} of the time", percent(share)),
    };
    let found = Found::new(ID, "Waiting, not computing").sentence(sentence);
    let found = match kept_apart {
        // Processes may not share what keeps threads apart.
        true => found.advice(
            "Find what lets one wait at a time, and wait outside of it: a lock that is held meanwhile, a device, a server. \
             Until then more workers gain nothing.",
        ),
        // It is unknown what more of them would wait for.
        false if gains.is_none() => found,
        false => found
            .trying(
                more_pay(facts, best),
                "More workers than cores pay here, because who waits needs none.",
                "Who waits needs no core, and yet more workers than cores gain nothing here, as measured.",
            )
            .trying(
                threads_suffice(facts, side),
                if facts.starts_programs() { "" } else { THREADS_SUFFICE },
                "",
            ),
    };
    let found = found
        .clause(clause)
        .percent("waiting_percent", share)
        .percent("on_cpu_percent", side.median(|run| run.share(run.state_ns(State::OnCpu))))
        .ratio("wait_together_count", together)
        .costing(facts, |run| waits_ns(run) / at_once(run).max(1.0))
        .shown_by_hits(&hits, |run| run.place_of(&[State::Blocked(BlockedOn::Sleep), State::Blocked(BlockedOn::Io)]));
    Some(found)
}

/// The claim that more workers than cores are faster than fewer, where settings that differ only in workers were
/// measured.
fn more_pay(facts: &Facts<'_>, side: &SideFacts<'_>) -> Option<Claim> {
    let cores = facts.cores();
    let same = |it: Setting| Setting { workers: it.workers, ..side.setting } == it;
    let more = |it: &Setting| it.workers == 0 || f64::from(it.workers) > cores;
    let mut all = facts.ways(side, same);
    all.push(side.setting);
    let (sides, fewer): (Vec<Setting>, Vec<Setting>) = all.into_iter().partition(more);
    let over = fewer.into_iter().max_by_key(|it| it.workers)?;
    Some(Claim::Pays { sides, over })
}

/// The claims that one of the settings that wait in one process takes no longer than each of processes.
fn threads_suffice(facts: &Facts<'_>, side: &SideFacts<'_>) -> Vec<Claim> {
    let as_many = |it: Setting| it.workers == side.setting.workers;
    let mut all = facts.ways(side, as_many);
    all.push(side.setting);
    let in_one = |it: &Setting| matches!(it.mode, LaunchMode::Threads | LaunchMode::ThreadPool | LaunchMode::Asyncio);
    let sides: Vec<Setting> = all.iter().copied().filter(in_one).collect();
    let apart = all.into_iter().filter(|it| it.mode.isolates());
    apart.map(|to| Claim::LosesNothing { sides: sides.clone(), to }).collect()
}

/// `98 % asleep`, `60 % asleep, 30 % in I/O`: the parts of a share, as they are in one run.
fn on_what(run: &RunFacts<'_>, share: f64) -> String {
    // Medians of the parts would not add up to that of the whole.
    let of_it = |ns: f64| share * ns / waits_ns(run).max(1.0);
    let parts = [
        (of_it(run.blocked_ns(BlockedOn::Sleep)), "asleep"),
        (of_it(run.blocked_ns(BlockedOn::Io)), "in I/O"),
        (of_it(run.unseen_ns), "too briefly to see on what"),
    ];
    let told = parts.iter().filter(|(share, _)| *share >= LEAST_TOLD);
    told.map(|(share, what)| format!("{} {what}", percent(*share))).collect::<Vec<_>>().join(", ")
}
