//! Tasks whose own threads and processes do the work.

use super::{
    Case,
    concerns::{path, pythons},
    finding, findings,
};
use crate::{machine, support::required};
use serde_json::Value;
use std::process::Command;

/// Findings that would be false about executions that wait for their own members.
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

/// The least part of the time blocked (other than on the GIL) that must be a wait for members. In between the execution
/// hands out work and takes results.
const LEAST_WAITED: f64 = 0.3;

fn cores() -> u64 {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64)
}

/// Whether this machine has as many cores as a case needs; prints so if not, since the user can't change that.
fn has_cores(wanted: impl Fn(u64) -> bool) -> bool {
    if !wanted(cores()) {
        machine::say(&format!("skipped: a case is about other machines than one of {} cores", cores()));
    }
    wanted(cores())
}

/// Whether a command succeeds; if not, prints what it is needed for.
fn has(program: &str, arguments: &[&str], why: &str) -> bool {
    let succeeded = Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success());
    succeeded || required::<()>(why).is_some()
}

/// The finding, which must come first, without any false one beside it.
fn own_threads(document: &Value) -> &Value {
    let said = findings(document);
    assert_eq!(said.first(), Some(&"own-threads"), "{said:?}: {:#}", document["findings"]);
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

/// CPU time of all members in the last run of a mode, both of executions and of the run.
fn own_cpu_ns(document: &Value, mode: &str) -> u64 {
    let run = runs(document, mode).last().unwrap_or_else(|| panic!("no run as {mode}"));
    let of = |it: &Value| it["own"]["on_cpu_ns"].as_u64().unwrap_or(0);
    of(run) + executions(run).iter().map(of).sum::<u64>()
}

/// Asserts that executions of a mode were blocked on their own members. On a loaded machine members are woken up long
/// before they are on a CPU, which no source shows: an execution that was itself ready for longer than blocked proves
/// nothing.
fn wait_for_their_own(document: &Value, mode: &str, name: &str) {
    let all: Vec<&Value> = runs(document, mode).flat_map(executions).map(|it| &it["states"]).collect();
    let sum = |pick: &dyn Fn(&Value) -> &Value| all.iter().filter_map(|it| pick(it).as_u64()).sum::<u64>() as f64;
    let [ready, blocked] = ["runnable_ns", "blocked_ns"].map(|state| sum(&|it| &it[state]));
    let [own, gil] = ["own_ns", "gil_ns"].map(|on| sum(&|it| &it["blocked_on"][on]));
    assert!(
        own > LEAST_WAITED * (blocked - gil) || ready > blocked,
        "{name}: {mode}: {own} of {blocked} ns blocked, {gil} of them on the GIL, {ready} ready"
    );
}

#[test]
fn blas_has_a_thread_per_core_in_each_execution() {
    let Some((case, python)) = Case::alone("05-blas-threads").with_numpy() else { return };
    if !has_cores(|cores| cores >= 2) {
        return;
    }
    let document = case.compare("plan.toml", &["--modes", "processes,threads", "--repeat", "2", "--python", &python]);
    let found = own_threads(&document);
    // For each further core, one thread beside the execution's own, in each of four processes.
    assert_eq!(figure(found, "own_threads_count") as u64, 4 * (cores() - 1), "{found:#}");
    let said =
        format!("{} compute for each execution and 4 are in flight: {} on {} cores", cores(), 4 * cores(), cores());
    assert!(text(found, "sentence").contains(&said), "{found:#}");
    assert!(figure(found, "own_share_percent") >= 25.0, "{found:#}");
    // Setting it inside the function would be too late.
    assert!(text(found, "advice").contains("`OPENBLAS_NUM_THREADS = \"1\"` in the task's env"), "{found:#}");
    assert!(text(found, "advice").contains("before the library is loaded"), "{found:#}");
    // In mode `threads` they were born while the module was loaded: they belong to the run, and to no execution.
    let run = runs(&document, "threads").last().expect("a run");
    assert_eq!(run["own"]["threads"], cores() - 1, "{run:#}");
    assert!(executions(run).iter().all(|it| it.get("own").is_none()));
}

/// If each library has one thread, set before it is loaded, executions have no members.
#[test]
fn blas_with_one_thread_each_has_none_of_its_own() {
    let Some((case, python)) = Case::alone("05-blas-threads").with_numpy() else { return };
    let options = ["--modes", "processes,threads", "--repeat", "1", "--warmup", "0", "--python", &python];
    let document = case.compare("plan-env.toml", &options);
    assert!(!findings(&document).contains(&"own-threads"), "{:#}", document["findings"]);
    for run in document["runs"].as_array().expect("runs") {
        let all = executions(run).iter().chain([run]);
        assert!(all.clone().all(|it| it["own"]["threads"].as_u64().unwrap_or(0) == 0), "{run:#}");
        assert!(executions(run).iter().all(|it| it["outcome"]["kind"] == "success"), "{run:#}");
    }
}

#[test]
fn a_pool_within_a_pool_waits_for_its_own_children() {
    let case = Case::alone("11-pool-in-pool");
    for python in pythons("11-pool-in-pool") {
        write_longer(&case, "plan.toml", "1000000", python.pypy, 20);
        let modes = ["--modes", "process-pool,processes", "--repeat", "1", "--warmup", "0"];
        let document = case.compare("plan.toml", &[&modes[..], &["--python", &path(&python)]].concat());
        let found = own_threads(&document);
        assert_eq!(figure(found, "own_processes_count"), 4.0, "{python:?}: two of two: {found:#}");
        assert!(figure(found, "own_share_percent") >= 50.0, "{python:?}: {found:#}");
        // The workers of a ProcessPoolExecutor may have children.
        let mut all = document["runs"].as_array().expect("runs").iter().flat_map(executions);
        assert!(all.all(|it| it["outcome"]["kind"] == "success"), "{python:?}: {document}");
        for mode in ["process-pool", "processes"] {
            wait_for_their_own(&document, mode, &path(&python));
        }
        if cores() == 2 {
            assert!(text(found, "sentence").contains("one execution has them all already"), "{python:?}: {found:#}");
        }
    }
}

/// PyPy compiles what computes in Python, and would be done before it is seen; there the work is multiplied by this.
fn write_longer(case: &Case, plan: &str, number: &str, pypy: bool, times: u64) {
    let number_there = number.parse::<u64>().expect("a number") * if pypy { times } else { 1 };
    case.rewrite(plan, number, &number_there.to_string());
}

#[test]
fn programs_that_threads_start_are_the_work_whoever_starts_them() {
    let case = Case::alone("15-subprocess-in-threads");
    case.rewrite("plan.toml", "[120]", "[60]");
    for python in pythons("15-subprocess-in-threads") {
        let modes = ["--modes", "threads,processes", "--repeat", "1", "--warmup", "0"];
        let document = case.compare("plan.toml", &[&modes[..], &["--python", &path(&python)]].concat());
        let found = own_threads(&document);
        assert!(text(found, "sentence").contains("sha256sum"), "{python:?}: {found:#}");
        assert!(text(found, "advice").contains("as many at once as there are cores"), "{python:?}: {found:#}");
        // With one repeat, a busy machine may make processes seem much faster; then the finding does not appear.
        if document["comparisons"][0]["ratio"].as_f64().is_some_and(|ratio| ratio < 1.1) {
            assert!(
                text(found, "advice").contains("threads start them as well as processes do"),
                "{python:?}: {found:#}"
            );
        }
        let [threads, processes] = ["threads", "processes"].map(|mode| own_cpu_ns(&document, mode) as f64);
        assert!(threads > 0.6 * processes && processes > 0.6 * threads, "{python:?}: {threads} {processes}");
        wait_for_their_own(&document, "threads", &path(&python));
        for execution in runs(&document, "threads").flat_map(executions) {
            let members = execution["members"].as_array().expect("members");
            let all_processes = members.iter().all(|member| member["kind"] == "process");
            assert!(!members.is_empty() && all_processes, "{python:?}: {execution:#}");
        }
    }
}

#[test]
fn more_at_once_than_cores_gain_nothing_where_programs_do_the_work() {
    let Some(python) = super::python().filter(|_| has_cores(|cores| cores < 8)) else { return };
    let case = Case::alone("15-subprocess-in-threads");
    case.rewrite("plan-eight.toml", "[60]", "[20]");
    let options = ["run", "plan-eight.toml", "--workers", "8", "--repeat", "1", "--warmup", "0", "--python", &python];
    let document = case.run(&[&options[..], &["--json"]].concat()).json();
    let found = own_threads(&document);
    let said = format!("8 executions are in flight on {0} cores: more than {0} gain nothing", cores());
    assert!(text(found, "sentence").contains(&said), "{found:#}");
}

/// Programs without members do the work themselves.
#[test]
fn programs_side_by_side_have_no_threads_of_their_own() {
    if !has("gzip", &["--version"], "a case needs gzip") {
        return;
    }
    let case = Case::alone("16-gzip-many-files");
    let document = case.run(&["run", "plan.toml", "--repeat", "1", "--warmup", "0", "--json"]).json();
    let said = findings(&document);
    assert!(!said.iter().any(|id| *id == "own-threads" || FALSE_HERE.contains(id)), "{said:?}");
    for execution in runs(&document, "processes").flat_map(executions) {
        let on_cpu = execution["states"]["on_cpu_ns"].as_u64().expect("known");
        let blocked = execution["states"]["blocked_ns"].as_u64().expect("known");
        assert!(execution["outcome"]["kind"] == "success" && on_cpu > blocked, "{execution:#}");
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
    wait_for_their_own(&document, "processes", "a shell");
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
    assert!(text(found, "advice").contains("More at once gain nothing"), "{found:#}");
    assert!(!text(found, "advice").contains("NUM_THREADS"), "xz has no such variable: {found:#}");
    assert!(figure(found, "own_share_percent") >= 50.0, "{found:#}");
}

#[test]
fn the_cpu_time_of_main_is_that_of_its_threads_in_every_mode() {
    let case = Case::alone("33-own-threads-inside");
    for python in pythons("33-own-threads-inside") {
        let count = if python.pypy { 60_000_000 } else { 1_500_000 };
        case.rewrite("plan-main_threads.toml", "count = 2", &format!("count = 2\nargs = [{count}]"));
        for plan in ["plan-main.toml", "plan-main_threads.toml"] {
            cpu_time_is_its_threads(&case, plan, &path(&python));
        }
    }
}

fn cpu_time_is_its_threads(case: &Case, plan: &str, python: &str) {
    let modes = ["threads", "processes", "sequential"];
    let options = ["--modes", "threads,processes,sequential", "--repeat", "2", "--python", python];
    let document = case.compare(plan, &options);
    assert!(figure(own_threads(&document), "own_share_percent") >= 50.0, "{python}: {plan}: {}", document["findings"]);
    // It already uses hashlib, which gives the GIL away.
    let told = document["findings"].as_array().expect("a list");
    assert!(!told.iter().any(|found| found["advice"].to_string().contains("hashlib")), "{python}: {plan}: {told:#?}");
    let each = modes.map(|mode| own_cpu_ns(&document, mode) as f64);
    let (least, most) = (each.iter().copied().fold(f64::MAX, f64::min), each.iter().copied().fold(0.0, f64::max));
    assert!(least > 0.5 * most, "{python}: {plan}: {each:?}");
    for mode in modes {
        wait_for_their_own(&document, mode, &format!("{python}: {plan}"));
    }
}
