//! Generated runs as an engine reports them: stamps are only added, some executions are seen late, the end comes last.

use super::strategies::any_run;
use proptest::{collection::vec, prelude::*};
use spawnscope::model::{
    Bin, BlockedTotals, Did, Execution, MainKind, MainMark, Outcome, OutcomeKind, Run, RunEnd, RunEvent, SlicesSource,
    Stage, Stamps, States, StatesSource,
    event::{Sources, Waits},
};

/// The length of a step of an execution: many steps take no time, some are long.
fn step() -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(0), 3 => 1..40u64, 2 => 1..900u64]
}

/// The course of an execution.
#[derive(Clone, Debug)]
struct Course {
    steps: [u64; 7],
    outcome: OutcomeKind,
    /// How much later than it happens it is seen.
    late_ns: u64,
    /// Whether looks are taken at it.
    looked_at: bool,
    /// What its own clocks say.
    states: Option<[u64; 3]>,
}

fn course() -> impl Strategy<Value = Course> {
    use OutcomeKind::*;
    let outcome = proptest::sample::select(vec![Success, Success, Success, Exception, CouldNotStart, TimedOut]);
    let steps = [step(), step(), step(), step(), step(), step(), step()];
    let states = proptest::option::of([step(), step(), step()]);
    let late = prop_oneof![3 => Just(0), 1 => 0..2_000u64];
    (steps, outcome, late, any::<bool>(), states).prop_map(|(steps, outcome, late_ns, looked_at, states)| Course {
        steps,
        outcome,
        late_ns,
        looked_at,
        states,
    })
}

/// A run in which nothing has happened yet, and all its events, in order.
pub fn any_history() -> BoxedStrategy<(Run, Vec<RunEvent>)> {
    let how = (1..4usize, 1..9u64, any::<bool>(), proptest::option::weighted(0.3, 1..4u64));
    (any_run(), vec(course(), 1..12), how)
        .prop_map(|(mut run, courses, (lanes, looks, exact, cut))| {
            let (first, alone) = (run.executions[0].clone(), courses.len() == 1);
            let execution = |id| Execution { id, instance: id, alone, ..first.clone() };
            run.executions = (0..courses.len() as u32).map(execution).collect();
            let events = Telling::new(&run, courses, lanes, cut).events(looks, exact);
            (run, events)
        })
        .boxed()
}

/// Reports what happens, look by look.
struct Telling {
    courses: Vec<Course>,
    /// The executions as they are in the end.
    whole: Vec<Execution>,
    told: Vec<Execution>,
    end_ns: u64,
    /// Whether the run is cut short.
    cut: bool,
}

impl Telling {
    fn new(run: &Run, courses: Vec<Course>, lanes: usize, cut: Option<u64>) -> Self {
        let mut free = vec![0; lanes];
        let mut whole = run.executions.clone();
        whole.iter_mut().zip(&courses).for_each(|(execution, course)| plan(execution, course, &mut free));
        let last_ns = whole.iter().filter_map(|execution| execution.stamps.last()).map(|(_, ns)| ns).max();
        let end_ns = last_ns.unwrap_or(0) * cut.unwrap_or(4) / 4;
        Self { courses, whole, told: run.executions.clone(), end_ns, cut: cut.is_some() }
    }

    fn events(mut self, looks: u64, exact: bool) -> Vec<RunEvent> {
        let source = if exact { StatesSource::SwitchRecords } else { StatesSource::Schedstat };
        let sources = Sources { states: Some(source), slices: Some(SlicesSource::Sampled), note: None };
        let mut events = vec![RunEvent::Origin { ns: 1 }, RunEvent::Sources(sources)];
        let mut before = 0;
        for look in 1..=looks {
            let now = self.end_ns * look / looks;
            events.push(RunEvent::Now { ns: now });
            events.push(RunEvent::Bins(self.bins(before, now)));
            events.extend(launcher(look, now, self.whole.len() as u32));
            let known: Vec<_> = (0..self.whole.len()).map(|at| self.known(at, now)).collect();
            events.extend(self.tell(known));
            before = now;
        }
        let known = (0..self.whole.len()).map(|at| self.ended(at)).collect();
        events.extend(self.tell(known));
        let end = RunEnd { complete: !self.cut, ended_ns: Some(self.end_ns), ..RunEnd::default() };
        events.push(RunEvent::Ended { makespan_ns: (!self.cut).then_some(self.end_ns), end });
        events
    }

    /// Reports the executions that have changed; what they did comes in a separate event.
    fn tell(&mut self, known: Vec<Execution>) -> Vec<RunEvent> {
        let changed: Vec<_> = known.into_iter().filter(|now| *now != self.told[now.id as usize]).collect();
        let over = changed.iter().filter(|now| now.outcome.is_some() && now.stamps.in_target().is_some());
        let did = over.filter_map(|now| {
            let [on_cpu_ns, runnable_ns, blocked_ns] = self.courses[now.id as usize].states?;
            let blocked_on = (blocked_ns % 2 == 1).then(|| BlockedTotals::of([0, blocked_ns, 0, 0, 0, 0]));
            let states = States { on_cpu_ns, runnable_ns, blocked_ns, blocked_on };
            Some(Did { execution: now.id, states: Some(states), migrations: None })
        });
        let did = did.collect();
        changed.iter().for_each(|now| self.told[now.id as usize] = now.clone());
        vec![RunEvent::Executions(changed), RunEvent::Did(did)]
    }

    /// What is known about an execution at an instant.
    fn known(&self, at: usize, now_ns: u64) -> Execution {
        let (whole, course) = (&self.whole[at], &self.courses[at]);
        let seen_ns = now_ns.saturating_sub(course.late_ns);
        let known = |ns: &u64| *ns <= seen_ns;
        let mut stamps = Stamps::default();
        for stage in Stage::ALL {
            whole.stamps.get(stage).filter(known).into_iter().for_each(|ns| stamps.set(stage, ns));
        }
        whole.stamps.join_called().filter(known).into_iter().for_each(|ns| stamps.set_join_called(ns));
        let begun = stamps.get(Stage::LaunchCalled).is_some();
        let over = match course.outcome {
            OutcomeKind::CouldNotStart => begun,
            _ => stamps.get(Stage::Joined).is_some(),
        };
        let outcome = whole.outcome.clone().filter(|_| over);
        let stamps = if begun { stamps } else { Stamps::default() };
        Execution { stamps, outcome, lane: whole.lane.filter(|_| begun), tid: begun.then_some(7), ..whole.clone() }
    }

    /// What is known about an execution when the runner is gone.
    fn ended(&self, at: usize) -> Execution {
        let late_ns = self.courses[at].late_ns;
        let mut known = self.known(at, self.end_ns + late_ns);
        let kind = if known.lane.is_some() { OutcomeKind::Lost } else { OutcomeKind::Cancelled };
        known.outcome.get_or_insert_with(|| Outcome::of(kind));
        known
    }

    /// What the executions with looks did between two instants.
    fn bins(&self, before_ns: u64, now_ns: u64) -> Vec<(u32, Bin)> {
        let looked_at = self.whole.iter().zip(&self.courses).filter(|(_, course)| course.looked_at);
        let bin = |(execution, _): (&Execution, &Course)| {
            let (from, to) = execution.stamps.in_target()?;
            let (from_ns, to_ns) = (from.max(before_ns), to.min(now_ns));
            let ns = to_ns.checked_sub(from_ns).filter(|ns| *ns > 0)?;
            let gil_ns = ns * u64::from(execution.id % 3) / 4;
            Some((execution.id, Bin { from_ns, to_ns, in_state_ns: [ns - gil_ns, 0, gil_ns, 0, 0, 0, 0, 0] }))
        };
        looked_at.filter_map(bin).collect()
    }
}

/// The stamps of an execution. A lane is free once its execution has exited: the join comes later.
fn plan(execution: &mut Execution, course: &Course, free: &mut [u64]) {
    let lane = (0..free.len()).min_by_key(|lane| free[*lane]).unwrap_or(0);
    let [gap, made, call, enter, work, exit, join] = course.steps;
    // The calls of a pool wait in its queue.
    let launch = if execution.queued { made + gap } else { free[lane] + gap };
    let entered = launch.max(free[lane]) + enter;
    let exited = entered + work + exit;
    // The thread that starts an execution joins it afterwards.
    let launched = exited.min(launch + call);
    let all = [launch.saturating_sub(made), launch, launched, entered, entered + work, exited, exited + join];
    let known = if course.outcome == OutcomeKind::CouldNotStart { 2 } else { all.len() };
    Stage::ALL.into_iter().zip(all).take(known).for_each(|(stage, ns)| execution.stamps.set(stage, ns));
    if known == all.len() {
        execution.stamps.set_join_called(exited);
        free[lane] = exited;
    }
    execution.lane = Some(lane as u32);
    execution.outcome = Some(Outcome::of(course.outcome));
}

/// What the launcher does besides starting and joining.
fn launcher(look: u64, now_ns: u64, executions: u32) -> Vec<RunEvent> {
    let execution = look as u32 % executions;
    let kind = [MainKind::JoinTimeout, MainKind::StartAgain, MainKind::Abandon][look as usize % 3];
    let mark = MainMark { from_ns: now_ns / 2, to_ns: now_ns, kind, execution, message: None };
    let waits = (!look.is_multiple_of(3)).then_some(Waits { since_ns: now_ns / 3, execution: Some(execution) });
    let marks = if look.is_multiple_of(2) { vec![mark] } else { Vec::new() };
    vec![
        RunEvent::Marks(marks),
        RunEvent::Waits(waits.map(|it| Waits { execution: it.execution.filter(|id| id % 2 == 0), ..it })),
    ]
}
