//! `sweep`, and comparisons that go on until they are precise enough.

use crate::support::{Folder, plan};
use serde_json::Value;

fn folder(target: &str, lines: &str) -> Folder {
    let folder = Folder::new();
    folder.write("plan.toml", plan(target, lines));
    folder
}

fn order(document: &Value) -> Vec<String> {
    let runs = document["runs"].as_array().expect("runs");
    runs.iter().map(|run| format!("{} {} {}", run["mode"], run["workers"], run["argument"])).collect()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("no list {key} in {value}"))
}

#[test]
fn workers_are_swept_in_every_mode_and_the_document_says_what_is_best() {
    let folder = folder("sleep", "args = { seconds = 0.01 }\ncount = 4");
    let said = folder.run(&["sweep", "plan.toml", "--workers", "1..3", "--repeat", "6", "--seed", "7", "--json"]);
    assert_eq!(said.status, 0, "{said:?}");
    let document = said.json();
    assert_eq!(document["runs"].as_array().map(Vec::len), Some(2 * 3 * 6));
    let points = list(&document["sweep"], "points");
    let of = |mode: &str| points.iter().filter(|point| point["mode"] == mode).collect::<Vec<_>>();
    for mode in ["threads", "processes"] {
        assert_eq!(of(mode).iter().map(|point| point["workers"].clone()).collect::<Vec<_>>(), [1, 2, 3]);
        for point in of(mode) {
            let makespan = &point["makespan_ns"];
            let value = |key: &str| makespan[key].as_f64().unwrap_or_else(|| panic!("no {key} in {point}"));
            assert!(value("low") <= value("median") && value("median") <= value("high"), "{point}");
            assert!(value("median") >= 2.0 * 10e6, "four sleeps of 10 ms, at most three at a time: {point}");
            assert!(point["speedup"].as_f64().is_some() && point["efficiency"].as_f64().is_some(), "{point}");
        }
    }
    assert_eq!(list(&document["sweep"], "best").len(), 2, "one for each mode");
    assert!(list(&document["sweep"], "fits").iter().any(|fit| fit["law"] == "amdahl" && fit["mode"] == "threads"));
    assert_eq!(document["plan"]["run"]["seed"], 7);
}

#[test]
fn an_argument_is_swept_and_every_run_has_its_value() {
    let folder = folder("sleep", "count = 1");
    let values = "sleep.seconds=0.002..0.02:log3";
    let said = folder.run(&["sweep", "plan.toml", "--sweep", values, "--repeat", "2", "--warmup", "0", "--json"]);
    assert_eq!(said.status, 0, "{said:?}");
    let document = said.json();
    assert_eq!(document["runs"].as_array().map(Vec::len), Some(2 * 3 * 2));
    for run in list(&document, "runs") {
        let asked = run["argument"].as_f64().expect("a value");
        let stamp = |key: &str| run["executions"][0]["stamps"][key].as_f64().expect("a stamp");
        let slept = (stamp("left_ns") - stamp("entered_ns")) / 1e9;
        assert!(slept >= asked, "it slept {slept} s where {asked} s were asked for");
    }
    assert!(said.stderr.lines().any(|line| line.trim_start().starts_with("sleep: seconds ")), "{}", said.stderr);
}

#[test]
fn the_seed_decides_the_order_and_is_kept() {
    let folder = folder("sleep", "args = { seconds = 0.001 }");
    let run = |seed: &str| folder.run(&["compare", "plan.toml", "--repeat", "8", "--seed", seed, "--json"]).json();
    assert_eq!(order(&run("5")), order(&run("5")));
    assert_ne!(order(&run("5")), order(&run("6")));
    let chosen = folder.run(&["compare", "plan.toml", "--repeat", "2", "--json"]).json();
    assert!(chosen["plan"]["run"]["seed"].is_u64(), "a seed that nobody gave is kept too");
}

#[test]
fn a_comparison_goes_on_until_it_is_sure_and_no_longer_than_its_limit() {
    // Long enough that a busy machine does not double it.
    let folder = folder("sleep", "args = { seconds = 0.05 }");
    let repeats = |words: &[&str]| {
        let mut all = vec!["compare", "plan.toml", "--repeat", "6", "--json"];
        all.extend(words);
        let said = folder.run(&all);
        assert_eq!(said.status, 0, "{said:?}");
        order(&said.json()).iter().filter(|run| run.starts_with("\"threads\"")).count()
    };
    assert_eq!(repeats(&[]), 6, "exactly as many as asked for");
    let soon = repeats(&["--precision", "100%"]);
    assert!(soon <= 20, "±100 % is soon had: {soon}");
    assert!(repeats(&["--precision", "0.01%", "--limit", "10s"]) > 6, "nothing is as sure as that");
    assert_eq!(repeats(&["--precision", "0.01%", "--limit", "1ms"]), 6, "but never fewer than asked for");
}

#[test]
fn what_cannot_be_swept_is_refused_in_one_sentence() {
    let folder = folder("primes", "args = { limit = 1000 }");
    let refused = |words: &[&str]| {
        let mut all = vec!["sweep", "plan.toml"];
        all.extend(words);
        folder.run(&all).refusal().to_owned()
    };
    for (words, says) in [
        (&["--sweep", "primes.limit=9..1"][..], "is empty"),
        (&["--sweep", "primes.limit=1..1000000"], "1000000 points; a sweep takes at most 64"),
        (&["--sweep", "primes.limit=a,b"], "`a` is no number"),
        (&["--sweep", "primes.kind=1,2"], "kind"),
        (&["--sweep", "other.limit=1,2"], "the plan's tasks are `primes`"),
        (&["--workers", "0,1"], "0 is no number of workers"),
        (&["--workers", "1,2", "--sweep", "primes.limit=1,2"], "one thing is varied at a time"),
    ] {
        let said = refused(words);
        assert!(said.contains(says), "{words:?}: {said}");
    }
}

#[test]
fn one_point_shows_what_can_be_shown() {
    let folder = folder("sleep", "args = { seconds = 0.001 }\ncount = 2");
    let said = folder.run(&["sweep", "plan.toml", "--workers", "2", "--modes", "threads", "--repeat", "1"]);
    assert_eq!(said.status, 0, "{said:?}");
    let lines: Vec<&str> = said.stdout.lines().map(str::trim_end).collect();
    let row = lines.iter().find(|line| line.starts_with("Threads  ")).unwrap_or_else(|| panic!("no row: {said:?}"));
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert_eq!((cells[1], cells[cells.len() - 1]), ("2", "1"), "2 workers, one repeat: {row}");
    for sentence in [
        "Threads ran with 2 workers alone: there is no other number to compare it with.",
        "The sweep has one point: a curve takes at least two values of workers.",
    ] {
        assert!(lines.contains(&sentence), "no `{sentence}`: {said:?}");
    }
}
