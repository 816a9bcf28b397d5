//! Experiments made up for tests, with stamps as real runs have them.

pub mod left;

use model::{
    Bin, BlockedTotals, Execution, Experiment, Interpreter, InterpreterFacts, LaunchMode, Machine, Outcome,
    OutcomeKind, Owner, Plan, Profile, Run, RunEnd, Sample, Sampling, Setting, Slice, SlicesSource, Stage, StartMethod,
    State, States, StatesSource, SweptValue, Target, Task, Usage,
};

/// Makes an experiment run by run.
pub struct Builder {
    experiment: Experiment,
    instances: u32,
    lanes: u32,
    sampled: bool,
    interpreter: Option<Interpreter>,
    sliced: bool,
    argument: Option<SweptValue>,
}

impl Builder {
    /// An experiment of this name with 4 executions of a task on 2 lanes.
    pub fn compare(name: &str) -> Self {
        let mut plan = Plan::empty(name);
        plan.run.workers = 2;
        plan.tasks.push(Task { count: 4, ..Task::new(Target::Builtin("primes".to_owned())) });
        let experiment = Experiment {
            program_version: "0.1.0".to_owned(),
            machine: machine(),
            plan,
            sweep: None,
            schedule: Vec::new(),
            compared: Vec::new(),
            runs: Vec::new(),
            ended: true,
            message: None,
            baseline_notes: Vec::new(),
        };
        Self { experiment, instances: 4, lanes: 2, sampled: true, interpreter: None, sliced: false, argument: None }
    }

    /// How many executions, on how many lanes, the runs to come have.
    pub fn executions(mut self, instances: u32, lanes: u32) -> Self {
        (self.instances, self.lanes) = (instances, lanes);
        self.experiment.plan.run.workers = lanes;
        self.experiment.plan.tasks[0].count = instances;
        self
    }

    /// It is a sweep: `workers=1..4`, `primes.limit=1e5..1e7:log5`.
    pub fn sweep(mut self, axis: &str) -> Self {
        self.experiment.sweep = Some(axis.parse().expect("an axis"));
        self
    }

    /// The runs to come have at most so many executions in flight.
    pub fn workers(mut self, workers: u32) -> Self {
        self.lanes = workers.min(self.instances);
        self.experiment.plan.run.workers = workers;
        self
    }

    /// The runs to come have this value in place of what is swept.
    pub fn argument(mut self, value: f64) -> Self {
        self.argument = SweptValue::new(value);
        self
    }

    /// The runs to come have no per-core samples.
    pub fn without_samples(mut self) -> Self {
        self.sampled = false;
        self
    }

    /// The runs to come call a Python function in this interpreter, and their states were sampled.
    pub fn python(mut self, interpreter: &str) -> Self {
        self.interpreter = Some(Interpreter::new(interpreter));
        self.experiment.plan.tasks[0].target = Target::parse("python:workloads.py:count_down");
        self.experiment.plan.tasks[0].name = "count_down".to_owned();
        self
    }

    /// The runs to come have slices of switch records on two cores: executions in their targets take turns of 4 ms, of
    /// which they use nine tenths, and swap cores every 32 ms. The launcher comes first, on core 0.
    pub fn slices(mut self) -> Self {
        self.sliced = true;
        self
    }

    /// A measured run of each length, in seconds; the mode is compared.
    pub fn makespans(self, mode: LaunchMode, secs: &[f64]) -> Self {
        self.runs(mode, secs, true, |_| {})
    }

    /// Sequential runs that are a baseline alone.
    pub fn baseline(self, secs: &[f64]) -> Self {
        self.runs(LaunchMode::Sequential, secs, false, |_| {})
    }

    /// Runs whose second execution crashes; as threads, all others are lost with it.
    pub fn crash(self, mode: LaunchMode, count: usize) -> Self {
        self.runs(mode, &vec![1.2; count], true, crash)
    }

    /// Changes the last run.
    pub fn change_last(mut self, change: impl FnOnce(&mut Run)) -> Self {
        change(self.experiment.runs.last_mut().expect("a run"));
        self
    }

    /// The experiment.
    pub fn build(mut self) -> Experiment {
        self.experiment.plan.run.repeat = self.experiment.runs.iter().map(|run| run.repeat + 1).max().unwrap_or(1);
        self.experiment
    }

    fn runs(mut self, mode: LaunchMode, secs: &[f64], compared: bool, change: impl Fn(&mut Run)) -> Self {
        let start_method = match self.interpreter {
            Some(_) => StartMethod::of_mode(mode, true).first().copied(),
            None => mode.isolates().then_some(StartMethod::Fork),
        };
        let (workers, interpreter) = (self.experiment.plan.run.workers, self.interpreter);
        let setting = Setting { mode, workers, start_method, interpreter, argument: self.argument };
        if compared && !self.experiment.compared.contains(&setting) {
            self.experiment.compared.push(setting);
        }
        for (repeat, secs) in secs.iter().enumerate() {
            let mut run = self.run(setting, repeat as u32, (secs * 1e9) as u64);
            change(&mut run);
            run.main = run.main_marks();
            self.experiment.runs.push(run);
        }
        self
    }

    fn run(&self, setting: Setting, repeat: u32, makespan_ns: u64) -> Run {
        let id = self.experiment.runs.len() as u32;
        let mut run = Run::new(id, &self.experiment.plan, setting, repeat, false, "2026-01-31T10:20:30Z".to_owned());
        let lanes = if setting.mode == LaunchMode::Sequential { 1 } else { self.lanes };
        let rounds = self.instances.div_ceil(lanes);
        for execution in &mut run.executions {
            let (round, lane) = (execution.id / lanes, execution.id % lanes);
            let from = makespan_ns * u64::from(round) / u64::from(rounds);
            let to = makespan_ns * u64::from(round + 1) / u64::from(rounds);
            fill(execution, setting.mode, lane, from, to);
        }
        run.makespan_ns = Some(makespan_ns);
        run.now_ns = makespan_ns;
        run.runner_pid = Some(4000);
        run.end = Some(RunEnd { complete: true, peak_memory_bytes: Some(24 << 20), ..RunEnd::default() });
        if self.interpreter.is_some() {
            look(&mut run, lanes);
        }
        if self.sliced {
            slice(&mut run, lanes);
        }
        run.cores = if self.sampled { samples(makespan_ns, lanes) } else { Vec::new() };
        run
    }
}

/// Fills in sampled states: threads take turns at the GIL, processes don't wait for it.
fn look(run: &mut Run, lanes: u32) {
    run.interpreter_facts = Some(InterpreterFacts {
        executable: "/usr/bin/python3.13".into(),
        implementation: "CPython".to_owned(),
        version: "3.13.0".to_owned(),
        free_threaded: false,
        gil_enabled: Some(true),
        thread_libraries: Vec::new(),
    });
    run.sampling =
        Some(Sampling { asked_hz: 100.0, reached_hz: 99.6, core_share: 0.006, sees_gil: true, lock_looks: None });
    let waits = run.mode.is_threaded() && lanes > 1;
    for execution in &mut run.executions {
        let Some((from, to)) = execution.stamps.in_target() else { continue };
        let bins = bins(from, to, |turn| match waits {
            true if turn % u64::from(lanes) == u64::from(execution.id % lanes) => [80, 0, 20, 0, 0, 0, 0, 0],
            true => [20 / u64::from(lanes - 1), 0, 100 - 20 / u64::from(lanes - 1), 0, 0, 0, 0, 0],
            false => [97, 2, 0, 0, 1, 0, 0, 0],
        });
        execution.states = Some(Box::new(states(&bins)));
        run.profiles.push(Profile { execution: execution.id, bins });
    }
}

fn slice(run: &mut Run, lanes: u32) {
    const TURN: u64 = 4_000_000;
    (run.states_source, run.slices_source) = (Some(StatesSource::SwitchRecords), Some(SlicesSource::SwitchRecords));
    let first = run.executions.iter().filter_map(|execution| execution.stamps.get(Stage::Entered)).min().unwrap_or(0);
    run.slices.push(&Slice { from_ns: 500, to_ns: first, core: 0, owner: Owner::Launcher, preempted: false });
    for turn in 0..run.now_ns.div_ceil(TURN) {
        for core in 0..lanes.min(2) {
            let lane = ((2 * turn) as u32 + core) % lanes;
            let core = (core + (turn / 8) as u32) % 2;
            let (begin, end) = (turn * TURN, (turn + 1) * TURN - TURN / 10);
            let on = |execution: &&Execution| execution.lane == Some(lane);
            for execution in run.executions.iter().filter(on) {
                let Some((entered, left)) = execution.stamps.in_target() else { continue };
                let (from_ns, to_ns) = (begin.max(entered), end.min(left));
                if from_ns < to_ns {
                    let owner = Owner::Execution(execution.id);
                    run.slices.push(&Slice { from_ns, to_ns, core, owner, preempted: to_ns < left });
                }
            }
        }
    }
}

/// Bins of 10 ms, on the same grid for all executions, with these shares of a hundred.
fn bins(from: u64, to: u64, shares: impl Fn(u64) -> [u64; State::COUNT]) -> Vec<Bin> {
    const EVERY: u64 = 10_000_000;
    let turns = from / EVERY..to.div_ceil(EVERY);
    let bin = |turn: u64| {
        let (from_ns, to_ns) = ((turn * EVERY).max(from), ((turn + 1) * EVERY).min(to));
        let mut in_state_ns = shares(turn).map(|share| (to_ns - from_ns) * share / 100);
        in_state_ns[0] += to_ns - from_ns - in_state_ns.iter().sum::<u64>();
        Bin { from_ns, to_ns, in_state_ns }
    };
    turns.map(bin).collect()
}

fn states(bins: &[Bin]) -> States {
    let sum = |state: usize| bins.iter().map(|bin| bin.in_state_ns[state]).sum::<u64>();
    let blocked = BlockedTotals::of([2, 3, 4, 5, 6, 7].map(sum));
    let blocked_ns = (2..7).map(sum).sum();
    States { on_cpu_ns: sum(0), runnable_ns: sum(1), blocked_ns, blocked_on: Some(blocked) }
}

fn machine() -> Machine {
    Machine {
        hostname: "bench".to_owned(),
        os: "Debian 12".to_owned(),
        kernel: "6.18".to_owned(),
        cpu_model: "AMD EPYC 7763".to_owned(),
        logical_cores: 2,
        physical_cores: Some(1),
        memory_bytes: 8 << 30,
    }
}

fn fill(execution: &mut Execution, mode: LaunchMode, lane: u32, from: u64, to: u64) {
    let (launch, leave) = if mode.isolates() { (450_000, 300_000) } else { (40_000, 15_000) };
    let room = to - from;
    let stagger = (u64::from(lane) * launch).min(room / 4);
    let at = |offset: u64| from + offset.min(room);
    let left = room - room / 40 - (3 * leave).min(room / 8) - u64::from(execution.id % 3) * room / 30;
    let stamps = &mut execution.stamps;
    stamps.set(Stage::Created, 1_000);
    stamps.set(Stage::LaunchCalled, at(stagger + 2_000.min(room / 50)));
    stamps.set(Stage::Launched, at(stagger + launch.min(room / 8)));
    stamps.set(Stage::Entered, at(stagger + launch.min(room / 8) + 10_000.min(room / 50)));
    stamps.set(Stage::Left, from + left);
    stamps.set(Stage::Exited, from + left + leave.min(room / 60));
    stamps.set_join_called(from + left / 2 + u64::from(lane % 7));
    stamps.set(Stage::Joined, to);
    execution.lane = Some(lane);
    execution.pid = Some(if mode.isolates() { 5000 + execution.id } else { 4000 });
    execution.tid = Some(5000 + execution.id);
    execution.outcome = Some(Outcome::success());
    execution.result = Some(216_816.into());
    execution.usage = Some(Box::new(Usage { user_ns: Some(left), system_ns: Some(left / 50), ..Usage::default() }));
}

fn samples(makespan_ns: u64, lanes: u32) -> Vec<Sample> {
    const EVERY: u64 = 200_000_000;
    let busy = |core: u32, i: u64| {
        if core < lanes { 0.97 - 0.07 * (i % 3) as f32 } else { 0.04 + 0.03 * (i % 2) as f32 }
    };
    let sample = |i: u64| Sample {
        from_ns: (i * EVERY) as i64 - 60_000_000,
        to_ns: ((i + 1) * EVERY) as i64 - 60_000_000,
        busy: (0..2).map(|core| busy(core, i)).collect(),
    };
    (0..makespan_ns.div_ceil(EVERY)).map(sample).collect()
}

fn crash(run: &mut Run) {
    let at = run.makespan_ns.unwrap_or(0) / 3;
    let crashed = |e: &Execution| e.id == 1 || !run.mode.isolates();
    for execution in run.executions.iter_mut().filter(|e| crashed(e)) {
        let kept = execution.stamps;
        execution.stamps = model::Stamps::default();
        for stage in Stage::ALL {
            if let Some(ns) = kept.get(stage).filter(|ns| *ns <= at) {
                execution.stamps.set(stage, ns);
            }
        }
        let kind = if run.mode.isolates() { OutcomeKind::Signalled } else { OutcomeKind::Lost };
        execution.outcome = Some(Outcome { signal: Some(11), ..Outcome::of(kind) });
        execution.result = None;
        if run.mode.isolates() {
            execution.stamps.set(Stage::Exited, at);
            execution.stamps.set(Stage::Joined, at + 400_000);
        }
    }
    if !run.mode.isolates() {
        run.makespan_ns = None;
        run.now_ns = at;
        run.cores.retain(|sample| sample.to_ns <= at as i64);
        let message = Some("the runner was ended by SIGSEGV".to_owned());
        run.end = Some(RunEnd { complete: false, message, ..RunEnd::default() });
    }
}
