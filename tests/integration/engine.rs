//! The engine with real runners: what a user relies on in every mode.

use crate::turn::Turn;
use spawnscope::{
    engine::{Command, Engine, Request},
    model::{Args, Event, Execution, Experiment, LaunchMode, OutcomeKind, Plan, Run, Stage, StartMethod, Target, Task},
};
use std::{collections::BTreeMap, time::Duration};

const BUILTIN_MODES: [LaunchMode; 5] = LaunchMode::NATIVE;

pub fn task(target: &str, count: u32, args: &[(&str, serde_json::Value)]) -> Task {
    let mut task = Task::new(Target::parse(target));
    task.count = count;
    task.args = Args::Named(args.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect());
    task
}

pub fn plan(mode: LaunchMode, workers: u32, tasks: Vec<Task>) -> Plan {
    let mut plan = Plan::empty("test");
    plan.run.mode = mode;
    plan.run.workers = workers;
    plan.run.repeat = 1;
    plan.run.warmup = 0;
    plan.tasks = tasks;
    plan
}

pub fn engine() -> Engine {
    Engine::with_runner(env!("CARGO_BIN_EXE_spawnscope").into(), || ()).expect("the engine starts")
}

/// Follows an experiment to its end; `each` sees it after every event and may send commands.
pub fn follow(engine: &Engine, mut each: impl FnMut(&Engine, &Experiment)) -> Experiment {
    let mut experiment: Option<Experiment> = None;
    for event in engine.events().iter().flatten() {
        if let Event::Started(started) = &event {
            experiment = Some((**started).clone());
        }
        let Some(experiment) = &mut experiment else { panic!("refused: {event:?}") };
        experiment.apply(&event);
        each(engine, experiment);
        if experiment.ended {
            return experiment.clone();
        }
    }
    panic!("the engine ended")
}

fn run(plan: Plan) -> Run {
    let engine = engine();
    engine.send(Command::Launch(Box::new(Request::run(plan))));
    follow(&engine, |_, _| ()).runs.remove(0)
}

fn kind(execution: &Execution) -> OutcomeKind {
    execution.outcome.as_ref().expect("it has ended").kind
}

fn assert_lanes_do_not_overlap(run: &Run) {
    let mut lanes: BTreeMap<u32, Vec<(u64, u64)>> = BTreeMap::new();
    // A pool's worker continues while a result waits to be collected.
    let last = if run.mode.is_pool() { Stage::Exited } else { Stage::Joined };
    for execution in &run.executions {
        let span = (execution.stamps.get(Stage::LaunchCalled), execution.stamps.get(last));
        let (Some(from), Some(to)) = span else { panic!("{} is not complete", execution.label()) };
        lanes.entry(execution.lane.expect("it had a lane")).or_default().push((from, to));
    }
    for spans in lanes.values_mut() {
        spans.sort_unstable();
        assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{} overlaps: {spans:?}", run.mode);
    }
}

#[test]
fn every_mode_gives_the_same_result_complete_stamps_in_order_and_lanes_without_overlap() {
    let _turn = Turn::beside();
    let mut results = Vec::new();
    for mode in BUILTIN_MODES {
        for start_method in StartMethod::NATIVE {
            let mut plan = plan(mode, 3, vec![task("primes", 10, &[("limit", 20_000.into())])]);
            plan.run.start_method = Some(start_method);
            let run = run(plan);
            assert!(run.succeeded(), "{mode} {start_method}");
            for execution in &run.executions {
                assert!(Stage::ALL.iter().all(|stage| execution.stamps.get(*stage).is_some()), "{mode}: {execution:?}");
                assert!(execution.stamps.in_order(), "{mode}: {execution:?}");
                assert!(execution.usage.as_ref().is_some_and(|usage| usage.cpu_ns().is_some()));
                results.push(execution.result.clone());
            }
            assert_lanes_do_not_overlap(&run);
            let most = if mode == LaunchMode::Sequential { 1 } else { 3 };
            assert!(run.lanes() <= most, "{mode}: {} lanes", run.lanes());
            assert!(run.makespan_ns.is_some() && run.end.as_ref().is_some_and(|end| end.complete));
        }
    }
    assert_eq!(results.iter().flatten().count(), 100);
    assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
}

#[test]
fn with_room_for_all_the_launcher_starts_everyone_and_then_joins_in_order() {
    let _turn = Turn::beside();
    for mode in [LaunchMode::Threads, LaunchMode::Processes] {
        let run = run(plan(mode, 0, vec![task("sleep", 4, &[("seconds", 0.02.into())])]));
        let order: Vec<_> = run.main_lane().iter().map(|mark| (format!("{:?}", mark.kind), mark.execution)).collect();
        let told = |kind: &str| (0..4).map(|id| (kind.to_owned(), id)).collect::<Vec<_>>();
        assert_eq!(order, [told("Start"), told("Join")].concat(), "{mode}");
    }
}

#[test]
fn a_crash_in_a_thread_takes_the_run_with_it_and_in_a_process_only_itself() {
    let _turn = Turn::beside();
    let tasks = || {
        vec![
            task("primes", 2, &[("limit", 1000.into())]),
            task("sleep", 1, &[("seconds", 30.0.into())]),
            task("fail", 1, &[("kind", "segfault".into()), ("after_ms", 300.into())]),
        ]
    };
    let threads = run(plan(LaunchMode::Threads, 0, tasks()));
    assert_eq!(threads.executions.iter().map(kind).collect::<Vec<_>>()[2..], [OutcomeKind::Lost, OutcomeKind::Lost]);
    assert!(threads.executions[2..].iter().all(|e| e.outcome.as_ref().is_some_and(|o| o.signal == Some(11))));
    for done in &threads.executions[..2] {
        assert_eq!(kind(done), OutcomeKind::Success);
        assert!(done.stamps.get(Stage::Exited).is_some() && done.stamps.in_order());
    }
    assert_eq!(threads.makespan_ns, None);

    let mut tasks = tasks();
    tasks[1].args = Args::Named([("seconds".to_owned(), 0.6.into())].into());
    let processes = run(plan(LaunchMode::Processes, 0, tasks));
    let kinds: Vec<_> = processes.executions.iter().map(kind).collect();
    assert_eq!(kinds[..3], [OutcomeKind::Success; 3]);
    assert_eq!(
        (kinds[3], processes.executions[3].outcome.as_ref().and_then(|o| o.signal)),
        (OutcomeKind::Signalled, Some(11))
    );
}

#[test]
fn whoever_runs_past_its_timeout_is_ended_even_if_it_does_not_listen() {
    let _turn = Turn::beside();
    for mode in BUILTIN_MODES {
        let mut plan = plan(
            mode,
            0,
            vec![task("sleep", 1, &[("seconds", 30.0.into())]), task("fail", 1, &[("kind", "hang".into())])],
        );
        plan.run.timeout = Some(Duration::from_millis(200));
        let run = run(plan);
        for execution in &run.executions {
            assert_eq!(kind(execution), OutcomeKind::TimedOut, "{mode} {}", execution.label());
        }
    }
}

#[test]
fn stop_ends_what_does_not_listen_in_every_mode() {
    let _turn = Turn::beside();
    for mode in BUILTIN_MODES {
        let engine = engine();
        let plan = plan(mode, 0, vec![task("fail", 3, &[("kind", "hang".into())])]);
        engine.send(Command::Launch(Box::new(Request::run(plan))));
        let mut sent = false;
        let experiment = follow(&engine, |engine, experiment| {
            let entered = experiment.runs.iter().any(|run| run.executions[0].stamps.get(Stage::Entered).is_some());
            if entered && !std::mem::replace(&mut sent, true) {
                engine.send(Command::Stop);
            }
        });
        assert_eq!(experiment.message.as_deref(), Some("stopped by the user"));
        let run = &experiment.runs[0];
        assert!(run.executions.iter().all(|execution| kind(execution) == OutcomeKind::Cancelled), "{mode}: {run:?}");
    }
}

#[test]
fn stop_and_quit_are_heard_while_the_first_run_waits() {
    let _turn = Turn::beside();
    let settle = Duration::from_secs(24 * 3600);
    let request = || Request { settle, ..Request::run(plan(LaunchMode::Threads, 0, vec![task("sleep", 1, &[])])) };
    let stopped = engine();
    stopped.send(Command::Launch(Box::new(request())));
    let mut sent = false;
    for event in stopped.events().iter().flatten() {
        match event {
            Event::Started(_) => {
                assert!(!std::mem::replace(&mut sent, true));
                stopped.send(Command::Stop);
            }
            Event::Ended { stopped } => {
                assert!(stopped && sent);
                break;
            }
            other => panic!("no run begins: {other:?}"),
        }
    }
    // The same engine accepts the next experiment; dropping the engine quits, and waits for that.
    stopped.send(Command::Launch(Box::new(request())));
    assert!(matches!(stopped.events().iter().flatten().next(), Some(Event::Started(_))));
    drop(stopped);
}

#[test]
fn a_panic_tells_its_message_and_the_others_go_on() {
    let _turn = Turn::beside();
    for mode in BUILTIN_MODES {
        let tasks = vec![task("fail", 1, &[("kind", "panic".into())]), task("primes", 2, &[("limit", 1000.into())])];
        let run = run(plan(mode, 2, tasks));
        let outcome = run.executions[0].outcome.clone().expect("ended");
        assert_eq!(outcome.kind, OutcomeKind::Panicked, "{mode}");
        assert!(outcome.message.as_ref().is_some_and(|message| message.contains("fail.rs")), "{outcome:?}");
        assert!(run.executions[1..].iter().all(|execution| kind(execution) == OutcomeKind::Success));
    }
}

#[test]
fn a_program_tells_its_status_and_its_output_whatever_the_bytes() {
    let _turn = Turn::beside();
    let mut shell = Task::new(Target::parse("program:sh"));
    shell.args = Args::List(vec!["-c".into(), r"printf 'a\377b'; echo oops >&2; exit 7".into()]);
    let mut flood = Task::new(Target::parse("program:head"));
    flood.args = Args::List(vec!["-c".into(), "3000000".into(), "/dev/zero".into()]);
    for mode in [LaunchMode::Sequential, LaunchMode::Processes, LaunchMode::ProcessPool] {
        let run = run(plan(mode, 0, vec![shell.clone(), flood.clone()]));
        let outcome = run.executions[0].outcome.clone().expect("ended");
        assert_eq!((outcome.kind, outcome.code), (OutcomeKind::Failed, Some(7)));
        let output = run.executions[0].output.clone().expect("captured");
        assert_eq!((output.stdout_tail.as_str(), output.stdout_bytes), ("a\u{FFFD}b", 3));
        assert_eq!(output.stderr_tail, "oops\n");
        let flooded = run.executions[1].output.clone().expect("captured");
        assert_eq!((flooded.stdout_bytes, flooded.stdout_tail.len()), (3_000_000, 1 << 20));
    }
}

#[test]
fn a_program_can_not_be_a_thread_and_the_refusal_says_why() {
    let _turn = Turn::beside();
    let engine = engine();
    let plan = plan(LaunchMode::Threads, 0, vec![Task::new(Target::parse("program:true"))]);
    engine.send(Command::Launch(Box::new(Request::run(plan))));
    match engine.events().iter().flatten().next() {
        Some(Event::Failed(message)) => assert!(message.contains("process"), "{message}"),
        other => panic!("{other:?}"),
    }
}
