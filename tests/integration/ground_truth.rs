//! Compares what Spawnscope reports about its executions with the kernel's own trace of the same run: `perf sched
//! record`, as root, with the monotonic clock.

mod compare;
mod errors;
mod perf;
mod plans;
mod said;
mod truth;

use crate::{machine::quietly, support::Folder};
use errors::Errors;
use perf::Perf;
use plans::{Case, Spinners};

/// If other programs take this share of the machine or more, they disturb too much.
const LOUD: f64 = 0.10;

#[test]
fn states_and_slices_agree_with_the_kernels_trace_in_every_mode() {
    let folder = Folder::alone();
    let Some(perf) = Perf::here(&folder) else { return };
    plans::write(&folder);
    // Each case is measured once while the machine is quiet; that result counts.
    let of_case = |case: &Case| {
        let measured = quietly(&format!("ground truth of {}", case.name), LOUD, || measure(&perf, &folder, case));
        measured.map(|errors| (case.name, errors))
    };
    let of_cases: Vec<(&str, Errors)> = plans::cases().iter().filter_map(of_case).collect();
    println!("{}", errors::table(of_cases.iter()));
    let broken: Vec<String> = of_cases.iter().flat_map(|(name, errors)| errors.broken(name)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Runs a plan while the kernel traces, and compares.
fn measure(perf: &Perf, folder: &Folder, case: &Case) -> Errors {
    let spinners = case.loaded.then(Spinners::start);
    let (document, truth) = perf.record(folder, &case.arguments());
    drop(spinners);
    let run = &document["runs"][0];
    assert_eq!(run["slices_source"], "switch-records", "{}: {}", case.name, run["slices_note"]);
    let executions = said::executions(run, case.name);
    assert_eq!(executions.len(), plans::EXECUTIONS, "{}", case.name);
    let mut errors = Errors::of(executions.len(), case.is_of_programs());
    for execution in executions {
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
    // The times must add up, and no thread may be on a CPU and ready at once.
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
