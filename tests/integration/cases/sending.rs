//! What it costs to send arguments and results between processes, and to pass calls through a pool.

use super::{Case, finding, findings, python};
use serde_json::Value;

/// The document of a comparison; no other test runs beside it.
fn compared(case: &Case, python: &str, options: &[&str]) -> Value {
    case.compare("plan.toml", &[&["--python", python], options].concat())
}

/// A plan of one task for pools of threads and of processes.
fn pools(target: &str, args: &str, count: u32, compare: &str) -> String {
    format!(
        "schema = 1\nname = \"Sent\"\n[run]\ncompare = {compare}\nworkers = 2\nrepeat = 6\nwarmup = 0\ntimeout = \"60s\"\n\
         [[task]]\ntarget = \"python:sent.py:{target}\"\nargs = {args}\ncount = {count}\n"
    )
}

const POOLS: &str = "[\"thread-pool\", \"process-pool\"]";

/// The figures of a finding; asserts that no other reason is given.
fn reason<'a>(document: &'a Value, silent: &[&str]) -> &'a Value {
    let all = findings(document);
    assert_eq!(all.first(), Some(&"sending"), "{all:?}: {}", document["comparisons"]);
    assert!(silent.iter().all(|id| !all.contains(id)), "{all:?}");
    finding(document, "sending")
}

#[test]
fn short_calls_through_a_pool_cost_more_to_hand_over_than_to_make() {
    let case = Case::alone("03-tiny-tasks-pool");
    let Some(python) = python() else { return };
    // A pool of threads is so close to running in sequence that on a busy machine the first verdict is unclear, which
    // has reasons of its own.
    let document = compared(&case, &python, &["--warmup", "0", "--modes", "sequential,process-pool"]);
    let found = reason(&document, &["start-cost-dominates", "kernel-contention", "memory-traffic"]);
    let evidence = &found["evidence"];
    let ns = |name: &str| evidence[name].as_f64().unwrap_or_else(|| panic!("no {name}: {found}"));
    assert!(ns("handing_over_ns") > 5.0 * ns("in_target_ns"), "{found}");
    assert!(ns("argument_bytes") > 20.0 && ns("argument_bytes") < 1_000.0, "{found}");
    assert!(ns("queued_ns") > 10.0 * ns("sending_ns"), "2,000 calls mostly wait for their turn: {found}");
    let advice = found["advice"].as_str().expect("advice");
    assert!(advice.contains("chunksize"), "{advice}");
}

#[test]
fn big_results_cost_more_to_return_than_to_make() {
    let Some((case, python)) = Case::alone("34-big-result").with_numpy() else { return };
    let document = compared(&case, &python, &["--warmup", "0"]);
    let found = reason(&document, &["start-cost-dominates", "kernel-contention", "memory-traffic"]);
    let evidence = &found["evidence"];
    assert!((40_000_000..40_001_000).contains(&evidence["result_bytes"].as_u64().expect("bytes")), "{found}");
    assert!(evidence["returning_ns"].as_f64() > evidence["in_target_ns"].as_f64(), "{found}");
    assert!(found["sentence"].as_str().is_some_and(|text| text.contains("38.1 MiB")), "{found}");
    let compared = document["comparisons"].as_array().expect("comparisons").iter();
    let pools =
        compared.filter(|it| (&it["a"]["mode"], &it["b"]["mode"]) == (&"thread-pool".into(), &"process-pool".into()));
    let ratios: Vec<f64> = pools.filter_map(|it| it["ratio"].as_f64()).collect();
    assert!(
        ratios.len() == 1 && ratios[0] < 0.5,
        "a pool of threads is several times faster: {}",
        document["comparisons"]
    );
}

const SENT: &str = "
import time

class Slow:
    def __reduce__(self):
        time.sleep(0.01)
        return Slow, ()

def takes(value):
    return 1

def gives(count):
    return {n: str(n) for n in range(count)}
";

/// What a comparison of pools of threads and of processes finds for a function that takes or returns something.
fn of_pools(target: &str, args: &str, count: u32) -> Option<Value> {
    let case = Case::alone("03-tiny-tasks-pool");
    let python = python()?;
    case.write("sent.py", SENT);
    case.write("plan.toml", &pools(target, args, count, POOLS));
    Some(compared(&case, &python, &[]))
}

#[test]
fn a_large_argument_costs_more_to_send_than_the_work() {
    let made = "[{ \"$py\" = \"{n: str(n) for n in range(200000)}\" }]";
    let Some(document) = of_pools("takes", made, 4) else { return };
    let found = reason(&document, &["start-cost-dominates", "kernel-contention"]);
    let evidence = &found["evidence"];
    assert!(evidence["argument_bytes"].as_u64() > Some(2_000_000), "{found}");
    assert!(evidence["sending_ns"].as_f64() > evidence["returning_ns"].as_f64(), "{found}");
    assert!(found["sentence"].as_str().is_some_and(|text| text.contains("its arguments")), "{found}");
}

#[test]
fn what_is_slow_to_pickle_is_told_by_its_time() {
    let Some(document) = of_pools("takes", "[{ \"$py\" = \"Slow()\" }]", 6) else { return };
    let found = reason(&document, &["start-cost-dominates"]);
    let evidence = &found["evidence"];
    assert!(evidence["pickling_ns"].as_u64() >= Some(10_000_000), "{found}");
    assert!(evidence["argument_bytes"].as_u64() < Some(1_000), "{found}");
}

#[test]
fn a_process_of_its_own_is_sent_its_arguments_under_spawn_and_not_under_fork() {
    let case = Case::new("03-tiny-tasks-pool");
    let Some(python) = python() else { return };
    case.write("sent.py", SENT);
    let made = "[{ \"$py\" = \"bytes(3000000)\" }]";
    case.write("plan.toml", &pools("takes", made, 1, "[\"processes:spawn\", \"processes:fork\"]"));
    let document = compared(&case, &python, &["--repeat", "1"]);
    let run = |method: &str| {
        let runs = document["runs"].as_array().expect("runs");
        let run = runs.iter().find(|run| run["mode"] == "processes" && run["start_method"] == method);
        &run.unwrap_or_else(|| panic!("no run: {document}"))["executions"][0]
    };
    let sent = &run("spawn")["sending"];
    assert!(sent["argument_bytes"].as_u64() > Some(3_000_000) && sent["argument_ns"].as_u64() > Some(0), "{sent}");
    assert!(sent["result_bytes"].is_null(), "a process returns nothing: {sent}");
    assert!(run("fork")["sending"].is_null(), "a fork has its arguments already");
}
