//! Tasks that start threads and processes of their own, which do the work.

use super::{Case, finding, findings};
use crate::{machine, support::required};
use serde_json::Value;
use std::process::Command;

/// What must not be said of executions that wait for their own: each would be the opposite of right.
const FALSE_HERE: [&str; 8] = [
    "interpreter-lock",
    "waiting",
    "serialised-on-a-lock",
    "runs-at-once",
    "oversubscription",
    "kernel-contention",
    "shared-cache-line",
    "memory-traffic",
];

/// On a loaded machine those who are waited for are woken up long before they are on a CPU, and nothing tells of that time.
const LEAST_WAITED: f64 = 0.3;

fn cores() -> u64 {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64)
}

/// Whether this machine has as many cores as a case is about; says so where it has not, which nobody can mend.
fn has_cores(wanted: impl Fn(u64) -> bool) -> bool {
    if !wanted(cores()) {
        machine::say(&format!("skipped: a case is about other machines than one of {} cores", cores()));
    }
    wanted(cores())
}

/// Whether a command succeeds; says what it is needed for where it does not.
fn has(program: &str, arguments: &[&str], why: &str) -> bool {
    let succeeded = Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success());
    succeeded || required::<()>(why).is_some()
}

fn has_python() -> bool {
    has("python3", &["--version"], "a case needs python3")
}

/// The finding, which stands first, with nothing false beside it.
fn own_threads(document: &Value) -> &Value {
    let said = findings(document);
    assert_eq!(said.first(), Some(&"own-threads"), "{said:?}: {document:#}");
    assert!(!said.iter().any(|id| FALSE_HERE.contains(id)), "{said:?}");
    finding(document, "own-threads")
}

fn text<'a>(found: &'a Value, key: &str) -> &'a str {
    found[key].as_str().expect("a text")
}

fn figure(found: &Value, name: &str) -> f64 {
    found["evidence"][name].as_f64().unwrap_or_else(|| panic!("no {name}: {found:#}"))
}

fn runs<'a>(document: &'a Value, mode: &'a str) -> impl Iterator<Item = &'a Value> {
    let runs = document["runs"].as_array().expect("runs");
    runs.iter().filter(move |run| run["mode"] == mode && run["warmup"] == false)
}

fn executions(run: &Value) -> &Vec<Value> {
    run["executions"].as_array().expect("executions")
}

/// CPU time of those that belong to executions, and to none, in the last run of a mode.
fn own_cpu_ns(document: &Value, mode: &str) -> u64 {
    let run = runs(document, mode).last().unwrap_or_else(|| panic!("no run as {mode}"));
    let of = |it: &Value| it["own"]["on_cpu_ns"].as_u64().unwrap_or(0);
    of(run) + executions(run).iter().map(of).sum::<u64>()
}

/// The share of their time that executions of a mode waited for their own.
fn waited(document: &Value, mode: &str) -> f64 {
    let all: Vec<&Value> = runs(document, mode).flat_map(executions).collect();
    let states = |it: &&Value, pick: &dyn Fn(&Value) -> Option<u64>| pick(&it["states"]).unwrap_or(0);
    let own: u64 = all.iter().map(|it| states(it, &|s| s["blocked_on"]["own_ns"].as_u64())).sum();
    let sum = |s: &Value| Some(s["on_cpu_ns"].as_u64()? + s["runnable_ns"].as_u64()? + s["blocked_ns"].as_u64()?);
    own as f64 / all.iter().map(|it| states(it, &sum)).sum::<u64>().max(1) as f64
}

#[test]
fn blas_has_a_thread_per_core_in_each_execution() {
    let Some((case, python)) = Case::alone("05-blas-threads").with_numpy() else { return };
    if !has_cores(|cores| cores >= 2) {
        return;
    }
    let document = case.compare("plan.toml", &["--modes", "processes,threads", "--repeat", "2", "--python", &python]);
    let found = own_threads(&document);
    // One thread beside the execution's own for each further core, in each of four processes.
    assert_eq!(figure(found, "own_threads_count") as u64, 4 * (cores() - 1), "{found:#}");
    let said =
        format!("{} compute for each execution and 4 are in flight: {} on {} cores", cores(), 4 * cores(), cores());
    assert!(text(found, "sentence").contains(&said), "{found:#}");
    assert!(text(found, "advice").contains("_NUM_THREADS"), "{found:#}");
    // In threads they were born while the module was loaded: the run's, divided among nobody.
    let run = runs(&document, "threads").last().expect("a run");
    assert_eq!(run["own"]["threads"], cores() - 1, "{run:#}");
    assert!(executions(run).iter().all(|it| it.get("own").is_none()));
}

#[test]
fn a_pool_within_a_pool_waits_for_its_own_children() {
    if !has_python() {
        return;
    }
    let case = Case::alone("11-pool-in-pool");
    let document = case.compare("plan.toml", &["--modes", "process-pool,processes", "--repeat", "2"]);
    let found = own_threads(&document);
    assert_eq!(figure(found, "own_processes_count"), 4.0, "two of two: {found:#}");
    for mode in ["process-pool", "processes"] {
        assert!(waited(&document, mode) > LEAST_WAITED, "{mode}: {}", waited(&document, mode));
    }
    if cores() == 2 {
        assert!(text(found, "sentence").contains("one execution has them all already"), "{found:#}");
    }
}

#[test]
fn programs_that_threads_start_are_the_work_whoever_starts_them() {
    if !has_python() {
        return;
    }
    let case = Case::alone("15-subprocess-in-threads");
    let document = case.compare("plan.toml", &["--modes", "threads,processes", "--repeat", "2"]);
    let found = own_threads(&document);
    assert!(text(found, "sentence").contains("sha256sum"), "{found:#}");
    assert!(text(found, "advice").contains("as many at once as there are cores"), "{found:#}");
    assert!(text(found, "advice").contains("threads start them as well as processes do"), "{found:#}");
    let [threads, processes] = ["threads", "processes"].map(|mode| own_cpu_ns(&document, mode) as f64);
    assert!(threads > 0.6 * processes && processes > 0.6 * threads, "{threads} {processes}");
    assert!(waited(&document, "threads") > LEAST_WAITED, "{}", waited(&document, "threads"));
    for execution in runs(&document, "threads").flat_map(executions) {
        let members = execution["members"].as_array().expect("members");
        assert!(!members.is_empty() && members.iter().all(|member| member["kind"] == "process"), "{execution:#}");
    }
}

#[test]
fn a_shells_children_are_the_work() {
    if !has("gzip", &["--version"], "a case needs gzip") {
        return;
    }
    let document = Case::alone("16-gzip-many-files").run(&["run", "plan-shell.toml", "--repeat", "2", "--json"]).json();
    let found = own_threads(&document);
    assert!(text(found, "sentence").contains("gzip"), "{found:#}");
    assert!(waited(&document, "processes") > LEAST_WAITED, "{}", waited(&document, "processes"));
}

#[test]
fn xz_fills_the_cores_with_threads_of_its_own() {
    if !has("xz", &["--version"], "a case needs xz") || !has_cores(|cores| cores == 2) {
        return;
    }
    let document = Case::alone("17-xz-own-threads").run(&["run", "plan.toml", "--repeat", "2", "--json"]).json();
    let found = own_threads(&document);
    assert!(
        text(found, "sentence").contains("2 compute for each execution and 2 are in flight: 4 on 2 cores"),
        "{found:#}"
    );
    assert!(!text(found, "advice").contains("NUM_THREADS"), "xz has no such variable: {found:#}");
}

#[test]
fn the_cpu_time_of_main_is_that_of_its_threads_in_every_mode() {
    if !has_python() {
        return;
    }
    let case = Case::alone("33-own-threads-inside");
    for plan in ["plan-main.toml", "plan-main_threads.toml"] {
        let document = case.compare(plan, &["--modes", "threads,processes,sequential", "--repeat", "2"]);
        own_threads(&document);
        let modes = ["threads", "processes", "sequential"];
        let each = modes.map(|mode| own_cpu_ns(&document, mode) as f64);
        let (least, most) = (each.iter().copied().fold(f64::MAX, f64::min), each.iter().copied().fold(0.0, f64::max));
        assert!(least > 0.5 * most, "{plan}: {each:?}");
        for mode in modes {
            assert!(waited(&document, mode) > LEAST_WAITED, "{plan}, {mode}: {}", waited(&document, mode));
        }
    }
}
