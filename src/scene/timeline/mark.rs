//! What the launcher did: stretches of its row, and ticks that are visible at any zoom.

use super::bar::Stretch;
use model::{
    Execution, MainKind, Phase, Run, Stage,
    phases::{Edges, STRETCHES},
};

/// A stretch of the launcher's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When it began, in nanoseconds since the run's origin.
    pub from_ns: u64,
    /// When it ended.
    pub to_ns: u64,
    /// The execution that it concerns.
    pub execution: u32,
    /// What the launcher did.
    pub kind: MainKind,
}

impl Mark {
    /// What the launcher did between two instants; an end before the beginning is moved to it.
    pub fn new(kind: MainKind, from_ns: u64, to_ns: u64, execution: u32) -> Self {
        Self { from_ns, to_ns: to_ns.max(from_ns), execution, kind }
    }

    /// Where its tick stands; absent for kinds without one. A join's timeout is at its end.
    pub fn tick_ns(&self) -> Option<u64> {
        match self.kind {
            MainKind::StartAgain | MainKind::Abandon => Some(self.from_ns),
            MainKind::JoinTimeout => Some(self.to_ns),
            MainKind::Start | MainKind::Join | MainKind::Call | MainKind::Lock => None,
        }
    }

    /// Whether it is a stretch of the row; else it is only a tick.
    pub fn is_stretch(&self) -> bool {
        !matches!(self.kind, MainKind::StartAgain | MainKind::Abandon)
    }
}

impl Stretch for Mark {
    /// The edges of the phase of the same colour.
    fn edges(&self) -> Edges<u64> {
        let phase = match self.kind {
            MainKind::Start | MainKind::StartAgain | MainKind::Abandon => Phase::Launching,
            MainKind::Call => Phase::InTarget,
            MainKind::Join | MainKind::Lock | MainKind::JoinTimeout => Phase::ToBeJoined,
        };
        let place = STRETCHES.iter().position(|stretch| *stretch == phase).unwrap_or(0);
        std::array::from_fn(|at| if at <= place { self.from_ns } else { self.to_ns })
    }

    fn failed(&self) -> bool {
        false
    }

    fn execution(&self) -> u32 {
        self.execution
    }

    fn kind(&self) -> u8 {
        self.kind as u8
    }

    fn cut(&mut self, at_ns: u64) {
        self.from_ns = self.from_ns.min(at_ns);
        self.to_ns = self.to_ns.min(at_ns);
    }

    fn follow(&mut self, _from_ns: u64) {}
}

/// The start call of an execution, once the call has returned; none where the launcher calls the function itself.
pub fn start_mark(execution: &Execution, run: &Run) -> Option<Mark> {
    let stamps = &execution.stamps;
    let (from, to) = (stamps.get(Stage::LaunchCalled)?, stamps.get(Stage::Launched)?);
    (!run.calls(execution)).then(|| Mark::new(MainKind::Start, from, to, execution.id))
}

/// The wait for an execution, or the call of it, once that is over.
pub fn end_mark(execution: &Execution, run: &Run) -> Option<Mark> {
    let stamps = &execution.stamps;
    let to = stamps.get(Stage::Joined)?;
    if run.calls(execution) {
        return Some(Mark::new(MainKind::Call, stamps.get(Stage::LaunchCalled)?, to, execution.id));
    }
    Some(Mark::new(run.wait_kind(), stamps.join_called()?, to, execution.id))
}

/// The join in which the launcher is blocked now. A wait for whichever ends first counts for the first execution in
/// flight.
pub fn waits_mark(run: &Run, first_in_flight: Option<u32>, now_ns: u64) -> Option<Mark> {
    let waits = run.waits.filter(|_| run.end.is_none())?;
    Some(Mark::new(run.wait_kind(), waits.since_ns, now_ns, waits.execution.or(first_in_flight)?))
}

/// What the launcher does now for an execution in flight, other than joining it: a start call that has not returned, or
/// a call of the function that goes on.
pub fn open_mark(execution: &Execution, run: &Run, now_ns: u64) -> Option<Mark> {
    let stamps = &execution.stamps;
    if run.calls(execution) {
        let from = stamps.get(Stage::LaunchCalled).filter(|_| stamps.get(Stage::Joined).is_none())?;
        return execution.outcome.is_none().then(|| Mark::new(MainKind::Call, from, now_ns, execution.id));
    }
    let from = stamps.get(Stage::LaunchCalled)?;
    let open = stamps.get(Stage::Launched).is_none() && execution.outcome.is_none();
    open.then(|| Mark::new(MainKind::Start, from, now_ns, execution.id))
}
