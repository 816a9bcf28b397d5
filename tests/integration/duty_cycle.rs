//! Compares exact per-core usage with a load whose true share is known.

use crate::{
    machine::undisturbed,
    support::{Folder, Said, plan, required},
};
use serde_json::Value;
use std::process::Command;

const WINDOW_NS: u64 = 100_000_000;
/// In percentage points.
const BOUND: f64 = 2.0;
/// If the thread waited for its core for more than this share of its time, the load was not as planned. This is known
/// from the kernel's run-queue clock, which is independent of the slices under test.
const MOST_WAITED: f64 = 0.005;
/// If at least this much of a window's error also shows in the kernel's clock of the thread's CPU time, the load was
/// really different; otherwise the slices are wrong.
const CONFIRMED: f64 = 0.5;

#[test]
fn the_exact_layer_tells_a_duty_cycle_within_two_points_at_a_tenth_of_a_second() {
    let folder = Folder::alone();
    for (share, period_ms) in [(0.3, 4), (0.05, 20)] {
        let args = format!("args = {{ share = {share}, period_ms = {period_ms}, seconds = 1.0, core = 0 }}");
        folder.write("plan.toml", plan("duty-cycle", &args));
        for mode in ["threads", "processes"] {
            let name = format!("duty cycle of {share} in {period_ms} ms, {mode}");
            let measured = undisturbed(&name, || {
                let document = run(&folder, mode);
                let disturbed = document.as_ref().and_then(|document| disturbed(document, share));
                (document, disturbed)
            });
            let Some(document) = measured else { continue };
            let Some(document) = document else { return };
            let errors = error_points(&document, share);
            println!("{name}: off by {errors:.2?} points");
            assert!(errors.iter().all(|points| points.abs() <= BOUND), "{name}: {errors:.2?}");
        }
    }
}

/// Why the load was not as planned, by the kernel's own clocks, which are independent of the slices: its thread had to
/// wait for its core, or was on it for longer than planned, for example because the hypervisor stopped the core
/// meanwhile.
fn disturbed(document: &Value, share: f64) -> Option<String> {
    let waited = waited_share(document);
    if waited > MOST_WAITED {
        return Some(format!("its thread waited {:.1} % of its time for its core", waited * 100.0));
    }
    let errors = error_points(document, share);
    let worst = errors.iter().copied().fold(0.0_f64, |worst, it| if it.abs() > worst.abs() { it } else { worst });
    let by_clock = (cpu_share(document) - share) * 100.0 * errors.len() as f64;
    let confirmed = worst.abs() > BOUND && by_clock / worst >= CONFIRMED;
    confirmed.then(|| format!("its thread had {worst:+.1} points of a window, {by_clock:+.1} by the kernel's clock"))
}

/// CPU time by the kernel's clock for the thread, as a share of its time in the target.
fn cpu_share(document: &Value) -> f64 {
    let execution = &document["runs"][0]["executions"][0];
    let ns = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("not known: {execution}"));
    let (usage, stamps) = (&execution["usage"], &execution["stamps"]);
    (ns(&usage["user_ns"]) + ns(&usage["system_ns"])) / (ns(&stamps["left_ns"]) - ns(&stamps["entered_ns"]))
}

/// The share of its time in the target in which an execution was ready but not on its core, by the kernel's clock.
fn waited_share(document: &Value) -> f64 {
    let execution = &document["runs"][0]["executions"][0];
    let ns = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("not known: {execution}"));
    let stamp = |key: &str| ns(&execution["stamps"][key]);
    ns(&execution["states"]["runnable_ns"]) / (stamp("left_ns") - stamp("entered_ns"))
}

/// The program, with real-time priority if this user may set that.
fn first_of_all(folder: &Folder, arguments: &[&str]) -> Command {
    let real_time = ["-f", "10"];
    let program = folder.command(arguments);
    if !Command::new("chrt").args(real_time).arg("true").output().is_ok_and(|said| said.status.success()) {
        return program;
    }
    let mut chrt = Command::new("chrt");
    chrt.args(real_time).arg(program.get_program()).args(arguments).current_dir(folder.path(""));
    chrt
}

/// A run whose slices are exact.
fn run(folder: &Folder, mode: &str) -> Option<Value> {
    let mut command = first_of_all(folder, &["run", "plan.toml", "--json", "--mode", mode]);
    let said = Said::from(command.output().expect("the program starts"));
    assert_eq!(said.status, 0, "{said:?}");
    let document = said.json();
    let run = &document["runs"][0];
    assert!(run["cores"].as_array().is_some_and(|samples| !samples.is_empty()), "the estimate is there too: {run}");
    if run["slices_source"] != "switch-records" {
        return required(&format!("no switch records here: {}", run["slices_note"]));
    }
    Some(document)
}

/// By how many percentage points the core's share is above the planned one, by the slices, for each whole window in the
/// target.
fn error_points(document: &Value, share: f64) -> Vec<f64> {
    let execution = &document["runs"][0]["executions"][0];
    let stamp = |key: &str| execution["stamps"][key].as_u64().expect("a stamp");
    let (entered, left) = (stamp("entered_ns"), stamp("left_ns"));
    let returned = execution["result"].as_u64().expect("a number") as f64;
    assert!((returned / 1e9 - share).abs() < 1e-6, "the share is what it was to be");
    let windows = (left - entered) / WINDOW_NS;
    assert!(windows >= 9, "{execution}");
    let error = |window: u64| {
        let from = entered + window * WINDOW_NS;
        let busy = busy_ns(execution, 0, from, from + WINDOW_NS);
        (busy as f64 / WINDOW_NS as f64 - share) * 100.0
    };
    (0..windows).map(error).collect()
}

/// Nanoseconds for which the execution was on a core, between two instants.
fn busy_ns(execution: &Value, core: u64, from_ns: u64, to_ns: u64) -> u64 {
    let slices = execution["slices"].as_array().expect("slices").iter().filter(|slice| slice["core"] == core);
    let number = |slice: &Value, key: &str| slice[key].as_u64().expect("a number");
    let within =
        |slice: &Value| number(slice, "to_ns").min(to_ns).saturating_sub(number(slice, "from_ns").max(from_ns));
    slices.map(within).sum()
}
