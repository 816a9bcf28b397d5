//! Executions run at once: threads of one interpreter whose calls give its lock away, or several workers where another
//! setting has one.
//!
//! The advice was tried (`benches/advice.py`, two quiet cores, medians of three): threads that hash took 1.07 of the
//! time of forked processes, which is within the noise of 90 ms.

use super::{
    facts::{Facts, SideFacts},
    found::{Claim, Found, percent},
    gate,
    run_facts::RunFacts,
};
use model::{BlockedOn, LaunchMode, State, quantity::human_ns};

/// The id.
pub const ID: &str = "runs-at-once";

/// Taking turns makes 1; from half as many again on, they run at once for at least half of the time.
const LEAST: f64 = 1.5;
/// A ready execution waits for a core, and could run; but only running proves it. So at least this many are on a CPU at
/// once, or the whole takes at most this share of the time of one after another.
const LEAST_ON_CPU: f64 = 1.3;
const MOST_OF_SEQUENCE: f64 = 0.8;
/// Threads that wait for the GIL for more than this take turns.
const MOST_GIL: f64 = 0.10;
/// Less CPU time than this is no work to speak of.
const LEAST_NS: f64 = 1e7;

/// The finding.
pub fn find(facts: &Facts<'_>) -> Option<Found> {
    let with_gil = facts.compared().filter(|side| shares_gil(side)).filter(|side| at_once(facts, side));
    let of_threads = with_gil.max_by(|a, b| able(a).total_cmp(&able(b)));
    of_threads.map(|side| threads(facts, side)).or_else(|| beside_one_at_a_time(facts))
}

/// Whether these are threads of an interpreter that has a GIL, in one process.
fn shares_gil(side: &SideFacts<'_>) -> bool {
    let in_threads = matches!(side.setting.mode, LaunchMode::Threads | LaunchMode::ThreadPool);
    in_threads && side.runs.iter().all(RunFacts::has_gil)
}

/// Whether several could run at once; one that is ready waits for nothing but a core that another program has.
fn at_once(facts: &Facts<'_>, side: &SideFacts<'_>) -> bool {
    let gil = side.median(|run| run.share(run.blocked_ns(BlockedOn::Gil)));
    let proven = side.median(RunFacts::themselves_on_cpu_at_once) >= LEAST_ON_CPU
        || facts.of_sequence(side).is_some_and(|share| share <= MOST_OF_SEQUENCE);
    // What members do says nothing of whether executions run at once.
    proven
        && !side.is_done_by_own()
        && able(side) >= LEAST
        && gil < MOST_GIL
        && side.median(|run| run.state_ns(State::OnCpu)) >= LEAST_NS
}

/// How many executions are on a CPU or ready on average, while any is in its target; without members.
fn able(side: &SideFacts<'_>) -> f64 {
    side.median(|run| run.themselves_on_cpu_at_once() + run.state_ns(State::Ready) / run.covered_ns.max(1.0))
}

fn threads(facts: &Facts<'_>, side: &SideFacts<'_>) -> Found {
    let gil = side.median(|run| run.share(run.blocked_ns(BlockedOn::Gil)));
    let sentence = format!(
        "{}, {:.2} executions are on a CPU or ready for one at once, in one interpreter: they give its lock away while they \
         work, and wait for it during {} of the time.",
        side.phrase.in_front(),
        able(side),
        percent(gil),
    );
    let found = of_side(facts, side)
        .sentence(sentence)
        .clause(format!("{} run at once, because what they call gives the GIL away", side.phrase.name))
        .percent("gil_percent", gil);
    match gate::slightly_faster(facts, side.setting) {
        Some(beaten) => found.advice(format!(
            "Threads give most of what there is to gain, start sooner than processes and share their memory. {}",
            beaten.sentence
        )),
        None => found
            .advice("Threads are enough for such calls: they start sooner than processes and share their memory.")
            .claiming(Claim::Suffices { side: side.setting }),
    }
}

/// A setting that runs executions at once, beside a compared one that runs them one after another.
fn beside_one_at_a_time(facts: &Facts<'_>) -> Option<Found> {
    // A sweep has a point of one worker anyway.
    if facts.experiment.sweep.is_some() {
        return None;
    }
    let one = |side: &&SideFacts<'_>| side.setting.mode == LaunchMode::Sequential || side.setting.workers == 1;
    let single = facts.compared().find(one)?;
    let same_work = |side: &&SideFacts<'_>| side.setting.interpreter == single.setting.interpreter;
    let side = facts
        .compared()
        .filter(same_work)
        .filter(|side| at_once(facts, side))
        .max_by(|a, b| able(a).total_cmp(&able(b)))?;
    let sentence = format!(
        "{}, {:.2} executions are on a CPU or ready for one at once; {}, one works after another. The work is {} of CPU \
         time, and {} cores share it.",
        side.phrase.in_front(),
        able(side),
        single.phrase.manner,
        human_ns(side.median(|run| run.state_ns(State::OnCpu)) as u64),
        facts.cores(),
    );
    let found = of_side(facts, side)
        .sentence(sentence)
        .advice("Nothing stands in its way here: it pays for as long as there are cores to share the work.")
        .clause(format!("{} {} on {} cores at once", side.phrase.name, side.phrase.verb, facts.cores()))
        .claiming(Claim::Pays { sides: vec![side.setting], over: single.setting });
    Some(found)
}

fn of_side(facts: &Facts<'_>, side: &SideFacts<'_>) -> Found {
    let plainest = side.plainest(RunFacts::able_at_once);
    let first = plainest.run.id;
    let runs = std::iter::once(first).chain(side.ids().filter(move |id| *id != first));
    Found::new(ID, "They run at once")
        .ratio("able_at_once_count", able(side))
        .ratio("on_cpu_at_once_count", side.median(RunFacts::on_cpu_at_once))
        .costing(facts, |run| run.state_ns(State::OnCpu) / run.able_at_once().max(1.0))
        .found_in([side.setting])
        .shown_by(runs, Some(plainest.whole(None)))
}
