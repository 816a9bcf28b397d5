//! What executions wait for, what they return, and why some did not succeed.

use super::{Case, finding, findings, python};
use crate::support::Folder;
use serde_json::Value;

/// `run PLAN`, with fewer repeats.
fn run(case: &Case, plan: &str, python: &str) -> Value {
    case.run(&["run", plan, "--json", "--repeat", "4", "--python", python]).json()
}

fn sentence<'a>(document: &'a Value, id: &str) -> &'a str {
    finding(document, id)["sentence"].as_str().expect("a sentence")
}

#[test]
fn a_consumer_waits_for_items_and_nobody_holds_a_lock() {
    let Some(python) = python() else { return };
    let document = run(&Case::alone("19-producer-consumer"), "plan.toml", &python);
    assert_eq!(findings(&document)[0], "waiting-for-another", "{document}");
    let said = sentence(&document, "waiting-for-another");
    assert!(said.starts_with("As threads, consumer waits during") && said.contains("producer"), "{said}");
    assert!(!findings(&document).contains(&"serialised-on-a-lock"));
}

#[test]
fn a_lock_that_is_fought_for_is_told() {
    let Some(python) = python() else { return };
    let document = run(&Case::alone("31-lost-updates"), "plan-add_locked.toml", &python);
    let said = sentence(&document, "serialised-on-a-lock");
    assert!(said.starts_with("As threads") && said.contains("passes from one to another"), "{said}");
}

#[test]
fn coroutines_that_block_or_compute_keep_the_loop_and_one_that_awaits_does_not() {
    let Some(python) = python() else { return };
    let case = Case::alone("23-blocking-coroutine");
    for (plan, how) in [("plan-bad.toml", "they block"), ("plan-cpu.toml", "they compute")] {
        let document = run(&case, plan, &python);
        assert_eq!(findings(&document)[0], "event-loop-kept", "{document}");
        let said = sentence(&document, "event-loop-kept");
        assert!(said.contains("3 others were ready to begin"), "{said}");
        // How is told from slices, which some systems refuse.
        let exact = document["runs"][0]["slices_source"] == "switch-records";
        assert!(!exact || said.contains(how), "{said}");
    }
    let document = run(&case, "plan-good.toml", &python);
    assert_eq!(findings(&document), ["one-thread-overlaps"]);
}

#[test]
fn lost_updates_come_first_and_a_lock_loses_none() {
    let Some(python) = python() else { return };
    let case = Case::new("31-lost-updates");
    let compare = |plan| case.compare(plan, &["--repeat", "4", "--python", &python]);
    let lost = compare("plan-add.toml");
    assert_eq!(findings(&lost)[0], "results-depend-on-order");
    let first = finding(&lost, "results-depend-on-order");
    assert_eq!(
        (first["title"].as_str(), first["evidence"]["greatest_elsewhere_count"].as_u64()),
        (Some("Updates are lost"), Some(8_000))
    );
    let locked = compare("plan-add_locked.toml");
    let told = locked["findings"].as_array().expect("a list").iter().map(|finding| finding["title"].as_str());
    assert!(!told.flatten().any(|title| title == "Updates are lost"));
}

/// Two locks, taken in opposite orders: both hold one before either asks for the other.
const TWO_LOCKS: &str = r#"
import multiprocessing

A, B = multiprocessing.Lock(), multiprocessing.Lock()
MEETING = multiprocessing.Barrier(2)

def both(first, second):
    with first:
        MEETING.wait()
        with second:
            return "both"
"#;

#[test]
fn a_deadlock_is_told_with_the_line_at_which_each_waits() {
    let Some(python) = python() else { return };
    let folder = Folder::new();
    folder.write("locks.py", TWO_LOCKS);
    let task = |name: &str, first: &str, second: &str| {
        let args = format!("[{{ \"$py\" = \"{first}\" }}, {{ \"$py\" = \"{second}\" }}]");
        format!("[[task]]\nname = \"{name}\"\ntarget = \"python:locks.py:both\"\nargs = {args}\n")
    };
    let tasks = task("there", "A", "B") + &task("back", "B", "A");
    folder.write("plan.toml", format!("schema = 1\n[run]\nrepeat = 1\nwarmup = 0\ntimeout = \"2s\"\n{tasks}"));
    for mode in ["threads", "processes"] {
        let said = folder.run(&["run", "plan.toml", "--json", "--mode", mode, "--python", &python]);
        assert_eq!(said.status, 1, "{mode}");
        let document = said.json();
        assert_eq!(findings(&document)[0], "all-blocked", "{mode}: {document}");
        let said = sentence(&document, "all-blocked");
        for (name, at) in [("there", "there at locks.py:10, in both"), ("back", "back at locks.py:10, in both")] {
            assert!(said.contains(at), "{mode}: {said}");
            let of = |it: &&Value| it["task"] == name;
            let execution = document["runs"][0]["executions"].as_array().expect("a list").iter().find(of).expect("one");
            let told =
                [&execution["outcome"]["message"], &execution["traceback"]].map(|text| text.as_str().unwrap_or(""));
            assert!(told.iter().all(|text| text.contains("locks.py")), "{mode}: {execution}");
        }
    }
}
