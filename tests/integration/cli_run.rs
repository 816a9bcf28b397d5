//! `run` and `compare`: the document, the words, the exit statuses.

use crate::support::{Folder, plan};
use serde_json::Value;

const RUN_KEYS: [&str; 10] =
    ["id", "mode", "workers", "repeat", "warmup", "started_at", "makespan_ns", "cores", "main", "executions"];
const EXECUTION_KEYS: [&str; 11] =
    ["id", "task", "instance", "lane", "pid", "tid", "stamps", "outcome", "result", "output", "usage"];
const STAMPS: [&str; 7] =
    ["created_ns", "launch_called_ns", "launched_ns", "entered_ns", "left_ns", "exited_ns", "joined_ns"];

fn has_keys(value: &Value, keys: &[&str]) {
    keys.iter().for_each(|key| assert!(value.get(key).is_some(), "no key {key} in {value}"));
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("no list {key} in {value}"))
}

#[test]
fn the_document_of_a_run_has_the_shape_of_the_contract() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("primes", "args = { limit = 20000 }\ncount = 3"));
    for mode in ["sequential", "threads", "processes"] {
        let said = folder.run(&["run", "plan.toml", "--mode", mode, "--repeat", "2", "--warmup", "1", "--json"]);
        assert_eq!(said.status, 0, "{said:?}");
        assert_eq!(said.stdout.lines().count(), 1, "one document and nothing else");
        let document = said.json();
        assert_eq!(document["schema"], "spawnscope.experiment/1");
        has_keys(&document, &["program", "machine", "plan", "runs", "comparisons", "sweep", "findings"]);
        let warmups: Vec<_> = list(&document, "runs").iter().map(|run| run["warmup"] == true).collect();
        assert_eq!(warmups, [true, false, false]);
        list(&document, "runs").iter().for_each(|run| check_run(run, mode));
    }
}

fn check_run(run: &Value, mode: &str) {
    has_keys(run, &RUN_KEYS);
    assert_eq!(run["mode"], mode);
    assert!(run["makespan_ns"].as_u64().expect("complete") > 0);
    assert_eq!(list(run, "executions").len(), 3);
    for execution in list(run, "executions") {
        has_keys(execution, &EXECUTION_KEYS);
        assert_eq!(execution["outcome"]["kind"], "success");
        assert_eq!(execution["result"], 2262, "primes below 20,000");
        let stamps: Vec<u64> = STAMPS.iter().map(|key| execution["stamps"][key].as_u64().expect("a stamp")).collect();
        let mut ordered = stamps.clone();
        // The order of `launched` and `entered` is not defined.
        ordered.remove(2);
        assert!(ordered.is_sorted() && stamps[2] >= stamps[1], "{stamps:?}");
    }
}

#[test]
fn words_for_people_go_to_stdout_and_with_a_document_to_stderr() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("sleep", "args = { seconds = 0.001 }"));
    let words = folder.run(&["run", "plan.toml"]);
    assert_eq!((words.status, words.stderr.as_str()), (0, ""), "no progress bar in a pipe");
    assert!(words.stdout.contains("1 of 1 succeeded") && words.stdout.contains("Makespan"), "{words:?}");
    let document = folder.run(&["run", "plan.toml", "--json"]);
    assert!(document.stderr.contains("Makespan") && !document.stderr.contains('\u{1b}'), "{document:?}");
    document.json();
}

#[test]
fn a_comparison_is_interleaved_and_ends_with_its_verdict_and_why() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("sleep", "args = { seconds = 0.001 }\ncount = 2"));
    let arguments = ["compare", "plan.toml", "--modes", "processes,threads", "--repeat", "6", "--json"];
    let said = folder.run(&arguments);
    assert_eq!(said.status, 0, "{said:?}");
    let document = said.json();
    let modes: Vec<_> = list(&document, "runs").iter().map(|run| run["mode"].as_str().expect("mode")).collect();
    let compared: Vec<_> = modes.iter().filter(|mode| **mode != "sequential").collect();
    assert_eq!(compared.len(), 12);
    assert!(compared.chunks(2).all(|round| round[0] != round[1]), "every round has both: {compared:?}");
    let comparison = &document["comparisons"][0];
    assert_eq!((&comparison["a"]["mode"], &comparison["b"]["mode"]), (&"processes".into(), &"threads".into()));
    assert!(comparison["ratio"].as_f64().expect("ratio") > 0.0);
    let verdict = comparison["sentence"].as_str().expect("sentence");
    let (told, after) = said.stderr.rsplit_once(verdict).unwrap_or_else(|| panic!("no verdict: {said:?}"));
    assert!(told.contains("Makespan") && (after.trim().is_empty() || after.trim().starts_with("Why:")), "{said:?}");
}

#[test]
fn an_execution_that_fails_is_told_and_makes_the_status_1() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("fail", "args = { kind = \"panic\" }\ncount = 12"));
    for mode in ["threads", "processes"] {
        let said = folder.run(&["run", "plan.toml", "--mode", mode, "--json"]);
        assert_eq!(said.status, 1, "{said:?}");
        let document = said.json();
        let executions = list(&document["runs"][0], "executions");
        assert!(executions.iter().all(|execution| execution["outcome"]["kind"] == "panicked"), "{document}");
        let told: Vec<_> =
            said.stderr.lines().filter(|line| line.contains(&format!("({mode}, repeat 1): panicked"))).collect();
        assert_eq!(told.len(), 0, "what is alike is one line: {}", said.stderr);
        assert!(said.stderr.contains(&format!("fail #1 ({mode}, repeat 1) and 11 more: panicked")), "{}", said.stderr);
    }
}

#[test]
fn options_take_the_place_of_the_plans_settings() {
    let folder = Folder::new();
    folder.write("plan.toml", plan("sleep", "args = { seconds = 600 }\ncount = 2"));
    let options = [
        "run",
        "plan.toml",
        "--json",
        "--workers",
        "1",
        "--timeout",
        "100ms",
        "--mode",
        "processes",
        "--start-method",
        "spawn",
    ];
    let said = folder.run(&options);
    assert_eq!(said.status, 1, "{said:?}");
    let document = said.json();
    let run = &document["runs"][0];
    assert_eq!((&run["workers"], &run["start_method"]), (&1.into(), &"spawn".into()));
    assert!(list(run, "executions").iter().all(|execution| execution["outcome"]["kind"] == "timed-out"), "{run}");
    assert!(list(run, "executions").iter().all(|execution| execution["lane"] == 0), "one worker, one lane");
}
