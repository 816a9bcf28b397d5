//! One run in progress: it reads the runner's texts, lets the observer look, and carries out what the ending demands.

mod finish;
mod said;

use super::{
    emitter::Emitter,
    ending::{Effect, Ending, Happening},
    observer::{Arming, RunObserver},
    run_folder::{RunFolder, Texts},
    runner_process::RunnerProcess,
    tail::{Tail, relative},
};
use crossbeam_channel::Receiver;
pub use finish::{Failure, Finished};
use model::{Event, LaunchMode, Plan, Run, RunEvent, Sample, Setting};
use protocol::{
    slots::{Head, Word},
    text::Text,
};
use said::Said;
use samplers::conditions;
use std::{io, path::Path, time::Duration};

/// One run in progress.
pub struct ActiveRun {
    id: u32,
    folder: RunFolder,
    texts: Texts,
    runner: RunnerProcess,
    observer: RunObserver,
    ending: Ending,
    said: Said,
    before: conditions::Before,
    /// Whether executions are threads of the runner's process.
    in_threads: bool,
    started_ns: i64,
    host_cpu_before_ns: u64,
    cores: u32,
}

impl ActiveRun {
    /// Starts the runner of a run, which may take as long as `limit` as a whole.
    ///
    /// # Errors
    /// No run folder can be made, or no runner can be started.
    pub fn start(
        program: &Path,
        plan: &Plan,
        setting: Setting,
        run: &Run,
        limit: Option<Duration>,
        cores: u32,
    ) -> io::Result<Self> {
        let request = super::request::to_runner(plan, setting)?;
        let interpreter = setting.interpreter.map(|word| super::request::interpreter(plan, word)).transpose()?;
        let folder = RunFolder::create(&request)?;
        let texts = Texts::listen(&folder)?;
        let before = conditions::Before::now();
        let host_cpu_before_ns = os::process_cpu_ns();
        let mut arming = Arming::new(plan, setting);
        let started_ns = os::monotonic_ns();
        let python = interpreter.as_deref().map(|path| (path, super::request::surroundings(plan)));
        let start_runner = || RunnerProcess::start(program, folder.path(), python.as_ref());
        let runner = match start_runner() {
            // A run must not fail because of what is measured.
            Err(error) if arming.give_back(&error) => start_runner(),
            started => started,
        }?;
        let observer = RunObserver::start(arming, runner.pid(), &folder, plan, run, setting);
        Ok(Self {
            id: run.id,
            folder,
            texts,
            runner,
            observer,
            ending: Ending::new(plan, setting, interpreter, started_ns, limit),
            said: Said::default(),
            before,
            in_threads: setting.mode.is_threaded() && setting.mode != LaunchMode::Asyncio,
            started_ns,
            host_cpu_before_ns,
            cores,
        })
    }

    /// Receives one message, when the runner has ended.
    pub fn ended(&self) -> &Receiver<()> {
        &self.runner.ended
    }

    /// The runner's texts; pass each to [`ActiveRun::hear`].
    pub fn texts(&self) -> &Receiver<Text> {
        &self.texts.inbox
    }

    /// Takes in a text.
    pub fn hear(&mut self, text: Text, emitter: &mut Emitter) {
        self.end(Happening::Said(&text));
        let event = self.said.hear(&text).or_else(|| self.observer.hear(text));
        self.tell(emitter, event);
    }

    /// The user stops the run.
    pub fn stop(&mut self) {
        self.end(Happening::Stop);
    }

    /// Looks at the run, emits what has changed, and ends what is overdue. Returns whether to let the run go: it can't
    /// be ended, and counts as over.
    pub fn tick(&mut self, emitter: &mut Emitter) -> bool {
        let events = self.observer.step(os::monotonic_ns());
        self.tell(emitter, events);
        self.end(Happening::Tick)
    }

    /// Carries out the effects of the ending. Returns whether to let the run go.
    fn end(&mut self, happening: Happening<'_>) -> bool {
        let effects = self.ending.step(os::monotonic_ns(), happening, &self.observer.in_sight());
        let lets_go = effects.contains(&Effect::LetGo);
        effects.into_iter().for_each(|effect| self.carry_out(effect));
        lets_go
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::AskAll => self.folder.slots.set_head(Head::Stop, 1),
            Effect::Ask(id) => self.folder.slots.slot(id as usize).set(Word::Stop, 1),
            Effect::Demand(id, demand) => self.observer.demand(id, demand),
            Effect::DemandOfRest(demand) => self.observer.demand_of_rest(&demand),
            Effect::Order(order) => self.runner.order(&order),
            Effect::End(reason) => self.runner.end(reason),
            Effect::KillBelow => self.runner.kill_below(),
            Effect::KillGuard => self.runner.kill_guard(),
            Effect::LetGo => self.runner.let_go(),
        }
    }

    fn tell(&self, emitter: &mut Emitter, events: impl IntoIterator<Item = RunEvent>) {
        events.into_iter().for_each(|event| emitter.push(Event::Run(self.id, event)));
    }

    /// Emits a sample, if it overlaps the run.
    pub fn sample(&self, emitter: &mut Emitter, sample: Sample) {
        if let Some(origin_ns) = self.observer.origin_ns().filter(|origin_ns| sample.to_ns > *origin_ns) {
            self.tell(emitter, [RunEvent::Sample(relative(sample, origin_ns))]);
        }
    }

    /// The runner has ended: returns what waits for the sample that covers this instant.
    pub fn tail(&self) -> Option<Tail> {
        let origin_ns = self.observer.origin_ns()?;
        Some(Tail { run: self.id, origin_ns, end_ns: os::monotonic_ns() })
    }
}
