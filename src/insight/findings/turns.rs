//! Whether a lock goes from one execution to another: which are blocked while others are not, and whether they take
//! turns at it.

use super::run_facts::RunFacts;
use model::{BlockedOn, Profile, StatesSource};
use std::collections::BTreeMap;

/// A lane that is blocked for less than a twentieth of the time has no part in it.
const TAKES_PART: f64 = 0.05;
/// A lane had its turn where it was not blocked, while others were, for a fifth of an equal share of that time.
const TURN: f64 = 0.2;
/// The least part of the blocked time in which another could hold the lock: handing it over takes a while on a full
/// machine.
const HELD: f64 = 0.5;
/// The same where they are known to wait at one place: the next holder may wait long for a core, and is drawn as
/// blocked.
const HELD_AT_ONE_PLACE: f64 = 0.25;
/// Waits that end within so short a time end together.
const AT_ONCE_NS: u64 = 1_000_000;
/// Shorter waits don't tell whether waits end together.
const LONG_NS: u64 = 5_000_000;
/// The fewest waits that could have ended together from which this is no chance.
const FEWEST: usize = 4;
/// From this share of waits that end together on, it is no lock: a lock lets one go on at a time, a barrier and an
/// event all of them.
const TOGETHER: f64 = 0.5;
/// The fewest samples that tell whether they wait at one place.
pub const FEWEST_LOOKS: u64 = 5;
/// The least share of samples with several threads at one place that makes it a lock, in documents that don't say at
/// how many places.
const ONE_PLACE: f64 = 0.5;
/// The least share of samples at one address (one that no thread has nearly to itself) that makes it a lock. Measured:
/// all samples of two and three Python threads that contend for one lock; up to 0.7 of those of a producer and a
/// consumer with a queue of one item, whose waits reuse addresses.
const ONE_LOCK: f64 = 0.85;
/// Where a smaller share of samples is at a place at which another was seen, each waits at its own.
const OTHER_PLACES: f64 = 0.25;

/// What the executions of a run that are blocked on locks do meanwhile.
#[derive(Debug, Default, PartialEq)]
pub struct Turns {
    /// How many lanes have a part in it.
    pub among: usize,
    /// Time blocked on a lock, summed over them, in nanoseconds.
    pub blocked_ns: f64,
    /// The part of it during which another of them was not blocked so, and could hold the lock.
    pub held_ns: f64,
    /// How many of them had a turn while others were blocked.
    pub had_turns: usize,
    /// The share of waits that ended together with others, of those that could; absent where there are too few.
    pub together: Option<f64>,
    /// At which places they wait.
    pub places: Places,
}

/// At which places executions wait for locks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Places {
    /// All at one, as for a lock.
    One,
    /// Each at its own, as for a condition.
    Apart,
    /// At several that they share: several locks, or addresses that are reused.
    Several,
    /// The samples don't tell.
    #[default]
    Unknown,
}

/// A stretch of a lane, from and to, in nanoseconds.
type Stretch = (u32, u64, u64);

impl Turns {
    /// The turns in a run.
    pub fn of(facts: &RunFacts<'_>) -> Self {
        let run = facts.run;
        let lane = |id: u32| run.executions.get(id as usize).and_then(|execution| execution.lane).unwrap_or(id);
        let (mut inside, mut blocked) = (Vec::new(), Vec::new());
        for profile in &run.profiles {
            let (Some(first), Some(last)) = (profile.bins.first(), profile.bins.last()) else { continue };
            let lane = lane(profile.execution);
            inside.push((lane, first.from_ns, last.to_ns));
            blocked.extend(stretches(profile, &[BlockedOn::Lock]).into_iter().map(|(from, to)| (lane, from, to)));
        }
        let (all_inside, all_blocked) = (by_lane(&inside), by_lane(&blocked));
        let part = |lane: &u32| all_blocked.get(lane).is_some_and(|ns| *ns >= TAKES_PART * all_inside[lane]);
        inside.retain(|(lane, ..)| part(lane));
        blocked.retain(|(lane, ..)| part(lane));
        let exact = run.states_source == Some(StatesSource::SwitchRecords);
        Self { places: places(facts), together: together(&blocked).filter(|_| exact), ..sums(&inside, &blocked) }
    }

    /// Whether what they wait for is a lock that one of them holds and that goes from one to another.
    pub fn pass_a_lock(&self) -> bool {
        // Two that hand something to and fro look like two that take turns at a lock, unless the place tells them
        // apart.
        let one = self.places == Places::One || self.places == Places::Unknown && self.among >= 3;
        one && self.may_pass_a_lock()
    }

    /// Whether nothing tells that it is no lock.
    fn may_pass_a_lock(&self) -> bool {
        let least = if self.places == Places::One { HELD_AT_ONE_PLACE } else { HELD };
        let held = self.held_ns >= least * self.blocked_ns.max(1.0);
        let one_by_one = self.together.is_none_or(|share| share < TOGETHER);
        held && self.had_turns >= 2 && one_by_one && self.places != Places::Apart
    }
}

/// The stretches in which an execution was blocked on one of these for most of each bin, adjacent bins merged.
pub fn stretches(profile: &Profile, on: &[BlockedOn]) -> Vec<(u64, u64)> {
    let mut all: Vec<(u64, u64)> = Vec::new();
    for bin in &profile.bins {
        let share: f64 = on.iter().map(|on| bin.share(model::State::Blocked(*on))).sum();
        match all.last_mut() {
            _ if share < 0.5 => {}
            Some(last) if last.1 == bin.from_ns => last.1 = bin.to_ns,
            _ => all.push((bin.from_ns, bin.to_ns)),
        }
    }
    all
}

fn by_lane(stretches: &[Stretch]) -> BTreeMap<u32, f64> {
    let mut sums = BTreeMap::new();
    stretches.iter().for_each(|(lane, from, to)| *sums.entry(*lane).or_insert(0.0) += (to - from) as f64);
    sums
}

/// One pass over all instants at which an execution entered, left, was blocked or went on.
fn sums(inside: &[Stretch], blocked: &[Stretch]) -> Turns {
    let change = |list: &[Stretch], inside: i64, blocked: i64| {
        let both = |(_, from, to): &Stretch| [(*from, inside, blocked), (*to, -inside, -blocked)];
        list.iter().flat_map(both).collect::<Vec<_>>()
    };
    let mut changes = [change(inside, 1, 0), change(blocked, 0, 1)].concat();
    changes.sort_unstable();
    let (mut turns, mut now, mut there, mut stuck, mut any_ns) = (Turns::default(), 0, 0, 0, 0.0);
    // The cumulated time in which any was blocked: from it follows how long each was not while others were.
    let mut cumulated = vec![(0, 0.0)];
    for (at, came, was_blocked) in changes {
        let length = (at - now) as f64;
        if stuck > 0 {
            any_ns += length;
            turns.blocked_ns += length * stuck as f64;
            turns.held_ns += if there > stuck { length * stuck as f64 } else { 0.0 };
        }
        (now, there, stuck) = (at, there + came, stuck + was_blocked);
        cumulated.push((at, any_ns));
    }
    let until = |at: u64| cumulated[cumulated.partition_point(|(ns, _)| *ns <= at) - 1].1;
    let mut free_ns: BTreeMap<u32, f64> = BTreeMap::new();
    inside.iter().for_each(|(lane, from, to)| *free_ns.entry(*lane).or_default() += until(*to) - until(*from));
    let own = by_lane(blocked);
    turns.among = free_ns.len();
    let least = TURN * any_ns / turns.among.max(1) as f64;
    turns.had_turns = free_ns.iter().filter(|(lane, ns)| *ns - own.get(lane).unwrap_or(&0.0) >= least.max(1.0)).count();
    turns
}

/// The share of long waits that end together with others, of those that could.
fn together(blocked: &[Stretch]) -> Option<f64> {
    let long = blocked.iter().filter(|(_, from, to)| to - from >= LONG_NS);
    let (mut begins, mut ends): (Vec<u64>, Vec<u64>) = long.map(|(_, from, to)| (*from, *to)).unzip();
    begins.sort_unstable();
    ends.sort_unstable();
    let (mut could, mut did, mut at) = (0, 0, 0);
    while at < ends.len() {
        let first = ends[at];
        let next = ends.partition_point(|end| *end <= first + AT_ONCE_NS);
        let waiting = begins.partition_point(|begin| *begin < first) - at;
        could += waiting.saturating_sub(1);
        did += (next - at).min(waiting).saturating_sub(1);
        at = next;
    }
    (could >= FEWEST).then(|| did as f64 / could as f64)
}

/// At which places samples saw them.
fn places(facts: &RunFacts<'_>) -> Places {
    let Some(looks) = facts.lock_looks.filter(|looks| looks.all >= FEWEST_LOOKS) else { return Places::Unknown };
    let of_all = |count: u64| count as f64 / looks.all as f64;
    match looks.most {
        Some(most) if of_all(most) >= ONE_LOCK => Places::One,
        Some(_) if of_all(looks.shared) < OTHER_PLACES => Places::Apart,
        Some(_) => Places::Several,
        None if parks(facts) => Places::Unknown,
        None if of_all(looks.shared) >= ONE_PLACE => Places::One,
        None => Places::Apart,
    }
}

/// Whether each thread waits at a place of its own, whatever for, as in CPython from 3.13 on. Asked only of documents
/// that don't say at how many places they wait.
fn parks(facts: &RunFacts<'_>) -> bool {
    facts.run.interpreter_facts.as_ref().is_some_and(|facts| {
        let mut numbers = facts.version.split('.').map(|part| part.parse().unwrap_or(0));
        let version: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        facts.implementation == "CPython" && version >= (3, 13)
    })
}
