//! The threads that ask the interpreters. Each answers one kind of question, and always the latest.

use super::{Ask, Checked, Fact, word};
use crate::background::{Background, Done, Work};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use model::{Plan, PythonTarget, Target};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

/// How often files are looked at for changes.
const LOOK: Duration = Duration::from_secs(1);
/// A plan is checked when nothing has been typed for this long.
const QUIET: Duration = Duration::from_millis(120);

/// The threads that ask the interpreters.
pub struct Workers {
    asker: Asker,
    threads: Option<Jobs>,
    found_for: Option<Option<PathBuf>>,
    wanted: Wanted,
    checked: Option<(u64, u64)>,
    round: u64,
}

/// What a thread needs to answer.
#[derive(Clone)]
struct Asker {
    ask: Arc<dyn Ask>,
    background: Background,
}

struct Jobs {
    found: Sender<Option<PathBuf>>,
    sources: Sender<Wanted>,
    checks: Sender<Plan>,
}

/// The files and modules to read, and the interpreter to read them.
#[derive(Clone, Default, PartialEq)]
struct Wanted {
    /// Counts how often everything was to be asked again.
    round: u64,
    word: String,
    folder: Option<PathBuf>,
    sources: Vec<String>,
}

impl Workers {
    /// The workers; no thread is started before there is something to ask.
    pub fn new(ask: Arc<dyn Ask>, background: Background) -> Self {
        let asker = Asker { ask, background };
        Self { asker, threads: None, found_for: None, wanted: Wanted::default(), checked: None, round: 0 }
    }

    /// Asks for everything again, because the user has allowed more to be asked.
    pub fn ask_again(&mut self) {
        self.found_for = None;
        self.checked = None;
        self.round += 1;
    }

    /// Asks for what a plan needs, and for the functions of one more file or module that the user looks at. `revision`
    /// is the plan's, `sources_revision` that of what is known of its sources.
    pub fn follow(&mut self, plan: &Plan, more: Option<&str>, revision: u64, sources_revision: u64) {
        let sources = sources(plan, more);
        if sources.is_empty() && self.threads.is_none() {
            return;
        }
        let asker = self.asker.clone();
        let jobs = self.threads.get_or_insert_with(|| start(&asker));
        // A send fails only where the thread could not be started; what it would find out stays unknown.
        if self.found_for.as_ref() != Some(&plan.folder) {
            self.found_for = Some(plan.folder.clone());
            let _ = jobs.found.send(plan.folder.clone());
        }
        let wanted = Wanted { round: self.round, word: word(plan).to_owned(), folder: plan.folder.clone(), sources };
        if self.wanted != wanted {
            self.wanted = wanted.clone();
            let _ = jobs.sources.send(wanted);
        }
        if plan.has_python() && self.checked != Some((revision, sources_revision)) {
            self.checked = Some((revision, sources_revision));
            let _ = jobs.checks.send(plan.clone());
        }
    }
}

fn sources(plan: &Plan, more: Option<&str>) -> Vec<String> {
    let python = plan.tasks.iter().filter_map(|task| match &task.target {
        Target::Python(python) => Some(python.source.as_str()),
        _ => None,
    });
    let mut sources: Vec<String> = python.chain(more).filter(|source| !source.is_empty()).map(str::to_owned).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

fn start(asker: &Asker) -> Jobs {
    Jobs { found: spawn(asker, find), sources: spawn(asker, read), checks: spawn(asker, check) }
}

fn spawn<T: Send + 'static>(asker: &Asker, work: fn(&Asker, &Receiver<T>)) -> Sender<T> {
    let (sender, jobs) = unbounded();
    let own = asker.clone();
    let _ = asker.background.start(Work::Python, move |_| work(&own, &jobs));
    sender
}

impl Asker {
    fn tell(&self, fact: Fact) {
        self.background.tell(Done::Python(fact));
    }
}

/// The latest job: `first`, or the last in the channel.
fn latest<T>(jobs: &Receiver<T>, first: T) -> T {
    jobs.try_iter().last().unwrap_or(first)
}

fn find(asker: &Asker, jobs: &Receiver<Option<PathBuf>>) {
    while let Ok(folder) = jobs.recv() {
        let folder = latest(jobs, folder);
        let folder = folder.as_deref();
        asker.tell(Fact::Discovered(asker.ask.discover(folder), asker.ask.waiting(folder)));
    }
}

fn check(asker: &Asker, jobs: &Receiver<Plan>) {
    while let Ok(mut plan) = jobs.recv() {
        while let Ok(newer) = jobs.recv_timeout(QUIET) {
            plan = newer;
        }
        let run = asker.ask.check(&plan, &[plan.choice()]);
        let compare = asker.ask.check(&plan, &plan.to_compare());
        asker.tell(Fact::Checked(Box::new(Checked { plan, run, compare })));
    }
}

/// Reads what is wanted, and reads again files that have changed since.
fn read(asker: &Asker, jobs: &Receiver<Wanted>) {
    let mut reader = Reader { asker, executable: None, seen: HashMap::new() };
    let mut wanted = Wanted::default();
    loop {
        let next = match wanted.sources.is_empty() {
            true => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            false => jobs.recv_timeout(LOOK),
        };
        match next {
            Ok(next) => {
                let next = latest(jobs, next);
                reader.turn(&wanted, &next);
                wanted = next;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        wanted.sources.iter().for_each(|source| reader.look(&wanted, source));
    }
}

struct Reader<'a> {
    asker: &'a Asker,
    executable: Option<Result<PathBuf, String>>,
    /// When the file of each source changed last; absent for a module, or where there is no file.
    seen: HashMap<String, Option<SystemTime>>,
}

impl Reader<'_> {
    /// Forgets all that was read where interpreter, folder or what may be asked has changed.
    fn turn(&mut self, before: &Wanted, now: &Wanted) {
        if before.round != now.round || before.word != now.word || before.folder != now.folder {
            self.executable = None;
            self.seen.clear();
        }
    }

    fn look(&mut self, wanted: &Wanted, source: &str) {
        let python = PythonTarget { source: source.to_owned(), function: String::new() };
        let folder = wanted.folder.as_deref();
        let changed = python.is_file().then(|| modified(source, folder)).flatten();
        if self.seen.get(source) == Some(&changed) {
            return;
        }
        self.seen.insert(source.to_owned(), changed);
        let described = match self.executable(wanted) {
            Ok(executable) => self.asker.ask.describe(&executable, &python, folder),
            Err(message) => Err(message),
        };
        self.asker.tell(Fact::Source(source.to_owned(), described));
    }

    fn executable(&mut self, wanted: &Wanted) -> Result<PathBuf, String> {
        if self.executable.is_none() {
            let folder = wanted.folder.as_deref();
            let probed = self.asker.ask.probe(&wanted.word, folder);
            let unasked = probed.is_err().then(|| self.asker.ask.unasked(&wanted.word, folder)).flatten();
            let (path, facts) = match probed {
                Ok((path, facts)) => (Ok(path), Ok(facts)),
                Err(message) => (Err(message.clone()), Err(message)),
            };
            self.asker.tell(Fact::Named(wanted.word.clone(), facts, unasked));
            self.executable = Some(path);
        }
        self.executable.clone().unwrap_or_else(|| Err("no interpreter was asked".to_owned()))
    }
}

fn modified(source: &str, folder: Option<&Path>) -> Option<SystemTime> {
    let path = folder.map_or_else(|| PathBuf::from(source), |folder| folder.join(source));
    path.metadata().and_then(|found| found.modified()).ok()
}
