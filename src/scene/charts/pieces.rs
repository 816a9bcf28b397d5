//! The stretches of an execution's bar.

use crate::timeline::{Bar, Stretch, solid};
use model::{Execution, OutcomeKind, Phase, Stage};

/// A stretch of a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Which phase.
    pub phase: Phase,
    /// Its start since the run's origin.
    pub from_ns: u64,
    /// Its end.
    pub to_ns: u64,
}

/// The phases of an execution from its launch on, of a call in a pool from when a worker took it; one that was cut off ends
/// at the next instant that is known, or at `end_ns`, the run's end.
pub fn pieces(execution: &Execution, end_ns: u64) -> Vec<Piece> {
    let Some(bar) = bar(execution, end_ns) else { return Vec::new() };
    all(&bar).filter(|piece| piece.from_ns >= solid(&bar) && piece.phase != Phase::Waiting).collect()
}

/// What comes before that in its lane, as far as the lane is free: the one before it has been joined.
pub fn before(execution: &Execution, lane_free_ns: u64) -> Vec<Piece> {
    let Some(bar) = bar(execution, 0) else { return Vec::new() };
    let early = all(&bar).filter(|piece| piece.to_ns <= solid(&bar));
    let free = early.map(|piece| Piece { from_ns: piece.from_ns.max(lane_free_ns), ..piece });
    free.filter(|piece| piece.from_ns < piece.to_ns).collect()
}

fn bar(execution: &Execution, end_ns: u64) -> Option<Bar> {
    Bar::new(execution, cut_off(execution).then_some(end_ns))
}

fn all(bar: &Bar) -> impl Iterator<Item = Piece> + '_ {
    let lasting = bar.stretches().filter(|(_, from_ns, to_ns)| from_ns < to_ns);
    lasting.map(|(phase, from_ns, to_ns)| Piece { phase, from_ns, to_ns })
}

/// Whether it was in its target, or on the way there or back, when its stamps end.
fn cut_off(execution: &Execution) -> bool {
    let gone = execution.stamps.get(Stage::Exited).is_some();
    let kind = execution.outcome.as_ref().map(|outcome| outcome.kind);
    !gone && !matches!(kind, Some(OutcomeKind::Success | OutcomeKind::CouldNotStart))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Outcome;

    fn execution(stamps: &[(Stage, u64)], kind: OutcomeKind) -> Execution {
        let mut execution = Execution::new(0, "t".into(), 0, 0);
        stamps.iter().for_each(|(stage, ns)| execution.stamps.set(*stage, *ns));
        execution.outcome = Some(Outcome::of(kind));
        execution
    }

    #[test]
    fn a_bar_has_no_gaps_whatever_is_missing() {
        let stamps = [(Stage::Created, 0), (Stage::LaunchCalled, 1), (Stage::Entered, 3), (Stage::Exited, 9)];
        let killed = execution(&[&stamps[..], &[(Stage::Joined, 10)]].concat(), OutcomeKind::Signalled);
        let found: Vec<_> = pieces(&killed, 99).into_iter().map(|p| (p.phase, p.from_ns, p.to_ns)).collect();
        assert_eq!(found, [(Phase::Launching, 1, 3), (Phase::InTarget, 3, 9), (Phase::ToBeJoined, 9, 10)]);
        let lost = execution(&stamps[..3], OutcomeKind::Lost);
        assert_eq!(pieces(&lost, 99).last().map(|piece| (piece.phase, piece.to_ns)), Some((Phase::InTarget, 99)));
    }

    #[test]
    fn waiting_begins_when_the_lane_is_free() {
        let execution = execution(&[(Stage::Created, 5), (Stage::LaunchCalled, 20)], OutcomeKind::Success);
        assert_eq!(before(&execution, 12), [Piece { phase: Phase::Waiting, from_ns: 12, to_ns: 20 }]);
        assert_eq!(before(&execution, 20), []);
    }

    #[test]
    fn a_call_in_a_pool_has_its_lane_when_a_worker_takes_it() {
        let stamps = [(Stage::Created, 0), (Stage::LaunchCalled, 1), (Stage::Launched, 2), (Stage::Entered, 50)];
        let ended = [(Stage::Left, 60), (Stage::Exited, 60), (Stage::Joined, 70)];
        let mut call = execution(&[&stamps[..], &ended[..]].concat(), OutcomeKind::Success);
        call.queued = true;
        assert_eq!(pieces(&call, 99)[0], Piece { phase: Phase::InTarget, from_ns: 50, to_ns: 60 });
        assert_eq!(before(&call, 40), [Piece { phase: Phase::Queued, from_ns: 40, to_ns: 50 }]);
    }
}
