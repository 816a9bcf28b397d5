//! One run while it goes on.

use super::{
    asking_where::AskingWhere,
    emitter::Emitter,
    ending::Ending,
    left_behind::LeftBehind,
    loading::Loading,
    measured::{Arming, Measured},
    memory, news, not_started, orphans,
    outcome::{Demand, RunnerEnd},
    records::Records,
    run_folder::{RunFolder, Texts},
    runner_process::RunnerProcess,
    stuck::Stuck,
    tail::{Tail, relative},
};
use crossbeam_channel::Receiver;
use model::{
    Event, Execution, InterpreterFacts, LaunchMode, LoopKept, MainMark, Outcome, OutcomeKind, OwnWork, Plan, Run,
    RunEnd, RunEvent, RunSetting, Sample, Stage, duration::limit_text, event::Waits, within,
};
use protocol::{PROTOCOL, slots::Head, text::Text};
use samplers::conditions;
use std::{io, path::Path, time::Duration};

/// Less of the CPU time of the runner's threads than this is their starting and ending.
const LEAST_BESIDE: f64 = 0.1;

/// One run while it goes on.
pub struct ActiveRun {
    id: u32,
    folder: RunFolder,
    texts: Texts,
    runner: RunnerProcess,
    records: Records,
    asking_where: AskingWhere,
    ending: Ending,
    measured: Measured,
    before: conditions::Before,
    loading: Loading,
    stuck: Stuck,
    hello: bool,
    origin_told: bool,
    /// The join that was told last.
    waits: Option<Waits>,
    interpreter: Option<InterpreterFacts>,
    runner_rss_bytes: Option<u64>,
    /// CPU time of the runner's threads besides the launcher's, and of their children.
    cpu_beside_ns: Option<u64>,
    /// Whether executions are threads of the runner's process.
    in_threads: bool,
    bye: bool,
    fatal: Option<String>,
    left: LeftBehind,
    started_ns: i64,
    /// How long the whole run may take; absent where it may take for ever.
    limit: Option<Duration>,
    host_cpu_before_ns: u64,
    cores: u32,
}

/// What came of a run.
pub struct Finished {
    /// From the origin to the last join, where every execution succeeded.
    pub makespan_ns: Option<u64>,
    /// Otherwise the first that did not, and how it ended.
    pub failure: Option<Failure>,
}

/// The first execution of a run that did not succeed.
pub struct Failure {
    /// `count #2: timed out: …`
    pub words: String,
    /// Whether it, or the run, was ended for taking too long.
    pub too_long: bool,
}

impl ActiveRun {
    /// Starts the runner of a run.
    ///
    /// # Errors
    /// No run folder, no runner.
    pub fn start(program: &Path, plan: &Plan, setting: RunSetting, run: &Run, cores: u32) -> io::Result<Self> {
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
            // What is measured must not be what a run fails for.
            Err(error) if arming.give_back(&error) => start_runner(),
            started => started,
        }?;
        let measured = arming.start(runner.pid(), &folder.slots, run.executions.len());
        let sending = folder.sending.clone();
        let asking_where = AskingWhere::new(plan, setting, folder.path());
        Ok(Self {
            id: run.id,
            folder,
            texts,
            runner,
            records: Records::new(run.executions.clone(), &plan.tasks).with_sending(sending),
            asking_where,
            ending: Ending::new(plan, setting),
            measured,
            before,
            loading: Loading::new(plan.run.load_timeout, started_ns, interpreter),
            stuck: Stuck::new(plan),
            hello: false,
            origin_told: false,
            waits: None,
            interpreter: None,
            runner_rss_bytes: None,
            cpu_beside_ns: None,
            in_threads: setting.mode.is_threaded() && setting.mode != LaunchMode::Asyncio,
            bye: false,
            fatal: None,
            left: LeftBehind::default(),
            started_ns,
            limit: None,
            host_cpu_before_ns,
            cores,
        })
    }

    /// The same run, which may take only so long as a whole.
    pub fn within(self, limit: Option<Duration>) -> Self {
        Self { limit, ..self }
    }

    /// Hears once, when the runner has ended.
    pub fn ended(&self) -> &Receiver<()> {
        &self.runner.ended
    }

    /// What the runner says; to be given to [`ActiveRun::hear`].
    pub fn texts(&self) -> &Receiver<Text> {
        &self.texts.inbox
    }

    /// Takes in a text.
    pub fn hear(&mut self, text: Text, emitter: &mut Emitter) {
        self.loading.hear(&text);
        match text {
            Text::Hello { protocol, interpreter, .. } if protocol == PROTOCOL => {
                self.hello = true;
                self.interpreter = interpreter;
                self.tell_interpreter(emitter);
            }
            Text::Hello { protocol, .. } => {
                self.fatal = Some(format!("the runner speaks protocol {protocol}, the program {PROTOCOL}"));
                self.runner.kill("its protocol is another".to_owned());
            }
            Text::Loaded { gil_enabled, thread_libraries } => {
                if let Some(facts) = &mut self.interpreter {
                    (facts.gil_enabled, facts.thread_libraries) = (gil_enabled, thread_libraries);
                }
                self.tell_interpreter(emitter);
            }
            Text::Mark { kind, execution, from_ns, to_ns, message } => {
                let message = message.map(Into::into);
                if let Some((from_ns, to_ns)) = self.since_origin(from_ns, to_ns) {
                    let mark = MainMark { from_ns, to_ns, kind, execution, message };
                    self.tell(emitter, RunEvent::Marks(vec![mark]));
                }
            }
            Text::Kept { execution, from_ns, to_ns } => {
                if let Some((from_ns, to_ns)) = self.since_origin(from_ns, to_ns) {
                    self.tell(emitter, RunEvent::Kept(LoopKept { execution, from_ns, to_ns }));
                }
            }
            // Who was ended for its loading has nothing to add.
            Text::Fatal { message } => drop(self.fatal.get_or_insert(message)),
            Text::Bye { max_rss_bytes, cpu_beside_ns } => {
                self.cpu_beside_ns = cpu_beside_ns;
                self.bye = true;
                self.runner_rss_bytes = max_rss_bytes;
            }
            Text::Left(process) => self.left.hear(process),
            Text::Runner { pid } => {
                self.stuck.know(pid);
                self.tell(emitter, RunEvent::Runner { pid });
            }
            text => self.records.hear(text),
        }
    }

    /// A stretch since the run's origin; none where it began before, or ends before it begins: that is none of this run's.
    fn since_origin(&self, from_ns: i64, to_ns: i64) -> Option<(u64, u64)> {
        let origin = self.folder.slots.head(Head::Origin);
        let since = |ns: i64| within(u64::try_from(ns.checked_sub(origin)?).ok()?);
        since(from_ns).zip(since(to_ns)).filter(|(from, to)| from <= to)
    }

    fn tell_interpreter(&self, emitter: &mut Emitter) {
        if let Some(facts) = &self.interpreter {
            self.tell(emitter, RunEvent::Interpreter(facts.clone()));
        }
    }

    /// The user stops the run.
    pub fn stop(&mut self) {
        self.ending.stop(os::monotonic_ns(), &self.folder.slots, &mut self.records, &mut self.runner);
    }

    /// Looks at the slots, tells what has changed, and ends what is overdue. Whether the run is let go: it can't be ended, and
    /// is over all the same.
    pub fn tick(&mut self, emitter: &mut Emitter) -> bool {
        let now = os::monotonic_ns();
        self.end_loading(now);
        if let Some(why) = self.stuck.tick(now) {
            self.runner.kill(why);
        }
        self.end_at_limit(now);
        self.asking_where.tick(now, &self.folder.slots, &mut self.records);
        self.ending.tick(now, &self.folder.slots, &mut self.records, &mut self.runner);
        self.measured.collect();
        let changed = self.records.scan(&self.folder.slots, None);
        let origin = self.folder.slots.head(Head::Origin);
        if origin != 0 {
            self.tell_origin(emitter, origin);
            self.tell_waits(emitter, origin);
            self.look(emitter, origin, changed);
            self.tell(emitter, RunEvent::Now { ns: now.saturating_sub(origin).max(0) as u64 });
        }
        self.runner.enforce()
    }

    fn end_at_limit(&mut self, now_ns: i64) {
        let limit = self.limit.filter(|limit| i128::from(now_ns - self.started_ns) > limit.as_nanos() as i128);
        if let Some(limit) = limit {
            self.runner.kill(format!("the run took longer than {}", limit_text(limit)));
        }
    }

    fn end_loading(&mut self, now_ns: i64) {
        if let Some(why) = self.loading.overdue(now_ns).filter(|_| self.fatal.is_none() && !self.ending.stopping()) {
            self.fatal = Some(why.clone());
            self.runner.kill(why);
        }
    }

    /// Tells what has changed, what executions did since the last look, and of those that have ended the totals.
    fn look(&mut self, emitter: &mut Emitter, origin_ns: i64, changed: Vec<u32>) {
        let events = self.measured.tick(origin_ns, &changed);
        events.into_iter().for_each(|event| self.tell(emitter, event));
        let news = news::of(&mut self.records, &self.folder.slots, &mut self.measured, changed);
        news.into_iter().for_each(|event| self.tell(emitter, event));
    }

    fn tell_origin(&mut self, emitter: &mut Emitter, origin_ns: i64) {
        if !std::mem::replace(&mut self.origin_told, true) {
            self.tell(emitter, RunEvent::Origin { ns: u64::try_from(origin_ns).unwrap_or(0) });
        }
    }

    /// Tells in which join the launcher is blocked, where that has changed.
    fn tell_waits(&mut self, emitter: &mut Emitter, origin_ns: i64) {
        let waits = self.folder.slots.waits().and_then(|(since, execution)| {
            let since_ns = u64::try_from(since.checked_sub(origin_ns)?).ok().and_then(within)?;
            Some(Waits { since_ns, execution })
        });
        if std::mem::replace(&mut self.waits, waits) != waits {
            self.tell(emitter, RunEvent::Waits(waits));
        }
    }

    fn tell(&self, emitter: &mut Emitter, event: RunEvent) {
        emitter.push(Event::Run(self.id, event));
    }

    /// Tells a sample, if it overlaps the run.
    pub fn sample(&self, emitter: &mut Emitter, sample: Sample) {
        let origin = self.folder.slots.head(Head::Origin);
        if origin != 0 && sample.to_ns > origin {
            self.tell(emitter, RunEvent::Sample(relative(sample, origin)));
        }
    }

    /// The runner has ended: what waits for the sample that covers this instant.
    pub fn tail(&self) -> Option<Tail> {
        let origin_ns = self.folder.slots.head(Head::Origin);
        (origin_ns != 0).then(|| Tail { run: self.id, origin_ns, end_ns: os::monotonic_ns() })
    }

    /// The runner has ended: tells the rest, and gives what came of the run.
    ///
    /// # Errors
    /// Why the experiment can't go on.
    pub fn finish(mut self, emitter: &mut Emitter) -> Result<Finished, String> {
        let origin_ns = self.folder.slots.head(Head::Origin);
        let ended_ns = (origin_ns != 0).then(|| (os::monotonic_ns() - origin_ns).max(0) as u64);
        // Before a core has time to rest.
        let conditions = self.before.until_now();
        self.texts.finish();
        while let Ok(text) = self.texts.inbox.try_recv() {
            self.hear(text, emitter);
        }
        let wall_ns = (os::monotonic_ns() - self.started_ns).max(1) as u64;
        let host_cpu_ns = os::process_cpu_ns().saturating_sub(self.host_cpu_before_ns);
        if origin_ns != 0 {
            self.tell_origin(emitter, origin_ns);
            self.tell_waits(emitter, origin_ns);
        }
        let beside_ns = self.cpu_beside_ns.filter(|_| self.in_threads && !self.measured.has_records());
        self.asking_where.take_in(&mut self.records);
        let Self { id, folder, runner, mut records, ending, hello, bye, fatal, left, mut measured, limit, .. } = self;
        let (end, output, left_by_guard) = runner.finish();
        measured.collect_rest();
        let why_not = (!hello || fatal.is_some())
            .then(|| fatal.unwrap_or_else(|| not_started::no_hello(&end, &output.stderr_tail)));
        if let (Some(why), false) = (&why_not, ending.stopping()) {
            (0..records.executions().len() as u32)
                .for_each(|id| records.demand(id, Demand::NotBegun(why.as_str().into())));
        }
        let changed = records.scan(&folder.slots, Some(&end));
        if origin_ns != 0 {
            measured.finish(origin_ns, &changed).into_iter().for_each(|event| emitter.push(Event::Run(id, event)));
        }
        let news = news::of(&mut records, &folder.slots, &mut measured, changed);
        news.into_iter().for_each(|event| emitter.push(Event::Run(id, event)));
        if let Some(why) = why_not {
            return Err(why);
        }
        emitter.push(Event::Run(id, RunEvent::Output(output)));
        if let Some(own) = beside_ns.and_then(|beside_ns| beside(beside_ns, records.counted_ns(&folder.slots))) {
            emitter.push(Event::Run(id, RunEvent::Members { members: Vec::new(), own }));
        }
        let complete = bye && !ending.stopping();
        let last_join = records.executions().iter().filter_map(|e| e.stamps.get(Stage::Joined)).max();
        let mut left = left.of_run(complete, &folder.slots, left_by_guard);
        measured.name_starters(&mut left);
        let end = RunEnd {
            complete,
            states_note: measured.states_note(),
            message: (!complete).then(|| message_of(&end, ending.stopping())),
            ended_ns,
            peak_memory_bytes: self.runner_rss_bytes.map(|bytes| memory::peak_of_tree(bytes, records.executions())),
            host_cpu_ns: Some(host_cpu_ns),
            host_share: Some(host_cpu_ns as f64 / (wall_ns as f64 * f64::from(self.cores.max(1)))),
            left,
            conditions,
        };
        let makespan_ns = last_join.filter(|_| complete);
        emitter.push(Event::Run(id, RunEvent::Ended { makespan_ns, end }));
        let failed = records.executions().iter().find(|execution| execution.failed());
        if failed.is_some() {
            // One that was ended by force could not remove what it had among the temporary files.
            orphans::sweep();
        }
        let failure =
            failed.map(|execution| failure(execution, limit.is_some_and(|limit| wall_ns as u128 > limit.as_nanos())));
        Ok(Finished { makespan_ns: makespan_ns.filter(|_| failure.is_none()), failure })
    }
}

fn failure(execution: &Execution, run_too_long: bool) -> Failure {
    let outcome = execution.outcome.as_ref();
    Failure {
        words: format!("{}: {}", execution.label(), outcome.map(Outcome::sentence).unwrap_or_default()),
        too_long: run_too_long || outcome.is_some_and(|outcome| outcome.kind == OutcomeKind::TimedOut),
    }
}

/// Without records the clocks alone tell what executions' own threads and processes took: what nobody counts for them.
fn beside(beside_ns: u64, counted_ns: u64) -> Option<OwnWork> {
    let on_cpu_ns = beside_ns.saturating_sub(counted_ns);
    (on_cpu_ns as f64 >= LEAST_BESIDE * beside_ns as f64).then(|| OwnWork { on_cpu_ns, ..OwnWork::default() })
}

fn message_of(end: &RunnerEnd, stopped: bool) -> String {
    match (stopped, &end.reason) {
        (true, _) => "stopped by the user".to_owned(),
        (false, Some(reason)) => reason.clone(),
        (false, None) => {
            format!("the runner's process ended early ({}), and all that ran in it", not_started::how(end))
        }
    }
}
