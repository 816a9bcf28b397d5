//! How finely the slices in a view are looked at.

use model::{
    Slice,
    slices::{Block, CoreSlices},
};

/// Up to this many slices in view, each is looked at.
pub const MAX_SLICES: usize = 40_000;
/// With more slices, at most this many of the blocks that are wider than a column are decoded.
const MAX_WIDE: usize = 2_000;
/// The most slices of a block.
const BLOCK: usize = 64;

/// Blocks longer than this are decoded; the others are taken whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detail {
    longest_ns: u64,
}

/// A piece to draw.
pub enum CorePiece<'a> {
    /// One slice.
    Slice(Slice),
    /// Slices taken as one.
    Block(&'a Block),
}

impl Detail {
    /// How finely to look at the slices of `cores` between two instants, in columns `column_ns` wide.
    pub fn of(cores: &[CoreSlices], from_ns: u64, to_ns: u64, column_ns: f64) -> Self {
        let blocks = || cores.iter().flat_map(|core| core.blocks(from_ns, to_ns));
        if blocks().count() * BLOCK <= MAX_SLICES {
            return Self { longest_ns: 0 };
        }
        let column_ns = column_ns as u64;
        let mut wide: Vec<u64> = blocks().map(length).filter(|length| *length > column_ns).collect();
        if wide.len() <= MAX_WIDE {
            return Self { longest_ns: column_ns };
        }
        let place = wide.len() - MAX_WIDE;
        Self { longest_ns: *wide.select_nth_unstable(place).1 }
    }

    /// Whether every slice is looked at.
    pub fn is_full(self) -> bool {
        self.longest_ns == 0
    }

    /// Calls `each` with the pieces of a core, in order.
    pub fn pieces<'a>(
        self,
        core: &'a CoreSlices,
        number: u32,
        (from_ns, to_ns): (u64, u64),
        mut each: impl FnMut(CorePiece<'a>),
    ) {
        if self.is_full() {
            return core.iter(number, from_ns, to_ns).for_each(|slice| each(CorePiece::Slice(slice)));
        }
        for block in core.blocks(from_ns, to_ns) {
            if length(block) > self.longest_ns {
                let (from, to) = (block.from_ns.max(from_ns), block.to_ns.min(to_ns));
                core.iter(number, from, to).for_each(|slice| each(CorePiece::Slice(slice)));
            } else {
                each(CorePiece::Block(block));
            }
        }
    }
}

fn length(block: &Block) -> u64 {
    block.to_ns - block.from_ns
}
