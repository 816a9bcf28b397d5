//! The timeline turned round: a row for each core, which shows who ran there when.

mod detail;
mod fold;
mod hit;
mod own;
#[cfg(test)]
mod tests;
mod words;

pub use hit::{CoreMoment, core_moment, slice_at};
pub use own::{Migration, Own, Stretch, own};
pub use words::{after_text, moment_text, owner_text, source_text, when_text, why_none};

use super::view::{Columns, ViewRect};
use crate::palette::{self, LANES, Rgb};
use detail::{CorePiece, Detail};
use fold::Fold;
use model::{Owner, Run};

/// Rows thinner than this, in pixels, are drawn several together.
const MIN_ROW_PX: f64 = 2.0;

/// The owner in whose colour a slice is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// An execution of a lane, or a thread or a process that it has started.
    Lane {
        /// The lane.
        lane: u32,
        /// Whether it is a thread or process that the execution has started.
        helper: bool,
    },
    /// The launcher.
    Launcher,
    /// Other threads below the runner.
    Other,
}

/// The number of colours: of lanes and of their helpers, of the launcher and of others.
const COLOURS: usize = 2 * LANES.len() + 2;

impl Who {
    /// The colour of an owner's slices.
    pub fn of(run: &Run, owner: Owner) -> Self {
        let helper = matches!(owner, Owner::Helper(_));
        let lane = owner.execution().and_then(|id| run.executions.get(id as usize)?.lane);
        match (owner, lane) {
            (_, Some(lane)) => Self::Lane { lane, helper },
            (Owner::Launcher, None) => Self::Launcher,
            (_, None) => Self::Other,
        }
    }

    /// The colour; a helper has that of its execution.
    pub fn colour(self) -> Rgb {
        match self {
            Self::Lane { lane, .. } => palette::lane(lane),
            Self::Launcher => palette::LAUNCHER,
            Self::Other => palette::OTHER,
        }
    }

    /// The lane, unless it is a helper's.
    fn lane(self) -> Option<u32> {
        match self {
            Self::Lane { lane, helper: false } => Some(lane),
            _ => None,
        }
    }

    /// Whether it is drawn hatched.
    pub fn is_helper(self) -> bool {
        matches!(self, Self::Lane { helper: true, .. })
    }

    fn slot(self) -> usize {
        match self {
            Self::Lane { lane, helper } => 2 * (lane as usize % LANES.len()) + usize::from(helper),
            Self::Launcher => COLOURS - 2,
            Self::Other => COLOURS - 1,
        }
    }

    /// A representative of a slot, all of whose members look alike.
    fn of_slot(slot: usize) -> Self {
        match slot {
            slot if slot == COLOURS - 2 => Self::Launcher,
            slot if slot == COLOURS - 1 => Self::Other,
            slot => Self::Lane { lane: slot as u32 / 2, helper: slot % 2 == 1 },
        }
    }
}

/// A rectangle to draw: some cores high, from one pixel to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoreItem {
    /// The first core that it covers.
    pub row: u32,
    /// How many cores it covers.
    pub rows: u32,
    /// The left edge, in pixels from the view's left edge.
    pub from_px: f32,
    /// The right edge.
    pub to_px: f32,
    /// The exact share of its area in which a thread of the run was on the core, 0 to 1; 1 for a single slice.
    pub share: f32,
    /// Who had the largest part of that.
    pub who: Who,
    /// Whether it begins where another of its colour ends.
    pub edge: bool,
    /// For a single slice of an execution itself, its lane, to be written on it where there is room: there are more
    /// lanes than colours, and more colours than shades of grey.
    pub lane: Option<u32>,
}

/// Calls `draw` with the rectangles of a run's slices in a view, whose row n is core n.
///
/// A slice at least as wide as a column (a pixel, in most views) is a rectangle of its own; narrower slices are added
/// up in their column. Rows thinner than two pixels are added up as well, in strips of a power of two of them. Where
/// very many slices are in view, blocks of slices that are narrower than a column are added up whole, which is as
/// exact; of wider blocks only as many are decoded as a frame has time for. The work follows the pixels and the blocks
/// in view.
pub fn core_rows(run: &Run, view: &ViewRect, mut draw: impl FnMut(CoreItem)) {
    if !view.is_valid() || view.to_ns <= 0.0 {
        return;
    }
    let known = run.slices.cores();
    let (first, last) = (view.first_row.max(0.0) as usize, (view.last_row.ceil().max(0.0) as usize).min(known.len()));
    if first >= last {
        return;
    }
    let together = cores_together(view);
    let strips = first / together..last.div_ceil(together);
    let columns = Columns::of(view, strips.len() as f64);
    let (from_ns, to_ns) = (view.from_ns.max(0.0) as u64, view.to_ns.ceil() as u64);
    let detail = Detail::of(&known[first..last], from_ns, to_ns, columns.width_ns);
    let mut fold = Fold::new(columns, together > 1);
    for strip in strips {
        let cores = strip * together..((strip + 1) * together).min(known.len());
        for core in cores.clone() {
            detail.pieces(&known[core], core as u32, (from_ns, to_ns), |piece| match piece {
                CorePiece::Slice(slice) => fold.slice(&slice, Who::of(run, slice.owner)),
                CorePiece::Block(block) => fold.block(block, Who::of(run, block.most)),
            });
        }
        fold.draw((cores.start as u32, cores.len() as u32), &mut draw);
    }
}

/// How many cores share a strip: the smallest power of two that makes it thick enough.
fn cores_together(view: &ViewRect) -> usize {
    let least = (MIN_ROW_PX / view.row_px()).ceil().clamp(1.0, 65_536.0);
    (least as usize).next_power_of_two()
}
