//! The one thread that orders what happens: commands, texts of runners, samples, a tick.

use super::{
    Command, Request,
    active::{ActiveRun, Failure, Finished},
    emitter::Emitter,
    naming, not_started,
    rounds::Rounds,
    tail::Tail,
};
use crossbeam_channel::{Receiver, never, select, tick};
use interpreters::{Consent, check_python};
use model::{
    Choice, Event, Experiment, LaunchMode, Machine, Plan, Problem, Run, RunSetting, Sample, duration::limit_text,
    experiment::Scheduled, plan::ONE_PROGRAM,
};
use samplers::{CpuSampler, Pace, machine};
use std::{
    collections::VecDeque,
    hash::{BuildHasher, RandomState},
    path::PathBuf,
    time::{Duration, Instant},
};
use targets::check::{check_plan, check_sweep};

/// How often the slots are looked at.
const TICK: Duration = Duration::from_millis(50);
/// How long an experiment waits for the sample that covers its end.
const LAST_SAMPLE: Duration = Duration::from_millis(250);

/// What is to happen after a run, or between runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    Stop,
    Quit,
}

/// The engine's thread.
pub struct Dispatcher {
    inbox: Receiver<Command>,
    emitter: Emitter,
    runner: PathBuf,
    machine: Machine,
    sampler: CpuSampler,
    watch_idle: bool,
    /// The runs before, until the sample that covers their end has come.
    tails: Vec<Tail>,
    /// The instant from which idle samples count.
    started_ns: i64,
}

impl Dispatcher {
    /// An engine that starts runners by executing `runner`.
    pub fn new(inbox: Receiver<Command>, emitter: Emitter, runner: PathBuf) -> Self {
        let (machine, sampler) = (machine::describe(), CpuSampler::start());
        Self {
            inbox,
            emitter,
            runner,
            machine,
            sampler,
            watch_idle: false,
            tails: Vec::new(),
            started_ns: os::monotonic_ns(),
        }
    }

    /// Works until it is told to quit or the front end is gone.
    pub fn work(mut self) {
        loop {
            let samples = self.sampler.samples().clone();
            let next = select! {
                recv(self.inbox) -> command => command.map_or(Next::Quit, |command| self.obey(command)),
                recv(samples) -> sample => {
                    if let Ok(mut sample) = sample {
                        sample.from_ns -= self.started_ns;
                        sample.to_ns -= self.started_ns;
                        self.emitter.push(Event::Idle(sample));
                    }
                    Next::GoOn
                }
            };
            self.emitter.flush();
            if next == Next::Quit {
                break;
            }
        }
    }

    fn obey(&mut self, command: Command) -> Next {
        match command {
            Command::Launch(request) => self.experiment(&request),
            Command::Stop => Next::GoOn,
            Command::WatchIdle(watch) => {
                self.watch_idle = watch;
                self.set_idle_pace();
                Next::GoOn
            }
            Command::Quit => Next::Quit,
        }
    }

    fn set_idle_pace(&self) {
        self.sampler.set_pace(if self.watch_idle { Pace::Idle } else { Pace::Off });
    }

    fn experiment(&mut self, request: &Request) -> Next {
        if let Some(lack) = os::run_lack() {
            self.emitter.push(Event::Failed(lack.to_owned()));
            return Next::GoOn;
        }
        let sweep = request.sweep.clone().map(|axis| naming::named(&request.plan, &request.choices, axis));
        let request = &Request { sweep, ..request.clone() };
        let problem = first_problem(&request.plan, &request.choices)
            .or_else(|| check_sweep(&request.plan, &request.choices, request.sweep.as_ref()?).into_iter().next());
        if let Some(problem) = problem {
            self.emitter.push(Event::Failed(problem.message));
            return Next::GoOn;
        }
        // What can't be run by a plain call (a coroutine, a Process of the user's own) has no baseline, nor what is the
        // same in sequence.
        let same = request.baseline && request.plan.is_one_program();
        let in_sequence = || first_problem(&request.plan, &[LaunchMode::Sequential.into()]).is_none();
        let baseline = request.baseline && !same && in_sequence();
        let request = &Request { baseline, ..request.clone() };
        let mut plan = request.plan.clone();
        let seed = plan.run.seed.unwrap_or_else(rand_seed);
        plan.run.seed = Some(seed);
        let mut rounds = Rounds::new(request, seed);
        let schedule = rounds.first();
        if let [choice] = request.choices[..] {
            plan.run.mode = choice.mode;
        }
        self.emitter.push(Event::Started(Box::new(Experiment {
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            machine: self.machine.clone(),
            plan,
            sweep: request.sweep.clone(),
            schedule: schedule.clone(),
            compared: rounds.settings().to_vec(),
            runs: Vec::new(),
            ended: false,
            message: None,
            baseline_notes: same.then(|| ONE_PROGRAM.to_owned()).into_iter().collect(),
        })));
        self.emitter.flush();
        if !request.settle.is_zero() {
            std::thread::sleep(request.settle);
        }
        self.sampler.set_pace(Pace::Run);
        let (next, end) = self.runs(request, &mut rounds, schedule);
        if let Ok(sample) = self.sampler.samples().recv_timeout(LAST_SAMPLE) {
            self.finish_tails(&sample);
        }
        self.tails.clear();
        os::give_memory_back();
        self.emitter.push(end);
        self.set_idle_pace();
        next
    }

    fn finish_tails(&mut self, sample: &Sample) {
        let Self { tails, emitter, .. } = self;
        tails.retain(|tail| !tail.take(sample, emitter));
    }

    /// Makes the runs; the event is how the experiment ended.
    fn runs(&mut self, request: &Request, rounds: &mut Rounds, schedule: Vec<Scheduled>) -> (Next, Event) {
        let begun = Instant::now();
        let mut schedule = VecDeque::from(schedule);
        for id in 0.. {
            let Some(scheduled) = schedule.pop_front() else { break };
            let limit =
                rounds.is_baseline(scheduled.setting).then(|| rounds.baseline_limit(self.machine.logical_cores));
            match self.run(request, id, scheduled, limit) {
                Ok((Next::GoOn, finished)) => {
                    rounds.took(scheduled, finished.as_ref().and_then(|finished| finished.makespan_ns));
                    if let (Some(failure), Some(limit)) = (finished.and_then(|finished| finished.failure), limit) {
                        self.drop_baseline(scheduled.setting, &failure, limit, rounds);
                        schedule.retain(|run| run.setting != scheduled.setting);
                    }
                }
                Ok((next, _)) => {
                    let next = if next == Next::Quit { Next::Quit } else { Next::GoOn };
                    return (next, Event::Ended { stopped: true });
                }
                Err(message) => return (Next::GoOn, Event::Failed(message)),
            }
            if schedule.is_empty()
                && let Some(more) = rounds.more(begun.elapsed())
            {
                schedule.extend(&more);
                self.emitter.push(Event::Planned(more));
            }
        }
        (Next::GoOn, Event::Ended { stopped: false })
    }

    /// Gives a baseline up, and says so: nobody has asked for it.
    fn drop_baseline(&mut self, setting: RunSetting, failure: &Failure, limit: Duration, rounds: &mut Rounds) {
        rounds.drop_baseline(setting);
        let mut why = format!(
            "There is no sequential baseline: a run of it was made and given up ({}).",
            failure.words.trim_end_matches('.')
        );
        if failure.too_long {
            why += &format!(
                " In sequence, a task that waits for a later one waits for ever; a run of the baseline may take at most {}.",
                limit_text(limit)
            );
        }
        self.emitter.push(Event::BaselineDropped { setting, why });
    }

    /// Makes one run, which may take as long as `limit`, and gives what came of it where the experiment goes on. The error
    /// is why it can't.
    fn run(
        &mut self,
        request: &Request,
        id: u32,
        scheduled: Scheduled,
        limit: Option<Duration>,
    ) -> Result<(Next, Option<Finished>), String> {
        let Scheduled { setting, repeat, warmup } = scheduled;
        let run = Run::new(id, &request.plan, setting, repeat, warmup, jiff::Timestamp::now().to_string());
        let plan = request.plan_of(setting);
        let active = ActiveRun::start(&self.runner, &plan, setting, &run, limit, self.machine.logical_cores);
        let active = active.map_err(|error| not_started::refused(&error))?;
        self.emitter.push(Event::RunStarted(Box::new(run)));
        self.emitter.flush();
        let (active, next) = self.drive(active);
        self.tails.extend(active.tail());
        match active.finish(&mut self.emitter) {
            Err(message) if next == Next::GoOn => Err(message),
            finished => Ok((next, finished.ok())),
        }
    }

    /// Goes with a run until its runner has ended.
    fn drive(&mut self, mut active: ActiveRun) -> (ActiveRun, Next) {
        let ticks = tick(TICK);
        let (texts, ended) = (active.texts().clone(), active.ended().clone());
        let mut inbox = self.inbox.clone();
        let samples = self.sampler.samples().clone();
        let mut next = Next::GoOn;
        loop {
            select! {
                recv(ended) -> _ => return (active, next),
                recv(ticks) -> _ => {
                    let is_let_go = active.tick(&mut self.emitter);
                    self.emitter.flush();
                    if is_let_go {
                        return (active, next);
                    }
                }
                recv(texts) -> text => if let Ok(text) = text { active.hear(text, &mut self.emitter) },
                recv(samples) -> sample => if let Ok(sample) = sample {
                    self.finish_tails(&sample);
                    active.sample(&mut self.emitter, sample);
                },
                recv(inbox) -> command => match command {
                    Ok(Command::Stop) => {
                        next = next.max_urgency(Next::Stop);
                        active.stop();
                    }
                    Ok(Command::Quit) | Err(_) => {
                        next = Next::Quit;
                        inbox = never();
                        active.stop();
                    }
                    Ok(Command::WatchIdle(watch)) => self.watch_idle = watch,
                    Ok(Command::Launch(_)) => tracing::warn!("a launch while another experiment goes on is ignored"),
                },
            }
        }
    }
}

/// A seed that no other experiment has, small enough for any reader of JSON; the standard library's hash keys are random.
fn rand_seed() -> u64 {
    RandomState::new().hash_one(0) >> 32
}

/// What is wrong with a plan in these choices; what can be said without an interpreter comes first.
fn first_problem(plan: &Plan, choices: &[Choice]) -> Option<Problem> {
    let problem = check_plan(plan, choices).into_iter().next();
    problem.or_else(|| check_python(plan, choices, Consent::Running).into_iter().next())
}

impl Next {
    fn max_urgency(self, other: Self) -> Self {
        if self == Self::Quit { self } else { other }
    }
}
