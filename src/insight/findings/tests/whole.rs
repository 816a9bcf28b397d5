//! Rules about verdicts, failures, the main lane and one thread; what comes first; the reason.

use super::*;
use model::{LaunchMode::ThreadPool, MainKind, MainMark, Owner, Slice, SlicesSource, document::Verdict};

fn verdicts(threads: &[f64], processes: &[f64]) -> Experiment {
    let mut experiment =
        Builder::compare("t").without_samples().makespans(Threads, threads).makespans(Processes, processes).build();
    experiment.runs.iter_mut().flat_map(|run| &mut run.executions).for_each(busy);
    experiment
}

fn why(experiment: &Experiment) -> Option<String> {
    reason(experiment, &compare(experiment)[0])
}

#[test]
fn a_control_has_no_finding_but_no_difference() {
    let mut control = verdicts(&[1.0, 1.01, 0.99, 1.0, 1.01, 1.0], &[1.0, 1.0, 1.0, 1.01, 1.0, 1.0]);
    // Other programs that took much and changed nothing are no finding.
    control.runs.iter_mut().for_each(|run| run.others_share = Some(0.2));
    for execution in control.runs.iter_mut().flat_map(|run| &mut run.executions) {
        did(execution, [0.8, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }
    assert_eq!(ids(&control), [self::verdicts::NONE]);
    sound(&control, &finding(&control, self::verdicts::NONE));
    assert!(why(&control).is_some_and(|clause| clause == "neither waits for a lock"));
}

#[test]
fn too_few_repeats_are_told_and_so_is_an_interval_that_is_too_wide() {
    for experiment in [verdicts(&[1.0; 3], &[1.5; 3]), verdicts(&[1.0, 2.0, 1.0, 0.5, 1.0, 2.0], &[1.0; 6])] {
        assert_eq!(compare(&experiment)[0].verdict, Verdict::Unclear);
        assert_eq!(ids(&experiment), [self::verdicts::TOO_FEW]);
        sound(&experiment, &finding(&experiment, self::verdicts::TOO_FEW));
        assert!(why(&experiment).is_some());
    }
    assert_eq!(ids(&verdicts(&[1.0; 6], &[1.5; 6])), [""; 0]);
    assert_eq!(ids(&verdicts(&[1.0; 2], &[])), [""; 0], "one side alone asks no question");
}

#[test]
fn an_interval_without_1_is_not_told_as_if_it_held_1() {
    let experiment = verdicts(&[1.1, 1.12, 1.11, 1.1, 1.13, 0.99], &[1.0; 6]);
    let comparison = &compare(&experiment)[0];
    assert!(comparison.verdict == Verdict::Unclear && comparison.low > Some(1.0), "{comparison:?}");
    let found = finding(&experiment, self::verdicts::TOO_FEW);
    assert!(found.sentence.contains("and yet the rank test does not rule out chance"), "{}", found.sentence);
}

#[test]
fn others_are_told_where_cores_were_taken_and_the_result_is_unclear_for_it() {
    let disturbed = |others: f64, ready: f64| {
        let mut experiment = verdicts(&[1.0, 2.0, 1.0, 0.5, 1.0, 2.0], &[1.0; 6]);
        for run in &mut experiment.runs {
            run.others_share = Some(others);
            run.executions.iter_mut().for_each(|it| did(it, [1.0 - ready, ready, 0.0, 0.0, 0.0, 0.0, 0.0]));
        }
        experiment
    };
    let loud = disturbed(0.4, 0.5);
    let found = finding(&loud, others::ID);
    sound(&loud, &found);
    assert!(found.sentence.contains("40 % of the machine (an estimate)"), "{}", found.sentence);
    assert_eq!(ids(&loud)[0], others::ID, "it explains why it is unclear");
    assert!(why(&loud).is_some_and(|clause| clause.starts_with("other programs")));
    assert!(!ids(&disturbed(0.4, 0.01)).contains(&others::ID.to_owned()), "cores enough were left");
    assert!(!ids(&disturbed(0.02, 0.5)).contains(&others::ID.to_owned()));
}

#[test]
fn a_crash_takes_other_threads_with_it_and_a_process_goes_alone() {
    let experiment = Builder::compare("t").crash(Threads, 2).crash(Processes, 2).build();
    let found = finding(&experiment, failures::CRASH);
    sound(&experiment, &found);
    assert_eq!((&found.evidence["signal"], ids(&experiment)[0].as_str()), (&"SIGSEGV".into(), failures::CRASH));
    assert!(
        found.sentence.ends_with("As processes, primes #2 went alone, and 3 others succeeded."),
        "{}",
        found.sentence
    );
    let alone = Builder::compare("t").crash(Processes, 2).build();
    assert_eq!(ids(&alone), [failures::FAILURES]);
    sound(&alone, &finding(&alone, failures::FAILURES));
    assert!(!ids(&both(|_, _| {})).contains(&failures::FAILURES.to_owned()));
}

#[test]
fn what_join_and_start_refused_is_told_from_the_marks() {
    let mut experiment = both(|_, _| {});
    assert!(!ids(&experiment).iter().any(|id| [refusals::JOIN_TIMEOUT, refusals::SECOND_START].contains(&id.as_str())));
    let mark = |kind, message: &str| MainMark {
        from_ns: 1_000_000,
        to_ns: 51_000_000,
        kind,
        execution: 1,
        message: Some(message.into()),
    };
    experiment.runs[2].marks = vec![
        mark(MainKind::StartAgain, "RuntimeError: threads can only be started once"),
        mark(MainKind::JoinTimeout, "the thread was still alive"),
    ];
    for (id, words) in [
        (refusals::JOIN_TIMEOUT, "returned after 50.0 ms although"),
        (refusals::SECOND_START, "RuntimeError: threads can only be started once."),
    ] {
        let found = finding(&experiment, id);
        sound(&experiment, &found);
        assert!(found.sentence.contains(words), "{}", found.sentence);
        assert_eq!((found.runs, found.place.map(|place| place.from_ns)), (vec![2], Some(1_000_000)));
    }
}

#[test]
fn one_thread_that_waits_for_many_is_an_event_loop() {
    let waits = |_, execution: &mut Execution| did(execution, [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    let mut looped = experiment(8, 8, &[Threads], waits);
    assert!(!ids(&looped).contains(&event_loop::ID.to_owned()), "eight threads");
    looped.runs.iter_mut().flat_map(|run| &mut run.executions).for_each(|it| (it.pid, it.tid) = (Some(7), Some(7)));
    let found = finding(&looped, event_loop::ID);
    sound(&looped, &found);
    assert_eq!(found.evidence["most_in_flight_count"], 8);
    // Coroutines that compute in turns are in flight together too, and wait for nothing.
    let mut busy = |share: u64| {
        for run in &mut looped.runs {
            let end_ns = run.length_ns();
            run.slices = model::Slices::default();
            run.slices.push(&Slice {
                from_ns: 0,
                to_ns: end_ns * share / 10,
                core: 0,
                owner: Owner::Launcher,
                preempted: false,
            });
            run.slices_source = Some(SlicesSource::SwitchRecords);
        }
        ids(&looped).contains(&event_loop::ID.to_owned())
    };
    assert_eq!((busy(2), busy(9)), (true, false));
}

#[test]
fn a_join_that_waits_while_another_has_ended_is_told_where_it_is_the_same_each_time() {
    let joined = |first: &dyn Fn(u32) -> u32| {
        let mut experiment = experiment(2, 2, &[Threads], |_, _| {});
        for run in &mut experiment.runs {
            let early = first(run.repeat);
            for execution in &mut run.executions {
                let at = if execution.id == early { 300_000_000 } else { 900_000_000 };
                let stamps = &mut execution.stamps;
                stamps.set(Stage::Left, at);
                stamps.set(Stage::Exited, at + 1_000);
                stamps.set_join_called(if execution.id == early { 901_000_000 } else { 2_000_000 });
                stamps.set(Stage::Joined, if execution.id == early { 901_010_000 } else { 900_500_000 });
            }
            run.main = run.main_marks();
        }
        experiment
    };
    let tutorial = joined(&|_| 1);
    let found = finding(&tutorial, join_order::ID);
    sound(&tutorial, &found);
    assert!(found.sentence.contains("in join(primes #1) for 898 ms; primes #2 had ended 601 ms"), "{}", found.sentence);
    assert_eq!(found.place.and_then(|place| place.execution), Some(0));
    assert!(!ids(&joined(&|repeat| repeat % 2)).contains(&join_order::ID.to_owned()), "now one, now the other");
    // The launcher came late to both joins: neither join kept it.
    let mut late = joined(&|_| 1);
    for run in &mut late.runs {
        run.executions[0].stamps.set_join_called(900_400_000);
        run.main = run.main_marks();
    }
    assert!(!ids(&late).contains(&join_order::ID.to_owned()));
}

#[test]
fn what_explains_the_verdict_comes_first_and_is_its_reason() {
    let mut experiment = verdicts(&[2.0; 6], &[1.0; 6]);
    for run in &mut experiment.runs {
        let gil = if run.mode == Threads { 0.5 } else { 0.0 };
        for execution in &mut run.executions {
            did(execution, [0.2, 0.0, gil, 0.0, 0.8 - gil, 0.0, 0.0]);
        }
    }
    assert_eq!(ids(&experiment), [interpreter_lock::ID, waiting::ID]);
    assert_eq!(why(&experiment).as_deref(), Some("threads wait for the GIL during 50 % of the time"));
    // A third setting that shows the same better is not what is compared.
    let pool: Vec<_> = experiment.repeats(experiment.compared[0]).cloned().collect();
    for (id, mut run) in (100..).zip(pool) {
        (run.id, run.mode) = (id, ThreadPool);
        for execution in &mut run.executions {
            did(execution, [0.1, 0.0, 0.9, 0.0, 0.0, 0.0, 0.0]);
        }
        experiment.runs.push(run);
    }
    experiment.compared.push(experiment.runs.last().expect("a run").setting());
    assert_eq!(why(&experiment).as_deref(), Some("threads wait for the GIL during 50 % of the time"));
    assert_eq!(super::super::why(&experiment, &compare(&experiment)).reason, why(&experiment));
    assert!(finding(&experiment, interpreter_lock::ID).sentence.contains("thread pool"));
}
