//! What one execution spends in each step.

use model::{BlockedOn, BlockedTotals, Execution, Phase, Stage, States, waterfall::Step};

/// An execution cut into steps that leave no gap.
pub(super) struct Cuts {
    span_ns: u64,
    /// By phase; absent where the execution has no such phase.
    phase_ns: [Option<u64>; Phase::ALL.len()],
    states: Option<States>,
}

impl Cuts {
    /// The cuts of an execution; absent where it lacks a stamp.
    pub fn of(execution: &Execution) -> Option<Self> {
        let needed = [Stage::LaunchCalled, Stage::Entered, Stage::Left, Stage::Exited, Stage::Joined];
        if needed.into_iter().any(|stage| execution.stamps.get(stage).is_none()) {
            return None;
        }
        let edges = execution.edges();
        let mut phase_ns = [None; Phase::ALL.len()];
        for phase in execution.phases() {
            phase_ns[phase as usize] = execution.phase_ns(phase);
        }
        let in_target = phase_ns[Phase::InTarget as usize]?;
        let states = execution.states.as_deref().copied();
        let adds_up = |states: &States| states.on_cpu_ns + states.runnable_ns + states.blocked_ns == in_target;
        Some(Self { span_ns: edges[edges.len() - 1]? - edges[1]?, phase_ns, states: states.filter(adds_up) })
    }

    /// From the launch call to the return of join.
    pub fn span_ns(&self) -> u64 {
        self.span_ns
    }

    /// On what it was blocked, where that was sampled.
    pub fn blocked_on(&self) -> Option<BlockedTotals> {
        self.states.and_then(|states| states.blocked_on)
    }

    /// The time blocked on each of [`BlockedOn::ALL`]; all of it counts as other where that was not sampled.
    pub fn blocked_by_kind(&self) -> [u64; BlockedOn::COUNT] {
        let unseen = BlockedTotals { other_ns: self.step_ns(Step::Blocked).unwrap_or(0), ..Default::default() };
        BlockedOn::ALL.map(|kind| self.blocked_on().unwrap_or(unseen).get(kind))
    }

    /// How long it was in a step; absent where that is unknown. The known steps add up to the span.
    pub fn step_ns(&self, step: Step) -> Option<u64> {
        match step {
            Step::OnCpu => self.states.map(|states| states.on_cpu_ns),
            Step::Ready => self.states.map(|states| states.runnable_ns),
            Step::Blocked => self.states.map(|states| states.blocked_ns),
            Step::InTarget if self.states.is_some() => None,
            step => self.phase_ns[step.phase() as usize],
        }
    }
}
