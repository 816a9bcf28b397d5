//! Slices, kept compactly: which execution was on which core, and when.

mod core_slices;
mod entry;

pub use core_slices::{Block, CoreSlices};
pub use entry::SliceEntry;

use serde::{Deserialize, Serialize};

/// The most cores that there can be: Linux's own limit.
pub const MAX_CORES: u32 = 8192;

/// The source of a run's slices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlicesSource {
    /// The kernel's records of every switch: exact.
    SwitchRecords,
    /// Looks, from outside, at which core a thread was on: an estimate.
    Sampled,
}

impl SlicesSource {
    /// The word in documents and tables.
    pub fn word(self) -> &'static str {
        ["switch-records", "sampled"][self as usize]
    }
}

/// To whom a slice belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// An execution, in its own thread.
    Execution(u32),
    /// A member of an execution: a thread or process that it started.
    Helper(u32),
    /// The runner's first thread, which launches and joins.
    Launcher,
    /// Everything else in the runner's tree: a pool's idle worker, the guard, a thread that listens.
    Other,
}

impl Owner {
    /// The execution to which the slice belongs, itself or through a member.
    pub fn execution(self) -> Option<u32> {
        match self {
            Self::Execution(id) | Self::Helper(id) => Some(id),
            Self::Launcher | Self::Other => None,
        }
    }

    pub(super) fn code(self) -> u64 {
        match self {
            Self::Other => 0,
            Self::Launcher => 1,
            Self::Execution(id) => 2 + 2 * u64::from(id),
            Self::Helper(id) => 3 + 2 * u64::from(id),
        }
    }

    pub(super) fn of(code: u64) -> Self {
        match (code, code % 2) {
            (0, _) => Self::Other,
            (1, _) => Self::Launcher,
            (_, 0) => Self::Execution(((code - 2) / 2) as u32),
            _ => Self::Helper(((code - 3) / 2) as u32),
        }
    }
}

/// A stretch in which a thread was on a CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// When the thread was put on the CPU, in nanoseconds since the run's origin; 0 where that was before.
    pub from_ns: u64,
    /// When the thread left the CPU.
    pub to_ns: u64,
    /// The core, as the system numbers it, from 0.
    pub core: u32,
    /// To whom it belongs.
    pub owner: Owner,
    /// Whether the thread was taken off the CPU while it could go on: it was ready afterwards, otherwise blocked or
    /// over.
    pub preempted: bool,
}

/// The slices of a run, by core.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slices {
    cores: Vec<CoreSlices>,
}

impl Slices {
    /// Adds a slice; slices of one core must come in order.
    pub fn push(&mut self, slice: &Slice) {
        let core = slice.core as usize;
        if core >= self.cores.len() {
            self.cores.resize_with(core + 1, CoreSlices::default);
        }
        self.cores[core].push(slice);
    }

    /// The cores up to the last that ran anything.
    pub fn cores(&self) -> &[CoreSlices] {
        &self.cores
    }

    /// How many slices there are.
    pub fn len(&self) -> usize {
        self.cores.iter().map(CoreSlices::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cores.iter().all(CoreSlices::is_empty)
    }

    /// All slices that overlap a stretch of time, core by core.
    pub fn iter(&self, from_ns: u64, to_ns: u64) -> impl Iterator<Item = Slice> + '_ {
        self.cores.iter().enumerate().flat_map(move |(core, slices)| slices.iter(core as u32, from_ns, to_ns))
    }

    /// Nanoseconds in which each core ran the run's own threads, between two instants.
    pub fn busy_ns(&self, from_ns: u64, to_ns: u64) -> Vec<u64> {
        self.cores.iter().map(|core| core.busy_ns(from_ns, to_ns)).collect()
    }

    /// Bytes of memory that they hold.
    pub fn bytes(&self) -> usize {
        self.cores.iter().map(CoreSlices::bytes).sum()
    }
}

/// How many processes and threads of the runner's tree were alive from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alive {
    /// Since the run's origin.
    pub at_ns: u64,
    /// Processes, the runner's own included.
    pub processes: u32,
    /// Threads of all of them, first threads included.
    pub threads: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(from_ns: u64, to_ns: u64, owner: Owner) -> Slice {
        Slice { from_ns, to_ns, core: 1, owner, preempted: from_ns.is_multiple_of(3) }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let owners = [Owner::Other, Owner::Launcher, Owner::Execution(0), Owner::Helper(999_999)];
        let written: Vec<Slice> = (0..1_000).map(|n| slice(n * 100, n * 100 + 40, owners[n as usize % 4])).collect();
        let mut slices = Slices::default();
        written.iter().for_each(|one| slices.push(one));
        assert_eq!(slices.iter(0, u64::MAX).collect::<Vec<_>>(), written);
        assert_eq!(slices.iter(5_030, 5_200).collect::<Vec<_>>(), written[50..52]);
        assert_eq!(slices.busy_ns(20, 99_920), [0, 999 * 40]);
        assert_eq!(slices.busy_ns(0, u64::MAX), [0, 40_000]);
        assert_eq!((slices.len(), slices.cores().len()), (1_000, 2));
    }

    #[test]
    fn overlaps_are_cut_and_a_block_knows_who_ran_most() {
        let mut core = CoreSlices::default();
        core.push(&slice(10, 100, Owner::Execution(1)));
        core.push(&slice(50, 160, Owner::Execution(2)));
        core.push(&slice(60, 70, Owner::Execution(3)));
        let kept: Vec<_> = core.iter(1, 0, 1_000).map(|one| (one.from_ns, one.to_ns)).collect();
        assert_eq!(kept, [(10, 100), (100, 160)]);
        let block = core.blocks(0, 1_000)[0];
        assert_eq!((block.busy_ns, block.most), (150, Owner::Execution(1)));
    }

    #[test]
    fn what_is_told_in_parts_is_one_slice() {
        let mut core = CoreSlices::default();
        core.push(&slice(10, 20, Owner::Launcher));
        for part in [(30, 100), (100, 250), (250, 260)] {
            core.push(&slice(part.0, part.1, Owner::Execution(1)));
        }
        core.push(&slice(270, 280, Owner::Execution(1)));
        let kept: Vec<_> = core.iter(1, 0, 1_000).map(|one| (one.from_ns, one.to_ns)).collect();
        assert_eq!(kept, [(10, 20), (30, 260), (270, 280)]);
        assert_eq!((core.len(), core.busy_ns(0, 1_000)), (3, 250));
    }

    #[test]
    fn ten_minutes_of_ten_thousand_switches_a_second_fit_in_memory() {
        let mut slices = Slices::default();
        for n in 0..3_000_000_u64 {
            slices.push(&slice(n * 200_000, n * 200_000 + 150_000 + n % 1_000, Owner::Execution((n % 8) as u32)));
        }
        assert!(slices.bytes() < 48 << 20, "{}", slices.bytes());
        let start = 300_000_000_000;
        assert_eq!(slices.iter(start, start + 1_000_000).count(), 5);
    }
}
