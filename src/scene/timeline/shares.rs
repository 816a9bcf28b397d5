//! The contents of an area in which single bars can't be told apart: the share of each phase and of each state.

use crate::palette::{self, Rgb};
use model::{Phase, State};

const PHASES: usize = Phase::ALL.len();
const STATES: usize = State::ALL.len();
/// The number of kinds of time that are added up: the phases, and the states in the target.
pub const KINDS: usize = PHASES + STATES;

/// The exact share of an area, 0 to 1, of each kind of time; the rest is free.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// By phase; *in the target* without the shares in `states` and `unseen`.
    pub phases: [f32; PHASES],
    /// By state in the target, see [`State::index`].
    pub states: [f32; STATES],
    /// In the target of a run that was looked at, while the state is unknown.
    pub unseen: f32,
}

/// A kind of time as it is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeKind {
    /// A phase.
    Phase(Phase),
    /// A state of an execution in its target.
    State(State),
    /// In the target, while nobody looked.
    Unseen,
}

impl TimeKind {
    /// Its colour and the strength of it, 0 to 1.
    pub fn look(self) -> (Rgb, f32) {
        match self {
            // Waiting is pale.
            Self::Phase(phase @ (Phase::Waiting | Phase::Queued)) => (palette::phase(phase), 0.38),
            Self::Phase(phase) => (palette::phase(phase), 1.0),
            Self::State(state) => (palette::state(state), 1.0),
            Self::Unseen => palette::UNSEEN,
        }
    }
}

impl Shares {
    /// From the shares of all kinds, in their order. Where the run was looked at, time in the target without a state is
    /// unseen.
    pub fn of(kinds: [f32; KINDS], looked: bool) -> Self {
        let mut phases: [f32; PHASES] = std::array::from_fn(|phase| kinds[phase]);
        let states = std::array::from_fn(|state| kinds[PHASES + state]);
        let in_target = &mut phases[Phase::InTarget as usize];
        let unseen = if looked { std::mem::take(in_target) } else { 0.0 };
        Self { phases, states, unseen }
    }

    /// Every part whose share is above 0, with its share.
    pub fn parts(&self) -> impl Iterator<Item = (TimeKind, f32)> {
        let phases = Phase::ALL.into_iter().map(TimeKind::Phase).zip(self.phases);
        let states = State::ALL.into_iter().map(TimeKind::State).zip(self.states);
        phases.chain(states).chain([(TimeKind::Unseen, self.unseen)]).filter(|(_, share)| *share > 0.0)
    }

    /// The share of time in the target.
    pub fn in_target(&self) -> f32 {
        self.phases[Phase::InTarget as usize] + self.states.iter().sum::<f32>() + self.unseen
    }

    /// One colour for the whole, and its strength, 0 to 1: the mean weighted by shares, as an eye sees parts too small
    /// to be told apart. `strength` says how much of its colour a part shows.
    pub fn mix(&self, strength: impl Fn(TimeKind) -> f32) -> (Rgb, f32) {
        let (mut sums, mut all) = ([0.0_f32; 3], 0.0);
        for (part, share) in self.parts() {
            let (colour, strong) = part.look();
            let weight = share * strong * strength(part);
            sums.iter_mut().zip(colour).for_each(|(sum, channel)| *sum += weight * f32::from(channel));
            all += weight;
        }
        let colour = sums.map(|sum| (sum / all.max(f32::MIN_POSITIVE) + 0.5) as u8);
        (colour, all.min(1.0))
    }
}

/// A part of the area with any share is drawn at least this strong.
pub const LEAST: f32 = 0.14;

#[cfg(test)]
mod tests {
    use super::*;

    fn half(part: usize) -> Shares {
        let mut kinds = [0.0; KINDS];
        kinds[part] = 0.5;
        Shares::of(kinds, false)
    }

    #[test]
    fn one_part_keeps_its_colour_and_its_share_is_the_strength() {
        let (colour, strength) = half(PHASES + State::Ready.index()).mix(|_| 1.0);
        assert_eq!((colour, strength), (palette::state(State::Ready), 0.5));
        let (colour, strength) = half(Phase::Waiting as usize).mix(|_| 1.0);
        assert_eq!((colour, strength), (palette::phase(Phase::Waiting), 0.19));
    }

    #[test]
    fn in_a_run_that_was_looked_at_what_has_no_state_is_unseen() {
        let mut kinds = [0.0; KINDS];
        kinds[Phase::InTarget as usize] = 0.25;
        kinds[PHASES] = 0.5;
        let shares = Shares::of(kinds, true);
        assert_eq!((shares.unseen, shares.phases[Phase::InTarget as usize], shares.in_target()), (0.25, 0.0, 0.75));
        assert_ne!(shares.mix(|_| 1.0).0, palette::state(State::OnCpu), "no solid on CPU for what nobody saw");
    }
}
