//! Each execution has a core of its own, and yet is slower than alone.
//!
//! Two cores don't show it (`benches/advice.py`): two processes that go over 64 MB each did not take a quarter more CPU
//! time than one alone. So *fewer* was not tried, and is advised only as far as it was measured. The same work took
//! 0.62 of the time when all passes over a piece that fits into a cache came before the next piece (medians of three).

use super::{
    facts::{Facts, SideFacts},
    found::{Claim, Found, percent},
    run_facts::{RunFacts, place},
    sending,
};
use model::{Phase, Setting, State, quantity::human_ns};

/// The id.
pub const ID: &str = "memory-traffic";

/// The least growth of CPU time for the same work: clock rates that fall when more cores are busy cost less than that.
const GROWN: f64 = 1.25;
/// Two hardware threads of one core share it: each may be half as fast, and that is not memory's fault.
const GROWN_ON_SIBLINGS: f64 = 2.2;
/// Fewer in flight than this are as good as alone.
const TOGETHER: f64 = 1.2;
/// Executions that are shorter than this on average take more CPU time because they are new: cold caches, first touches
/// after a fork.
const SHORTEST_NS: f64 = 1e7;
/// Where executions are blocked for more than this, something else is the matter.
const MOST_BLOCKED: f64 = 0.10;

fn on_cpu(run: &RunFacts<'_>) -> f64 {
    run.state_ns(State::OnCpu)
}

/// The finding: the same work takes more CPU time with more at once, in every setting that was compared, processes
/// among them, which share no lock and no cache line.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    // What is sent is copied into new memory, which takes CPU time without anybody waiting for another's memory.
    let sends = |side: &SideFacts<'_>| side.runs.iter().any(sending::dominates);
    let grown = |side: &&SideFacts<'_>| {
        !sends(side)
            && !side.is_done_by_own()
            && one_at_a_time(facts, side).is_some_and(|alone| grows(facts, side, alone))
    };
    let isolated = facts.compared().filter(|side| side.setting.mode.isolates()).filter(grown);
    let side = isolated.max_by(|a, b| growth(facts, a).total_cmp(&growth(facts, b)))?;
    // If threads with as many workers take no more, memory is not the cause.
    let peer = |other: &&SideFacts<'_>| {
        let (own, other) = (side.setting, other.setting);
        Setting { mode: own.mode, start_method: own.start_method, ..other } == own
    };
    let together = |side: &&SideFacts<'_>| side.median(RunFacts::in_flight) > TOGETHER;
    let shown: Vec<&SideFacts<'_>> = facts.compared().filter(peer).filter(together).collect();
    if !shown.iter().all(grown) {
        return None;
    }
    let alone = one_at_a_time(facts, side)?;
    let ratio = growth(facts, side);
    let sentence = format!(
        "{}, with {:.1} in flight, the same work takes {} of CPU time, {} one at a time: {ratio:.2} times as much. \
         Inferred, not measured: they wait for memory or share a cache.",
        side.phrase.in_front(),
        side.median(RunFacts::in_flight),
        human_ns(side.median(on_cpu) as u64),
        human_ns(alone.median(on_cpu) as u64),
    );
    let plainest = side.plainest(on_cpu);
    let slowest = plainest.most_of(|execution| Some(execution.states.as_ref()?.on_cpu_ns));
    let others = plainest.run.id;
    let found = Found::new(ID, "Memory traffic")
        .sentence(sentence)
        .trying(
            [Claim::LosesNothing { sides: vec![alone.setting], to: side.setting }],
            "More at once gain nothing to speak of here, as measured: use fewer.",
            "More at once are faster all the same, as measured.",
        )
        .trying([], "Work on pieces that fit into a core's cache, or touch each datum once.", "")
        .clause(format!("the same work takes {} more CPU time when it is done at once", percent(ratio - 1.0)))
        .ratio("on_cpu_growth_ratio", ratio)
        .ns("on_cpu_ns", side.median(on_cpu))
        .ns("on_cpu_alone_ns", alone.median(on_cpu))
        .ratio("in_flight_count", side.median(RunFacts::in_flight))
        .inferred_from(side.setting, alone.setting)
        .found_in(shown.iter().map(|side| side.setting).collect::<Vec<Setting>>())
        .shown_by(
            std::iter::once(others).chain(side.ids().filter(move |id| *id != others)),
            slowest.and_then(|(execution, _)| place(execution, Phase::InTarget)),
        );
    Some(found)
}

/// A setting's CPU time over that of one at a time; 0 where that was not measured.
fn growth(facts: &Facts<'_>, side: &SideFacts<'_>) -> f64 {
    one_at_a_time(facts, side).map_or(0.0, |alone| side.median(on_cpu) / alone.median(on_cpu).max(1.0))
}

/// The same work with one in flight: sequential, or a sweep's point of one worker.
fn one_at_a_time<'f, 'a>(facts: &'f Facts<'a>, side: &SideFacts<'a>) -> Option<&'f SideFacts<'a>> {
    let same = |other: &&SideFacts<'a>| {
        let (own, other) = (side.setting, other.setting);
        own.interpreter == other.interpreter && own.argument == other.argument
    };
    let single = |other: &&SideFacts<'a>| other.median(|run| run.most as f64) <= 1.0;
    let of_mode = |other: &&SideFacts<'a>| other.setting.mode == side.setting.mode;
    let all = || facts.sides.iter().filter(same).filter(single);
    all().find(of_mode).or_else(|| all().next())
}

fn grows(facts: &Facts<'_>, side: &SideFacts<'_>, alone: &SideFacts<'_>) -> bool {
    let blocked = |run: &RunFacts<'_>| 1.0 - run.share(on_cpu(run) + run.state_ns(State::Ready));
    let in_flight = side.median(RunFacts::in_flight);
    let physical = facts.experiment.machine.physical_cores.map_or(f64::INFINITY, f64::from);
    let least = if in_flight > physical { GROWN_ON_SIBLINGS } else { GROWN };
    let each_ns = side.median(|run| run.in_target_ns / run.run.executions.len().max(1) as f64);
    each_ns >= SHORTEST_NS
        && in_flight > TOGETHER
        && side.median(blocked) < MOST_BLOCKED
        && side.exceeds(alone, least, on_cpu)
}
