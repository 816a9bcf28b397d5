//! The slices of one core, in a few bytes each.

use super::{Owner, Slice};
use integer_encoding::VarInt;

/// Consecutive slices of one core, with their totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Start of its first slice.
    pub from_ns: u64,
    /// End of its last slice.
    pub to_ns: u64,
    /// Nanoseconds in its slices.
    pub busy_ns: u64,
    /// The owner with the most time in it.
    pub most: Owner,
    first_byte: usize,
    count: u32,
}

/// Slices in a block.
const BLOCK: u32 = 64;

/// The slices of one core, in order, none overlapping another: some six bytes each, in blocks that are found by time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CoreSlices {
    bytes: Vec<u8>,
    blocks: Vec<Block>,
    /// Time by owner in the last block, which still grows.
    shares: Vec<(Owner, u64)>,
    /// The greatest of these times.
    most_ns: u64,
    /// The last slice, and the byte at which it begins.
    last: Option<(Slice, usize)>,
    len: usize,
}

impl CoreSlices {
    /// Adds a slice. One that overlaps the last is cut, an empty one is left out, and one that begins where the last
    /// one of the same owner ended is merged with it.
    pub fn push(&mut self, slice: &Slice) {
        let from_ns = slice.from_ns.max(self.end_ns());
        if slice.to_ns <= from_ns {
            return;
        }
        let slice = Slice { from_ns, ..*slice };
        let before = self.last.filter(|(last, _)| last.owner == slice.owner && last.to_ns == from_ns);
        match before {
            Some((last, at)) => self.go_on(last, at, slice),
            None => self.begin(slice),
        }
    }

    fn begin(&mut self, slice: Slice) {
        if self.blocks.last().is_none_or(|block| block.count == BLOCK) {
            self.shares.clear();
            self.most_ns = 0;
            self.blocks.push(Block {
                from_ns: slice.from_ns,
                to_ns: slice.from_ns,
                busy_ns: 0,
                most: slice.owner,
                first_byte: self.bytes.len(),
                count: 0,
            });
        }
        if let Some(block) = self.blocks.last_mut() {
            block.count += 1;
        }
        self.len += 1;
        self.write(slice, self.bytes.len());
        self.count(slice.owner, slice.to_ns, slice.to_ns - slice.from_ns);
    }

    fn go_on(&mut self, last: Slice, at: usize, slice: Slice) {
        self.bytes.truncate(at);
        let block_end = self.last_end_before(last);
        if let Some(block) = self.blocks.last_mut() {
            block.to_ns = block_end;
        }
        self.write(Slice { from_ns: last.from_ns, ..slice }, at);
        self.count(slice.owner, slice.to_ns, slice.to_ns - slice.from_ns);
    }

    /// The end of the slice before the last one in the last block, from which the last one's gap is counted.
    fn last_end_before(&self, last: Slice) -> u64 {
        let Some(block) = self.blocks.last() else { return last.from_ns };
        let without = Block { count: block.count - 1, ..*block };
        self.decode(0, &without).last().map_or(block.from_ns, |before| before.to_ns)
    }

    fn write(&mut self, slice: Slice, at: usize) {
        let Some(block) = self.blocks.last() else { return };
        let code = slice.owner.code() * 2 + u64::from(slice.preempted);
        for number in [slice.from_ns - block.to_ns, slice.to_ns - slice.from_ns, code] {
            let mut buffer = [0; 10];
            let size = number.encode_var(&mut buffer);
            self.bytes.extend_from_slice(&buffer[..size]);
        }
        self.last = Some((slice, at));
    }

    fn count(&mut self, owner: Owner, to_ns: u64, ns: u64) {
        let share_ns = add_share(&mut self.shares, owner, ns);
        if let Some(block) = self.blocks.last_mut() {
            block.to_ns = to_ns;
            block.busy_ns += ns;
            if share_ns > self.most_ns {
                (block.most, self.most_ns) = (owner, share_ns);
            }
        }
    }

    /// How many slices there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// End of the last slice; 0 where there is none.
    pub fn end_ns(&self) -> u64 {
        self.blocks.last().map_or(0, |block| block.to_ns)
    }

    /// The blocks that overlap a stretch of time, for drawing where there are too many slices.
    pub fn blocks(&self, from_ns: u64, to_ns: u64) -> &[Block] {
        let first = self.blocks.partition_point(|block| block.to_ns <= from_ns);
        let count = self.blocks[first..].partition_point(|block| block.from_ns < to_ns);
        &self.blocks[first..first + count]
    }

    /// The slices that overlap a stretch of time, in order; each gets `core` as its core.
    pub fn iter(&self, core: u32, from_ns: u64, to_ns: u64) -> impl Iterator<Item = Slice> + '_ {
        let slices = self.blocks(from_ns, to_ns).iter().flat_map(move |block| self.decode(core, block));
        slices.skip_while(move |slice| slice.to_ns <= from_ns).take_while(move |slice| slice.from_ns < to_ns)
    }

    fn decode(&self, core: u32, block: &Block) -> impl Iterator<Item = Slice> + '_ {
        let (mut at, mut last_ns) = (block.first_byte, block.from_ns);
        let mut next = move || {
            let (number, size) = u64::decode_var(&self.bytes[at..])?;
            at += size;
            Some(number)
        };
        (0..block.count).map_while(move |_| {
            let from_ns = last_ns + next()?;
            let to_ns = from_ns + next()?;
            let code = next()?;
            last_ns = to_ns;
            Some(Slice { from_ns, to_ns, core, owner: Owner::of(code / 2), preempted: code % 2 == 1 })
        })
    }

    /// Bytes of memory that it holds.
    pub fn bytes(&self) -> usize {
        self.bytes.capacity() + self.blocks.capacity() * size_of::<Block>()
    }
}

/// Adds to an owner's time; gives the sum.
fn add_share(shares: &mut Vec<(Owner, u64)>, owner: Owner, ns: u64) -> u64 {
    match shares.iter_mut().find(|(known, _)| *known == owner) {
        Some((_, sum)) => {
            *sum += ns;
            *sum
        }
        None => {
            shares.push((owner, ns));
            ns
        }
    }
}

impl CoreSlices {
    /// Nanoseconds in slices between two instants; whole blocks are not decoded.
    pub fn busy_ns(&self, from_ns: u64, to_ns: u64) -> u64 {
        let within = |block: &Block| from_ns <= block.from_ns && block.to_ns <= to_ns;
        let cut = |slice: Slice| slice.to_ns.min(to_ns).saturating_sub(slice.from_ns.max(from_ns));
        let busy = |block: &Block| match within(block) {
            true => block.busy_ns,
            false => self.decode(0, block).map(cut).sum(),
        };
        self.blocks(from_ns, to_ns).iter().map(busy).sum()
    }
}
