//! Rules that look at one setting.

use super::*;
use model::BlockedOn;

#[test]
fn launches_that_take_longer_than_the_work_are_told() {
    let short = |mode, execution: &mut Execution| {
        let stamps = &mut execution.stamps;
        let left = stamps.get(Stage::Left).expect("left");
        if mode == Processes {
            stamps.set(Stage::Entered, left - 2_000);
        }
        busy(execution);
    };
    let experiment = both(short);
    let found = finding(&experiment, start_cost::ID);
    sound(&experiment, &found);
    assert_eq!(found.evidence["in_target_ns"], 2_000, "{found:?}");
    assert!(found.sentence.starts_with("As processes, an execution takes"), "{}", found.sentence);
    assert_eq!(experiment.runs[found.runs[0] as usize].mode, Processes);
    assert!(!ids(&both(|_, _| {})).contains(&start_cost::ID.to_owned()));
}

#[test]
fn a_crowd_is_more_that_want_a_core_than_there_are() {
    let crowd = |_, execution: &mut Execution| did(execution, [0.1, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let crowded = experiment(16, 16, &[Threads], crowd);
    let found = finding(&crowded, oversubscription::ID);
    sound(&crowded, &found);
    assert_eq!((&found.evidence["ready_percent"], &found.evidence["cores_count"]), (&90.0.into(), &2.into()));
    assert!(found.advice.contains("Set workers to 2"), "{}", found.advice);
    // Two that are ready on two cores were kept from them by other programs, and many that sleep want no core.
    assert!(!ids(&both(crowd)).contains(&oversubscription::ID.to_owned()));
    let asleep = |_, execution: &mut Execution| did(execution, [0.01, 0.02, 0.0, 0.0, 0.97, 0.0, 0.0]);
    assert!(!ids(&experiment(16, 16, &[Threads], asleep)).contains(&oversubscription::ID.to_owned()));
}

#[test]
fn waiting_for_the_gil_is_told() {
    let on = |share: f64| {
        move |mode, execution: &mut Execution| {
            let gil = if mode == Threads { share } else { 0.0 };
            did(execution, [0.9 - gil, 0.1, gil, 0.0, 0.0, 0.0, 0.0]);
        }
    };
    let experiment = both(on(0.4));
    let found = finding(&experiment, interpreter_lock::ID);
    sound(&experiment, &found);
    assert!(found.sentence.contains("40 %") && found.sentence.starts_with("As threads"), "{}", found.sentence);
    assert!(!ids(&experiment).contains(&lock::ID.to_owned()));
    assert!(!ids(&both(on(0.04))).contains(&interpreter_lock::ID.to_owned()));
    // Processes are advised where they were seen to pay.
    let advice = |experiment: &Experiment| finding(experiment, interpreter_lock::ID).advice;
    assert!(advice(&experiment).starts_with("Processes gain little or nothing here"), "{}", advice(&experiment));
    let threads_alone = super::experiment(2, 2, &[Threads], on(0.4));
    assert!(advice(&threads_alone).contains("a comparison with them tells"), "{}", advice(&threads_alone));
    let mut faster = both(on(0.4));
    for run in faster.runs.iter_mut().filter(|run| run.mode == Processes) {
        run.makespan_ns = run.makespan_ns.map(|ns| ns / 2);
    }
    assert!(advice(&faster).starts_with("Use processes"), "{}", advice(&faster));
}

#[test]
fn the_last_lane_alone_is_uneven_work_unless_it_was_only_kept_from_its_core() {
    let early = |ready: f64| {
        move |_, execution: &mut Execution| {
            let (from, to) = execution.stamps.in_target().expect("stamps");
            if execution.lane == Some(0) {
                execution.stamps.set(Stage::Left, from + (to - from) / 3);
                busy(execution);
            } else {
                did(execution, [1.0 - ready, ready, 0.0, 0.0, 0.0, 0.0, 0.0]);
            }
        }
    };
    let uneven = experiment(2, 2, &[Threads], early(0.0));
    let found = finding(&uneven, uneven::ID);
    sound(&uneven, &found);
    assert_eq!(found.place.and_then(|place| place.execution), Some(1));
    assert!(found.sentence.contains("primes #2 is alone"), "{}", found.sentence);
    // 1 s beside a third of one: an even share is two thirds.
    assert!(found.sentence.contains("its lane has 49 % more to do than an even share."), "{}", found.sentence);
    let delayed = experiment(2, 2, &[Threads], early(0.66));
    assert!(!ids(&delayed).contains(&uneven::ID.to_owned()));
    assert!(!ids(&experiment(2, 1, &[Sequential], |_, _| {})).contains(&uneven::ID.to_owned()));
}

#[test]
fn waits_that_overlap_are_told_and_computing_is_none() {
    let waits = |_, execution: &mut Execution| did(execution, [0.02, 0.0, 0.0, 0.0, 0.9, 0.08, 0.0]);
    let waiting = experiment(8, 8, &[Threads, Processes], waits);
    let found = finding(&waiting, waiting::ID);
    sound(&waiting, &found);
    assert!(found.evidence["waiting_percent"].as_f64() > Some(97.0), "{found:?}");
    assert!(found.evidence["wait_together_count"].as_f64() > Some(7.0), "{found:?}");
    assert!(!ids(&both(|_, _| {})).contains(&waiting::ID.to_owned()));
}

#[test]
fn of_waits_that_overlap_a_little_nothing_is_said_of_their_order() {
    // 20 ms beside 220 ms: they overlap, and hardly matter.
    let mut a_little = experiment(2, 2, &[Threads, Processes], |_, _| {});
    stretch_by_stretch(&mut a_little, |id, number| match id {
        0 => State::Blocked(BlockedOn::Sleep),
        1 if number < 10 => State::Blocked(BlockedOn::Sleep),
        _ => State::OnCpu,
    });
    let found = finding(&a_little, waiting::ID);
    let together = found.evidence["wait_together_count"].as_f64().expect("a number");
    assert!((1.05..1.2).contains(&together), "{found:?}");
    assert!(!found.sentence.contains("after another"), "{}", found.sentence);
}

#[test]
fn who_waits_for_a_lock_still_more_is_not_told_to_wait_for_the_gil() {
    let on = |gil: f64, lock: f64| {
        move |_, execution: &mut Execution| did(execution, [0.9 - gil - lock, 0.1, gil, lock, 0.0, 0.0, 0.0])
    };
    assert!(!ids(&both(on(0.15, 0.3))).contains(&interpreter_lock::ID.to_owned()));
    assert!(ids(&both(on(0.3, 0.15))).contains(&interpreter_lock::ID.to_owned()));
}
