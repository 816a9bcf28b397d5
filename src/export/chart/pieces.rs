//! The stretches of an execution's bar.

use crate::model::{Execution, OutcomeKind, Phase, Stage};

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

/// The phases of an execution from its launch on; one that was cut off ends at the next instant that is known, or at
/// `end_ns`, the run's end.
pub fn pieces(execution: &Execution, end_ns: u64) -> Vec<Piece> {
    let begun = [
        (Stage::LaunchCalled, Phase::Launching),
        (Stage::Entered, Phase::InTarget),
        (Stage::Left, Phase::Exiting),
        (Stage::Exited, Phase::ToBeJoined),
    ];
    let known = |stage| execution.stamps.get(stage);
    let begun: Vec<_> = begun.into_iter().filter_map(|(stage, phase)| Some((phase, known(stage)?))).collect();
    let last = known(Stage::Joined).or_else(|| cut_off(execution).then_some(end_ns));
    let ends = begun.iter().skip(1).map(|(_, ns)| Some(*ns)).chain([last]);
    let pieces = begun.iter().zip(ends).filter_map(|((phase, from_ns), to_ns)| {
        Some(Piece { phase: *phase, from_ns: *from_ns, to_ns: to_ns?.max(*from_ns) })
    });
    pieces.collect()
}

/// Whether it was in its target, or on the way there or back, when its stamps end.
fn cut_off(execution: &Execution) -> bool {
    let gone = execution.stamps.get(Stage::Exited).is_some();
    let kind = execution.outcome.as_ref().map(|outcome| outcome.kind);
    !gone && !matches!(kind, Some(OutcomeKind::Success | OutcomeKind::CouldNotStart))
}

/// Since when it waited in its lane: created, and the one before it joined.
pub fn waiting(execution: &Execution, lane_free_ns: u64) -> Option<Piece> {
    let from_ns = execution.stamps.get(Stage::Created)?.max(lane_free_ns);
    let to_ns = execution.stamps.get(Stage::LaunchCalled)?;
    (from_ns < to_ns).then_some(Piece { phase: Phase::Waiting, from_ns, to_ns })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Outcome;

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
        assert_eq!(waiting(&execution, 12).map(|piece| (piece.from_ns, piece.to_ns)), Some((12, 20)));
        assert_eq!(waiting(&execution, 20), None);
    }
}
