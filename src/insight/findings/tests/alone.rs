//! What is not said where the same work one after another contradicts it; and exits that only wait for members.

use super::*;
use model::{Member, MemberKind, OutcomeKind, OwnWork, SlicesSource};

/// Repeats of threads that take a second, and of the same work in sequence that takes so many.
fn beside(sequence_secs: f64, count: u32, lanes: u32, change: impl Fn(LaunchMode, &mut Execution)) -> Experiment {
    let builder = Builder::compare("t").executions(count, lanes).without_samples().makespans(Threads, &[1.0; 6]);
    let mut experiment = builder.makespans(Sequential, &[sequence_secs; 3]).build();
    experiment.compared.retain(|setting| setting.mode == Threads);
    changed(experiment, change)
}

fn says(experiment: &Experiment, id: &str) -> bool {
    ids(experiment).iter().any(|found| found == id)
}

#[test]
fn who_is_ready_runs_at_once_only_where_that_is_seen_or_gains_time() {
    let half_ready = |_, execution: &mut Execution| did(execution, [0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let python = |sequence_secs: f64| says(&in_python(beside(sequence_secs, 2, 2, half_ready), true), at_once::ID);
    assert_eq!((python(2.0), python(1.0)), (true, false));
}

#[test]
fn waits_that_gain_no_time_overlap_in_no_sentence() {
    let asleep = |_, execution: &mut Execution| did(execution, [0.02, 0.0, 0.0, 0.0, 0.98, 0.0, 0.0]);
    let gains = finding(&beside(4.0, 4, 4, asleep), waiting::ID);
    assert!(gains.sentence.contains("so that waits overlap"), "{}", gains.sentence);
    let gains_nothing = finding(&beside(1.0, 4, 4, asleep), waiting::ID);
    assert!(gains_nothing.sentence.contains("the whole takes as long as one after another"), "{gains_nothing:?}");
    assert!(!gains_nothing.advice.contains("More workers"), "{}", gains_nothing.advice);
}

#[test]
fn what_waits_too_briefly_to_see_on_what_is_not_told_to_overlap_where_nothing_shows_it() {
    let unseen = |_, execution: &mut Execution| {
        did(execution, [0.02, 0.0, 0.0, 0.0, 0.98, 0.0, 0.0]);
        execution.states.as_mut().expect("states").blocked_on = None;
    };
    let found = finding(&experiment(4, 4, &[Threads, Processes], unseen), waiting::ID);
    assert!(!found.sentence.contains("overlap") && !found.advice.contains("More workers"), "{found:?}");
    let shown = finding(&beside(4.0, 4, 4, unseen), waiting::ID);
    assert!(shown.sentence.contains("so that waits overlap"), "{}", shown.sentence);
}

#[test]
fn whoever_was_kept_from_even_work_has_no_uneven_work() {
    let late = |mode, execution: &mut Execution| {
        let (from, to) = execution.stamps.in_target().expect("stamps");
        if mode == Threads && execution.lane == Some(0) {
            execution.stamps.set(Stage::Left, from + (to - from) / 3);
            busy(execution);
        }
    };
    assert!(!says(&beside(1.0, 2, 2, late), uneven::ID), "one after another both take as long");
    // One after another, too, the second takes three times as long.
    let uneven = |mode, execution: &mut Execution| {
        late(mode, execution);
        let (from, to) = execution.stamps.in_target().expect("stamps");
        if mode == Sequential && execution.id == 0 {
            execution.stamps.set(Stage::Left, from + (to - from) / 3);
            busy(execution);
        }
    };
    let found = finding(&beside(2.0, 2, 2, uneven), uneven::ID);
    assert!(found.advice.starts_with("Start the longest first"), "{}", found.advice);
}

#[test]
fn what_works_until_a_time_has_passed_is_not_told_to_use_fewer_workers() {
    let crowd = |mode, execution: &mut Execution| match mode {
        Threads => did(execution, [0.25, 0.75, 0.0, 0.0, 0.0, 0.0, 0.0]),
        _ => busy(execution),
    };
    assert!(says(&beside(2.0, 8, 8, crowd), oversubscription::ID));
    assert!(!says(&beside(8.0, 8, 8, crowd), oversubscription::ID), "as long however many there are");
}

#[test]
fn what_grows_one_after_another_too_is_not_paid_for_being_at_once() {
    let grown = |alone: f64| {
        let mut experiment = beside(2.0, 2, 2, |_, _| {});
        let mut processes = both(|_, _| {});
        processes.runs.retain(|run| run.mode == Processes);
        experiment.compared.push(processes.runs[0].setting());
        for mut run in processes.runs {
            run.id += experiment.runs.len() as u32;
            experiment.runs.push(run);
        }
        for run in &mut experiment.runs {
            let times = match run.mode {
                Threads => 3.0,
                Sequential => alone,
                _ => 1.0,
            };
            run.executions.iter_mut().for_each(|execution| used(execution, (times * 1e8) as u64, 0));
        }
        says(&experiment, cache_line::ID)
    };
    assert_eq!((grown(1.0), grown(3.0)), (true, false));
}

#[test]
fn one_that_ends_its_process_in_its_target_was_in_it() {
    let ends = |mode, execution: &mut Execution| {
        if mode == Processes {
            let stamps = execution.stamps;
            execution.stamps = model::Stamps::default();
            for stage in Stage::ALL.into_iter().filter(|stage| *stage != Stage::Left) {
                stamps.get(stage).into_iter().for_each(|ns| execution.stamps.set(stage, ns));
            }
        }
    };
    assert!(!says(&both(ends), start_cost::ID));
}

#[test]
fn who_waits_at_its_end_for_what_it_started_pays_for_no_start() {
    let waits = |waits: bool| {
        move |_: LaunchMode, execution: &mut Execution| {
            let (from, to) = execution.stamps.in_target().expect("stamps");
            execution.stamps.set(Stage::Left, from + 1_000);
            busy(execution);
            if waits {
                execution.members.push(Member {
                    pid: 1,
                    tid: 9,
                    parent_tid: 1,
                    kind: MemberKind::Thread,
                    name: None,
                    born_ns: from,
                    ended_ns: Some(to),
                    max_rss_bytes: None,
                    spun_ns: 0,
                    states: States::default(),
                });
            }
        }
    };
    assert_eq!((says(&both(waits(false)), start_cost::ID), says(&both(waits(true)), start_cost::ID)), (true, false));
}

#[test]
fn who_starts_processes_that_wait_is_not_told_to_use_as_many_workers_as_cores() {
    let starts = |on_cpu: f64| {
        let mut experiment = experiment(8, 8, &[Threads, Processes], |_, execution| {
            let length = execution.stamps.in_target_ns().unwrap_or(0) as f64;
            did(execution, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
            let own =
                OwnWork { processes: 1, most_at_once: 1, on_cpu_ns: (length * on_cpu) as u64, ..OwnWork::default() };
            execution.own = Some(Box::new(own));
        });
        experiment.runs.iter_mut().for_each(|run| run.slices_source = Some(SlicesSource::SwitchRecords));
        experiment.machine.logical_cores = 2;
        finding(&experiment, own_threads::ID)
    };
    assert!(starts(0.25).advice.starts_with("Run as many at once as there are cores (2)"), "{:?}", starts(0.25));
    let waits = starts(0.05);
    assert!(!waits.sentence.contains("gain nothing") && !waits.advice.contains("gain nothing"), "{waits:?}");
}

#[test]
fn what_was_ended_at_its_timeout_crashed_nobody() {
    let mut experiment = Builder::compare("t").crash(Threads, 2).build();
    assert!(says(&experiment, failures::CRASH));
    for run in &mut experiment.runs {
        let first = run.executions[0].outcome.as_mut().expect("ended");
        first.kind = OutcomeKind::TimedOut;
    }
    assert!(!says(&experiment, failures::CRASH));
}

#[test]
fn a_result_that_was_on_its_way_had_not_ended_before_its_join() {
    let mut experiment = experiment(2, 2, &[Threads], |_, _| {});
    for run in &mut experiment.runs {
        for execution in &mut run.executions {
            let at = if execution.id == 1 { 300_000_000 } else { 900_000_000 };
            let stamps = &mut execution.stamps;
            stamps.set(Stage::Left, at);
            stamps.set(Stage::Exited, at + 1_000);
            stamps.set_join_called(if execution.id == 1 { 901_000_000 } else { 2_000_000 });
            stamps.set(Stage::Joined, if execution.id == 1 { 901_010_000 } else { 900_500_000 });
        }
        run.main = run.main_marks();
    }
    assert!(says(&experiment, join_order::ID));
    let late = |run: &mut model::Run| {
        let unpickled = model::sending::Span { from_ns: 890_000_000, to_ns: 900_900_000 };
        let sending = model::Sending { result_unpickled: Some(unpickled), ..Default::default() };
        run.executions[1].sending = Some(Box::new(sending));
    };
    experiment.runs.iter_mut().for_each(late);
    assert!(!says(&experiment, join_order::ID));
}
