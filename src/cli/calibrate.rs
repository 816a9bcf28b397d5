//! `spawnscope calibrate`: what measuring costs on this machine, by a self-test of about a second.

use super::{Status, args::CalibrateArgs, exit, report::align, screen};
use model::{CostSpread, LevelCost, Measure, MeasuringCosts, ModeCosts};
use serde_json::{Value, json};

/// Makes the self-test, and prints its results, for people or as JSON.
pub fn calibrate(args: &CalibrateArgs) -> Status {
    let own = std::env::current_exe().map_err(|error| format!("the program's own file is not known: {error}"))?;
    let costs = engine::calibrate(&own)?;
    let text = if args.json { document(&costs).to_string() } else { table(&costs) };
    screen::print_measured(&(text + "\n"))?;
    Ok(exit::SUCCESS)
}

fn document(costs: &MeasuringCosts) -> Value {
    json!({
        "schema": "spawnscope.measuring-costs/1",
        "program": { "version": env!("CARGO_PKG_VERSION") },
        "costs": costs,
    })
}

/// A line for each mode and level, and below it what could not be measured.
fn table(costs: &MeasuringCosts) -> String {
    let heading = ["", "a launch", "adds", "half of the rounds"].map(str::to_owned).to_vec();
    let lines: Vec<_> = std::iter::once(heading).chain(costs.modes.iter().flat_map(mode_lines)).collect();
    let mut text = format!(
        "What measuring costs: empty executions, {} in flight, medians of {} interleaved rounds\n\n{}\n\n\
         One stamp, a clock read and a store: {}",
        costs.workers,
        costs.rounds,
        align(&lines),
        words(costs.stamp_ns)
    );
    for (mode, level) in costs.modes.iter().flat_map(|mode| mode.levels.iter().map(move |level| (mode, level))) {
        if let Some(note) = &level.note {
            text += &format!("\nNot measured: {} of {}: {note}", level.measure, mode.mode);
        }
    }
    text
}

fn mode_lines(mode: &ModeCosts) -> impl Iterator<Item = Vec<String>> + '_ {
    mode.levels.iter().map(|level| level_line(mode, level))
}

fn level_line(mode: &ModeCosts, level: &LevelCost) -> Vec<String> {
    let method = mode.start_method.map(|method| format!(" ({method})")).unwrap_or_default();
    let what = match level.measure {
        Measure::Stamps => format!("{}{method}: stamps", mode.mode.title()),
        Measure::States => "  and states".to_owned(),
        Measure::Slices => "  and slices".to_owned(),
    };
    let unknown = || "–".to_owned();
    let adds = |say: fn(&CostSpread) -> String| match (&level.adds, level.measure) {
        (_, Measure::Stamps) => String::new(),
        (adds, _) => adds.as_ref().map_or_else(unknown, say),
    };
    let range = |spread: &CostSpread| format!("{} to {}", words(spread.low_ns), words(spread.high_ns));
    vec![what, level.per_launch_ns.map_or_else(unknown, words), adds(|spread| words(spread.median_ns)), adds(range)]
}

/// Nanoseconds in a fitting unit; noise can make them negative.
fn words(ns: f64) -> String {
    let sign = if ns < 0.0 { "−" } else { "" };
    match ns.abs() {
        ns if ns < 1_000.0 => format!("{sign}{ns:.0} ns"),
        ns => format!("{sign}{:.1} µs", ns / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{LaunchMode, StartMethod};

    fn costs() -> MeasuringCosts {
        let level = |measure, per_launch_ns, adds, note| LevelCost { measure, per_launch_ns, adds, note };
        let spread = CostSpread { median_ns: -120.0, low_ns: -900.4, high_ns: 1_500.0 };
        let levels = vec![
            level(Measure::Stamps, Some(310_000.0), None, None),
            level(Measure::States, Some(309_880.0), Some(spread), None),
            level(Measure::Slices, None, None, Some("refused.".to_owned())),
        ];
        let (mode, start_method) = (LaunchMode::Processes, Some(StartMethod::Fork));
        let modes = vec![ModeCosts { mode, start_method, launches: 50, levels }];
        MeasuringCosts { stamp_ns: 31.4, workers: 2, rounds: 5, modes }
    }

    #[test]
    fn people_see_what_each_level_adds_and_why_one_is_missing() {
        let text = table(&costs());
        for part in ["Processes (fork): stamps", "310.0 µs", "−120 ns", "−900 ns to 1.5 µs", "31 ns"] {
            assert!(text.contains(part), "no {part} in\n{text}");
        }
        assert!(text.ends_with("Not measured: slices of processes: refused."), "{text}");
    }

    #[test]
    fn what_could_not_be_measured_is_null_with_the_note() {
        let document = document(&costs());
        let slices = &document["costs"]["modes"][0]["levels"][2];
        assert!(slices["per_launch_ns"].is_null() && slices["adds"].is_null() && slices["note"] == "refused.");
    }
}
