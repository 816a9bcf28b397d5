//! What Spawnscope says of its executions against what the kernel's own trace says of the same run: `perf sched record`, as
//! root, with the monotonic clock.

mod compare;
mod errors;
mod perf;
mod plans;
mod said;
mod truth;

use crate::support::Folder;
use errors::Errors;
use perf::Perf;
use plans::{Case, Spinners};
use std::collections::BTreeMap;

#[test]
fn states_and_slices_agree_with_the_kernels_trace_in_every_mode() {
    let folder = Folder::alone();
    let Some(perf) = Perf::here(&folder) else { return };
    plans::write(&folder);
    let mut of_mode: BTreeMap<usize, (&str, Errors)> = BTreeMap::new();
    for (row, case) in plans::cases().iter().enumerate() {
        // Other programs load the machine: what does not hold is measured again, four times at the most.
        let mut errors = measure(&perf, &folder, case);
        for _ in 0..4 {
            if errors.broken(case.name).is_empty() {
                break;
            }
            println!("measured again: {}", errors.broken(case.name).join("; "));
            errors = measure(&perf, &folder, case);
        }
        of_mode.insert(row, (case.name, errors));
    }
    println!("{}", errors::table(of_mode.values()));
    let broken: Vec<String> = of_mode.values().flat_map(|(name, errors)| errors.broken(name)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Runs a plan while the kernel traces, and compares.
fn measure(perf: &Perf, folder: &Folder, case: &Case) -> Errors {
    let _spinners = case.loaded.then(Spinners::start);
    let (document, truth) = perf.record(folder, &case.arguments());
    let run = &document["runs"][0];
    assert_eq!(run["slices_source"], "switch-records", "{}: {}", case.name, run["slices_note"]);
    let mut errors = Errors::beside(run["others_share"].as_f64().unwrap_or(0.0));
    for execution in said::executions(run, case.name) {
        compare::compare(&execution, truth.thread(execution.tid), &mut errors);
    }
    errors
}

#[test]
fn the_trace_of_a_sleeping_and_of_a_computing_shell_is_read_rightly() {
    let folder = Folder::new();
    let Some(perf) = Perf::here(&folder) else { return };
    let script = "sleep 0.05 & wait; echo $$ $!; i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done";
    let (said, truth) = perf.trace(&folder, "sh", &["-c", script]);
    let pids: Vec<u32> = said.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    let ends = |pid: u32| {
        let on = &truth.thread(pid).on;
        (on.first().expect("it ran").from_ns, on.last().expect("it ran").to_ns)
    };
    let (from, to) = ends(pids[1]);
    let sleeper = truth.thread(pids[1]).clipped(from, to);
    assert!(sleeper.blocked_ns(to - from) >= 49_000_000, "{sleeper:?}");
    // The times add up, and no thread is on a CPU and ready at once.
    for pid in &pids {
        let (from, to) = ends(*pid);
        let thread = truth.thread(*pid).clipped(from, to);
        let mut all: Vec<_> =
            thread.on.iter().map(|on| (on.from_ns, on.to_ns)).chain(thread.ready.iter().copied()).collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|two| two[0].1 <= two[1].0), "{all:?}");
        assert!(thread.on_cpu_ns() > 0 && thread.on_cpu_ns() + thread.ready_ns() <= to - from);
    }
    assert!(truth.thread(pids[0]).on_cpu_ns() > truth.thread(pids[1]).on_cpu_ns());
}
