//! The engine's thread. It receives commands, texts of runners, samples and ticks, and passes them to the controller,
//! which decides what to do.

use super::{
    Command,
    active::ActiveRun,
    controller::{Controller, Effect, Input, NextRun},
    emitter::Emitter,
    not_started,
    prepared::Prepared,
};
use crossbeam_channel::{Receiver, after, never, select, tick};
use model::{Event, Machine, Run, Sample, experiment::Scheduled};
use protocol::text::Text;
use samplers::{CpuSampler, machine};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// How often the host looks at the slots.
const TICK: Duration = Duration::from_millis(50);

/// The engine's thread.
pub struct Dispatcher {
    controller: Controller,
    inbox: Receiver<Command>,
    emitter: Emitter,
    runner: PathBuf,
    machine: Machine,
    sampler: CpuSampler,
    samples: Receiver<Sample>,
    /// The run in progress.
    run: Option<ActiveRun>,
    of_run: OfRun,
}

/// The channels of the run in progress; without a run nothing arrives on them.
struct OfRun {
    texts: Receiver<Text>,
    ticks: Receiver<Instant>,
    ended: Receiver<()>,
}

impl OfRun {
    fn nothing() -> Self {
        Self { texts: never(), ticks: never(), ended: never() }
    }

    fn of(run: &ActiveRun) -> Self {
        Self { texts: run.texts().clone(), ticks: tick(TICK), ended: run.ended().clone() }
    }
}

impl Dispatcher {
    /// An engine that starts runners by executing `runner`.
    pub fn new(inbox: Receiver<Command>, emitter: Emitter, runner: PathBuf) -> Self {
        let (machine, sampler) = (machine::describe(), CpuSampler::start());
        let controller = Controller::new(os::monotonic_ns(), machine.logical_cores);
        let samples = sampler.samples().clone();
        let of_run = OfRun::nothing();
        Self { controller, inbox, emitter, runner, machine, sampler, samples, run: None, of_run }
    }

    /// Works until it is told to quit or until the front end is gone.
    pub fn work(mut self) {
        while !self.controller.is_over() {
            if let Some(input) = self.hear() {
                self.take(input);
            }
        }
    }

    /// Waits for the next input. Handles by itself what concerns only the run.
    fn hear(&mut self) -> Option<Input> {
        // Commands come first: no run starts after a Stop.
        if let Ok(command) = self.inbox.try_recv() {
            return Some(Input::Command(command));
        }
        let due = self.due();
        select! {
            recv(self.inbox) -> command => Some(Input::Command(command.unwrap_or_else(|_| {
                self.inbox = never();
                Command::Quit
            }))),
            recv(due) -> _ => Some(Input::Due),
            recv(self.samples) -> sample => match sample {
                Ok(sample) => Some(Input::Sample(sample)),
                Err(_) => {
                    self.samples = never();
                    None
                }
            },
            recv(self.of_run.texts) -> text => {
                match (text, &mut self.run) {
                    (Ok(text), Some(run)) => run.hear(text, &mut self.emitter),
                    _ => self.of_run.texts = never(),
                }
                None
            }
            recv(self.of_run.ticks) -> _ => {
                let lets_go = self.run.as_mut().is_some_and(|run| run.tick(&mut self.emitter));
                self.emitter.flush();
                if lets_go { self.finish_run() } else { None }
            }
            recv(self.of_run.ended) -> _ => self.finish_run(),
        }
    }

    /// Receives one message, at the controller's due time.
    fn due(&self) -> Receiver<Instant> {
        self.controller.due_ns().map_or_else(never, |due_ns| {
            let ns = u64::try_from(due_ns.saturating_sub(os::monotonic_ns())).unwrap_or(0);
            after(Duration::from_nanos(ns))
        })
    }

    fn take(&mut self, input: Input) {
        let mut next = Some(input);
        while let Some(input) = next.take() {
            for effect in self.controller.step(os::monotonic_ns(), input) {
                next = self.carry_out(effect).or(next);
            }
        }
        // Events of a run are flushed at its ticks.
        if self.run.is_none() {
            self.emitter.flush();
        }
    }

    /// Carries out an effect, and returns its result if that is known at once.
    fn carry_out(&mut self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Prepare(request) => {
                return Some(Input::Prepared(Prepared::check(*request, &self.machine).map(Box::new)));
            }
            Effect::StartRun(next) => {
                return self.start(&next).err().map(|why| Input::RunOver { tail: None, finished: Err(why) });
            }
            Effect::Tell(event) => self.emitter.push(event),
            Effect::StopRun => self.run.iter_mut().for_each(ActiveRun::stop),
            Effect::GiveSample(sample) => self.run.iter().for_each(|run| run.sample(&mut self.emitter, sample.clone())),
            Effect::SetPace(pace) => self.sampler.set_pace(pace),
            Effect::GiveMemoryBack => os::give_memory_back(),
            Effect::Warn(what) => tracing::warn!("{what}"),
        }
        None
    }

    /// Starts a run.
    ///
    /// # Errors
    /// Why the run can't be started.
    fn start(&mut self, next: &NextRun) -> Result<(), String> {
        let Scheduled { setting, repeat, warmup } = next.scheduled;
        let plan = next.request.plan_of(setting);
        let run = Run::new(next.id, &next.request.plan, setting, repeat, warmup, jiff::Timestamp::now().to_string());
        let active = ActiveRun::start(&self.runner, &plan, setting, &run, next.limit, self.machine.logical_cores);
        let active = active.map_err(|error| not_started::refused(&error))?;
        self.of_run = OfRun::of(&active);
        self.run = Some(active);
        self.emitter.push(Event::RunStarted(Box::new(run)));
        self.emitter.flush();
        Ok(())
    }

    fn finish_run(&mut self) -> Option<Input> {
        self.of_run = OfRun::nothing();
        let run = self.run.take()?;
        let tail = run.tail();
        Some(Input::RunOver { tail, finished: run.finish(&mut self.emitter) })
    }
}
