//! The lane *main* shows what the tutorial says.

use super::{executions, interpreters};
use crate::support::Folder;
use serde_json::Value;

const TUTORIAL: &str = r#"
import time

def print_time(name, delay, count):
    for _ in range(count):
        time.sleep(delay)
        print(name)
"#;

fn run(lines: &str, tasks: [(&str, f64); 2]) -> Option<Value> {
    let python = interpreters::newest()?;
    let folder = Folder::new();
    folder.write("tutorial.py", TUTORIAL);
    let mut plan =
        format!("schema = 1\n[run]\npython = \"{}\"\nrepeat = 1\nwarmup = 0\n{lines}\n", python.path.display());
    for (name, delay) in tasks {
        let target = "target = \"python:tutorial.py:print_time\"";
        plan += &format!("[[task]]\nname = \"{name}\"\n{target}\nargs = [\"{name}\", {delay}, 5]\n");
    }
    folder.write("plan.toml", plan);
    let said = folder.run(&["run", "plan.toml", "--json"]);
    assert!(said.status <= 1, "{said:?}");
    Some(said.json())
}

fn marks(document: &Value) -> Vec<(&str, u64, u64, u64)> {
    let marks = document["runs"][0]["main"].as_array().expect("a main lane");
    let number = |value: &Value| value.as_u64().expect("a number");
    let mark = |mark: &'_ Value| (number(&mark["execution"]), number(&mark["from_ns"]), number(&mark["to_ns"]));
    marks
        .iter()
        .map(|value| {
            let (execution, from, to) = mark(value);
            (value["kind"].as_str().expect("a kind"), execution, from, to)
        })
        .collect()
}

#[test]
fn the_second_join_returns_at_once_where_its_thread_has_ended_first() {
    let Some(document) = run("mode = \"threads\"", [("t1", 0.06), ("t2", 0.01)]) else { return };
    let marks = marks(&document);
    let kinds: Vec<_> = marks.iter().map(|(kind, execution, ..)| (*kind, *execution)).collect();
    assert_eq!(kinds, [("start", 0), ("start", 1), ("join", 0), ("join", 1)], "start, start, join, join");
    assert!(marks.windows(2).all(|pair| pair[0].3 <= pair[1].2), "one after another: {marks:?}");
    let left = |at: usize| executions(&document)[at]["stamps"]["left_ns"].as_u64().expect("left");
    assert!(left(1) < left(0), "t2 ends first");
    let [.., (_, _, from_t1, to_t1), (_, _, from_t2, to_t2)] = marks[..] else { panic!("{marks:?}") };
    assert!(from_t1 < left(1), "the main thread waits in join(t1) while t2 ends");
    assert!(to_t1 >= left(0), "join(t1) returns when t1 has ended");
    assert!((to_t2 - from_t2) * 20 < to_t1 - from_t1, "join(t2) returns at once: {marks:?}");
    let printed = executions(&document)[1]["output"]["stdout_tail"].as_str();
    assert_eq!(printed, Some("t2\nt2\nt2\nt2\nt2\n"));
}

#[test]
fn run_called_directly_is_a_call_in_the_main_thread() {
    let settings = "mode = \"sequential\"\nstart_method = \"run\"";
    let Some(document) = run(settings, [("t1", 0.002), ("t2", 0.002)]) else { return };
    let marks = marks(&document);
    assert_eq!(marks.iter().map(|mark| mark.0).collect::<Vec<_>>(), ["call", "call"]);
    assert!(marks[0].3 <= marks[1].2, "one after another");
    let tids: Vec<_> = executions(&document).iter().map(|execution| &execution["tid"]).collect();
    assert!(tids[0].is_u64() && tids[0] == tids[1] && tids[0] == &executions(&document)[0]["pid"], "the main thread");
}

#[test]
fn a_join_with_a_timeout_and_a_second_start_are_told() {
    let settings = "mode = \"threads\"\njoin_timeout = \"20ms\"\nstart_again = true";
    let Some(document) = run(settings, [("t1", 0.03), ("t2", 0.001)]) else { return };
    let all = document["runs"][0]["main"].as_array().expect("a main lane");
    let of = |kind: &str| all.iter().filter(|mark| mark["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(of("start-again").len(), 2);
    let message = of("start-again")[0]["message"].as_str().unwrap_or_default();
    assert_eq!(message, "RuntimeError: threads can only be started once");
    let timed_out = of("join-timeout");
    assert_eq!(timed_out.len(), 1, "t1 was still alive, t2 was not: {all:?}");
    assert_eq!(timed_out[0]["execution"], 0);
    assert_eq!(of("join").len(), 2, "both are joined in the end");
}

#[test]
fn a_raw_thread_has_no_join_and_a_daemon_is_abandoned() {
    let raw = run("mode = \"threads\"\nstart_method = \"raw\"", [("t1", 0.01), ("t2", 0.005)]);
    let Some(document) = raw else { return };
    assert!(marks(&document).iter().any(|mark| mark.0 == "lock"), "the main thread waits on a lock");
    assert!(marks(&document).iter().all(|mark| mark.0 != "join"));
    let settings = "mode = \"threads\"\nstart_method = \"daemon\"\njoin_timeout = \"50ms\"";
    let Some(document) = run(settings, [("t1", 10.0), ("t2", 0.001)]) else { return };
    let kinds: Vec<_> = executions(&document).iter().map(|execution| &execution["outcome"]["kind"]).collect();
    assert_eq!(kinds, ["abandoned", "success"]);
    assert!(marks(&document).iter().any(|mark| mark.0 == "abandon" && mark.1 == 0));
}

/// The share of the time between the last launch and the end of a run in which the launcher is reported to wait.
fn waited(document: &Value) -> f64 {
    let runs = document["runs"][0].clone();
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    let launched = executions(document).iter().map(|e| number(&e["stamps"]["launched_ns"])).max().expect("some");
    let end = number(&runs["makespan_ns"]).max(number(&runs["end"]["ended_ns"]));
    let joins = marks(document).into_iter().filter(|mark| mark.0 == "join" || mark.0 == "lock");
    let waited: u64 = joins.map(|(_, _, from, to)| to.saturating_sub(from.max(launched))).sum();
    waited as f64 / (end - launched) as f64
}

#[test]
fn the_main_lane_is_never_blank_while_it_waits() {
    for settings in [
        "mode = \"threads\"",
        "mode = \"threads\"\nworkers = 1",
        "mode = \"threads\"\nstart_method = \"raw\"",
        "mode = \"processes\"\nstart_method = \"fork\"",
        "mode = \"processes\"\nstart_method = \"fork\"\nworkers = 1",
        "mode = \"thread-pool\"",
        "mode = \"process-pool\"\nstart_method = \"fork\"",
    ] {
        let Some(document) = run(settings, [("t1", 0.06), ("t2", 0.05)]) else { return };
        let waited = waited(&document);
        assert!(waited > 0.8, "{settings}: {waited}, {:?}", marks(&document));
    }
}

#[test]
fn a_join_that_never_returned_is_told_up_to_the_end() {
    let Some(document) = run("mode = \"threads\"\ntimeout = \"1s\"", [("t1", 9.0), ("t2", 9.0)]) else { return };
    let all = document["runs"][0]["main"].as_array().expect("a main lane");
    let join = all.iter().find(|mark| mark["kind"] == "join").unwrap_or_else(|| panic!("no join: {all:?}"));
    let message = join["message"].as_str().unwrap_or_default();
    assert!(message.contains("had not returned when the run ended"), "{join}");
    assert!(waited(&document) > 0.8, "{all:?}");
}

#[test]
fn a_thread_has_its_tasks_name_inside_python_too() {
    let Some(python) = interpreters::newest() else { return };
    let folder = Folder::new();
    folder.write(
        "names.py",
        "import multiprocessing, threading\ndef mine():\n    \
         return threading.current_thread().name + \"/\" + multiprocessing.current_process().name\n\
         class Own(threading.Thread):\n    def run(self):\n        return self.name\n",
    );
    let task = |name: &str, function: &str, count: u32| {
        format!("[[task]]\nname = \"{name}\"\ntarget = \"python:names.py:{function}\"\ncount = {count}\n")
    };
    for (mode, own) in [("threads", true), ("processes", false)] {
        let settings = format!("python = \"{}\"\nmode = \"{mode}\"\nrepeat = 1\nwarmup = 0", python.path.display());
        let third = if own { task("t3", "Own", 1) } else { String::new() };
        let tasks = task("t1", "mine", 1) + &task("t2", "mine", 2) + &third;
        folder.write("plan.toml", format!("schema = 1\n[run]\n{settings}\n{tasks}"));
        let document = folder.run(&["run", "plan.toml", "--json"]).json();
        let results: Vec<&str> = executions(&document).iter().filter_map(|e| e["result"].as_str()).collect();
        let part = usize::from(!own);
        let named: Vec<&str> = results.iter().filter_map(|name| name.trim_matches('\'').split('/').nth(part)).collect();
        assert_eq!(named[..3], ["t1", "t2 #1", "t2 #2"], "{mode}: {results:?}");
        if own {
            assert_eq!(results.get(3).map(|name| name.trim_matches('\'')), Some("t3"), "{results:?}");
        }
    }
}

#[test]
fn the_launcher_of_programs_waits_whatever_they_write_meanwhile() {
    let folder = Folder::new();
    let task =
        "target = \"program:sh\"\nargs = [\"-c\", \"for i in 1 2 3 4 5 6; do echo $i; sleep 0.05; done\"]\ncount = 2";
    for settings in ["mode = \"processes\"", "mode = \"processes\"\nworkers = 1"] {
        folder.write("plan.toml", format!("schema = 1\n[run]\nrepeat = 1\nwarmup = 0\n{settings}\n[[task]]\n{task}\n"));
        let document = folder.run(&["run", "plan.toml", "--json"]).json();
        let waited = waited(&document);
        assert!(waited > 0.8, "{settings}: {waited}, {:?}", marks(&document));
    }
}
