//! One start method takes much longer than another.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): fork took 0.04 of the time of spawn,
//! a pool of spawned workers 0.26 of a process each.

use super::{
    facts::{Facts, SideFacts},
    found::{Claim, Found, percent},
    run_facts::{RunFacts, place},
};
use model::{Phase, Setting, StartMethod, quantity::human_ns};

/// The id.
pub const ID: &str = "start-methods";

/// Less than twice as long may be chance.
const TIMES: f64 = 2.0;
/// The least share of an execution's span that matters.
const LEAST_SHARE: f64 = 0.10;

/// The mean time to launch an execution.
fn launching(run: &RunFacts<'_>) -> f64 {
    run.launching_ns / run.run.executions.len().max(1) as f64
}

/// The finding, of the two start methods that are furthest apart.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let compared: Vec<_> = facts.compared().collect();
    let pairs = compared.iter().flat_map(|slow| compared.iter().map(move |quick| (*slow, *quick)));
    let apart = pairs.filter(|(slow, quick)| differ_in_method(slow.setting, quick.setting) && is_slower(slow, quick));
    let difference =
        |(slow, quick): &(&SideFacts<'_>, &SideFacts<'_>)| slow.median(launching) - quick.median(launching);
    let (slow, quick) = apart.max_by(|a, b| difference(a).total_cmp(&difference(b)))?;
    let [long, short] = [slow, quick].map(|side| side.median(launching));
    let [of_slow, of_quick] = [slow, quick].map(|side| side.setting.start_method.map_or("", |method| method.word()));
    let share = slow.median(|run| run.launching_ns / (run.launching_ns + run.in_target_ns).max(1.0));
    let sentence = format!(
        "With {of_slow} an execution takes {} to launch, with {of_quick} {}: {:.1} times as long. Launching is {} of what an \
         execution takes with {of_slow}.",
        human_ns(long as u64),
        human_ns(short as u64),
        long / short.max(1.0),
        percent(share),
    );
    let caution = match quick.setting.start_method {
        Some(StartMethod::Fork) => "fork copies one thread alone, and locks as the others left them",
        _ => "it starts from less, so that what tasks need is passed to them",
    };
    let plainest = slow.plainest(launching);
    let latest = plainest.most_of(|execution| execution.start_latency_ns());
    let first = plainest.run.id;
    let found = Found::new(ID, "Start methods differ")
        .sentence(sentence)
        .trying(
            [Claim::LosesNothing { sides: vec![quick.setting], to: slow.setting }],
            format!("Use {of_quick} where that is safe ({caution})."),
            format!("With {of_quick} the whole takes longer here, as measured."),
        )
        .trying([], "Start workers once (a pool), and import less in modules that are loaded anew.", "")
        .clause(format!("{of_slow} takes {} to launch, {of_quick} {}", human_ns(long as u64), human_ns(short as u64)))
        .ns("launching_ns", long)
        .ns("launching_elsewhere_ns", short)
        .ratio("times_as_long_ratio", long / short.max(1.0))
        .word("slow", of_slow)
        .word("quick", of_quick)
        .costing(facts, |run| run.launching_ns / run.lanes_ns.len().max(1) as f64)
        .found_in([slow.setting])
        .shown_by(
            std::iter::once(first).chain(slow.ids().filter(move |id| *id != first)),
            latest.and_then(|(execution, _)| place(execution, Phase::Launching)),
        );
    Some(found)
}

fn differ_in_method(a: Setting, b: Setting) -> bool {
    a.start_method != b.start_method && Setting { start_method: b.start_method, ..a } == b
}

fn is_slower(slow: &SideFacts<'_>, quick: &SideFacts<'_>) -> bool {
    let more = slow.median(|run| run.launching_ns) - quick.median(|run| run.launching_ns);
    let span = slow.median(|run| run.launching_ns + run.in_target_ns);
    more >= LEAST_SHARE * span && slow.exceeds(quick, TIMES, launching)
}
