//! The states of a run's executions while it goes on: whom to look at, and what becomes of the looks.

use super::states::states_of;
use crate::{
    model::{RunEvent, Stage, States},
    protocol::slots::{Head, Slot, Slots, Word},
    samplers::{StateSampler, Watched, states::Bins},
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// Looks a second at each execution.
const HZ: f64 = 100.0;
/// How far ahead is looked for an execution that has begun before one with a smaller number.
const AHEAD: usize = 256;

/// Looks at the executions of one run.
pub struct Watching {
    /// Absent when it has ended.
    sampler: Option<StateSampler>,
    /// Time in each state, by execution.
    seen: HashMap<u32, [u64; 7]>,
    fresh: BTreeSet<u32>,
    note: Option<String>,
}

impl Watching {
    /// Starts looking at a run of so many executions. Nothing where no thread can be started for it: a run does not fail
    /// for that.
    pub fn start(slots: Arc<Slots>, executions: usize) -> Option<Self> {
        let mut in_target = InTarget::new(slots, executions);
        match StateSampler::start(HZ, Box::new(move |list| in_target.list(list))) {
            Ok(sampler) => {
                Some(Self { sampler: Some(sampler), seen: HashMap::new(), fresh: BTreeSet::new(), note: None })
            }
            Err(error) => {
                tracing::warn!("the states of executions are not sampled: {error}");
                None
            }
        }
    }

    /// What was seen since the last call; `origin_ns` is the run's origin. What an execution did in the end comes some
    /// 200 ms after it has left: see [`Watching::fresh`].
    pub fn drain(&mut self, origin_ns: i64) -> Vec<RunEvent> {
        let Some(sampler) = &self.sampler else { return Vec::new() };
        let bins = sampler.bins().try_iter().flatten().collect();
        self.take_in(bins, origin_ns)
    }

    fn take_in(&mut self, mut bins: Bins, origin_ns: i64) -> Vec<RunEvent> {
        let origin = u64::try_from(origin_ns).unwrap_or(0);
        for (execution, bin) in &mut bins {
            bin.from_ns = bin.from_ns.saturating_sub(origin);
            bin.to_ns = bin.to_ns.saturating_sub(origin);
            let sums = self.seen.entry(*execution).or_default();
            sums.iter_mut().zip(bin.in_state_ns).for_each(|(sum, ns)| *sum += ns);
            self.fresh.insert(*execution);
        }
        if bins.is_empty() { Vec::new() } else { vec![RunEvent::Bins(bins)] }
    }

    /// The executions of which more has come since the last call: their states are to be asked for, again if they have
    /// been already.
    pub fn fresh(&mut self) -> BTreeSet<u32> {
        std::mem::take(&mut self.fresh)
    }

    /// What an execution did between *entered* and *left*, which lie `wall_ns` apart. Time on a CPU and time ready are those
    /// of its slot, where it has them, and otherwise those of the looks, where these cover enough of it; absent where neither
    /// does.
    pub fn states(
        &self,
        execution: u32,
        on_cpu_ns: Option<u64>,
        ready_ns: Option<u64>,
        wall_ns: u64,
    ) -> Option<States> {
        states_of(self.seen.get(&execution), on_cpu_ns.zip(ready_ns), wall_ns)
    }

    /// The run is over: ends looking. The rest of what was seen, and last how it was looked at; states can be asked for
    /// after it too.
    pub fn finish(&mut self, origin_ns: i64) -> Vec<RunEvent> {
        let Some(sampler) = self.sampler.take() else { return Vec::new() };
        let (bins, note) = (sampler.bins().clone(), sampler.shared_note());
        let sampling = sampler.finish();
        self.note = note.get().cloned();
        let mut events = self.take_in(bins.iter().flatten().collect(), origin_ns);
        events.push(RunEvent::Sampling(sampling));
        events
    }

    /// Why executions could not be looked at, in one sentence; absent where all could.
    pub fn note(&self) -> Option<String> {
        self.note.clone().or_else(|| self.sampler.as_ref()?.note())
    }
}

/// Finds those who are in their targets, in a time that does not grow with the number of executions: in most modes they
/// begin in the order of their numbers, and few at once.
struct InTarget {
    slots: Arc<Slots>,
    executions: usize,
    /// Executions below this are in `open` or over.
    next: usize,
    open: Vec<u32>,
}

impl InTarget {
    fn new(slots: Arc<Slots>, executions: usize) -> Self {
        let executions = executions.min(slots.count());
        Self { slots, executions, next: 0, open: Vec::new() }
    }

    fn list(&mut self, list: &mut Vec<Watched>) {
        self.advance();
        let slots = &self.slots;
        self.open.retain(|id| !is_over(slots.slot(*id as usize)));
        list.extend(self.open.iter().filter_map(|id| watched(*id, slots.slot(*id as usize))));
    }

    /// Opens all up to the last one that has begun, with those among them that have not.
    fn advance(&mut self) {
        let launched = usize::try_from(self.slots.head(Head::Launched)).unwrap_or(0).min(self.executions);
        let has_begun = |id: &usize| {
            let slot = self.slots.slot(*id);
            slot.stage(Stage::Entered) != 0 || is_over(slot)
        };
        while let Some(last) = (self.next..launched.min(self.next + AHEAD)).rfind(has_begun) {
            let not_over = (self.next..=last).filter(|id| !is_over(self.slots.slot(*id)));
            self.open.extend(not_over.map(|id| id as u32));
            self.next = last + 1;
        }
    }
}

fn is_over(slot: Slot<'_>) -> bool {
    [Stage::Left, Stage::Exited, Stage::Joined].iter().any(|stage| slot.stage(*stage) != 0) || slot.verdict().is_some()
}

fn watched(execution: u32, slot: Slot<'_>) -> Option<Watched> {
    let number = |word| u32::try_from(slot.word(word)).ok().filter(|number| *number != 0);
    let entered_ns = Some(slot.stage(Stage::Entered)).filter(|ns| *ns != 0)?;
    Some(Watched { execution, pid: number(Word::Pid)?, tid: number(Word::Tid)?, entered_ns })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Plan, Run, RunSetting, State, Target, Task},
        os,
    };
    use std::time::{Duration, Instant};

    fn slots(count: usize) -> (tempfile::TempDir, Arc<Slots>) {
        let folder = tempfile::tempdir().expect("a folder");
        let slots = Slots::create(&folder.path().join("slots"), count).expect("made");
        (folder, Arc::new(slots))
    }

    fn enter(slots: &Slots, execution: usize) {
        let slot = slots.slot(execution);
        slot.set(Word::Pid, i64::from(os::pid()));
        slot.set(Word::Tid, i64::from(os::tid()));
        slot.stamp(Stage::Entered, os::monotonic_ns());
    }

    fn listed(in_target: &mut InTarget) -> Vec<u32> {
        let mut list = Vec::new();
        in_target.list(&mut list);
        list.iter().map(|one| one.execution).collect()
    }

    #[test]
    fn those_in_their_targets_are_found_in_any_order() {
        let (_folder, slots) = slots(10_000);
        let mut in_target = InTarget::new(slots.clone(), 10_000);
        assert!(listed(&mut in_target).is_empty());
        slots.set_head(Head::Launched, 10_000);
        [3, 200].into_iter().for_each(|id| enter(&slots, id));
        assert_eq!(listed(&mut in_target), [3, 200]);
        enter(&slots, 1);
        slots.slot(3).stamp(Stage::Left, 9);
        (201..5_000).for_each(|id| slots.slot(id).set(Word::Verdict, 5));
        enter(&slots, 5_000);
        let mut found = listed(&mut in_target);
        found.sort_unstable();
        assert_eq!(found, [1, 200, 5_000]);
    }

    #[test]
    fn a_million_executions_cost_no_more_than_those_in_flight() {
        let (_folder, slots) = slots(1_000_000);
        slots.set_head(Head::Launched, 1_000_000);
        let mut in_target = InTarget::new(slots.clone(), 1_000_000);
        enter(&slots, 0);
        (1..300_000).for_each(|id| slots.slot(id).stamp(Stage::Left, 1));
        assert_eq!(listed(&mut in_target), [0]);
        assert_eq!((in_target.next, in_target.open.len()), (300_000, 1));
    }

    #[test]
    fn a_sleep_of_this_thread_is_seen_as_such() {
        let (_folder, slots) = slots(1);
        let (stop, stopped) = crossbeam_channel::bounded::<()>(0);
        let sleeper = std::thread::spawn({
            let slots = slots.clone();
            move || {
                enter(&slots, 0);
                while stopped.try_recv().is_err() {
                    std::thread::sleep(Duration::from_millis(50));
                }
                slots.slot(0).stamp(Stage::Left, os::monotonic_ns());
            }
        });
        let origin = os::monotonic_ns();
        slots.set_head(Head::Launched, 1);
        let mut watching = Watching::start(slots.clone(), 1).expect("started");
        let (begin, mut events) = (Instant::now(), Vec::new());
        while watching.fresh().is_empty() {
            events.extend(watching.drain(origin));
            assert!(begin.elapsed() < Duration::from_secs(120), "no bins; {:?}", watching.note());
            std::thread::sleep(Duration::from_millis(10));
        }
        stop.send(()).expect("the sleeper listens");
        sleeper.join().expect("it ends");
        events.extend(watching.finish(origin));
        assert_eq!(watching.note(), None);
        let mut plan = Plan::empty("one");
        plan.tasks.push(Task::new(Target::Builtin("sleep".to_owned())));
        let setting = RunSetting { mode: plan.run.mode, workers: 0, start_method: None, interpreter: None };
        let mut run = Run::new(0, &plan, setting, 0, false, String::new());
        events.iter().for_each(|event| run.apply(event));
        assert!(run.sampling.is_some_and(|sampling| sampling.asked_hz == HZ && !sampling.sees_gil));
        let profile = run.profile(0).expect("a profile");
        let asleep = State::Blocked(crate::model::BlockedOn::Sleep);
        assert!(profile.bins.iter().map(|bin| bin.share(asleep)).sum::<f64>() > 0.9 * profile.bins.len() as f64);
        let stamp = |stage| slots.slot(0).stage(stage);
        let wall_ns = (stamp(Stage::Left) - stamp(Stage::Entered)) as u64;
        let states = watching.states(0, None, None, wall_ns).expect("enough was seen");
        assert_eq!(states.on_cpu_ns + states.runnable_ns + states.blocked_ns, wall_ns);
        assert!(states.get(asleep).expect("looks") > wall_ns / 2, "{states:?}");
    }
}
