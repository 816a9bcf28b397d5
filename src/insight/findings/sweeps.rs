//! What a sweep answers: how many workers are best, and where another mode begins to pay.
//!
//! The advice was tried (`benches/advice.py`, two busy cores): where two workers are best they took 0.53 of the time of
//! one (medians of seven). Where there is little to count in Python, threads took 0.31 of the time of processes, and
//! two executions 0.09 of the time of forty with as much to do; where there is much, processes took 0.89 of the time of
//! threads (medians of three). The crossing between them was not found: other programs had the cores.

use super::{facts::Facts, found::Found};
use crate::{label::workers, scaling::Sweep};
use model::{
    Setting, SweepAxis,
    quantity::{exact, number},
    scaling::{Best, Crossing},
};
use statistics::order::median;

/// The id of the best number of workers.
pub const BEST: &str = "best-workers";
/// The id of where one setting overtakes another.
pub const CROSSOVER: &str = "crossover";

/// What a sweep answers comes before what explains its single runs, and after what failed.
const WEIGHT: f64 = 3.5;

/// How many workers, or which value of an argument, is best in each mode that has enough repeats at several.
pub fn best_workers(facts: &Facts<'_>) -> Option<Found> {
    let sweep = Sweep::of(facts.experiment)?;
    let told: Vec<(Best, f64)> = sweep
        .curves
        .iter()
        .filter_map(|curve| {
            let best = sweep.best(curve).filter(|best| best.told)?;
            let by_workers = matches!(sweep.axis, SweepAxis::Workers(_));
            let of_one = curve
                .points
                .iter()
                .find(|point| !by_workers || point.x == 1.0)
                .and_then(|point| median(&point.times()));
            let of_best = curve.points.iter().find(|point| best.setting == point.setting);
            let speedup = of_one? / of_best.and_then(|point| median(&point.times()))?;
            Some((best, speedup))
        })
        .collect();
    let (first, speedup) = told.first()?;
    let sentences: Vec<_> = told.iter().map(|(best, _)| best.sentence.as_str()).collect();
    let settings: Vec<_> = told.iter().filter_map(|(best, _)| side_of(facts, |it| best.setting == it)).collect();
    let at = match (&sweep.axis, first.setting.argument) {
        (axis @ SweepAxis::Argument { .. }, Some(value)) => axis.at(&exact(value.get())),
        _ => workers(first.setting.workers),
    };
    let found =
        Found::new(BEST, &format!("Best at {at}")).sentence(sentences.join(" ")).clause(format!("it is best at {at}"));
    let found = match first.setting.argument {
        Some(value) => found
            .advice("Use that value; measure again where the machine has other cores, or where there is more or less to do.")
            .word("best_value", value.to_string()),
        None => found
            .advice("Use so many workers; measure again where the machine has other cores, or where the work shares more or less.")
            .count("best_workers_count", u64::from(first.setting.workers)),
    };
    let found = found.ratio("speedup_ratio", *speedup);
    Some(weighed(found, facts, &settings))
}

/// Where two curves cross, with an interval.
pub fn crossover(facts: &Facts<'_>) -> Option<Found> {
    let sweep = Sweep::of(facts.experiment)?;
    let told: Vec<Crossing> = sweep.crossings().into_iter().filter(|it| it.at.is_some() && it.low.is_some()).collect();
    let first = told.first()?;
    let sentences: Vec<_> = told.iter().map(|crossing| crossing.sentence.as_str()).collect();
    let without = |it: Setting| Setting { argument: None, ..it };
    let is_above = |it: Setting| without(it) == Setting { argument: None, ..first.above };
    // The greatest value of the argument shows best what the setting gains.
    let above = facts.compared().map(|side| side.setting).filter(|it| is_above(*it)).max_by_key(|it| it.argument);
    let found = Found::new(CROSSOVER, "Where another setting begins to pay")
        .sentence(sentences.join(" "))
        .advice(
            "Below it make fewer, longer executions, or use the setting that is quicker to launch; above it the other.",
        )
        .clause(format!("they cross at {}", sweep.axis.at(&number(first.at.unwrap_or(0.0)))))
        .word("crossing", first.at.map_or_else(String::new, number))
        .word("interval", [first.low, first.high].map(|end| end.map_or_else(String::new, number)).join("–"));
    Some(weighed(found, facts, &above.into_iter().collect::<Vec<_>>()))
}

fn weighed(found: Found, facts: &Facts<'_>, settings: &[Setting]) -> Found {
    let runs: Vec<u32> = settings.iter().filter_map(|it| facts.side(*it)).flat_map(|side| side.ids()).collect();
    Found { weight: WEIGHT, likeness: 0.0, ..found.shown_by(runs, None) }
}

fn side_of(facts: &Facts<'_>, is: impl Fn(Setting) -> bool) -> Option<Setting> {
    facts.compared().map(|side| side.setting).find(|setting| is(*setting))
}
