//! The index of a run's timeline, which grows with the run.

use super::bar::{Bar, Stretch, solid};
use super::coarse::{BarStates, Coarse};
use super::left::{self, LeftMark};
use super::mark::{Mark, end_mark, open_mark, start_mark, waits_mark};
use super::profiles::Profiles;
use super::track::Track;
use model::{Execution, MainKind, MainMark, OutcomeKind, Phase, Run, Stage};

/// Executions beyond the first unseen one that every update looks at.
const AHEAD: usize = 512;
/// Executions further on that an update looks at, in turns.
const ROUND: usize = 1024;

/// What of an execution is in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// It has not started.
    Nothing,
    /// It is in flight; its start call may have returned.
    Open { started: bool },
    /// Nothing of it changes any more.
    Settled,
}

/// The timeline of one run, ready to be laid out. What has ended is stored once; what is in flight is kept apart and
/// drawn up to the latest known instant.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(super) lanes: Vec<Track<Bar>>,
    pub(super) main: Track<Mark>,
    /// In flight, by lane.
    pub(super) open: Vec<(u32, Bar)>,
    /// What the launcher is doing now.
    pub(super) open_main: Vec<Mark>,
    /// What of it must be seen at any zoom, by [`Mark::tick_ns`].
    pub(super) ticks: Vec<Mark>,
    /// Where processes were left running.
    pub(super) left: Vec<LeftMark>,
    pub(super) coarse: Coarse,
    pub(super) profiles: Profiles,
    /// The launcher calls functions itself: its row shows what they do.
    pub(super) calls: bool,
    seen: Vec<Seen>,
    open_ids: Vec<u32>,
    marks_taken: usize,
    next: usize,
    turn: usize,
    ended: bool,
    now_ns: u64,
}

/// Where an execution is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarPlace {
    /// Its row: 1 + its lane.
    pub row: u32,
    /// Where its launch was called, in nanoseconds since the run's origin.
    pub from_ns: u64,
    /// Where its bar ends.
    pub to_ns: u64,
}

impl Index {
    /// The index of a run as it is.
    pub fn of(run: &Run) -> Self {
        let mut index = Self::default();
        index.update(run);
        index
    }

    /// Takes in what is new of a run; always the same run. The work follows what has changed, not what is there:
    /// unstarted executions are looked at in turns, in the order of their ids, and all of them once the run has ended.
    pub fn update(&mut self, run: &Run) {
        let shrunk = run.executions.len() < self.seen.len() || run.marks.len() < self.marks_taken;
        if shrunk || (self.ended && run.end.is_none()) {
            *self = Self::default();
        }
        self.seen.resize(run.executions.len(), Seen::Nothing);
        self.now_ns = self.now_ns.max(run.now_ns).max(run.makespan_ns.unwrap_or(0));
        let mut fresh = Fresh::default();
        self.profiles.update(run);
        fresh.take_marks(run.marks.get(self.marks_taken..).unwrap_or(&[]));
        self.marks_taken = run.marks.len();
        self.find_started(run, &mut fresh);
        self.follow_open(run, &mut fresh);
        let ends = run.end.is_some() && !self.ended;
        self.ended = run.end.is_some();
        if ends {
            self.count_anew();
        }
        self.store(fresh);
        self.draw_open(run);
        if ends {
            self.left = left::marks(run, self.now_ns);
        }
    }

    /// How many lanes there are.
    pub fn lanes(&self) -> u32 {
        self.lanes.len() as u32
    }

    /// Rows in all: the launcher's and the lanes'.
    pub fn rows(&self) -> u32 {
        1 + self.lanes()
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// The latest instant that is known, in nanoseconds since the run's origin.
    pub fn extent_ns(&self) -> u64 {
        self.now_ns
    }

    /// Where an execution is drawn; absent where it has not started.
    pub fn place(&self, execution: &Execution) -> Option<BarPlace> {
        let lane = execution.lane?;
        let launch = solid(&Bar::new(execution, None)?);
        let stored = self.lanes.get(lane as usize).and_then(|track| {
            let bars = track.stretches();
            let from = bars.partition_point(|bar| solid(bar) < launch);
            bars[from..].iter().take_while(|bar| solid(*bar) == launch).find(|bar| bar.execution() == execution.id)
        });
        let bar = stored.or_else(|| self.open_in(lane).find(|bar| bar.execution() == execution.id))?;
        Some(BarPlace { row: 1 + lane, from_ns: solid(bar), to_ns: bar.end() })
    }

    /// Bytes held, without what is in flight.
    pub fn bytes(&self) -> usize {
        let lanes: usize = self.lanes.iter().map(Track::bytes).sum();
        let more = self.coarse.bytes() + self.profiles.bytes() + self.ticks.capacity() * size_of::<Mark>();
        lanes + self.main.bytes() + more + self.seen.capacity() * size_of::<Seen>()
    }

    /// What executions did, as far as they were looked at.
    pub fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    /// Whether the launcher did something of a kind that is shown as a tick.
    pub fn has_tick(&self, kind: MainKind) -> bool {
        self.ticks.iter().any(|mark| mark.kind == kind)
    }

    /// Whether somebody was left running.
    pub fn has_left(&self) -> bool {
        !self.left.is_empty()
    }

    /// The bars in flight of a lane.
    pub(super) fn open_in(&self, lane: u32) -> impl Iterator<Item = &Bar> {
        let from = self.open.partition_point(|(at, _)| *at < lane);
        self.open[from..].iter().take_while(move |(at, _)| *at == lane).map(|(_, bar)| bar)
    }

    fn find_started(&mut self, run: &Run, fresh: &mut Fresh) {
        let all = run.executions.len();
        while self.next < all && self.look(run, self.next, fresh) {
            self.next += 1;
        }
        if self.next == all {
            return;
        }
        if run.end.is_some() && !self.ended {
            (self.next..all).for_each(|id| {
                self.look(run, id, fresh);
            });
            return;
        }
        let ahead = self.next + 1..all.min(self.next + 1 + AHEAD);
        let from = if self.turn < ahead.end || self.turn >= all { ahead.end } else { self.turn };
        let round = from..all.min(from + ROUND);
        self.turn = round.end;
        ahead.chain(round).for_each(|id| {
            self.look(run, id, fresh);
        });
    }

    /// Notes an execution that has started since it was last looked at; says whether it has.
    fn look(&mut self, run: &Run, id: usize, fresh: &mut Fresh) -> bool {
        let execution = &run.executions[id];
        let launched = execution.lane.is_some() && execution.stamps.get(Stage::LaunchCalled).is_some();
        if self.seen[id] != Seen::Nothing || (!launched && execution.outcome.is_none()) {
            return self.seen[id] != Seen::Nothing;
        }
        self.seen[id] = Seen::Open { started: false };
        self.open_ids.push(id as u32);
        fresh.latest_ns = fresh.latest_ns.max(execution.stamps.last().map_or(0, |(_, ns)| ns));
        true
    }

    /// Notes of what is in flight what has become final.
    fn follow_open(&mut self, run: &Run, fresh: &mut Fresh) {
        let mut ids = std::mem::take(&mut self.open_ids);
        ids.retain(|&id| {
            let execution = &run.executions[id as usize];
            let Seen::Open { started } = &mut self.seen[id as usize] else { return false };
            if !*started {
                *started = fresh.start(execution, run);
            }
            let settled = is_settled(execution, run);
            if settled {
                self.seen[id as usize] = Seen::Settled;
                self.profiles.expect(id);
                fresh.settle(execution, run);
            }
            !settled
        });
        self.open_ids = ids;
    }

    fn store(&mut self, mut fresh: Fresh) {
        self.now_ns = self.now_ns.max(fresh.latest_ns);
        fresh.bars.sort_by_key(|(lane, bar)| (*lane, solid(bar)));
        fresh.bars.chunk_by(|(a, _), (b, _)| a == b).for_each(|bars| self.store_lane(bars));
        self.store_ticks(&fresh.ticks);
        fresh.marks.sort_by_key(|mark| (mark.start(), mark.end()));
        self.calls |= fresh.marks.iter().any(|mark| mark.kind == MainKind::Call);
        if fresh.marks.first().is_some_and(|mark| !self.main.takes(mark)) {
            self.main.merge(&fresh.marks);
        } else {
            fresh.marks.into_iter().for_each(|mark| {
                self.main.push(mark);
            });
        }
    }

    fn store_ticks(&mut self, ticks: &[Mark]) {
        if !ticks.is_empty() {
            self.ticks.extend(ticks);
            self.ticks.sort_by_key(|mark| (mark.tick_ns(), mark.execution));
        }
    }

    fn store_lane(&mut self, bars: &[(u32, Bar)]) {
        let lane = bars[0].0;
        self.make_lanes(lane as usize + 1);
        let track = &mut self.lanes[lane as usize];
        let states = |bar: &Bar| bar_states(&self.profiles, self.ended, bar);
        if !track.takes(&bars[0].1) {
            let late: Vec<Bar> = bars.iter().map(|(_, bar)| *bar).collect();
            let (old, from) = track.merge(&late);
            old.iter().for_each(|bar| self.coarse.remove(lane, bar, &states(bar)));
            track.stretches()[from..].iter().for_each(|bar| self.coarse.add(lane, bar, &states(bar)));
            return;
        }
        for (_, bar) in bars {
            let (stored, changed) = track.push(*bar);
            self.coarse.add(lane, &stored, &states(&stored));
            if let Some((before, after)) = changed {
                self.coarse.remove(lane, &before, &states(&before));
                self.coarse.add(lane, &after, &states(&after));
            }
        }
    }

    /// What executions did is known to the end: the picture from afar has their states from now on.
    fn count_anew(&mut self) {
        let lanes = self.lanes.len();
        self.coarse = Coarse::default();
        while let Some(level) = self.coarse.wants(lanes) {
            self.coarse.adopt(level);
        }
        for (lane, track) in self.lanes.iter().enumerate() {
            let states = |bar: &Bar| bar_states(&self.profiles, true, bar);
            track.stretches().iter().for_each(|bar| self.coarse.add(lane as u32, bar, &states(bar)));
        }
    }

    fn make_lanes(&mut self, lanes: usize) {
        if lanes <= self.lanes.len() {
            return;
        }
        self.lanes.resize_with(lanes, Track::default);
        while let Some(mut level) = self.coarse.wants(lanes) {
            for (lane, track) in self.lanes.iter().enumerate() {
                let states = |bar: &Bar| bar_states(&self.profiles, self.ended, bar);
                track.stretches().iter().for_each(|bar| level.add(lane as u32, bar, &states(bar), 1.0));
            }
            self.coarse.adopt(level);
        }
    }

    /// Draws anew what is in flight.
    fn draw_open(&mut self, run: &Run) {
        let executions = || self.open_ids.iter().map(|&id| &run.executions[id as usize]);
        let latest = executions().filter_map(|execution| execution.stamps.last()).map(|(_, ns)| ns).max();
        self.now_ns = self.now_ns.max(latest.unwrap_or(0));
        let now = self.now_ns;
        let first = executions().find(|execution| execution.outcome.is_none()).map(|execution| execution.id);
        let marks = executions().filter_map(|execution| open_mark(execution, run, now));
        self.open_main = marks.chain(waits_mark(run, first, now)).collect();
        self.calls |= self.open_main.iter().any(|mark| mark.kind == MainKind::Call);
        let mut open: Vec<(u32, Bar)> =
            executions().filter_map(|execution| Some((execution.lane?, Bar::new(execution, Some(now))?))).collect();
        open.sort_by_key(|(lane, bar)| (*lane, solid(bar)));
        self.make_lanes(open.last().map_or(0, |(lane, _)| *lane as usize + 1));
        self.open = open;
        self.part_open();
    }

    /// Lets nothing in flight overlap another of its lane.
    fn part_open(&mut self) {
        for at in 0..self.open.len() {
            let (lane, bar) = self.open[at];
            let before = at.checked_sub(1).map(|at| self.open[at]).filter(|(other, _)| *other == lane);
            let free = before.map_or(self.lanes[lane as usize].end(), |(_, before)| before.end().min(solid(&bar)));
            self.open[at].1.follow(free);
            if let Some((_, before)) =
                at.checked_sub(1).and_then(|at| self.open.get_mut(at)).filter(|(other, _)| *other == lane)
            {
                before.cut(solid(&bar));
            }
        }
    }
}

/// The states of a bar as the picture from afar counts them: nothing, as long as more may come.
fn bar_states(profiles: &Profiles, ended: bool, bar: &Bar) -> BarStates {
    if !ended {
        return BarStates::default();
    }
    let in_target = bar.stretches().filter(|(phase, ..)| *phase == Phase::InTarget);
    profiles.shares(bar.execution(), in_target.map(|(_, from, to)| to - from).sum())
}

/// What an update adds.
#[derive(Default)]
struct Fresh {
    bars: Vec<(u32, Bar)>,
    marks: Vec<Mark>,
    ticks: Vec<Mark>,
    latest_ns: u64,
}

impl Fresh {
    /// Adds what the launcher did besides starting and joining.
    fn take_marks(&mut self, marks: &[MainMark]) {
        for mark in marks {
            let mark = Mark::new(mark.kind, mark.from_ns, mark.to_ns, mark.execution);
            self.latest_ns = self.latest_ns.max(mark.to_ns);
            self.ticks.extend(mark.tick_ns().map(|_| mark));
            self.marks.extend(mark.is_stretch().then_some(mark));
        }
    }

    /// Adds the start call, once it has returned.
    fn start(&mut self, execution: &Execution, run: &Run) -> bool {
        let mark = start_mark(execution, run);
        self.marks.extend(mark);
        mark.is_some()
    }

    fn settle(&mut self, execution: &Execution, run: &Run) {
        self.marks.extend(end_mark(execution, run));
        if let (Some(lane), Some(bar)) = (execution.lane, Bar::new(execution, gone_ns(execution, run))) {
            self.latest_ns = self.latest_ns.max(bar.end());
            self.bars.push((lane, bar));
        }
    }
}

/// Whether no stamp of an execution can come any more.
fn is_settled(execution: &Execution, run: &Run) -> bool {
    let Some(outcome) = &execution.outcome else { return run.end.is_some() };
    let never_joined = execution.lane.is_none() || outcome.kind == OutcomeKind::CouldNotStart;
    run.end.is_some() || never_joined || execution.stamps.get(Stage::Joined).is_some()
}

/// When an execution that was launched and never joined was seen to be gone: with its runner.
fn gone_ns(execution: &Execution, run: &Run) -> Option<u64> {
    let started = execution.outcome.as_ref().is_none_or(|outcome| outcome.kind != OutcomeKind::CouldNotStart);
    let never_joined = execution.stamps.get(Stage::Joined).is_none();
    run.end.as_ref()?.ended_ns.filter(|_| started && never_joined)
}
