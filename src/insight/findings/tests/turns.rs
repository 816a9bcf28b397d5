//! A lock that goes from one to another, and waits that are for no lock.

use super::*;
use model::{BlockedOn, InterpreterFacts, LockLooks, Sampling};

const LOCKED: State = State::Blocked(BlockedOn::Lock);
const ASLEEP: State = State::Blocked(BlockedOn::Sleep);

/// So many threads at once, each in one state at a time; of 20 samples, `shared` saw several threads at one place.
fn threads(count: u32, shared: Option<u64>, state: impl Fn(u32, u64) -> State) -> Experiment {
    let mut experiment = experiment(count, count, &[Threads], |_, _| {});
    stretch_by_stretch(&mut experiment, state);
    for run in &mut experiment.runs {
        let lock_looks = shared.map(|shared| LockLooks { all: 20, shared, most: None });
        let sampling = Sampling { asked_hz: 50.0, reached_hz: 50.0, core_share: 0.0, sees_gil: false, lock_looks };
        run.sampling = Some(sampling);
    }
    experiment
}

/// What is said of locks and of waiting for another.
fn said(experiment: &Experiment) -> Vec<String> {
    let all = findings(experiment);
    all.iter().for_each(|finding| sound(experiment, finding));
    let told = all.into_iter().map(|finding| finding.id);
    told.filter(|id| [lock::ID, handover::ID].contains(&id.as_str())).collect()
}

/// Each has the lock in its turn, and does `holding` with it.
fn in_turn(count: u32, holding: State) -> impl Fn(u32, u64) -> State {
    move |id, number| if number % u64::from(count) == u64::from(id) { holding } else { LOCKED }
}

#[test]
fn a_lock_that_goes_from_one_to_another_is_told_whatever_its_holder_does() {
    for (count, holding) in [(2, State::OnCpu), (2, ASLEEP), (4, State::OnCpu), (4, ASLEEP)] {
        let experiment = threads(count, Some(20), in_turn(count, holding));
        assert_eq!(said(&experiment), [lock::ID], "{count} {holding:?}");
        let found = finding(&experiment, lock::ID);
        assert!(found.evidence["held_percent"].as_f64() > Some(95.0), "{found:?}");
        assert!(found.sentence.contains("passes from one to another"), "{}", found.sentence);
    }
}

#[test]
fn where_the_place_is_not_known_three_that_take_turns_have_a_lock_and_two_may_hand_something_over() {
    for shared in [None, Some(0)] {
        let parked = |count| {
            let mut experiment = threads(count, shared, in_turn(count, State::OnCpu));
            let facts = InterpreterFacts {
                executable: "python3.14".into(),
                implementation: "CPython".to_owned(),
                version: "3.14.1".to_owned(),
                free_threaded: false,
                gil_enabled: Some(true),
                thread_libraries: Vec::new(),
            };
            experiment.runs.iter_mut().for_each(|run| run.interpreter_facts = Some(facts.clone()));
            experiment
        };
        assert_eq!(said(&parked(4)), [lock::ID]);
        assert_eq!(said(&parked(2)), [handover::ID]);
        let found = finding(&parked(2), handover::ID);
        assert!(!found.sentence.contains("no lock"), "it may be one: {}", found.sentence);
    }
}

#[test]
fn where_each_look_tells_the_lock_two_that_fight_are_told_from_two_that_hand_over() {
    let looked = |shared, most| {
        let mut experiment = threads(2, None, in_turn(2, State::OnCpu));
        for sampling in experiment.runs.iter_mut().filter_map(|run| run.sampling.as_mut()) {
            sampling.lock_looks = Some(LockLooks { all: 20, shared, most: Some(most) });
        }
        experiment
    };
    assert_eq!(said(&looked(20, 18)), [lock::ID], "one lock");
    let no_lock = |experiment: &Experiment| finding(experiment, handover::ID).sentence.contains("no lock goes");
    for (shared, most, none) in [(0, 0, true), (20, 4, false)] {
        let experiment = looked(shared, most);
        assert_eq!((said(&experiment), no_lock(&experiment)), (vec![handover::ID.to_owned()], none), "{shared} {most}");
    }
}

#[test]
fn a_repeat_in_which_one_thread_alone_was_seen_waiting_does_not_hide_the_lock() {
    let mut experiment = threads(2, None, in_turn(2, State::OnCpu));
    assert!(experiment.runs.len() >= 3, "repeats");
    for (at, sampling) in experiment.runs.iter_mut().filter_map(|run| run.sampling.as_mut()).enumerate() {
        let most = if at == 0 { 0 } else { 20 };
        // The first repeat has so many samples that of all together fewer than nine tenths are at one place.
        sampling.lock_looks = Some(LockLooks { all: if at == 0 { 200 } else { 20 }, shared: 20, most: Some(most) });
    }
    assert_eq!(said(&experiment), [lock::ID]);
}

#[test]
fn a_lock_whose_holder_is_seldom_on_a_cpu_is_not_said_to_be_none() {
    for every in [6, 12, 24] {
        let seldom = |id: u32, number: u64| {
            if number % (2 * every) == u64::from(id) * every { State::OnCpu } else { LOCKED }
        };
        let experiment = threads(2, Some(20), seldom);
        let told = findings(&experiment);
        assert!(!told.iter().any(|found| found.sentence.contains("no lock goes")), "{every}: {told:#?}");
    }
}

/// Each sleeps for a quarter of the time while it holds a lock that all want: none sleeps beside another.
#[test]
fn waits_that_a_lock_keeps_apart_do_not_overlap() {
    let held = |id: u32, number: u64| if number % 2 == u64::from(id) { ASLEEP } else { LOCKED };
    let experiment = threads(2, Some(20), held);
    let told = findings(&experiment);
    let waiting = told.iter().find(|found| found.id == waiting::ID);
    let waiting = waiting.unwrap_or_else(|| panic!("{told:#?}"));
    assert!(waiting.sentence.contains("2.0 are in flight, and yet one waits after another"), "{}", waiting.sentence);
    let advice = &waiting.advice;
    assert!(advice.contains("one wait at a time") && !advice.contains("More workers than cores pay"), "{advice}");
    assert!(!advice.contains("as well as processes"), "each process has a lock of its own: {advice}");
}

/// The first has the lock until it is through; then the other one does as much.
#[test]
fn who_had_to_wait_for_a_lock_has_no_more_to_do() {
    let starved = |id: u32, number: u64| if id == 1 && number % 8 != 7 { LOCKED } else { State::OnCpu };
    let mut experiment = threads(2, Some(0), starved);
    for run in &mut experiment.runs {
        let last = run.executions.last_mut().expect("two");
        let (entered, left) = last.stamps.in_target().expect("there");
        let later = left + (left - entered) * 4 / 5;
        [Stage::Left, Stage::Exited, Stage::Joined].into_iter().for_each(|stage| last.stamps.set(stage, later));
        let states = last.states.as_mut().expect("states");
        states.on_cpu_ns += later - left;
        run.makespan_ns = Some(later);
    }
    assert!(!ids(&experiment).contains(&uneven::ID.to_owned()), "{:#?}", findings(&experiment));
}

#[test]
fn an_empty_queue_is_no_lock() {
    // The producer sleeps and puts an item; the consumer takes it.
    let belt = |id: u32, number: u64| match (id, number % 4) {
        (0, 0) => State::OnCpu,
        (0, _) => LOCKED,
        (_, 3) => State::OnCpu,
        _ => ASLEEP,
    };
    let experiment = threads(2, Some(0), belt);
    assert_eq!(said(&experiment), [handover::ID]);
    let found = finding(&experiment, handover::ID);
    let share = found.evidence["waits_percent"].as_f64().expect("a share");
    assert!((73.0..=76.0).contains(&share) && found.place.and_then(|place| place.execution) == Some(0), "{found:?}");
    // Whoever has a lock again and again before another gets it looks the same.
    assert!(found.sentence.ends_with("(an item, a signal, its turn)."), "{}", found.sentence);
    // As a pipe between processes, too.
    let piped = threads(2, None, |id, number| match belt(id, number) {
        LOCKED => State::Blocked(BlockedOn::Io),
        other => other,
    });
    assert_eq!(said(&piped), [handover::ID]);
}

#[test]
fn turns_by_signals_are_no_lock() {
    assert_eq!(said(&threads(2, Some(0), in_turn(2, State::OnCpu))), [handover::ID]);
}

#[test]
fn a_barrier_lets_all_go_on_together() {
    // Each is the last one in its turn; their semaphores are one place for all.
    let barrier = |id: u32, number: u64| match (number / 4 % 4 == u64::from(id), number % 4) {
        (true, _) | (_, 0) => State::OnCpu,
        _ => LOCKED,
    };
    assert_eq!(said(&threads(4, Some(20), barrier)), [handover::ID]);
}

#[test]
fn an_event_that_one_sets_is_no_lock() {
    let event = |id: u32, number: u64| match (id, number % 10) {
        (0, _) | (_, 9) => State::OnCpu,
        _ => LOCKED,
    };
    assert_eq!(said(&threads(3, Some(20), event)), [handover::ID]);
}

#[test]
fn consumers_that_all_starve_have_no_lock_among_them() {
    let starving = |id: u32, number: u64| match (id, number % 8) {
        (0, 0) | (1, 1) | (2, 2) => State::OnCpu,
        (0, _) => ASLEEP,
        _ => LOCKED,
    };
    assert!(!said(&threads(3, Some(20), starving)).contains(&lock::ID.to_owned()));
}

#[test]
fn who_waits_for_nobody_of_the_run_is_said_nothing_of() {
    let alone = |_: u32, number: u64| if number.is_multiple_of(10) { State::OnCpu } else { LOCKED };
    assert_eq!(said(&threads(1, Some(0), alone)), [""; 0]);
    // Reading and working side by side, each at its own pace.
    let reading = |id: u32, number: u64| {
        if (number + u64::from(id) * 3) % 7 < 3 { State::Blocked(BlockedOn::Io) } else { State::OnCpu }
    };
    assert_eq!(said(&threads(2, None, reading)), [""; 0]);
    let seldom = |id: u32, number: u64| if id == 0 && number.is_multiple_of(20) { LOCKED } else { State::OnCpu };
    assert_eq!(said(&threads(2, Some(20), seldom)), [""; 0]);
}
