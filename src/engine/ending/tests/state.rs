//! What the slots and the system say about a run, and the events that change it.

use super::kind::Kind;
use crate::ending::{Launcher, Sight};
use model::{Execution, Run, Stage};

/// The launcher's process; an execution's process is 100 plus its number.
pub const LAUNCHER: u32 = 50;

/// What may happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// A tick, after a short time.
    Short,
    Grace,
    Second,
    Long,
    Stop,
    Hello,
    OtherHello,
    Loaded,
    Fatal,
    /// The next execution is launched.
    Launch,
    /// The first execution that has not begun enters its target.
    Enter,
    /// The first execution in its target returns; its thread or process stays.
    Return,
    /// The process or thread of the first execution that has begun is gone.
    Die,
    /// The first execution that is gone or has returned is joined.
    Join,
    /// The launcher begins to wait for the first execution in flight.
    Wait,
    LauncherStops,
    LauncherEnds,
}

pub const ALL: [Move; 17] = [
    Move::Short,
    Move::Grace,
    Move::Second,
    Move::Long,
    Move::Stop,
    Move::Hello,
    Move::OtherHello,
    Move::Loaded,
    Move::Fatal,
    Move::Launch,
    Move::Enter,
    Move::Return,
    Move::Die,
    Move::Join,
    Move::Wait,
    Move::LauncherStops,
    Move::LauncherEnds,
];

impl Move {
    /// Whether the move concerns an execution.
    pub fn is_of_execution(self) -> bool {
        use Move::{Die, Enter, Join, Launch, Return, Wait};
        matches!(self, Launch | Enter | Return | Die | Join | Wait)
    }
}

/// What a slot and the system say about an execution.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    stages: [i64; 7],
    is_there: bool,
}

/// What the slots and the system say about a run.
#[derive(Clone, Debug)]
pub struct State {
    pub kind: Kind,
    executions: Vec<Execution>,
    seen: Vec<Seen>,
    launched: usize,
    waits: Option<(i64, Option<u32>)>,
    pub launcher: Launcher,
}

impl State {
    pub fn new(kind: Kind) -> Self {
        let executions = Run::new(0, &kind.plan(), kind.setting(), 0, false, String::new()).executions;
        let seen = vec![Seen::default(); executions.len()];
        Self { kind, executions, seen, launched: 0, waits: None, launcher: Launcher::GoesOn }
    }

    fn find(&self, is_it: impl Fn(&Seen) -> bool) -> Option<usize> {
        (0..self.launched).find(|id| self.seen[*id].stages[Stage::Joined as usize] == 0 && is_it(&self.seen[*id]))
    }

    fn has(seen: &Seen, stage: Stage) -> bool {
        seen.stages[stage as usize] != 0
    }

    /// The execution to which this move would happen.
    pub fn whose(&self, next: Move) -> Option<usize> {
        match next {
            Move::Launch => Some(self.launched).filter(|id| *id < self.executions.len()),
            Move::Enter => self.find(|seen| !Self::has(seen, Stage::Entered)),
            Move::Return => self.find(|seen| seen.is_there && !Self::has(seen, Stage::Left)),
            Move::Die => self.find(|seen| seen.is_there),
            Move::Join => self.find(|seen| Self::has(seen, Stage::Entered) && !seen.is_there),
            Move::Wait => self.find(|_| true),
            _ => None,
        }
    }

    /// Makes the move.
    pub fn advance(&mut self, next: Move, now_ns: i64) {
        let Some(id) = self.whose(next) else { return };
        let seen = &mut self.seen[id];
        let mut stamp = |stages: &[Stage]| stages.iter().for_each(|stage| seen.stages[*stage as usize] = now_ns);
        match next {
            Move::Launch => {
                stamp(&[Stage::Created, Stage::LaunchCalled, Stage::Launched]);
                self.launched += 1;
            }
            Move::Enter => {
                stamp(&[Stage::Entered]);
                seen.is_there = true;
            }
            Move::Return => stamp(&[Stage::Left, Stage::Exited]),
            Move::Die => seen.is_there = false,
            Move::Join => stamp(&[Stage::Joined]),
            Move::Wait => self.waits = Some((now_ns, Some(id as u32))),
            other => panic!("{other:?} is of no execution"),
        }
    }

    /// Whether an execution is in its target and does not leave it.
    pub fn is_anybody_held(&self) -> bool {
        let is_inside = |seen: &Seen| seen.is_there && Self::has(seen, Stage::Entered) && !Self::has(seen, Stage::Left);
        self.find(is_inside).is_some()
    }
}

impl Sight for State {
    fn count(&self) -> usize {
        self.executions.len()
    }

    fn launched(&self) -> i64 {
        self.launched as i64
    }

    fn in_flight(&self) -> impl Iterator<Item = &Execution> {
        let is_over = |id: u32| Self::has(&self.seen[id as usize], Stage::Joined);
        self.executions[..self.launched].iter().filter(move |execution| !is_over(execution.id))
    }

    fn stage(&self, id: u32, stage: Stage) -> i64 {
        self.seen[id as usize].stages[stage as usize]
    }

    fn process(&self, id: u32) -> Option<u32> {
        let own = if self.kind.is_apart(id) { 100 + id } else { LAUNCHER };
        Self::has(&self.seen[id as usize], Stage::Entered).then_some(own)
    }

    fn thread(&self, id: u32) -> Option<u32> {
        self.process(id).map(|_| 100 + id)
    }

    fn is_running(&self, process: u32, thread: Option<u32>) -> bool {
        let id = thread.unwrap_or(process).checked_sub(100);
        id.is_none_or(|id| self.seen[id as usize].is_there)
    }

    fn waits(&self) -> Option<(i64, Option<u32>)> {
        self.waits
    }

    fn launcher(&self, process: u32) -> Launcher {
        assert_eq!(process, LAUNCHER);
        self.launcher
    }
}
