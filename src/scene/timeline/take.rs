//! How the index takes in what changed in its run.

use super::Index;
use super::bar::{Bar, Stretch, solid};
use super::coarse::{BarStates, Coarse};
use super::left;
use super::mark::{Mark, end_mark, open_mark, start_mark, waits_mark};
use super::profiles::Profiles;
use model::{Changes, Execution, MainKind, MainMark, OutcomeKind, Phase, Run, Stage};

/// How much of an execution is in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing: it has not started.
    Nothing,
    /// It is in flight; `started` says whether its start call has returned.
    Open { started: bool },
    /// Everything: none of its stamps changes any more.
    Settled,
}

impl Index {
    /// Takes in what changed in a run since the last call; it must always be the same run. The work follows the changes
    /// and the executions in flight, whose bars grow with time. The end of the run costs as much work as the whole run,
    /// once: then the picture from afar takes in states too.
    pub fn take(&mut self, run: &Run, changes: &Changes) {
        if changes.is_empty() {
            return;
        }
        self.seen.resize(run.executions.len(), Seen::Nothing);
        self.now_ns = self.now_ns.max(run.now_ns).max(run.makespan_ns.unwrap_or(0));
        self.profiles.take(run, changes);
        let mut fresh = Fresh::default();
        fresh.take_marks(run.marks.get(self.marks_taken..).unwrap_or(&[]));
        self.marks_taken = run.marks.len();
        changes.executions_of(run).for_each(|execution| self.follow(run, execution, &mut fresh));
        let ends = run.end.is_some() && !self.ended;
        if ends {
            let open = std::mem::take(&mut self.open_ids);
            open.iter().for_each(|id| self.follow(run, &run.executions[id as usize], &mut fresh));
        }
        self.ended |= ends;
        self.store(fresh, !ends);
        if ends {
            self.count_all();
        }
        self.draw_open(run);
        if ends {
            self.left = left::marks(run, self.now_ns);
        }
    }

    /// Collects what has become final of an execution.
    fn follow(&mut self, run: &Run, execution: &Execution, fresh: &mut Fresh) {
        let (id, last) = (execution.id, execution.stamps.last());
        self.failed |= execution.failed();
        let seen = &mut self.seen[id as usize];
        if *seen == Seen::Nothing && has_begun(execution) {
            *seen = Seen::Open { started: false };
            self.open_ids.insert(id);
        }
        let Seen::Open { started } = seen else { return };
        fresh.latest_ns = fresh.latest_ns.max(last.map_or(0, |(_, ns)| ns));
        *started = *started || fresh.start(execution, run);
        if is_settled(execution, run) {
            *seen = Seen::Settled;
            self.open_ids.remove(id);
            fresh.settle(execution, run);
        }
    }

    /// Stores what is final; `count` says whether the picture from afar takes it in now.
    fn store(&mut self, fresh: Fresh, count: bool) {
        self.now_ns = self.now_ns.max(fresh.latest_ns);
        let mut bars = fresh.bars;
        bars.sort_by_key(|(lane, _)| *lane);
        self.make_lanes(bars.last().map_or(0, |(lane, _)| *lane as usize + 1), count);
        for bars in bars.chunk_by(|(a, _), (b, _)| a == b) {
            self.store_lane(bars[0].0, bars.iter().map(|(_, bar)| *bar).collect(), count);
        }
        self.store_ticks(&fresh.ticks);
        self.called |= fresh.marks.iter().any(|mark| mark.kind == MainKind::Call);
        self.main.add(fresh.marks);
    }

    fn store_ticks(&mut self, ticks: &[Mark]) {
        if !ticks.is_empty() {
            self.ticks.extend(ticks);
            self.ticks.sort_by_key(|mark| (mark.tick_ns(), mark.execution));
        }
    }

    fn store_lane(&mut self, lane: u32, bars: Vec<Bar>, count: bool) {
        let track = &mut self.lanes[lane as usize];
        let (from, before) = track.add(bars);
        if !count {
            return;
        }
        let now = || track.range(from..track.len());
        let same = before.iter().zip(now()).take_while(|(before, now)| **before == *now).count();
        before[same..].iter().for_each(|bar| self.coarse.remove(lane, bar, &BarStates::default()));
        now().skip(same).for_each(|bar| self.coarse.add(lane, &bar, &BarStates::default()));
    }

    /// Builds the picture from afar anew, with states: only now, after the end of the run, are they complete.
    fn count_all(&mut self) {
        self.coarse = Coarse::default();
        while let Some(level) = self.coarse.wants(self.lanes.len()) {
            self.coarse.adopt(level);
        }
        for (lane, track) in self.lanes.iter().enumerate() {
            track.iter().for_each(|bar| self.coarse.add(lane as u32, &bar, &bar_states(&self.profiles, &bar)));
        }
    }

    fn make_lanes(&mut self, lanes: usize, count: bool) {
        if lanes > self.lanes.len() {
            self.lanes.resize_with(lanes, Default::default);
        }
        while let Some(mut level) = self.coarse.wants(self.lanes.len()).filter(|_| count) {
            for (lane, track) in self.lanes.iter().enumerate() {
                track.iter().for_each(|bar| level.add(lane as u32, &bar, &BarStates::default(), 1.0));
            }
            self.coarse.adopt(level);
        }
    }

    /// Makes the bars and marks in flight anew.
    fn draw_open(&mut self, run: &Run) {
        let executions = || self.open_ids.iter().map(|id| &run.executions[id as usize]);
        let now = self.now_ns;
        let first = executions().find(|execution| execution.outcome.is_none()).map(|execution| execution.id);
        let marks = executions().filter_map(|execution| open_mark(execution, run, now));
        self.open_main = marks.chain(waits_mark(run, first, now)).collect();
        let mut open: Vec<(u32, Bar)> =
            executions().filter_map(|execution| Some((execution.lane?, Bar::new(execution, Some(now))?))).collect();
        open.sort_by_key(|(lane, bar)| (*lane, solid(bar)));
        self.make_lanes(open.last().map_or(0, |(lane, _)| *lane as usize + 1), true);
        self.open = open;
        self.part_open();
    }

    /// Cuts bars in flight so that none overlaps another of its lane.
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

/// The states of a bar that the picture from afar counts when the run has ended.
fn bar_states(profiles: &Profiles, bar: &Bar) -> BarStates {
    let in_target = bar.stretches().filter(|(phase, ..)| *phase == Phase::InTarget);
    profiles.shares(bar.execution(), in_target.map(|(_, from, to)| to - from).sum())
}

/// Bars and marks that the changes add.
#[derive(Default)]
struct Fresh {
    bars: Vec<(u32, Bar)>,
    marks: Vec<Mark>,
    ticks: Vec<Mark>,
    latest_ns: u64,
}

impl Fresh {
    /// Adds the launcher's marks other than starts and joins.
    fn take_marks(&mut self, marks: &[MainMark]) {
        for mark in marks {
            let mark = Mark::new(mark.kind, mark.from_ns, mark.to_ns, mark.execution);
            self.latest_ns = self.latest_ns.max(mark.to_ns);
            self.ticks.extend(mark.tick_ns().map(|_| mark));
            self.marks.extend(mark.is_stretch().then_some(mark));
        }
    }

    /// Adds the start call if it has returned; says whether it did.
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

/// Whether an execution has something to draw, or never will.
fn has_begun(execution: &Execution) -> bool {
    let launched = execution.lane.is_some() && execution.stamps.get(Stage::LaunchCalled).is_some();
    launched || execution.outcome.is_some()
}

/// Whether an execution can get no further stamp.
fn is_settled(execution: &Execution, run: &Run) -> bool {
    let Some(outcome) = &execution.outcome else { return run.end.is_some() };
    let never_joined = execution.lane.is_none() || outcome.kind == OutcomeKind::CouldNotStart;
    run.end.is_some() || never_joined || execution.stamps.get(Stage::Joined).is_some()
}

/// When an execution that was launched and never joined was seen to be gone: at the end of its runner.
fn gone_ns(execution: &Execution, run: &Run) -> Option<u64> {
    let started = execution.outcome.as_ref().is_none_or(|outcome| outcome.kind != OutcomeKind::CouldNotStart);
    let never_joined = execution.stamps.get(Stage::Joined).is_none();
    run.end.as_ref()?.ended_ns.filter(|_| started && never_joined)
}
