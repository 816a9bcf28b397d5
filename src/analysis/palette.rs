//! One colour for each state, everywhere: in the window and in every export.
//!
//! The set is Okabe and Ito's, which people with any common colour blindness can tell apart
//! (Okabe M., Ito K.: *Color Universal Design*, 2008).

use crate::model::{BlockedOn, LaunchMode, MainKind, Phase, State};

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
/// Neutral, beside the Okabe–Ito set; seen on white and on black.
pub const DARK_GREY: Rgb = [0x6A, 0x6A, 0x6A];
/// Neutral, beside the Okabe–Ito set.
pub const GREY: Rgb = [0x99, 0x99, 0x99];

/// Waiting in a pool's queue: neutral, and paler than waiting for a slot.
pub const PALE_GREY: Rgb = [0xBD, 0xBD, 0xC9];
/// Arguments on their way.
pub const BROWN: Rgb = [0x7A, 0x45, 0x1F];
/// A result on its way back.
pub const TAN: Rgb = [0xC9, 0x9B, 0x6D];
/// Paler than *on a CPU*: others do the work. Beside the Okabe–Ito set.
pub const PALE_GREEN: Rgb = [0xA6, 0xD9, 0xA0];

/// The launcher, on the row of a core.
pub const LAUNCHER: Rgb = DARK_GREY;
/// What else runs in the runner's tree, on the row of a core.
pub const OTHER: Rgb = [0xB4, 0xB4, 0xB4];

/// An execution that did not succeed.
pub const FAILED: Rgb = VERMILLION;

/// The colour of a phase.
pub fn phase(phase: Phase) -> Rgb {
    match phase {
        Phase::Waiting => GREY,
        Phase::Launching => ORANGE,
        Phase::Queued => PALE_GREY,
        Phase::Sending => BROWN,
        Phase::InTarget => GREEN,
        // Yellow is *ready*, which the same bar may hold.
        Phase::Exiting => DARK_GREY,
        Phase::Returning => TAN,
        Phase::ToBeJoined => SKY_BLUE,
    }
}

/// The colour of what an execution does while it is in its target: on a CPU as *in the target*.
pub fn state(state: State) -> Rgb {
    match state {
        State::OnCpu => phase(Phase::InTarget),
        State::Ready => YELLOW,
        State::Blocked(BlockedOn::Gil) => VERMILLION,
        State::Blocked(BlockedOn::Lock) => PURPLE,
        State::Blocked(BlockedOn::Sleep) => SKY_BLUE,
        State::Blocked(BlockedOn::Io) => BLUE,
        State::Blocked(BlockedOn::Other) => GREY,
        State::Blocked(BlockedOn::Own) => PALE_GREEN,
    }
}

/// The colour of what the launcher does: its start calls as *launching*, its joins as *waiting to be joined*.
pub fn main_kind(kind: MainKind) -> Rgb {
    match kind {
        MainKind::Start => phase(Phase::Launching),
        MainKind::Call => phase(Phase::InTarget),
        MainKind::Join | MainKind::Lock | MainKind::JoinTimeout => phase(Phase::ToBeJoined),
        MainKind::StartAgain | MainKind::Abandon => FAILED,
    }
}

/// Lanes on the row *GIL* and on the rows of cores, in a cycle: Paul Tol's *light* scheme, made to be told apart by people with any common
/// colour blindness, and paler than any state (Tol P.: *Colour schemes*, 2021).
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
