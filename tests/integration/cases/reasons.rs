//! What executions wait for, what they return, and why some did not succeed.

use super::{
    Case,
    concerns::{at_once, path, pythons},
    finding, findings,
};
use crate::{python::interpreters, support::Folder};
use serde_json::Value;
use spawnscope::model::others::OTHERS_WARN;

/// `run PLAN`, with fewer repeats.
fn run(case: &Case, plan: &str, python: &str) -> Value {
    case.run(&["run", plan, "--json", "--repeat", "3", "--warmup", "0", "--python", python]).json()
}

fn sentence<'a>(document: &'a Value, id: &str) -> &'a str {
    finding(document, id)["sentence"].as_str().expect("a sentence")
}

#[test]
fn a_consumer_waits_for_items_and_nobody_holds_a_lock() {
    let case = Case::alone("19-producer-consumer");
    for python in pythons("19-producer-consumer").iter().map(path) {
        let document = run(&case, "plan.toml", &python);
        assert_eq!(findings(&document)[0], "waiting-for-another", "{python}: {document}");
        let said = sentence(&document, "waiting-for-another");
        assert!(said.starts_with("As threads, consumer waits during") && said.contains("producer"), "{python}: {said}");
        assert!(!findings(&document).contains(&"serialised-on-a-lock"), "{python}");
    }
}

/// With a queue for processes they finish as threads, forked and spawned; in sequence the consumer waits for ever.
#[test]
fn a_queue_for_processes_works_in_every_mode_and_in_sequence_it_can_never_end() {
    let case = Case::new("19-producer-consumer");
    at_once("19-producer-consumer", |_, python| {
        let options = ["--repeat", "1", "--warmup", "0", "--timeout", "3s", "--python", python];
        let document = case.compare("plan-mp.toml", &options);
        for run in document["runs"].as_array().expect("runs").iter().filter(|run| run["mode"] != "sequential") {
            let results = run["executions"].as_array().expect("executions").iter().map(|it| &it["result"]);
            assert!(results.eq([780, 40].iter()), "{python}: {run}");
        }
        let said = sentence(&document, "all-blocked");
        assert!(said.starts_with("In sequence") && said.contains("consumer at mp_belt.py:11, in consume"), "{said}");
        assert!(!findings(&document).contains(&"serialised-on-a-lock"), "{python}: {:#}", document["findings"]);
        let note = document["baseline_notes"][0].as_str().expect("a note");
        assert!(note.contains("no sequential baseline") && note.contains("consumer"), "{python}: {note}");
    });
}

#[test]
fn a_lock_that_is_fought_for_is_told() {
    let Some(python) = super::python() else { return };
    let case = Case::alone("31-lost-updates");
    let document = case.run(&["run", "plan-add_locked.toml", "--json", "--repeat", "4", "--python", &python]).json();
    let said = sentence(&document, "serialised-on-a-lock");
    assert!(said.starts_with("As threads") && said.contains("passes from one to another"), "{said}");
}

#[test]
fn coroutines_that_block_or_compute_keep_the_loop_and_one_that_awaits_does_not() {
    let case = Case::alone("23-blocking-coroutine");
    for python in pythons("23-blocking-coroutine") {
        // PyPy compiles the loop, and finishes 400,000 rounds in 5 ms.
        case.rewrite("plan-cpu.toml", "400000", if python.pypy { "40000000" } else { "400000" });
        coroutines(&case, &path(&python));
    }
}

fn coroutines(case: &Case, python: &str) {
    for (plan, how, wrong) in
        [("plan-bad.toml", "they block", "they compute"), ("plan-cpu.toml", "they compute", "they block")]
    {
        let document = run(case, plan, python);
        assert_eq!(findings(&document)[0], "event-loop-kept", "{python}: {document}");
        let said = sentence(&document, "event-loop-kept");
        assert!(said.contains("3 others were ready to begin"), "{python}: {said}");
        // The reason is known from slices, which some systems refuse.
        let exact = document["runs"][0]["slices_source"] == "switch-records";
        // If other programs take the cores the finding may be missing, but it is never wrong.
        let loud = |run: &Value| run["others_share"].as_f64().is_some_and(|share| share > OTHERS_WARN);
        let is_told = exact && !document["runs"].as_array().expect("runs").iter().any(loud);
        assert!(!said.contains(wrong) && (!is_told || said.contains(how)), "{python}: {said}");
    }
    let document = run(case, "plan-good.toml", python);
    assert_eq!(findings(&document), ["one-thread-overlaps"], "{python}");
}

#[test]
fn lost_updates_come_first_and_a_lock_loses_none() {
    let case = Case::new("31-lost-updates");
    let newest = super::python();
    for python in pythons("31-lost-updates") {
        // From 3.11 on `sleep(0)` takes 60 µs; before, and in PyPy, most calls are over before another thread gets a
        // turn.
        let each = if python.pypy || python.minor < 11 { 20_000 } else { 500 };
        let compare = |plan: &str, each: u64| {
            case.rewrite(plan, "[2000]", &format!("[{each}]"));
            case.compare(plan, &["--warmup", "0", "--python", &path(&python)])
        };
        let lost = compare("plan-add.toml", each);
        let first = finding(&lost, "results-depend-on-order");
        // How many updates are lost, and whether some are in every repeat, depends on how soon a thread gets the GIL
        // again.
        if newest.as_ref() == Some(&path(&python)) {
            assert_eq!(findings(&lost)[0], "results-depend-on-order", "{python:?}: {:#}", lost["findings"]);
            assert_eq!(first["title"], "Updates are lost", "{python:?}");
            assert_eq!(first["evidence"]["greatest_elsewhere_count"], 4 * each, "{python:?}");
        }
        let locked = compare("plan-add_locked.toml", 500);
        let told = locked["findings"].as_array().expect("a list");
        assert!(!told.iter().any(|found| found["title"] == "Updates are lost"), "{python:?}: {told:#?}");
        // With four threads that compete for one lock, no finding may say that there is no lock.
        let said = |found: &Value| found["sentence"].as_str().expect("a sentence").contains("no lock");
        assert!(!told.iter().any(said), "{python:?}: {told:#?}");
        for run in locked["runs"].as_array().expect("runs") {
            let results = run["executions"].as_array().expect("executions").iter().map(|it| it["result"].as_u64());
            assert_eq!(results.max().flatten(), Some(2_000), "the count is right: {python:?}: {run}");
        }
    }
}

/// Two that compete for a lock, and two that hand something to each other: in both, one runs while the other is
/// blocked.
const TURNS: &str = r#"
import queue, threading, time

LOCK, THERE, BACK = threading.Lock(), queue.Queue(), queue.Queue()

def fight(rounds=25):
    for _ in range(rounds):
        with LOCK:
            time.sleep(0.01)
        time.sleep(0.001)

def call(rounds=25):
    for _ in range(rounds):
        time.sleep(0.01)
        THERE.put(1)
        BACK.get()

def answer(rounds=25):
    for _ in range(rounds):
        THERE.get()
        time.sleep(0.01)
        BACK.put(1)
"#;

#[test]
fn two_that_fight_for_a_lock_are_told_from_two_that_hand_over_in_every_version() {
    let folder = Folder::new();
    folder.write("turns.py", TURNS);
    let task = |name: &str, count: u32| {
        format!("[[task]]\nname = \"{name}\"\ntarget = \"python:turns.py:{name}\"\ncount = {count}\n")
    };
    let plan = "schema = 1\n[run]\nmode = \"threads\"\nrepeat = 2\nwarmup = 0\n";
    folder.write("fight.toml", plan.to_owned() + &task("fight", 2));
    folder.write("hand.toml", plan.to_owned() + &task("call", 1) + &task("answer", 1));
    // From 3.13 on each waiting thread parks at an address of its own.
    let all = interpreters::all().into_iter().filter(|it| !it.pypy);
    let oldest = all.clone().next().map(|it| it.minor);
    for python in all.filter(|it| it.minor >= 13 || Some(it.minor) == oldest) {
        let path = python.path.to_string_lossy().into_owned();
        let run = |plan| folder.run(&["run", plan, "--json", "--python", &path]).json();
        let (fight, hand) = (run("fight.toml"), run("hand.toml"));
        assert!(findings(&fight).contains(&"serialised-on-a-lock"), "{path}: {fight}");
        assert!(!findings(&fight).contains(&"waiting-for-another"), "{path}: {fight}");
        assert!(!findings(&hand).contains(&"serialised-on-a-lock"), "{path}: {hand}");
    }
}

/// One that blocks the loop after all others began, and one that only has many short steps.
const LOOP: &str = r#"
import asyncio, time

async def waits():
    for _ in range(4):
        await asyncio.sleep(0.05)

async def keeps():
    await asyncio.sleep(0.05)
    time.sleep(0.6)

async def steps():
    for _ in range(500):
        await asyncio.sleep(0)
        sum(range(500))
"#;

#[test]
fn a_coroutine_that_keeps_the_loop_after_others_began_is_told_and_many_short_steps_are_not() {
    let folder = Folder::new();
    folder.write("loop.py", LOOP);
    let task = |name: &str, count: u32| {
        format!("[[task]]\nname = \"{name}\"\ntarget = \"python:loop.py:{name}\"\ncount = {count}\n")
    };
    for name in ["keeps", "steps"] {
        let head = "schema = 1\n[run]\nmode = \"asyncio\"\nrepeat = 1\nwarmup = 0\n";
        folder.write(&format!("{name}.toml"), head.to_owned() + &task("waits", 3) + &task(name, 1));
    }
    for python in interpreters::thoroughly_tested() {
        let path = python.path.to_string_lossy().into_owned();
        let document = |plan: &str| folder.run(&["run", plan, "--json", "--python", &path]).json();
        let kept = document("keeps.toml");
        assert_eq!(findings(&kept)[0], "event-loop-kept", "{path}: {kept}");
        let said = sentence(&kept, "event-loop-kept");
        assert!(said.contains("was keeps's") && said.contains("none of the 3 others"), "{path}: {said}");
        let steps = document("steps.toml");
        assert!(!findings(&steps).contains(&"event-loop-kept"), "{path}: {steps}");
    }
}
