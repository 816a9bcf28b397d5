//! What measuring costs: a self-test of about a second.

use super::{Command, Engine, Request};
use model::{
    Args, CostSpread, Event, Experiment, LaunchMode, LevelCost, Measure, MeasuringCosts, ModeCosts, Plan, Run,
    SlicesSource, StartMethod, Target, Task,
};
use std::{
    hint::black_box,
    io,
    path::Path,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

/// Executions in flight.
const WORKERS: u32 = 2;
/// Rounds go on until this time has passed, within their bounds.
const ENOUGH: Duration = Duration::from_millis(1_000);
const FEWEST_ROUNDS: u32 = 5;
const MOST_ROUNDS: u32 = 25;

/// How often each mode is launched: enough for a run of some ten milliseconds.
const LAUNCHES: [(LaunchMode, Option<StartMethod>, u32); 2] =
    [(LaunchMode::Threads, None, 400), (LaunchMode::Processes, Some(StartMethod::Fork), 50)];

/// Launches empty executions as threads and as processes at each level of measurement, in turns, for about a second. It
/// starts the runners by executing `runner`, the program's own file.
///
/// # Errors
/// One sentence: the engine or a runner can't be started, or executions did not succeed.
pub fn calibrate(runner: &Path) -> Result<MeasuringCosts, String> {
    let mut all = start_all(runner)?;
    let start = Instant::now();
    let mut rounds = 0;
    while rounds < FEWEST_ROUNDS || (rounds < MOST_ROUNDS && start.elapsed() < ENOUGH) {
        // Every second round runs in reverse order, so that a drift of the machine affects all series alike.
        let mut order: Vec<&mut Series> = all.iter_mut().collect();
        if rounds % 2 == 1 {
            order.reverse();
        }
        order.into_iter().try_for_each(Series::run_once)?;
        rounds += 1;
    }
    for series in &mut all {
        series.collect()?;
        series.engine.send(Command::Quit);
    }
    let modes = all.chunks(Measure::ALL.len()).map(mode_costs).collect();
    Ok(MeasuringCosts { stamp_ns: stamp_ns(), workers: WORKERS, rounds, modes })
}

/// The runs of one mode at one level.
struct Series {
    /// Each series has its own engine, because an engine waits some 200 ms for the sample that covers a run's end; the
    /// others run meanwhile.
    engine: Engine,
    plan: Plan,
    /// The last run, until its end has been reported.
    pending: Option<Experiment>,
    /// Nanoseconds per launch, round by round.
    per_launch_ns: Vec<f64>,
    /// Why the level was not reached.
    note: Option<String>,
}

/// Starts the engine of every series, mode by mode and level by level.
fn start_all(runner: &Path) -> Result<Vec<Series>, String> {
    let plans = LAUNCHES.iter().flat_map(|(mode, start_method, launches)| {
        Measure::ALL.map(|measure| empty_plan(*mode, *start_method, *launches, measure))
    });
    plans.map(|plan| Series::start(runner, plan)).collect()
}

fn empty_plan(mode: LaunchMode, start_method: Option<StartMethod>, launches: u32, measure: Measure) -> Plan {
    let mut task = Task::new(Target::Builtin("sleep".to_owned()));
    task.args = Args::Named([("seconds".to_owned(), 0.0.into())].into());
    task.count = launches;
    let mut plan = Plan::empty("what measuring costs");
    plan.tasks.push(task);
    let run = &mut plan.run;
    (run.mode, run.start_method, run.measure) = (mode, start_method, measure);
    (run.workers, run.repeat, run.warmup) = (WORKERS, 1, 0);
    plan
}

impl Series {
    fn start(runner: &Path, plan: Plan) -> Result<Self, String> {
        let engine = Engine::with_runner(runner.to_owned(), || {});
        let engine =
            engine.map_err(|error| format!("the engine can't be started: {error}; end some other programs"))?;
        Ok(Self { engine, plan, pending: None, per_launch_ns: Vec::new(), note: None })
    }

    /// Makes a run, and returns when its runner is gone.
    fn run_once(&mut self) -> Result<(), String> {
        self.collect()?;
        self.engine.send(Command::Launch(Box::new(Request::run(self.plan.clone()))));
        let mut experiment = None;
        // A run may end before the runner's process number is reported, or without it.
        let runner = self.follow(&mut experiment, |experiment| {
            experiment.runs.first()?.runner_pid.map(Some).or(experiment.ended.then_some(None))
        })?;
        runner.into_iter().for_each(wait_for_end);
        self.pending = experiment;
        Ok(())
    }

    /// Takes in the result of the last run.
    fn collect(&mut self) -> Result<(), String> {
        let Some(experiment) = self.pending.take() else { return Ok(()) };
        let mut experiment = Some(experiment);
        let run =
            self.follow(&mut experiment, |experiment| experiment.runs.first().cloned().filter(|_| experiment.ended))?;
        let makespan_ns = run.makespan_ns.filter(|_| run.succeeded()).ok_or_else(|| not_succeeded(&run))?;
        self.per_launch_ns.push(makespan_ns as f64 / run.executions.len() as f64);
        if let Some(note) = lacks(&run, self.plan.run.measure) {
            self.note.get_or_insert(note);
        }
        Ok(())
    }

    /// Takes in events until `found` returns something; returns at once if it already does.
    fn follow<T>(
        &self,
        experiment: &mut Option<Experiment>,
        look_for: impl Fn(&Experiment) -> Option<T>,
    ) -> Result<T, String> {
        if let Some(found) = experiment.as_ref().and_then(&look_for) {
            return Ok(found);
        }
        for batch in self.engine.events() {
            for event in batch {
                match (event, &mut *experiment) {
                    (Event::Failed(message), _) => return Err(message),
                    (Event::Started(started), _) => *experiment = Some(*started),
                    (event, Some(experiment)) => drop(experiment.take_in(event)),
                    (_, None) => {}
                }
            }
            if let Some(found) = experiment.as_ref().and_then(&look_for) {
                return Ok(found);
            }
        }
        Err("the engine ended before the self-test did; please report this".to_owned())
    }
}

/// Waits until a process is gone, if the system lets us watch it. If not, what it left is collected later.
fn wait_for_end(process: u32) {
    let wait = || {
        let (watch, poller) = (os::exit_watch(process)?, os::Poller::new()?);
        poller.add(&watch, 0)?;
        poller.wait(true, &mut Vec::new())
    };
    let _: io::Result<()> = wait();
}

fn not_succeeded(run: &Run) -> String {
    let failed = run.executions.iter().find_map(|execution| execution.outcome.as_ref().filter(|o| !o.is_success()));
    let end = run.end.as_ref().and_then(|end| end.message.clone());
    let why = failed.map(|outcome| outcome.sentence()).or(end).unwrap_or_else(|| "it was cut short".to_owned());
    format!("an empty run ({}) did not succeed: {why}; try again", run.mode)
}

/// Why a run lacks what its level promises.
fn lacks(run: &Run, measure: Measure) -> Option<String> {
    let has_states = || run.executions.iter().all(|execution| execution.states.is_some());
    match measure {
        Measure::States if !has_states() => {
            let note = run.end.as_ref().and_then(|end| end.states_note.clone());
            Some(note.unwrap_or_else(|| "the system does not tell what so short executions did".to_owned()))
        }
        Measure::Slices if run.slices_source != Some(SlicesSource::SwitchRecords) => {
            let note = run.slices_note.clone();
            Some(note.unwrap_or_else(|| "there were no records of the kernel's switches".to_owned()))
        }
        _ => None,
    }
}

/// The costs of the levels of one mode, the least first.
fn mode_costs(levels: &[Series]) -> ModeCosts {
    let (run, launches) = (&levels[0].plan.run, levels[0].plan.tasks[0].count);
    let costs = levels.iter().enumerate().map(|(index, level)| {
        let before = index.checked_sub(1).map(|before| &levels[before]);
        level_cost(level, before)
    });
    ModeCosts { mode: run.mode, start_method: run.start_method, launches, levels: costs.collect() }
}

fn level_cost(level: &Series, before: Option<&Series>) -> LevelCost {
    let measured = |series: &Series| series.note.is_none().then(|| series.per_launch_ns.clone());
    let own = measured(level);
    let differences = |own: &Vec<f64>| {
        let before = measured(before?)?;
        CostSpread::of(own.iter().zip(before).map(|(own, before)| own - before).collect())
    };
    LevelCost {
        measure: level.plan.run.measure,
        adds: own.as_ref().and_then(differences),
        per_launch_ns: own.and_then(CostSpread::of).map(|spread| spread.median_ns),
        note: level.note.clone(),
    }
}

/// The cost of one stamp (a clock read and a store): the median of some batches.
fn stamp_ns() -> f64 {
    const BATCHES: usize = 9;
    const STAMPS: u32 = 20_000;
    let word = AtomicI64::new(0);
    let batch = |_| {
        let start = Instant::now();
        for _ in 0..STAMPS {
            black_box(&word).store(os::monotonic_ns(), Ordering::Release);
        }
        start.elapsed().as_nanos() as f64 / f64::from(STAMPS)
    };
    CostSpread::of((0..BATCHES).map(batch).collect()).map_or(0.0, |spread| spread.median_ns)
}
