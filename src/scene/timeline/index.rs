//! The index of a run's timeline, which grows with the run.

use super::bar::{Bar, Stretch, solid};
use super::coarse::Coarse;
use super::left::LeftMark;
use super::mark::Mark;
use super::profiles::Profiles;
use super::take::Seen;
use super::track::Track;
use model::{Changes, Execution, Ids, MainKind, Run};

/// The timeline of one run, ready to be laid out. What is final is stored once; bars and marks in flight are kept apart
/// and drawn up to the latest known instant.
#[derive(Clone, Debug, Default)]
pub struct Index {
    pub(super) lanes: Vec<Track<Bar>>,
    pub(super) main: Track<Mark>,
    /// Bars in flight with their lanes, in order of lanes.
    pub(super) open: Vec<(u32, Bar)>,
    /// The launcher's marks that go on now.
    pub(super) open_main: Vec<Mark>,
    /// The launcher's marks that must be visible at any zoom, in order of [`Mark::tick_ns`].
    pub(super) ticks: Vec<Mark>,
    /// Marks of processes that were left running.
    pub(super) left: Vec<LeftMark>,
    pub(super) coarse: Coarse,
    pub(super) profiles: Profiles,
    /// Whether the launcher has called functions itself.
    pub(super) called: bool,
    /// Whether an execution did not succeed.
    pub(super) failed: bool,
    /// How much of each execution is taken in.
    pub(super) seen: Vec<Seen>,
    /// Executions in flight.
    pub(super) open_ids: Ids,
    /// How many of the run's marks are taken in.
    pub(super) marks_taken: usize,
    pub(super) ended: bool,
    pub(super) now_ns: u64,
}

/// Where an execution is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarPlace {
    /// Its row: 1 + its lane.
    pub row: u32,
    /// The beginning of the part that must be visible (see [`solid`]), in nanoseconds since the run's origin.
    pub from_ns: u64,
    /// Where its bar ends.
    pub to_ns: u64,
}

impl Index {
    /// The index of a run as it is.
    pub fn of(run: &Run) -> Self {
        let mut index = Self::default();
        index.take(run, &Changes::all(run));
        index
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

    /// The latest known instant, in nanoseconds since the run's origin.
    pub fn extent_ns(&self) -> u64 {
        self.now_ns
    }

    /// Where an execution is drawn; absent where it has not started.
    pub fn place(&self, execution: &Execution) -> Option<BarPlace> {
        let lane = execution.lane?;
        let launch = solid(&Bar::new(execution, None)?);
        let stored = self.lanes.get(lane as usize).and_then(|track| track.find(launch, execution.id));
        let open = || self.open_in(lane).find(|bar| bar.execution() == execution.id).copied();
        let bar = stored.or_else(open)?;
        Some(BarPlace { row: 1 + lane, from_ns: solid(&bar), to_ns: bar.end() })
    }

    /// Bytes held, without bars and marks in flight.
    pub fn bytes(&self) -> usize {
        let lanes: usize = self.lanes.iter().map(Track::bytes).sum();
        let more = self.coarse.bytes() + self.profiles.bytes() + self.ticks.capacity() * size_of::<Mark>();
        lanes + self.main.bytes() + more + self.seen.capacity() * size_of::<Seen>()
    }

    /// What executions did in their targets, as far as that is known.
    pub fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    /// Whether the launcher did something of this kind, which is shown as a tick.
    pub fn has_tick(&self, kind: MainKind) -> bool {
        self.ticks.iter().any(|mark| mark.kind == kind)
    }

    /// Whether the launcher calls functions itself; if so, its row shows what they do.
    pub(super) fn calls(&self) -> bool {
        self.called || self.open_main.iter().any(|mark| mark.kind == MainKind::Call)
    }

    /// Whether an execution did not succeed.
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// Whether processes were left running.
    pub fn has_left(&self) -> bool {
        !self.left.is_empty()
    }

    /// The bars in flight of a lane.
    pub(super) fn open_in(&self, lane: u32) -> impl Iterator<Item = &Bar> {
        let from = self.open.partition_point(|(at, _)| *at < lane);
        self.open[from..].iter().take_while(move |(at, _)| *at == lane).map(|(_, bar)| bar)
    }
}
