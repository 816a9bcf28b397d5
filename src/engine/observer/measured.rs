//! What is measured of a run besides its stamps: samples of what threads do (looks), and the kernel's switch records.

use crate::{
    states::{Clocks, in_proportion, states_of},
    tracing::Tracing,
    watching::Watching,
};
use model::{
    LaunchMode, LeftProcess, Measure, Member, OwnWork, Plan, RunEvent, Setting, SlicesSource, States, StatesSource,
    Target, event::Sources,
};
use protocol::slots::{Head, Slot, Slots};
use samplers::{
    slices::{Armed, Batch},
    states::{Seen, Wanted},
};
use std::sync::Arc;

/// What is to be measured. The thread that starts the runner arms it before that.
pub struct Arming {
    measure: Measure,
    mode: LaunchMode,
    python: bool,
    armed: Option<Armed>,
    note: Option<String>,
}

impl Arming {
    /// Gets ready for a run with this setting.
    pub fn new(plan: &Plan, setting: Setting) -> Self {
        let measure = plan.run.measure;
        let (armed, note) = match (measure == Measure::Slices).then(Armed::open) {
            Some(Ok(armed)) => (Some(armed), None),
            Some(Err(error)) => (None, Some(no_records(&os::switch_records_hint(&error)))),
            None => (None, None),
        };
        // A pool of programs starts a process for each execution, a limited number at a time.
        let programs = plan.tasks.iter().any(|task| setting.runs(task) && matches!(task.target, Target::Program(_)));
        let mode = match setting.mode {
            LaunchMode::ProcessPool if programs => LaunchMode::Processes,
            mode => mode,
        };
        Self { measure, mode, python: setting.interpreter.is_some(), armed, note }
    }

    /// Closes the records' descriptors if the runner could not be started for want of descriptors; returns whether it
    /// did.
    pub fn give_back(&mut self, error: &std::io::Error) -> bool {
        let gave = os::is_out_of_descriptors(error) && self.armed.take().is_some();
        if gave {
            self.note = Some(no_records(&os::switch_records_hint(error)));
        }
        gave
    }

    /// The runner has been started, below this guard.
    pub fn start(self, guard: u32, slots: &Arc<Slots>, executions: usize) -> Measured {
        let Self { measure, mode, python, armed, mut note } = self;
        let tracing = armed.and_then(|armed| {
            let started = Tracing::start(armed, guard, true, mode);
            started.map_err(|error| note = Some(no_records(&format!("{error}; end other programs")))).ok()
        });
        // Without switch records, looks also say on which core a thread is.
        let wanted = Wanted { gil: python, cores: measure == Measure::Slices && tracing.is_none() };
        let looks = measure >= Measure::States && mode != LaunchMode::Asyncio;
        let watching = if looks { Watching::start(slots.clone(), executions, wanted) } else { None };
        let sources = Sources { states: None, slices: None, note };
        Measured {
            fresh_python: python && matches!(mode, LaunchMode::Threads | LaunchMode::Processes),
            measure,
            sampled: wanted.cores && watching.is_some(),
            tracing,
            watching,
            sources,
            ..Measured::nothing(slots.clone())
        }
    }
}

fn no_records(why: &str) -> String {
    format!("slices are sampled, not recorded: the kernel's switch records can't be had, {why}")
}

/// What is measured of one run.
pub struct Measured {
    slots: Arc<Slots>,
    fresh_python: bool,
    measure: Measure,
    /// Whether slices come from looks.
    sampled: bool,
    tracing: Option<Tracing>,
    watching: Option<Watching>,
    /// What happened before the origin was known.
    early: Vec<Batch>,
    sources: Sources,
    told: Option<Sources>,
}

impl Measured {
    /// Measures nothing but stamps.
    pub fn nothing(slots: Arc<Slots>) -> Self {
        Self {
            slots,
            fresh_python: false,
            measure: Measure::Stamps,
            sampled: false,
            tracing: None,
            watching: None,
            early: Vec::new(),
            sources: Sources::default(),
            told: None,
        }
    }

    /// Takes in the records written so far; call it before the slots are read.
    pub fn collect(&mut self) {
        if let Some(tracing) = &mut self.tracing {
            self.early.extend(tracing.collect());
        }
    }

    /// What has come since the last call. `changed` are the executions whose slots have changed.
    pub fn tick(&mut self, origin_ns: i64, changed: &[u32]) -> Vec<RunEvent> {
        let seen = self.watching.as_mut().map(|watching| watching.drain(origin_ns));
        let mut events = self.take_seen(seen.unwrap_or_default(), origin_ns);
        if let Some(tracing) = &mut self.tracing {
            events.extend(tracing.advance(std::mem::take(&mut self.early), changed, &self.slots, origin_ns));
            tracing.look_at_memory();
        }
        self.tell_sources(&mut events);
        events
    }

    /// The run is over: the remaining events. The slots must have been read after [`Measured::collect_rest`].
    pub fn finish(&mut self, origin_ns: i64, changed: &[u32]) -> Vec<RunEvent> {
        let (seen, sampling) = self.watching.as_mut().map(|watching| watching.finish(origin_ns)).unwrap_or_default();
        let mut events = self.take_seen(seen, origin_ns);
        if let Some(tracing) = &mut self.tracing {
            events.extend(tracing.advance(std::mem::take(&mut self.early), changed, &self.slots, origin_ns));
            events.extend(tracing.finish(&self.slots, origin_ns));
        }
        events.extend(sampling.map(RunEvent::Sampling));
        self.tell_sources(&mut events);
        events
    }

    /// The run is over: takes in the remaining records.
    pub fn collect_rest(&mut self) {
        if let Some(tracing) = &mut self.tracing {
            self.early.extend(tracing.collect_rest());
        }
    }

    /// If there are switch records, looks only say on what a thread was blocked.
    fn take_seen(&mut self, seen: Seen, origin_ns: i64) -> Vec<RunEvent> {
        if let Some(tracing) = &mut self.tracing {
            seen.bins.into_iter().for_each(|(id, bin)| tracing.look(id, bin, &self.slots, origin_ns));
            return Vec::new();
        }
        let mut events = Vec::new();
        if !seen.bins.is_empty() {
            events.push(RunEvent::Bins(seen.bins));
        }
        if !seen.slices.is_empty() {
            events.push(RunEvent::Slices(seen.slices));
        }
        events
    }

    fn tell_sources(&mut self, events: &mut Vec<RunEvent>) {
        let records = self.tracing.is_some();
        self.sources.states = match self.measure {
            Measure::Stamps => None,
            _ if records => Some(StatesSource::SwitchRecords),
            _ => os::tells_states().then_some(StatesSource::Schedstat),
        };
        self.sources.slices = match records {
            true => Some(SlicesSource::SwitchRecords),
            false => self.sampled.then_some(SlicesSource::Sampled),
        };
        if let Some(lost) = self.tracing.as_ref().map(Tracing::lost).filter(|lost| *lost > 0) {
            self.sources.note = Some(format!(
                "the slices have holes: {lost} switch records found no room, because so many came at once; fewer workers, \
                 or a less busy machine, would help"
            ));
        }
        if self.told.as_ref() != Some(&self.sources) {
            self.told = Some(self.sources.clone());
            events.push(RunEvent::Sources(self.sources.clone()));
        }
    }

    /// Executions about which more is known since the last call, in the order of their numbers.
    pub fn fresh(&mut self) -> Vec<u32> {
        let mut fresh = self.tracing.as_mut().map(Tracing::fresh).unwrap_or_default();
        fresh.extend(self.watching.as_mut().map(Watching::fresh).unwrap_or_default());
        fresh.sort_unstable();
        fresh.dedup();
        fresh
    }

    /// What an execution did in the `wall_ns` between *entered* and *left*; absent if no source knows.
    pub fn states(&self, id: u32, slot: Slot<'_>, program: bool, wall_ns: u64) -> Option<States> {
        if self.measure == Measure::Stamps {
            return None;
        }
        let totals = self.tracing.as_ref().and_then(|tracing| tracing.totals(id));
        let clocks = Clocks::of(slot, self.fresh_python, program);
        let alone = self.tracing.as_ref().is_some_and(|tracing| !tracing.was_helped(id));
        let clocks = if alone { clocks.alone(slot) } else { clocks }.merged(totals);
        let states = states_of(self.watching.as_ref().and_then(|watching| watching.seen(id)), clocks, wall_ns)?;
        let blocked_ns = self.tracing.as_ref().and_then(|tracing| tracing.blocked_with_own_ns(id));
        Some(blocked_ns.map_or(states, |blocked_ns| in_proportion(states, blocked_ns)))
    }

    /// Whether there are switch records, which tell which thread ran when.
    pub fn has_records(&self) -> bool {
        self.tracing.is_some()
    }

    /// Whether an execution started threads or processes.
    pub fn has_own(&self, id: u32) -> bool {
        self.tracing.as_ref().is_some_and(|tracing| tracing.own(id).is_some())
    }

    /// The threads and processes that an execution started: a list, and their sums.
    pub fn own(&self, id: u32) -> Option<(Vec<Member>, OwnWork)> {
        let tracing = self.tracing.as_ref()?;
        let own = tracing.own(id)?;
        Some((tracing.members(id, self.slots.head(Head::Origin)), own))
    }

    /// Sets, for processes that were left behind, which execution started them, as far as the records tell.
    pub fn name_starters(&self, left: &mut [LeftProcess]) {
        let Some(tracing) = &self.tracing else { return };
        let unknown = left.iter_mut().filter(|process| process.execution.is_none());
        let unknown: Vec<&mut LeftProcess> = unknown.collect();
        let starters = tracing.starters(&unknown.iter().map(|process| process.pid).collect());
        unknown.into_iter().for_each(|process| process.execution = starters.get(&process.pid).copied());
    }

    /// How often an execution continued on another core; absent if its slices are unknown.
    pub fn migrations(&self, id: u32) -> Option<u32> {
        self.tracing.as_ref()?.totals(id).map(|totals| totals.migrations)
    }

    /// Why executions could not be sampled, in one sentence; absent if all could.
    pub fn states_note(&self) -> Option<String> {
        self.watching.as_ref()?.note()
    }
}

#[cfg(test)]
mod tests;
