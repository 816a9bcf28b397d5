//! One mark for each meaning, in the window and in every export. A mark is a colour and a pattern.
//!
//! The colours are Okabe and Ito's, which people with any common colour blindness can tell apart (Okabe M., Ito K.:
//! *Color Universal Design*, 2008), and a few more. A picture has more meanings than there are colours that differ in
//! greyscale; so meanings of like lightness differ in their patterns. The tests check every pair.

#[cfg(test)]
mod tests;

use model::{BlockedOn, LaunchMode, MainKind, Phase, State};

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// Okabe–Ito orange.
pub const ORANGE: Rgb = [0xE6, 0x9F, 0x00];
/// Okabe–Ito sky blue.
pub const SKY_BLUE: Rgb = [0x56, 0xB4, 0xE9];
/// Okabe–Ito bluish green.
pub const GREEN: Rgb = [0x00, 0x9E, 0x73];
/// Okabe–Ito yellow.
pub const YELLOW: Rgb = [0xF0, 0xE4, 0x42];
/// Okabe–Ito blue.
pub const BLUE: Rgb = [0x00, 0x72, 0xB2];
/// Okabe–Ito vermillion.
pub const VERMILLION: Rgb = [0xD5, 0x5E, 0x00];
/// Okabe–Ito reddish purple.
pub const PURPLE: Rgb = [0xCC, 0x79, 0xA7];
/// Neutral; not one of Okabe and Ito's; visible on white and on black.
pub const DARK_GREY: Rgb = [0x6A, 0x6A, 0x6A];
/// Neutral; not one of Okabe and Ito's.
pub const GREY: Rgb = [0x99, 0x99, 0x99];

/// Waiting in a pool's queue: pale like waiting for a lane, but bluish.
pub const BLUE_GREY: Rgb = [0x80, 0x80, 0xB8];
/// Arguments on their way to a worker.
pub const BROWN: Rgb = [0x6B, 0x3A, 0x16];
/// A result on its way back to the launcher.
pub const TAN: Rgb = [0xC9, 0x9B, 0x6D];
/// Waiting for its own threads and processes: paler than *on a CPU*, because others do the work.
pub const PALE_GREEN: Rgb = [0xA6, 0xD9, 0xA0];
/// Paul Tol's wine: dark.
pub const WINE: Rgb = [0x88, 0x22, 0x55];
/// Pale; not one of Okabe and Ito's.
pub const PALE_BLUE: Rgb = [0xBD, 0xD2, 0xE8];
/// The grey halfway between black and white.
pub const MIDDLE_GREY: Rgb = [0x8A, 0x8A, 0x8A];

/// In the target of a run that was looked at, while nobody saw what it did there: a neutral colour, and its strength, 0
/// to 1.
pub const UNSEEN: (Rgb, f32) = (MIDDLE_GREY, 0.5);

/// The second mark of a meaning, drawn on its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// No pattern.
    Solid,
    /// Lines from left to right.
    Lines,
    /// Lines from top to bottom.
    Bars,
    /// Lines both ways.
    Grid,
    /// No lines, and a thin line in place of a bar.
    Thin,
    /// A thin line of dashes in place of a bar.
    Dashes,
    /// A line along the foot of the bar with a cap at its end; in exports a cross beside it.
    Foot,
}

impl Pattern {
    /// The distance from line to line, in points.
    pub const STEP: f32 = 4.0;
    /// The width of a line, in points.
    pub const WIDTH: f32 = 1.0;
    /// The opacity of a line, 0 to 1.
    pub const STRENGTH: f32 = 0.5;

    /// Whether a thin line stands in place of a bar.
    pub fn is_thin(self) -> bool {
        matches!(self, Self::Thin | Self::Dashes)
    }

    /// Whether the pattern has lines from left to right, and from top to bottom.
    pub fn lines(self) -> (bool, bool) {
        match self {
            Self::Lines => (true, false),
            Self::Bars | Self::Dashes => (false, true),
            Self::Grid => (true, true),
            Self::Solid | Self::Thin | Self::Foot => (false, false),
        }
    }
}

/// The colour of a pattern's lines: black on a light colour, white on a dark one.
pub fn ink(colour: Rgb) -> Rgb {
    let [r, g, b] = colour.map(f32::from);
    if 0.299 * r + 0.587 * g + 0.114 * b > 110.0 { [0; 3] } else { [0xff; 3] }
}

/// The launcher on the row of a core.
pub const LAUNCHER: Rgb = DARK_GREY;
/// Other threads below the runner, on the row of a core.
pub const OTHER: Rgb = [0xB4, 0xB4, 0xB4];

/// An execution that did not succeed.
pub const FAILED: Rgb = VERMILLION;

/// The colour of a phase.
pub fn phase(phase: Phase) -> Rgb {
    match phase {
        Phase::Waiting => GREY,
        Phase::Launching => ORANGE,
        Phase::Queued => BLUE_GREY,
        Phase::Sending => BROWN,
        Phase::InTarget => GREEN,
        Phase::Exiting => DARK_GREY,
        Phase::Returning => TAN,
        Phase::ToBeJoined => PALE_BLUE,
    }
}

/// The pattern of a phase.
pub fn phase_pattern(phase: Phase) -> Pattern {
    match phase {
        Phase::Waiting => Pattern::Thin,
        Phase::Queued => Pattern::Dashes,
        Phase::Launching | Phase::InTarget => Pattern::Solid,
        Phase::Sending | Phase::Exiting => Pattern::Lines,
        Phase::Returning => Pattern::Grid,
        Phase::ToBeJoined => Pattern::Bars,
    }
}

/// The colour of a state; *on a CPU* has that of *in the target*.
pub fn state(state: State) -> Rgb {
    match state {
        State::OnCpu => phase(Phase::InTarget),
        State::Ready => YELLOW,
        // Not vermillion, which means *not a success*.
        State::Blocked(BlockedOn::Gil) => WINE,
        State::Blocked(BlockedOn::Lock) => PURPLE,
        State::Blocked(BlockedOn::Sleep) => SKY_BLUE,
        State::Blocked(BlockedOn::Io) => BLUE,
        State::Blocked(BlockedOn::Other) => MIDDLE_GREY,
        State::Blocked(BlockedOn::Own) => PALE_GREEN,
    }
}

/// The pattern of a state.
pub fn state_pattern(state: State) -> Pattern {
    match state {
        State::OnCpu | State::Ready | State::Blocked(BlockedOn::Gil | BlockedOn::Io) => Pattern::Solid,
        State::Blocked(BlockedOn::Lock | BlockedOn::Own) => Pattern::Lines,
        State::Blocked(BlockedOn::Sleep | BlockedOn::Other) => Pattern::Bars,
    }
}

/// The colour of what the launcher does: a start call as *launching*, a join as *waiting to be joined*.
pub fn main_kind(kind: MainKind) -> Rgb {
    match main_phase(kind) {
        Some(shown) => phase(shown),
        None => FAILED,
    }
}

/// The pattern of the phase or state that has this colour. Only *in the target* and *on a CPU* share one, and a pattern
/// too.
pub fn pattern(colour: Rgb) -> Pattern {
    let phases = Phase::ALL.into_iter().map(|each| (phase(each), phase_pattern(each)));
    let states = State::ALL.into_iter().map(|each| (state(each), state_pattern(each)));
    phases.chain(states).find(|(each, _)| *each == colour).map_or(Pattern::Solid, |(_, pattern)| pattern)
}

fn main_phase(kind: MainKind) -> Option<Phase> {
    match kind {
        MainKind::Start => Some(Phase::Launching),
        MainKind::Call => Some(Phase::InTarget),
        MainKind::Join | MainKind::Lock | MainKind::JoinTimeout => Some(Phase::ToBeJoined),
        MainKind::StartAgain | MainKind::Abandon => None,
    }
}

/// The colours of lanes on the row *GIL* and on the rows of cores, in a cycle: Paul Tol's *light* scheme, made to be
/// told apart by people with any common colour blindness, and paler than any state (Tol P.: *Colour schemes*, 2021).
pub const LANES: [Rgb; 8] = [
    [0x77, 0xAA, 0xDD],
    [0xEE, 0x88, 0x66],
    [0xBB, 0xCC, 0x33],
    [0xFF, 0xAA, 0xBB],
    [0x44, 0xBB, 0x99],
    [0xEE, 0xDD, 0x88],
    [0x99, 0xDD, 0xFF],
    [0xAA, 0xAA, 0x00],
];

/// The colour of a lane on the row *GIL* and on the rows of cores.
pub fn lane(lane: u32) -> Rgb {
    LANES[lane as usize % LANES.len()]
}

/// The accent of a mode: headings, curves, buttons.
pub fn accent(mode: LaunchMode) -> Rgb {
    match mode {
        LaunchMode::Sequential => GREY,
        LaunchMode::Threads | LaunchMode::ThreadPool | LaunchMode::Interpreters => BLUE,
        LaunchMode::Processes | LaunchMode::ProcessPool => PURPLE,
        LaunchMode::Asyncio => GREEN,
    }
}
