//! Short calls beside a thread that computes: where there is a GIL, a thread that gives it away must wait to get it
//! back.

use super::{
    Case,
    concerns::{path, pythons},
    finding, findings,
};
use crate::python::interpreters::Found;
use serde_json::Value;

const ID: &str = "short-calls-wait-for-gil";

/// Findings that would be false in every interpreter.
const FALSE_HERE: [&str; 3] = ["serialised-on-a-lock", "waiting-for-another", "own-threads"];

/// The executions of a task in a mode.
fn executions<'a>(document: &'a Value, mode: &'a str, task: &'a str) -> impl Iterator<Item = &'a Value> {
    let runs = document["runs"].as_array().expect("runs").iter().filter(move |run| run["mode"] == mode);
    let all = runs.flat_map(|run| run["executions"].as_array().expect("a list"));
    all.filter(move |execution| execution["task"] == task)
}

/// The times that a task's executions were in the target, in milliseconds, in a mode.
fn times_ms(document: &Value, mode: &str, task: &str) -> Vec<f64> {
    let at = |execution: &Value, stamp: &str| execution["stamps"][stamp].as_u64().expect("a stamp");
    executions(document, mode, task).map(|it| (at(it, "left_ns") - at(it, "entered_ns")) as f64 / 1e6).collect()
}

/// A talker that waits a moment for each answer, and so gives the GIL away each time. The case's own talker reads what
/// has already arrived, and mostly gets the GIL back before the other thread is awake.
const TALKS: &str = r#"
import socket, time

def talk(rounds=60):
    near, far = socket.socketpair()
    with near, far:
        for _ in range(rounds):
            near.send(b"x")
            time.sleep(0.0002)
            far.recv(1)
    return rounds
"#;

/// The size of the computation beside it, which must last longer than the talk: PyPy compiles it.
fn much(python: &Found) -> &'static str {
    if python.pypy { "args = [400000000]" } else { "args = [12000000]" }
}

#[test]
fn who_gives_the_gil_away_for_short_calls_waits_for_it_and_only_where_there_is_one() {
    let case = Case::alone("02-io-beside-cpu");
    case.write("talk.py", TALKS);
    for python in pythons("02-io-beside-cpu") {
        case.rewrite("plan.toml", "args = [6000000]", much(&python));
        let plan = std::fs::read_to_string(case.path("plan.toml")).expect("read");
        let talks = "target = \"python:talk.py:talk\"\nargs = [60]";
        case.write("plan.toml", &plan.replace("target = \"python:mixed.py:ping\"\nargs = [100]", talks));
        let options = ["--repeat", "2", "--warmup", "0", "--modes", "threads,processes", "--python", &path(&python)];
        let document = case.compare("plan.toml", &options);
        let said = findings(&document);
        assert!(!said.iter().any(|id| FALSE_HERE.contains(id)), "{python:?}: {:#}", document["findings"]);
        let gil_ns = |of: &Value| of["states"]["blocked_on"]["gil_ns"].as_u64().unwrap_or(0);
        let waits = executions(&document, "threads", "ping").map(gil_ns).sum::<u64>() > 0;
        assert_eq!(waits, !python.free_threaded, "{python:?}: {document}");
        // A thread of PyPy gets the GIL back after 0.4 ms, not after 5, so the finding appears only if it takes long
        // all the same.
        if python.pypy {
            let told = document["findings"].as_array().expect("a list").iter().find(|found| found["id"] == ID);
            assert!(told.is_none_or(|it| !it["sentence"].to_string().contains("switch interval")), "{told:?}");
            continue;
        }
        if python.free_threaded {
            assert!(
                !said.contains(&ID) && !said.contains(&"interpreter-lock"),
                "{python:?}: {:#}",
                document["findings"]
            );
            continue;
        }
        let found = finding(&document, ID);
        let sentence = found["sentence"].as_str().expect("a sentence");
        assert!(sentence.starts_with("As threads, ping takes") && sentence.contains("in sequence"), "{sentence}");
        let evidence = |key: &str| found["evidence"][key].as_f64().expect("a figure");
        assert!(evidence("in_target_ns") > 5.0 * evidence("in_target_apart_ns"), "{python:?}: {found}");
    }
}

#[test]
fn figures_of_each_task_show_what_short_calls_take_beside_one_that_computes() {
    let case = Case::alone("02-io-beside-cpu");
    for python in pythons("02-io-beside-cpu") {
        let options = ["compare", "plan.toml", "--repeat", "2", "--warmup", "0", "--json", "--python", &path(&python)];
        let said = case.run(&options);
        let document = said.json();
        let told = findings(&document);
        assert!(!told.iter().any(|id| FALSE_HERE.contains(id)), "{python:?}: {:#}", document["findings"]);
        // Not every run shows the effect. If the finding appears it must be about ping, and never without a GIL.
        if told.contains(&ID) {
            assert!(!python.free_threaded && finding(&document, ID)["evidence"]["task"] == "ping", "{python:?}");
        }
        let [crunch, ping] = ["crunch", "ping"].map(|task| times_ms(&document, "sequential", task));
        let least = |times: &[f64]| times.iter().copied().fold(f64::MAX, f64::min);
        assert!(!ping.is_empty() && least(&ping) < least(&crunch), "{python:?}: {ping:?} {crunch:?}");
        let report = said.stderr;
        assert!(report.contains("Median time of a task") && report.contains("ping"), "{python:?}: {report}");
    }
}
