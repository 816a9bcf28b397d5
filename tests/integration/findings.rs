//! Every starter plan yields the finding that it was made to show, and the control none but *no difference*.
//!
//! `SPAWNSCOPE_FINDINGS_TIMES=3` asks for three times in a row, each at the first attempt, on a machine where nothing else
//! runs. Without it what a loud machine hides, or what there is no time for, is told and left out.

use crate::{python::interpreters, support::Folder, support::required};
use serde_json::Value;
use spawnscope::starters::{self, Starter};
use std::{
    fs,
    time::{Duration, Instant},
};

/// Attempts for a plan: what threads do to each other shows only while both have a core.
const ATTEMPTS: usize = 3;
/// After so long no further plan is begun, where it is not asked for: no other test runs meanwhile.
const BUDGET: Duration = Duration::from_secs(300);
/// Of what others take of the machine, from this on a plan that needs two cores can't show anything.
const LOUD: f64 = 0.10;
/// The same for the control, which is to tell 3 % from none: from there on the program itself warns.
const LOUD_FOR_CONTROL: f64 = 0.05;
/// How long to wait for the machine to be quiet, for all plans together.
const PATIENCE: Duration = Duration::from_secs(30);
/// What an attempt found, and what others took of the machine meanwhile.
type Tried = (Vec<String>, f64);
/// The control.
const CONTROL: &str = "no-difference.toml";

#[test]
fn every_starter_shows_what_it_was_made_to_show() {
    let folder = Folder::alone();
    let asked = std::env::var("SPAWNSCOPE_FINDINGS_TIMES").ok().map(|times| times.parse::<usize>().expect("a number"));
    let (times, attempts) = asked.map_or((1, ATTEMPTS), |times| (times, 1));
    let begun = Instant::now();
    let has_python = interpreters::newest().is_some();
    let mut patience = PATIENCE;
    let mut wrong = Vec::new();
    for starter in starters::all().iter().cycle().take(times * starters::all().len()) {
        if starter.toml.contains("python:") && !has_python {
            required::<()>(&format!("{} needs a Python", starter.file));
            continue;
        }
        if asked.is_none() && begun.elapsed() > BUDGET {
            println!("skipped: no time for {}", starter.file);
            continue;
        }
        let mut tried = Vec::new();
        let shown = (0..attempts).any(|_| {
            wait_for_quiet(&mut patience);
            let document = compare(&folder, starter);
            sound(&document);
            let shows = shows(starter, &document);
            tried.push((ids(&document), others(&document)));
            shows
        });
        if !shown {
            wrong.push((starter, tried));
        }
    }
    let limit = |starter: &Starter| if starter.file == CONTROL { LOUD_FOR_CONTROL } else { LOUD };
    let (loud, wrong): (Vec<_>, Vec<_>) =
        wrong.into_iter().partition(|(starter, tried)| tried.iter().all(|(_, others)| *others >= limit(starter)));
    let words = |list: &[(&Starter, Vec<Tried>)]| {
        let line = |(starter, tried): &(&Starter, Vec<_>)| format!("{} ({}): {tried:?}", starter.file, starter.finding);
        list.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    assert!(wrong.is_empty(), "not found (found instead, and what others took):\n{}", words(&wrong));
    if !loud.is_empty() {
        println!("skipped: other programs took much of the machine:\n{}", words(&loud));
        assert!(asked.is_none(), "three times in a row takes a machine where nothing else runs");
    }
}

/// The plan as it is, in a comparison, or in the sweep that it has; a program can't be a thread, and is compared with one
/// after another.
fn compare(folder: &Folder, starter: &Starter) -> Value {
    folder.write(starter.file, starter.toml);
    let modes: &[&str] = if starter.toml.contains("program:") { &["--modes", "sequential,processes"] } else { &[] };
    let verb = if starter.toml.contains("\nsweep = ") { "sweep" } else { "compare" };
    let said = folder.run(&[&[verb, starter.file, "--json"], modes].concat());
    assert!(said.status <= 1, "{}: {said:?}", starter.file);
    said.json()
}

fn shows(starter: &Starter, document: &Value) -> bool {
    let found = ids(document);
    if starter.file == CONTROL { found == [starter.finding] } else { found.iter().any(|id| id == starter.finding) }
}

fn findings(document: &Value) -> &Vec<Value> {
    document["findings"].as_array().expect("a list")
}

fn ids(document: &Value) -> Vec<String> {
    findings(document).iter().map(|finding| finding["id"].as_str().expect("an id").to_owned()).collect()
}

/// The greatest share of the machine that others took in a compared setting, its median over the repeats.
fn others(document: &Value) -> f64 {
    let compared = document["compared"].as_array().expect("a list");
    let keys = ["mode", "workers", "start_method", "interpreter"];
    let of = |setting: &Value| {
        let runs = document["runs"].as_array().expect("runs").iter().filter(|run| run["warmup"] == false);
        let own = runs.filter(|run| keys.iter().all(|key| run[*key] == setting[*key]));
        let mut shares: Vec<f64> = own.filter_map(|run| run["others_share"].as_f64()).collect();
        shares.sort_by(f64::total_cmp);
        shares.get(shares.len() / 2).copied().unwrap_or(0.0)
    };
    compared.iter().map(of).fold(0.0, f64::max)
}

/// Whatever is found has a sentence, figures that name their unit, and a place that is there.
fn sound(document: &Value) {
    for finding in findings(document) {
        let text = |key: &str| finding[key].as_str().expect("a text").to_owned();
        assert!(text("sentence").ends_with('.') && !text("title").is_empty(), "{finding}");
        let runs = finding["runs"].as_array().expect("a list");
        let run = document["runs"].as_array().expect("runs").iter().find(|run| run["id"] == runs[0]).expect("a run");
        if let Some(execution) = finding["place"]["execution"].as_u64() {
            assert!(run["executions"][execution as usize].is_object(), "{finding}");
        }
        for (name, value) in finding["evidence"].as_object().expect("figures") {
            let unit = ["_percent", "_ns", "_ratio", "_count", "_bytes"].iter().any(|unit| name.ends_with(unit));
            assert!(value.is_string() || unit, "{name}");
        }
    }
}

/// Waits until the cores were idle for half a second, or the patience is at its end: other tests run meanwhile.
fn wait_for_quiet(patience: &mut Duration) {
    let begin = Instant::now();
    while begin.elapsed() < *patience && !is_idle().unwrap_or(true) {}
    *patience = patience.saturating_sub(begin.elapsed());
}

/// Whether nine tenths of all cores were idle for half a second; absent where the system does not tell.
fn is_idle() -> Option<bool> {
    let (busy, all) = cpu_ticks()?;
    std::thread::sleep(Duration::from_millis(500));
    let (busy_now, all_now) = cpu_ticks()?;
    Some((busy_now - busy) as f64 <= 0.1 * (all_now - all) as f64)
}

/// Busy ticks of all cores since the system started, and all ticks; absent where there is no `/proc`.
fn cpu_ticks() -> Option<(u64, u64)> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let line = text.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let all: u64 = ticks.iter().take(8).sum();
    // The fourth is idle, the fifth idle while a disk works.
    Some((all - ticks.get(3)? - ticks.get(4)?, all))
}
