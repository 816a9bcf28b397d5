//! The phases of an execution: what lies between its stamps, and when its arguments and its result were sent.

use super::{Execution, Phase, Sending, Stage};

/// The stretches of an execution, in order; each lies between two of [`Execution::edges`]. A phase may have two: a
/// process is sent its arguments by the call that starts it, and again when it runs and unpickles them.
pub const STRETCHES: [Phase; 10] = [
    Phase::Waiting,
    Phase::Launching,
    Phase::Sending,
    Phase::Launching,
    Phase::Queued,
    Phase::Sending,
    Phase::InTarget,
    Phase::Exiting,
    Phase::Returning,
    Phase::ToBeJoined,
];

/// The place of *waiting in the pool's queue* among [`STRETCHES`].
pub const QUEUED: usize = 4;
/// The place of *in the target* among [`STRETCHES`].
pub const IN_TARGET: usize = 6;

/// Instants between which the stretches of an execution lie, in nanoseconds since the run's origin.
pub type Edges<T> = [T; STRETCHES.len() + 1];

impl Execution {
    /// Where its stretches begin and end, as far as that is known; no edge lies before the one to its left. A stretch
    /// that it lacks has no length: an execution that was sent nothing is launching until it enters.
    pub fn edges(&self) -> Edges<Option<u64>> {
        let stamp = |stage| self.stamps.get(stage);
        let [launch, entered, exited] = [Stage::LaunchCalled, Stage::Entered, Stage::Exited].map(stamp);
        let start = self.start_edges(launch, entered);
        let returned = self.sending.as_ref().and_then(|sending| sending.result_unpickled).map(|span| span.to_ns);
        let mut edges = [None; STRETCHES.len() + 1];
        (edges[0], edges[1], edges[IN_TARGET]) = (stamp(Stage::Created), launch, entered);
        edges[2..IN_TARGET].copy_from_slice(&start);
        (edges[7], edges[8], edges[9]) = (stamp(Stage::Left), exited, returned.or(exited));
        edges[10] = stamp(Stage::Joined);
        // A pool's result may be taken before its worker says that it is done: what comes after the join is cut off.
        let last = edges[10].unwrap_or(u64::MAX);
        let mut before = 0;
        for edge in edges.iter_mut().flatten() {
            *edge = (*edge).min(last).max(before);
            before = *edge;
        }
        edges
    }

    /// From the launch call to *entered*: where pickling in that call begins and ends, where launching ends, and where
    /// sending begins.
    fn start_edges(&self, launch: Option<u64>, entered: Option<u64>) -> [Option<u64>; 4] {
        let sending = self.sending.as_deref().copied().unwrap_or_default();
        let pickled = sending.pickled.filter(|_| !self.queued);
        let sent = if entered.is_some() { sending.sent_from_ns().or(entered) } else { None };
        let began = match self.queued {
            true => self.queued_from(&sending, sent),
            false => sent,
        };
        let [from, to] = [pickled.map(|span| span.from_ns), pickled.map(|span| span.to_ns)];
        [from.or(launch), to.or(launch), began, sent]
    }

    /// The instant from which a call waits in a pool's queue: it was submitted, and the worker that ran it had started.
    fn queued_from(&self, sending: &Sending, sent: Option<u64>) -> Option<u64> {
        let submitted = self.stamps.get(Stage::Launched).or(sent)?;
        let started = submitted.max(sending.worker_ready_ns.unwrap_or(0));
        Some(sent.map_or(started, |sent| started.min(sent)))
    }

    /// Start and end of a phase, from its first stretch to its last, where both are known.
    pub fn phase(&self, phase: Phase) -> Option<(u64, u64)> {
        let edges = self.edges();
        let places = || (0..STRETCHES.len()).filter(|at| STRETCHES[*at] == phase);
        let mut long = places().filter(|at| edges[*at] < edges[*at + 1]);
        let first = long.clone().next().or_else(|| places().next_back())?;
        let last = long.next_back().unwrap_or(first);
        Some((edges[first]?, edges[last + 1]?))
    }

    /// Each stretch of a phase that has a length: start and end, where both are known.
    pub fn stretches_of(&self, phase: Phase) -> impl Iterator<Item = (u64, u64)> {
        let edges = self.edges();
        let places = (0..STRETCHES.len()).filter(move |at| STRETCHES[*at] == phase);
        places.filter_map(move |at| Some((edges[at]?, edges[at + 1]?))).filter(|(from, to)| from < to)
    }

    /// How long it was in a phase, where that is known.
    pub fn phase_ns(&self, phase: Phase) -> Option<u64> {
        let edges = self.edges();
        let places = (0..STRETCHES.len()).filter(|at| STRETCHES[*at] == phase);
        places.map(|at| Some(edges[at + 1]? - edges[at]?)).sum()
    }

    /// The phases that it can have, in order: one that is sent nothing has no sending.
    pub fn phases(&self) -> impl Iterator<Item = Phase> + '_ {
        Phase::ALL.into_iter().filter(|phase| match phase {
            Phase::Queued => self.queued,
            Phase::Sending => self.sending.is_some(),
            Phase::Returning => self.sending.as_ref().is_some_and(|sending| sending.result_pickled.is_some()),
            _ => true,
        })
    }

    /// What starting it took, from the launch call to the first instruction of the target, less what it waited in a pool's
    /// queue and what its arguments took to be sent.
    pub fn start_latency_ns(&self) -> Option<u64> {
        self.phase_ns(Phase::Launching)
    }

    /// From the end of the thread or process to the return of join; in a pool, from the arrival of the result.
    pub fn exit_to_join_ns(&self) -> Option<u64> {
        self.phase_ns(Phase::ToBeJoined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sending::Span;

    fn execution(stamps: [u64; 7]) -> Execution {
        let mut execution = Execution::new(0, "t".into(), 0, 0);
        Stage::ALL.into_iter().zip(stamps).for_each(|(stage, ns)| execution.stamps.set(stage, ns));
        execution
    }

    fn span(from_ns: u64, to_ns: u64) -> Option<Span> {
        Some(Span { from_ns, to_ns })
    }

    fn lengths(execution: &Execution) -> Vec<(Phase, u64)> {
        let known = Phase::ALL.into_iter().filter_map(|phase| Some((phase, execution.phase_ns(phase)?)));
        known.filter(|(_, ns)| *ns > 0).collect()
    }

    #[test]
    fn what_is_sent_nothing_is_launched_until_it_enters() {
        let thread = execution([0, 10, 12, 15, 90, 91, 99]);
        let expected = [
            (Phase::Waiting, 10),
            (Phase::Launching, 5),
            (Phase::InTarget, 75),
            (Phase::Exiting, 1),
            (Phase::ToBeJoined, 8),
        ];
        assert_eq!(lengths(&thread), expected);
    }

    #[test]
    fn a_call_in_a_pool_waits_in_its_queue_and_is_sent() {
        let mut call = execution([0, 10, 12, 500, 600, 601, 900]);
        call.queued = true;
        assert_eq!(call.phase(Phase::Queued), Some((12, 500)), "in a pool of threads");
        call.sending = Some(Box::new(Sending {
            pickled: span(20, 30),
            worker_ready_ns: Some(40),
            worker_free_ns: Some(450),
            unpickled: span(480, 490),
            result_pickled: span(610, 640),
            result_unpickled: span(700, 720),
            ..Sending::default()
        }));
        let expected = [
            (Phase::Waiting, 10),
            // Until the worker that ran it had started.
            (Phase::Launching, 30),
            (Phase::Queued, 410),
            (Phase::Sending, 50),
            (Phase::InTarget, 100),
            (Phase::Exiting, 1),
            (Phase::Returning, 119),
            (Phase::ToBeJoined, 180),
        ];
        assert_eq!(lengths(&call), expected);
        assert_eq!(expected.iter().map(|(_, ns)| ns).sum::<u64>(), 900, "without a gap");
    }

    #[test]
    fn the_call_that_starts_a_process_pickles_and_the_process_unpickles() {
        let mut process = execution([0, 10, 60, 500, 600, 700, 800]);
        process.sending =
            Some(Box::new(Sending { pickled: span(20, 50), unpickled: span(480, 495), ..Sending::default() }));
        assert_eq!(process.phase_ns(Phase::Sending), Some(30 + 20));
        assert_eq!(process.phase_ns(Phase::Launching), Some(10 + 430));
        assert_eq!(process.phase(Phase::Launching), Some((10, 480)));
    }
}
