//! Experiments made by hand.

use model::{
    CostSpread, Event, Experiment, LaunchMode, LevelCost, Machine, Measure, MeasuringCosts, ModeCosts, Outcome, Plan,
    Run, RunEnd, RunEvent, Setting, Stage, Stamps, Target, Task, experiment::Scheduled,
};

/// Two tasks of two instances.
pub fn plan() -> Plan {
    let mut plan = Plan::empty("Fixture");
    plan.run.warmup = 0;
    plan.tasks =
        ["primes", "sleep"].map(|name| Task { count: 2, ..Task::new(Target::Builtin(name.to_owned())) }).into();
    plan
}

/// One task, `primes`.
pub fn one_task() -> Plan {
    let mut plan = Plan::empty("One task");
    plan.tasks.push(Task::new(Target::Builtin("primes".to_owned())));
    plan
}

fn setting(mode: LaunchMode) -> Setting {
    Setting::of(mode)
}

/// An experiment of threads and processes in turn, without runs yet.
pub fn experiment(repeats: u32) -> Experiment {
    let compared = vec![setting(LaunchMode::Threads), setting(LaunchMode::Processes)];
    let schedule = (0..repeats).flat_map(|repeat| {
        compared.clone().into_iter().map(move |setting| Scheduled { setting, repeat, warmup: false })
    });
    Experiment {
        program_version: "0".to_owned(),
        machine: Machine { cpu_model: "Test processor".to_owned(), logical_cores: 2, ..Machine::default() },
        plan: plan(),
        sweep: None,
        schedule: schedule.collect(),
        compared: compared.clone(),
        runs: Vec::new(),
        ended: false,
        message: None,
        baseline_notes: Vec::new(),
    }
}

/// The event with which the scheduled run `id` begins.
pub fn run_started(experiment: &Experiment, id: u32) -> Event {
    let scheduled = experiment.schedule[id as usize];
    let started_at = "2026-01-01T00:00:00Z".to_owned();
    Event::RunStarted(Box::new(Run::new(id, &experiment.plan, scheduled.setting, scheduled.repeat, false, started_at)))
}

/// The events with which every execution of run `id` ends, and the run with them.
pub fn run_events(experiment: &Experiment, id: u32, makespan_ns: u64) -> Vec<Event> {
    let Event::RunStarted(run) = run_started(experiment, id) else { unreachable!("it is one") };
    let mut executions = run.executions;
    for execution in &mut executions {
        let mut stamps = Stamps::default();
        for (step, stage) in (0..).zip(Stage::ALL) {
            stamps.set(stage, step * makespan_ns / 6);
        }
        execution.stamps = stamps;
        execution.lane = Some(execution.id);
        execution.outcome = Some(Outcome::success());
        execution.result = Some(42.into());
    }
    let end = RunEnd { complete: true, ..RunEnd::default() };
    vec![
        Event::Run(id, RunEvent::Executions(executions)),
        Event::Run(id, RunEvent::Ended { makespan_ns: Some(makespan_ns), end }),
    ]
}

/// Begins run `id`.
pub fn start_run(experiment: &mut Experiment, id: u32) {
    let event = run_started(experiment, id);
    experiment.apply(&event);
}

/// Begins run `id` and ends it.
pub fn run_to_end(experiment: &mut Experiment, id: u32, makespan_ns: u64) {
    start_run(experiment, id);
    for event in run_events(experiment, id, makespan_ns) {
        experiment.apply(&event);
    }
}

/// What a self-test might find.
pub fn measuring_costs() -> MeasuringCosts {
    let level = |measure, ns: f64, adds| LevelCost { measure, per_launch_ns: Some(ns), adds, note: None };
    let adds = |median_ns: f64| Some(CostSpread { median_ns, low_ns: median_ns - 500.0, high_ns: median_ns + 500.0 });
    let levels = vec![
        level(Measure::Stamps, 50_000.0, None),
        level(Measure::States, 51_500.0, adds(1_500.0)),
        level(Measure::Slices, 71_500.0, adds(-250.0)),
    ];
    let modes = vec![ModeCosts { mode: LaunchMode::Threads, start_method: None, launches: 400, levels }];
    MeasuringCosts { stamp_ns: 31.0, workers: 2, rounds: 9, modes }
}
