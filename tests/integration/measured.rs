//! What holds for every execution, in any mode and with any outcome: its stamps are in order, its states add up, its
//! slices are its own.

use crate::{
    engine::{engine, follow, plan, task},
    python::interpreters,
    support::{Folder, required},
};
use spawnscope::{
    engine::{Command, Request},
    model::{
        Args, Execution, LaunchMode, OutcomeKind, Owner, Plan, Run, SlicesSource, Stage, StartMethod, Target, Task,
    },
};
use std::{collections::BTreeSet, path::Path, time::Duration};

/// The kernel ends a thread a little after it wakes the thread that joins it.
const AFTER_JOIN_NS: u64 = 2_000_000;
/// The kernel's cleaning up after a program that has ended: there are no records of it, but the program's clock
/// includes it.
const CLEARED_AWAY_NS: u64 = 2_000_000;

/// Makes one run; with `stop`, the user stops it as soon as an execution has entered.
fn run(plan: &Plan, stop: bool) -> Run {
    let engine = engine();
    engine.send(Command::Launch(Box::new(Request::run(plan.clone()))));
    let mut wanted = stop;
    let experiment = follow(&engine, |engine, experiment| {
        let entered = |run: &Run| run.executions.iter().any(|e| e.stamps.get(Stage::Entered).is_some());
        if wanted && experiment.runs.iter().any(entered) {
            wanted = false;
            engine.send(Command::Stop);
        }
    });
    experiment.runs.into_iter().next().expect("a run")
}

/// Checks every execution of a run; returns the outcomes that occurred.
fn check(run: &Run) -> BTreeSet<OutcomeKind> {
    check_with(run, 0)
}

/// The same; an execution may have been on a CPU for up to `unseen_ns` without a slice.
fn check_with(run: &Run, unseen_ns: u64) -> BTreeSet<OutcomeKind> {
    let exact = run.slices_source == Some(SlicesSource::SwitchRecords) && run.slices_note.is_none();
    if !exact {
        required::<()>(&format!("{}: slices can't be checked: {:?}", run.mode, run.slices_note));
    }
    for execution in &run.executions {
        let name = format!("{} {:?}: {}", run.mode, run.start_method, execution.label());
        assert!(execution.stamps.in_order(), "{name}: {:?}", execution.stamps);
        check_states(execution, &name);
        if exact {
            check_slices(run, execution, unseen_ns, &name);
        }
    }
    run.executions.iter().map(|execution| execution.outcome.as_ref().expect("it has ended").kind).collect()
}

fn in_target(execution: &Execution) -> Option<(u64, u64)> {
    Some((execution.stamps.get(Stage::Entered)?, execution.stamps.get(Stage::Left)?))
}

fn check_states(execution: &Execution, name: &str) {
    let succeeded = execution.outcome.as_ref().is_some_and(|outcome| outcome.is_success());
    let (Some((entered, left)), Some(states)) = (in_target(execution), &execution.states) else {
        return assert!(!succeeded, "{name}: it succeeded and has no states: {execution:?}");
    };
    let (sum, wall) = (states.on_cpu_ns + states.runnable_ns + states.blocked_ns, left - entered);
    assert!(sum.abs_diff(wall) * 100 <= wall, "{name}: {sum} of {wall} ns: {states:?}");
    if let Some(on) = &states.blocked_on {
        let parts = on.gil_ns + on.lock_ns + on.sleep_ns + on.io_ns + on.other_ns + on.own_ns;
        assert!(parts.abs_diff(states.blocked_ns) * 100 <= states.blocked_ns, "{name}: {states:?}");
    }
}

fn check_slices(run: &Run, execution: &Execution, unseen_ns: u64, name: &str) {
    let own = Owner::Execution(execution.id);
    let mut slices: Vec<_> = run.slices.iter(0, u64::MAX).filter(|slice| slice.owner == own).collect();
    slices.sort_by_key(|slice| slice.from_ns);
    let apart = slices.windows(2).all(|two| two[0].to_ns <= two[1].from_ns);
    assert!(apart, "{name}: its thread was on two cores at once: {slices:?}");
    let stamp = |stage| execution.stamps.get(stage);
    if let (Some(first), Some(last)) = (slices.first(), slices.last()) {
        let called = stamp(Stage::LaunchCalled).expect("it was launched");
        assert!(first.from_ns >= called, "{name}: {first:?} before {:?}", execution.stamps);
        // Python's threads release their locks before they end: join returns while they may still be on a CPU.
        if run.mode.isolates() || run.interpreter.is_none() {
            let joined = stamp(Stage::Joined).unwrap_or(u64::MAX - AFTER_JOIN_NS);
            assert!(last.to_ns <= joined + AFTER_JOIN_NS, "{name}: {last:?} after {:?}", execution.stamps);
        }
    }
    if let (Some((entered, left)), Some(states)) = (in_target(execution), &execution.states) {
        let within = |from: u64, to: u64| to.min(left).saturating_sub(from.max(entered));
        let sum: u64 = slices.iter().map(|slice| within(slice.from_ns, slice.to_ns)).sum();
        let bound = (states.on_cpu_ns / 100).max(100_000);
        let holds = sum <= states.on_cpu_ns + bound && states.on_cpu_ns <= sum + bound + unseen_ns;
        assert!(holds, "{name}: slices {sum} ns, {states:?}");
    }
}

fn fails(kind: &str) -> Task {
    task("fail", 1, &[("kind", kind.into()), ("after_ms", 20.into())])
}

fn gentle() -> Vec<Task> {
    vec![
        task("primes", 6, &[("limit", 60_000.into())]),
        task("sleep", 4, &[("seconds", 0.01.into())]),
        task("shared-mutex", 3, &[("rounds", 20_000.into())]),
        task("duty-cycle", 3, &[("seconds", 0.03.into())]),
        task("sleep", 10, &[("seconds", 0.into())]),
    ]
}

#[test]
fn it_holds_of_built_in_targets_in_every_mode_and_however_they_end() {
    use OutcomeKind::*;
    for mode in LaunchMode::NATIVE {
        let methods = StartMethod::of_mode(mode, false);
        for method in methods.iter().copied().map(Some).chain(methods.is_empty().then_some(None)) {
            let run_of = |tasks: Vec<Task>, timeout: Option<Duration>, stop: bool| {
                let mut plan = plan(mode, 3, tasks);
                (plan.run.start_method, plan.run.timeout) = (method, timeout);
                check(&run(&plan, stop))
            };
            assert_eq!(run_of(gentle(), None, false), [Success].into(), "{mode}");
            let mut ways = run_of([gentle(), vec![fails("panic")]].concat(), None, false);
            ways.extend(run_of([vec![fails("segfault")], gentle()].concat(), None, false));
            ways.extend(run_of([vec![fails("exit")], gentle()].concat(), None, false));
            ways.extend(run_of(vec![fails("hang"), fails("hang")], Some(Duration::from_millis(150)), false));
            ways.extend(run_of([vec![fails("hang")], gentle()].concat(), None, true));
            let crashed = if mode.isolates() { Signalled } else { Lost };
            assert!(
                BTreeSet::from([Success, Panicked, TimedOut, Cancelled, crashed]).is_subset(&ways),
                "{mode}: {ways:?}"
            );
        }
    }
}

fn program(name: &str, args: &[&str], count: u32) -> Task {
    let mut task = Task::new(Target::parse(&format!("program:{name}")));
    task.args = Args::List(args.iter().map(|arg| (*arg).into()).collect());
    task.count = count;
    task
}

#[test]
fn it_holds_of_programs_however_they_end() {
    use OutcomeKind::*;
    let folder = Folder::new();
    folder.write("broken", "no program\n");
    let broken = folder.path("broken");
    std::fs::set_permissions(&broken, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("made");
    let tasks = vec![
        program("true", &[], 10),
        program("sh", &["-c", "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done"], 4),
        program("sh", &["-c", "sleep 0.02 & gzip -c /bin/sh >/dev/null; wait"], 3),
        program("sh", &["-c", "exit 7"], 2),
        program("sh", &["-c", "kill -9 $$"], 2),
        program("sleep", &["30"], 1),
        program(broken.to_str().expect("UTF-8"), &[], 1),
    ];
    for mode in [LaunchMode::Sequential, LaunchMode::Processes, LaunchMode::ProcessPool] {
        let mut plan = plan(mode, 3, tasks.clone());
        plan.run.timeout = Some(Duration::from_millis(400));
        let ways = check_with(&run(&plan, false), CLEARED_AWAY_NS);
        assert_eq!(ways, [Success, Failed, Signalled, TimedOut, CouldNotStart].into(), "{mode}");
        plan.run.timeout = None;
        assert!(check_with(&run(&plan, true), CLEARED_AWAY_NS).contains(&Cancelled), "{mode}");
    }
}

const FUNCTIONS: &str = "\
import ctypes, os, sys, time

def computes(n):
    while n:
        n -= 1

def sleeps(n):
    time.sleep(n / 1e6)

def raises(n):
    raise ValueError(n)

def exits(n):
    sys.exit(3)

def os_exits(n):
    os._exit(4)

def segfaults(n):
    ctypes.CDLL(None).memset(ctypes.c_void_p(8), 0, 1)

def never_ends(n):
    while True:
        time.sleep(0.02)
";

fn function(name: &str, count: u32) -> Task {
    let mut task = Task::new(Target::parse(&format!("python:w.py:{name}")));
    task.args = Args::List(vec![20_000.into()]);
    task.count = count;
    task
}

#[test]
fn it_holds_of_python_functions_in_every_mode_and_however_they_end() {
    use LaunchMode::*;
    let Some(python) = interpreters::newest() else { return };
    let folder = Folder::new();
    folder.write("w.py", FUNCTIONS);
    for (mode, methods) in [
        (Sequential, StartMethod::of_mode(Sequential, true)),
        (Threads, &[StartMethod::Thread, StartMethod::Raw]),
        (ThreadPool, &[]),
        (Processes, StartMethod::of_mode(Processes, true)),
        (ProcessPool, &[StartMethod::Fork, StartMethod::Spawn]),
    ] {
        for method in methods.iter().copied().map(Some).chain(methods.is_empty().then_some(None)) {
            check_python(&python.path, &folder, mode, method);
        }
    }
}

fn check_python(python: &Path, folder: &Folder, mode: LaunchMode, method: Option<StartMethod>) {
    use OutcomeKind::*;
    let run_of = |tasks: Vec<Task>, timeout: Option<Duration>, stop: bool| {
        let mut plan = plan(mode, 3, tasks);
        plan.folder = Some(folder.path(""));
        plan.run.python = Some(python.to_str().expect("UTF-8").to_owned());
        (plan.run.start_method, plan.run.timeout) = (method, timeout);
        check(&run(&plan, stop))
    };
    let gentle = || vec![function("computes", 4), function("sleeps", 4)];
    assert_eq!(run_of(gentle(), None, false), [Success].into(), "{mode} {method:?}");
    let mut ways = run_of([gentle(), vec![function("raises", 2), function("exits", 1)]].concat(), None, false);
    ways.extend(run_of([gentle(), vec![function("segfaults", 1)]].concat(), None, false));
    ways.extend(run_of([gentle(), vec![function("os_exits", 1)]].concat(), None, false));
    ways.extend(run_of([gentle(), vec![function("never_ends", 1)]].concat(), Some(Duration::from_secs(2)), false));
    ways.extend(run_of(vec![function("never_ends", 2)], None, true));
    assert!(BTreeSet::from([Success, Exception, Failed, TimedOut, Cancelled]).is_subset(&ways), "{mode}: {ways:?}");
}
