//! What an execution did while it was in its target: on a CPU, ready, blocked, and on what.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// On what a thread is blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockedOn {
    /// Python's global interpreter lock.
    Gil,
    /// Another lock: a futex that is not the GIL.
    Lock,
    /// A sleep.
    Sleep,
    /// Reading, writing, waiting for a descriptor.
    Io,
    /// Something else, or something that no sample has seen.
    Other,
    /// Threads and processes that the execution started itself: they are on a CPU or ready for one, or it waits for a child
    /// to end.
    Own,
}

impl BlockedOn {
    /// How many kinds there are.
    pub const COUNT: usize = 6;
    /// Every kind in order.
    pub const ALL: [BlockedOn; Self::COUNT] = [Self::Gil, Self::Lock, Self::Sleep, Self::Io, Self::Other, Self::Own];

    /// The word that people see below the heading *blocked on*.
    pub fn word(self) -> &'static str {
        ["the GIL", "another lock", "a sleep", "I/O", "something else", "its own threads and processes"][self as usize]
    }
}

/// What a thread does at an instant, as the timeline colours it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// On a CPU.
    OnCpu,
    /// It could run, and waits for a CPU.
    Ready,
    /// It waits for something.
    Blocked(BlockedOn),
}

impl State {
    /// How many states there are.
    pub const COUNT: usize = 2 + BlockedOn::COUNT;
    /// Every state in the order in which they are stacked and listed.
    pub const ALL: [State; Self::COUNT] = [
        Self::OnCpu,
        Self::Ready,
        Self::Blocked(BlockedOn::Gil),
        Self::Blocked(BlockedOn::Lock),
        Self::Blocked(BlockedOn::Sleep),
        Self::Blocked(BlockedOn::Io),
        Self::Blocked(BlockedOn::Other),
        Self::Blocked(BlockedOn::Own),
    ];

    /// Its place in [`State::ALL`].
    pub fn index(self) -> usize {
        match self {
            Self::OnCpu => 0,
            Self::Ready => 1,
            Self::Blocked(on) => 2 + on as usize,
        }
    }

    /// The words that people see.
    pub fn word(self) -> &'static str {
        [
            "on CPU",
            "ready",
            "waiting for the GIL",
            "blocked on a lock",
            "asleep",
            "in I/O",
            "blocked otherwise",
            "waiting for its own threads and processes",
        ][self.index()]
    }
}

/// The source of the executions' states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatesSource {
    /// The kernel's records of every switch, with its run-queue clock: exact, and in their true order.
    SwitchRecords,
    /// The thread's CPU clock and the kernel's run-queue clock: exact totals; their order is sampled.
    Schedstat,
}

impl StatesSource {
    /// The word in documents and tables.
    pub fn word(self) -> &'static str {
        ["switch-records", "schedstat"][self as usize]
    }
}

/// Totals between *entered* and *left*. The first three are exact (the thread's CPU clock and the kernel's run-queue
/// clock) and add up to `left − entered`; what blocked means is sampled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct States {
    /// On a CPU.
    pub on_cpu_ns: u64,
    /// Ready, waiting for a CPU.
    pub runnable_ns: u64,
    /// Neither: blocked.
    pub blocked_ns: u64,
    /// On what it was blocked, from samples; adds up to `blocked_ns`. Absent where no sample fell into it.
    #[serde(default)]
    pub blocked_on: Option<BlockedTotals>,
}

/// Time blocked, by what it was blocked on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockedTotals {
    /// Waiting for the GIL.
    pub gil_ns: u64,
    /// On other locks.
    pub lock_ns: u64,
    /// Asleep.
    pub sleep_ns: u64,
    /// In I/O.
    pub io_ns: u64,
    /// On something else, or unseen.
    pub other_ns: u64,
    /// On threads and processes of its own; absent in documents from before this was distinguished.
    #[serde(default)]
    pub own_ns: u64,
}

impl BlockedTotals {
    /// Time blocked on one kind.
    pub fn get(&self, on: BlockedOn) -> u64 {
        [self.gil_ns, self.lock_ns, self.sleep_ns, self.io_ns, self.other_ns, self.own_ns][on as usize]
    }

    /// From one number a kind, in their order.
    pub fn of([gil_ns, lock_ns, sleep_ns, io_ns, other_ns, own_ns]: [u64; BlockedOn::COUNT]) -> Self {
        Self { gil_ns, lock_ns, sleep_ns, io_ns, other_ns, own_ns }
    }
}

impl States {
    /// Time in one state; absent where no sample says on what it was blocked.
    pub fn get(&self, state: State) -> Option<u64> {
        match state {
            State::OnCpu => Some(self.on_cpu_ns),
            State::Ready => Some(self.runnable_ns),
            State::Blocked(on) => self.blocked_on.as_ref().map(|totals| totals.get(on)),
        }
    }
}

/// What an execution did between two looks at it. The times add up to the bin's length; their order is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// When it began, in nanoseconds since the run's origin.
    pub from_ns: u64,
    /// When it ended.
    pub to_ns: u64,
    /// Nanoseconds in each state, by [`State::index`].
    pub in_state_ns: [u64; State::COUNT],
}

impl Bin {
    /// The share of its length in a state, 0 to 1.
    pub fn share(&self, state: State) -> f64 {
        let length = self.to_ns.saturating_sub(self.from_ns);
        if length == 0 { 0.0 } else { self.in_state_ns[state.index()] as f64 / length as f64 }
    }
}

impl Bin {
    /// The one state throughout the bin; absent where there were several.
    pub fn only_state(&self) -> Option<State> {
        let length = self.to_ns.saturating_sub(self.from_ns);
        State::ALL.into_iter().find(|state| self.in_state_ns[state.index()] == length && length > 0)
    }

    fn goes_on_as(&self, next: &Bin) -> bool {
        let state = self.only_state();
        self.to_ns == next.from_ns && state.is_some() && state == next.only_state()
    }
}

/// A bin's numbers in the files of the first version: seven states.
const FEWEST_NUMBERS: usize = 9;

/// In files a bin is one list of numbers: from, to, and one for each state. Lists from before the last states were
/// distinguished are shorter; they are read too.
impl Serialize for Bin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut numbers = [0; 2 + State::COUNT];
        (numbers[0], numbers[1]) = (self.from_ns, self.to_ns);
        numbers[2..].copy_from_slice(&self.in_state_ns);
        numbers.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let numbers = Vec::<u64>::deserialize(deserializer)?;
        let length = format!("{FEWEST_NUMBERS} to {} numbers", 2 + State::COUNT);
        if !(FEWEST_NUMBERS..=2 + State::COUNT).contains(&numbers.len()) {
            return Err(serde::de::Error::invalid_length(numbers.len(), &length.as_str()));
        }
        let mut in_state_ns = [0; State::COUNT];
        in_state_ns[..numbers.len() - 2].copy_from_slice(&numbers[2..]);
        Ok(Self { from_ns: numbers[0], to_ns: numbers[1], in_state_ns })
    }
}

/// The bins of one execution, in order, none overlapping another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The execution's id.
    pub execution: u32,
    /// Its bins.
    pub bins: Vec<Bin>,
}

/// The most bins of one execution: beyond that, neighbours are merged in pairs.
pub const MAX_BINS: usize = 4096;

impl Profile {
    /// Adds a bin. A bin that is wholly in the same state as the last is merged with it; at [`MAX_BINS`], all bins are
    /// merged in pairs first.
    pub fn push(&mut self, bin: Bin) {
        if let Some(last) = self.bins.last_mut().filter(|last| last.goes_on_as(&bin)) {
            last.to_ns = bin.to_ns;
            last.in_state_ns.iter_mut().zip(bin.in_state_ns).for_each(|(sum, ns)| *sum += ns);
            return;
        }
        if self.bins.len() >= MAX_BINS {
            self.bins = self.bins.chunks(2).map(merge).collect();
        }
        self.bins.push(bin);
    }
}

fn merge(bins: &[Bin]) -> Bin {
    let mut merged = bins[0];
    for bin in &bins[1..] {
        merged.to_ns = bin.to_ns;
        merged.in_state_ns.iter_mut().zip(bin.in_state_ns).for_each(|(sum, ns)| *sum += ns);
    }
    merged
}

/// How the states of a run were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Looks a second that were asked for.
    pub asked_hz: f64,
    /// Looks a second that were made.
    pub reached_hz: f64,
    /// CPU time of the looks, as a share of one core.
    pub core_share: f64,
    /// Whether waiting for the GIL can be told from other locks in this interpreter.
    pub sees_gil: bool,
    /// Looks at who was blocked on a lock; absent in documents from before they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_looks: Option<LockLooks>,
}

/// Looks that found an execution blocked on a lock that is not the GIL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockLooks {
    /// All of them.
    pub all: u64,
    /// Those at an address at which another thread was seen too: a lock is one place for all who want it.
    pub shared: u64,
    /// Those at the address with the most looks, of the addresses that no thread has nearly to itself; absent in
    /// documents from before this was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(from_ns: u64, to_ns: u64) -> Bin {
        Bin { from_ns, to_ns, in_state_ns: [to_ns - from_ns - 1, 1, 0, 0, 0, 0, 0, 0] }
    }

    #[test]
    fn a_long_profile_becomes_coarser_and_loses_no_time() {
        let mut profile = Profile::default();
        (0..10_000).for_each(|at| profile.push(bin(at * 10, at * 10 + 10)));
        assert!(profile.bins.len() <= MAX_BINS);
        let on_cpu: u64 = profile.bins.iter().map(|bin| bin.in_state_ns[0]).sum();
        assert_eq!((on_cpu, profile.bins.last().map(|bin| bin.to_ns)), (90_000, Some(100_000)));
    }

    #[test]
    fn a_state_that_goes_on_is_one_bin() {
        let mut profile = Profile::default();
        let asleep = |from_ns, to_ns| Bin { from_ns, to_ns, in_state_ns: [0, 0, 0, 0, to_ns - from_ns, 0, 0, 0] };
        [asleep(0, 5), asleep(5, 9), bin(9, 12), asleep(12, 15), asleep(16, 20)]
            .into_iter()
            .for_each(|b| profile.push(b));
        assert_eq!(profile.bins, [asleep(0, 9), bin(9, 12), asleep(12, 15), asleep(16, 20)]);
    }

    #[test]
    fn a_bin_is_a_list_in_files_and_the_shorter_one_of_before_is_read() {
        let text = serde_json::to_string(&bin(5, 8)).expect("written");
        assert_eq!(text, "[5,8,2,1,0,0,0,0,0,0]");
        let read = |text: &str| serde_json::from_str::<Bin>(text);
        assert_eq!(read(&text).expect("read"), bin(5, 8));
        assert_eq!(read("[5,8,2,1,0,0,0,0,0]").expect("read"), bin(5, 8));
        assert!(read("[5,8,2,1]").is_err() && read("[5,8,2,1,0,0,0,0,0,0,0]").is_err());
    }
}
