//! The join in which the launcher is now, before it has returned.

use super::super::*;
use crate::timeline::testing::empty_run;
use model::{Changes, MainKind, OutcomeKind, Run, RunEnd, RunEvent, Stage, event::Waits};

/// A run of two threads that were started and have not ended.
fn started() -> Run {
    let mut run = empty_run(2);
    for id in 0..2 {
        let mut execution = run.executions[id as usize].clone();
        execution.lane = Some(id);
        let at = 1_000 * u64::from(id);
        [(Stage::Created, 0), (Stage::LaunchCalled, at), (Stage::Launched, at + 500), (Stage::Entered, at + 400)]
            .into_iter()
            .for_each(|(stage, ns)| execution.stamps.set(stage, ns));
        run.apply(&RunEvent::Executions(vec![execution]));
    }
    run
}

/// Takes in the events of one frame.
fn happens<const N: usize>(run: &mut Run, index: &mut Index, events: [RunEvent; N]) {
    let mut changes = Changes::default();
    events.into_iter().for_each(|event| changes.merge(run.take_in(event)));
    index.take(run, &changes);
}

#[test]
fn a_join_is_drawn_while_it_lasts() {
    let mut run = started();
    let mut index = Index::of(&run);
    happens(&mut run, &mut index, [RunEvent::Now { ns: 1_000_000 }]);
    assert_eq!(main_at(&index, 500_000.0, 0.0), None, "nobody waits yet");
    let waits = RunEvent::Waits(Some(Waits { since_ns: 2_000, execution: Some(1) }));
    happens(&mut run, &mut index, [waits, RunEvent::Now { ns: 9_000_000 }]);
    let mark = main_at(&index, 5_000_000.0, 0.0).expect("a join");
    assert_eq!((mark.kind, mark.execution, mark.from_ns, mark.to_ns), (MainKind::Join, 1, 2_000, 9_000_000));
    assert_eq!(mark_text(&run, &mark), "join of primes #2: blocked for 9.00 ms so far");
    assert_eq!(main_at(&index, 1_700.0, 0.0), None, "what was before the join is not called join");
    happens(&mut run, &mut index, [RunEvent::Waits(None)]);
    assert_eq!(main_at(&index, 5_000_000.0, 0.0), None);
}

#[test]
fn a_join_for_whichever_ends_first_says_so() {
    let mut run = started();
    run.apply(&RunEvent::Waits(Some(Waits { since_ns: 2_000, execution: None })));
    run.apply(&RunEvent::Now { ns: 9_000_000 });
    let index = Index::of(&run);
    let mark = main_at(&index, 5_000_000.0, 0.0).expect("a join");
    assert_eq!(mark_text(&run, &mark), "join of whichever ends first: blocked for 9.00 ms so far");
}

#[test]
fn a_join_that_the_end_of_the_run_cut_off_is_kept() {
    let mut run = started();
    run.apply(&RunEvent::Waits(Some(Waits { since_ns: 2_000, execution: Some(0) })));
    for execution in &mut run.executions {
        execution.outcome = Some(model::Outcome::of(OutcomeKind::TimedOut));
    }
    let end = RunEnd { ended_ns: Some(9_000_000), ..RunEnd::default() };
    run.apply(&RunEvent::Ended { makespan_ns: None, end });
    let mark = main_at(&Index::of(&run), 5_000_000.0, 0.0).expect("a join");
    let told = "join of primes #1: blocked 9.00 ms, it had not returned when the run ended";
    assert_eq!(mark_text(&run, &mark), told);
    let text = serde_json::to_string(&*run.main_lane()).expect("written");
    assert!(text.contains("\"kind\":\"join\"") && text.contains("had not returned"), "{text}");
}
