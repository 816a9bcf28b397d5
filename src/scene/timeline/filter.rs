//! What the legend has switched off. It is drawn faint, and keeps its place.

use model::{Phase, State};

/// The strength of a colour that is switched off.
pub const FAINT: f32 = 0.12;

/// An entry of the legend that can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    /// A phase. *In the target* and *on a CPU* have one colour and are one entry.
    Phase(Phase),
    /// A state of an execution in its target.
    State(State),
    /// In the target, while nobody looked.
    Unseen,
}

impl Shade {
    fn bit(self) -> u32 {
        let place = match self {
            Self::State(State::OnCpu) => Phase::InTarget as usize,
            Self::Phase(phase) => phase as usize,
            Self::State(state) => Phase::ALL.len() + state.index(),
            Self::Unseen => Phase::ALL.len() + State::ALL.len(),
        };
        1 << place
    }
}

/// The entries that are switched off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    off: u32,
}

impl Filter {
    /// Whether an entry is switched off.
    pub fn is_off(self, shade: Shade) -> bool {
        self.off & shade.bit() != 0
    }

    /// Whether any entry is switched off.
    pub fn any(self) -> bool {
        self.off != 0
    }

    /// Switches an entry off, or on again.
    pub fn toggle(&mut self, shade: Shade) {
        self.off ^= shade.bit();
    }

    /// The strength of an entry's colour, 0 to 1.
    pub fn strength(self, shade: Shade) -> f32 {
        if self.is_off(shade) { FAINT } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_switched_alone_and_on_a_cpu_is_in_the_target() {
        let shades =
            Phase::ALL.map(Shade::Phase).into_iter().chain(State::ALL.map(Shade::State)).chain([Shade::Unseen]);
        for shade in shades.clone() {
            let mut filter = Filter::default();
            filter.toggle(shade);
            let off = shades.clone().filter(|other| filter.is_off(*other)).count();
            let twice = matches!(shade, Shade::Phase(Phase::InTarget) | Shade::State(State::OnCpu));
            assert_eq!(off, if twice { 2 } else { 1 }, "{shade:?}");
            assert_eq!(filter.strength(shade), FAINT);
            filter.toggle(shade);
            assert!(!filter.any());
        }
    }
}
