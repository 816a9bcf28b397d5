//! The instants between which the steps of one execution lie.

use crate::model::{BlockedOn, BlockedTotals, Execution, Stage, States, waterfall::Step};

/// An execution cut into steps that leave no gap.
pub(super) struct Cuts {
    /// Launch called, entered, left, exited, joined: in order.
    at_ns: [u64; 5],
    states: Option<States>,
}

impl Cuts {
    /// The cuts of an execution; absent where it lacks a stamp.
    pub fn of(execution: &Execution) -> Option<Self> {
        let stamp = |stage| execution.stamps.get(stage);
        let joined = stamp(Stage::Joined)?;
        let mut at_ns =
            [stamp(Stage::LaunchCalled)?, stamp(Stage::Entered)?, stamp(Stage::Left)?, stamp(Stage::Exited)?, joined];
        // A pool's result may be taken before its worker has said that it is done: that rest belongs to nobody's wait.
        let mut before = 0;
        for ns in &mut at_ns {
            *ns = (*ns).clamp(before, joined.max(before));
            before = *ns;
        }
        let [_, entered, left, ..] = at_ns;
        let states = execution.states.as_deref().copied();
        let adds_up = |states: &States| states.on_cpu_ns + states.runnable_ns + states.blocked_ns == left - entered;
        Some(Self { at_ns, states: states.filter(adds_up) })
    }

    /// From the launch call to the return of join.
    pub fn span_ns(&self) -> u64 {
        self.at_ns[4] - self.at_ns[0]
    }

    /// On what it was blocked, where that was looked at.
    pub fn blocked_on(&self) -> Option<BlockedTotals> {
        self.states.and_then(|states| states.blocked_on)
    }

    /// The time blocked on each of [`BlockedOn::ALL`]; all of it is on something else where it was not looked at.
    pub fn blocked_by_kind(&self) -> [u64; 5] {
        let unseen = BlockedTotals { other_ns: self.step_ns(Step::Blocked).unwrap_or(0), ..Default::default() };
        BlockedOn::ALL.map(|kind| self.blocked_on().unwrap_or(unseen).get(kind))
    }

    /// How long it was in a step; absent where that is not known. Those that are known add up to the span.
    pub fn step_ns(&self, step: Step) -> Option<u64> {
        let between = |from: usize| self.at_ns[from + 1] - self.at_ns[from];
        match step {
            Step::Launching => Some(between(0)),
            Step::OnCpu => self.states.map(|states| states.on_cpu_ns),
            Step::Ready => self.states.map(|states| states.runnable_ns),
            Step::Blocked => self.states.map(|states| states.blocked_ns),
            Step::InTarget => self.states.is_none().then(|| between(1)),
            Step::Exiting => Some(between(2)),
            Step::ToBeJoined => Some(between(3)),
        }
    }
}
