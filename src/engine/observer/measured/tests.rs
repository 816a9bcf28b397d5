//! Records and measurements together, driven as the observer drives them, with slots and switch records that a test
//! writes.

use super::*;
use crate::{observer::RunObserver, outcome::RunnerEnd};
use model::{Event, Run, Setting, Stage, Task};
use os::{Birth, ProcessEnd};
use protocol::slots::{Head, Reported, Word};
use samplers::slices::{Happening, ThreadSlice, What};

const RUNNER: u32 = 100;
const ORIGIN: i64 = 1_000;

/// A run of threads at a level of measurement.
struct Driven {
    _folder: tempfile::TempDir,
    slots: Arc<Slots>,
    observer: RunObserver,
    run: Run,
}

impl Driven {
    fn new(count: u32, measure: Measure) -> Self {
        let mut plan = Plan::empty("test");
        plan.tasks.push(Task { count, ..Task::new(Target::parse("sleep")) });
        let run = Run::new(0, &plan, Setting::of(LaunchMode::Threads), 0, false, String::new());
        let folder = tempfile::tempdir().expect("a folder");
        let slots = Arc::new(Slots::create(&folder.path().join("slots"), count as usize).expect("made"));
        slots.set_head(Head::Origin, ORIGIN);
        slots.set_head(Head::Launched, i64::from(count));
        let tracing = (measure == Measure::Slices).then(|| Tracing::of(None, RUNNER, false, LaunchMode::Threads));
        let mut observer = RunObserver::new(run.executions.clone(), &plan.tasks, slots.clone(), None);
        observer.measured = Measured { measure, tracing, ..Measured::nothing(slots.clone()) };
        Self { _folder: folder, slots, observer, run }
    }

    /// One tick of the run. Returns the events.
    fn tick(&mut self, batches: Vec<Batch>) -> Vec<RunEvent> {
        self.observer.measured.early.extend(batches);
        let events = self.observer.step(ORIGIN);
        events.iter().for_each(|event| drop(self.run.apply(event)));
        let of_executions = |event: &RunEvent| matches!(event, RunEvent::Executions(_) | RunEvent::Did(_));
        events.into_iter().filter(of_executions).collect()
    }

    /// The runner has ended.
    fn finish(self) -> Run {
        let Self { observer, mut run, .. } = self;
        let end = RunnerEnd { end: ProcessEnd::Exited(0), reason: None };
        observer.finish(&end, None).events.iter().for_each(|event| drop(run.apply(event)));
        run
    }

    /// Writes the slot of an execution that returned, from its launch to its join.
    fn write(&self, id: usize, tid: u32, stamps: [i64; 7]) {
        let slot = self.slots.slot(id);
        slot.set(Word::Tid, i64::from(tid));
        slot.set(Word::Verdict, Reported::Returned as i64);
        slot.set_counted(Word::UserNs, 5);
        slot.set_counted(Word::SystemNs, 6);
        slot.set_counted(Word::OnCpuNs, 40);
        slot.set_counted(Word::RunnableNs, 10);
        Stage::ALL.into_iter().zip(stamps).for_each(|(stage, ns)| slot.stamp(stage, ns));
    }
}

const STAMPS: [i64; 7] = [1_000, 1_010, 1_030, 1_020, 1_120, 1_130, 1_200];

fn slice(tid: u32, from_ns: i64, to_ns: i64, preempted: bool) -> Happening {
    Happening { at_ns: to_ns, what: What::Slice(ThreadSlice { tid, core: 1, from_ns, to_ns, preempted }) }
}

fn born(at_ns: i64, tid: u32) -> Happening {
    Happening { at_ns, what: What::Born(Birth { pid: RUNNER, tid, parent_pid: RUNNER, parent_tid: RUNNER }) }
}

/// The life of an execution's thread with [`STAMPS`].
fn life(tid: u32) -> Vec<Happening> {
    let ended = Happening { at_ns: 1_140, what: What::Ended { pid: RUNNER, tid } };
    vec![born(1_012, tid), slice(tid, 1_015, 1_060, true), slice(tid, 1_100, 1_140, false), ended]
}

#[test]
fn each_level_of_measurement_tells_what_it_knows_and_no_more() {
    for measure in Measure::ALL {
        let mut driven = Driven::new(1, measure);
        driven.write(0, 101, STAMPS);
        driven.tick(vec![Batch { until_ns: 2_000, happenings: life(101) }]);
        let run = driven.finish();
        let execution = &run.executions[0];
        let states = execution.states.as_ref().map(|states| (states.on_cpu_ns, states.runnable_ns, states.blocked_ns));
        let wanted = match measure {
            Measure::Stamps => None,
            Measure::States => Some((40, 10, 50)),
            Measure::Slices => Some((40 + 20, 40, 0)),
        };
        assert_eq!(states, wanted, "{measure:?}");
        assert_eq!(execution.usage.as_ref().and_then(|usage| usage.cpu_ns()), Some(11));
        assert_eq!(run.slices.len(), if measure == Measure::Slices { 2 } else { 0 });
    }
}

#[test]
fn what_is_heard_of_late_is_told_again_and_all_else_stands() {
    let mut driven = Driven::new(1, Measure::Slices);
    driven.write(0, 101, STAMPS);
    driven.tick(Vec::new());
    let early = driven.run.executions[0].clone();
    assert_eq!(early.states.map(|states| states.on_cpu_ns), Some(40), "by its clocks, for want of slices");
    let mut happenings = life(101);
    driven.tick(vec![Batch { until_ns: 1_050, happenings: happenings.drain(..1).collect() }]);
    driven.tick(vec![Batch { until_ns: 1_100, happenings: happenings.drain(..1).collect() }]);
    let news = driven.tick(vec![Batch { until_ns: 2_000, happenings }]);
    assert!(matches!(&news[..], [RunEvent::Did(did)] if did.len() == 1), "only what it did: {news:?}");
    let late = &driven.run.executions[0];
    assert_eq!(late.states.as_ref().map(|states| (states.on_cpu_ns, states.runnable_ns)), Some((60, 40)));
    assert_eq!(late.usage.as_ref().and_then(|usage| usage.cpu_ns()), Some(11), "what it used is not forgotten");
    assert_eq!((late.outcome.clone(), late.stamps), (early.outcome, early.stamps));
}

#[test]
fn an_experiment_takes_in_what_is_moved_as_what_is_copied() {
    let driven = Driven::new(2, Measure::Stamps);
    let mut moved = insight::testing::Builder::compare("t").build();
    moved.take_in(Event::RunStarted(Box::new(driven.run.clone())));
    driven.write(1, 101, STAMPS);
    let run = driven.finish();
    moved.take_in(Event::Run(0, RunEvent::Executions(run.executions.clone())));
    assert_eq!(moved.runs[0].executions, run.executions);
    assert_eq!(moved.runs[0].now_ns, run.now_ns);
}
