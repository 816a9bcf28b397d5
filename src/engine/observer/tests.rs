//! A run's slots and texts, as its host looks at them from its beginning to its end.

use super::*;
use model::{LaunchMode, MainKind, OutcomeKind, Stage, Target};
use os::ProcessEnd;

const ORIGIN: i64 = 1_000;
const ENDED: RunnerEnd = RunnerEnd { end: ProcessEnd::Exited(3), reason: None };

fn observed(count: u32) -> (tempfile::TempDir, Arc<Slots>, RunObserver) {
    let mut plan = Plan::empty("test");
    plan.tasks.push(Task { count, ..Task::new(Target::parse("sleep")) });
    let run = Run::new(0, &plan, Setting::of(LaunchMode::Threads), 0, false, String::new());
    let folder = tempfile::tempdir().expect("a folder");
    let slots = Arc::new(Slots::create(&folder.path().join("slots"), count as usize).expect("made"));
    let observer = RunObserver::new(run.executions, &plan.tasks, slots.clone(), None);
    (folder, slots, observer)
}

fn kinds(observed: &Observed) -> Vec<OutcomeKind> {
    let kind = |execution: &Execution| execution.outcome.as_ref().expect("it is over").kind;
    observed.executions().iter().map(kind).collect()
}

fn told_executions(events: &[RunEvent]) -> usize {
    let told = |event: &RunEvent| if let RunEvent::Executions(told) = event { told.len() } else { 0 };
    events.iter().map(told).sum()
}

#[test]
fn the_origin_is_told_once_and_a_join_when_it_changes() {
    let (_folder, slots, mut observer) = observed(1);
    assert!(observer.step(500).is_empty(), "nothing has begun");
    slots.set_head(Head::Origin, ORIGIN);
    slots.wait_begins(1_100, Some(0));
    let waits = RunEvent::Waits(Some(Waits { since_ns: 100, execution: Some(0) }));
    let first = observer.step(1_200);
    assert!(first.contains(&RunEvent::Origin { ns: 1_000 }) && first.contains(&waits), "{first:?}");
    assert_eq!(first.last(), Some(&RunEvent::Now { ns: 200 }));
    assert_eq!(observer.step(1_300), [RunEvent::Now { ns: 300 }], "nothing has changed");
    slots.wait_is_over();
    assert_eq!(observer.step(1_400), [RunEvent::Waits(None), RunEvent::Now { ns: 400 }]);
}

#[test]
fn a_run_that_ends_early_has_an_outcome_for_everybody() {
    let (_folder, slots, mut observer) = observed(3);
    slots.set_head(Head::Origin, ORIGIN);
    slots.set_head(Head::Launched, 2);
    (0..2).for_each(|id| slots.slot(id).stamp(Stage::LaunchCalled, 1_010));
    assert_eq!(told_executions(&observer.step(1_100)), 2);
    observer.demand(1, Demand::Timeout(5));
    let observed = observer.finish(&ENDED, None);
    assert_eq!(told_executions(&observed.events), 3);
    assert_eq!(kinds(&observed), [OutcomeKind::Lost, OutcomeKind::TimedOut, OutcomeKind::Cancelled]);
}

#[test]
fn a_run_that_could_not_begin_says_why_of_everybody() {
    let (_folder, _slots, observer) = observed(2);
    let observed = observer.finish(&ENDED, Some("there is no such file"));
    assert_eq!(kinds(&observed), [OutcomeKind::CouldNotStart; 2]);
    let message = observed.executions()[1].outcome.as_ref().and_then(|outcome| outcome.message.as_deref());
    assert_eq!(message, Some("there is no such file"));
}

#[test]
fn what_the_launcher_did_before_the_run_began_is_none_of_it() {
    let (_folder, slots, mut observer) = observed(1);
    slots.set_head(Head::Origin, ORIGIN);
    let mark = |from_ns, to_ns| Text::Mark { kind: MainKind::Start, execution: 0, from_ns, to_ns, message: None };
    for (from_ns, to_ns) in [(900, 1_100), (1_200, 1_100), (i64::MIN, 1_100)] {
        assert_eq!(observer.hear(mark(from_ns, to_ns)), None, "{from_ns} {to_ns}");
    }
    let told = observer.hear(mark(1_050, 1_100));
    assert!(matches!(told, Some(RunEvent::Marks(marks)) if (marks[0].from_ns, marks[0].to_ns) == (50, 100)));
}
