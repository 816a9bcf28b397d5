//! Which execution waits for which: a wait that ends just after another was on a CPU was ended by that other.

use super::turns::stretches;
use model::{BlockedOn, Profile, Run, State};

/// An execution that wakes another up was on a CPU at most this long before.
const NEAR_NS: u64 = 1_000_000;
/// The fewest waits that are no chance.
const FEWEST: usize = 3;
/// Waits that are shorter than the longest by more than this factor are of another kind.
const LONGEST_OF: u64 = 50;
/// The least share of waits that end so; a third thread, which only the other one woke, ends some.
const LEAST: f64 = 0.7;
/// For I/O it means something only where the others are seldom on a CPU.
const MOST_BY_CHANCE: f64 = 0.5;
/// With more executions than this, each is not looked at with each.
const MOST_EXECUTIONS: usize = 64;

/// An execution that waits for another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Woken {
    /// The execution that waits.
    pub waiter: u32,
    /// The execution that it waits for, most often.
    pub by: u32,
    /// How long, in nanoseconds.
    pub waited_ns: u64,
    /// The share of its time in the target, 0 to 1.
    pub share: f64,
    /// How often.
    pub waits: usize,
    /// The share of its waits that ended just after another was on a CPU.
    pub woken: f64,
}

/// The execution of a run that waits most for others; absent where none is seen to.
pub fn most_woken(run: &Run) -> Option<Woken> {
    let profiles = &run.profiles;
    if !(2..=MOST_EXECUTIONS).contains(&profiles.len()) {
        return None;
    }
    let of = |profile: &Profile| {
        let on_lock = woken(profiles, profile, BlockedOn::Lock);
        on_lock.into_iter().chain(woken(profiles, profile, BlockedOn::Io)).max_by_key(|found| found.waited_ns)
    };
    profiles.iter().filter_map(of).max_by(|a, b| a.share.total_cmp(&b.share))
}

fn woken(profiles: &[Profile], own: &Profile, on: BlockedOn) -> Option<Woken> {
    let end = own.bins.last()?.to_ns;
    let mut waits = stretches(own, &[on]);
    // Waits without time on a CPU in between are one wait.
    waits.dedup_by(|next, wait| {
        let one = !was_on_cpu_within(own, wait.1, next.0);
        if one {
            wait.1 = next.1;
        }
        one
    });
    // Waits that are brief beside these are for something else: a lock to go on with, the GIL.
    let longest_ns = waits.iter().map(|(from, to)| to - from).max().unwrap_or(0);
    waits.retain(|(from, to)| *to < end && (to - from) * LONGEST_OF >= longest_ns);
    let waited_ns: u64 = waits.iter().map(|(from, to)| to - from).sum();
    if waits.len() < FEWEST {
        return None;
    }
    let others = || profiles.iter().filter(|other| other.execution != own.execution);
    let ended_by = |other: &Profile, to: u64| was_on_cpu(other, to.saturating_sub(NEAR_NS), to);
    let share = |count: usize| count as f64 / waits.len() as f64;
    let woken = share(waits.iter().filter(|(_, to)| others().any(|other| ended_by(other, *to))).count());
    // Where others are on a CPU as often at the middle of the waits as at their ends, it is chance.
    let middle = |(from, to): &(u64, u64)| from + (to - from) / 2;
    let chance = share(waits.iter().filter(|wait| others().any(|other| ended_by(other, middle(wait)))).count());
    let ends = |other: &&Profile| waits.iter().filter(|(_, to)| ended_by(other, *to)).count();
    let by = others().max_by_key(ends)?.execution;
    let clear = woken >= LEAST && (on == BlockedOn::Lock || chance <= MOST_BY_CHANCE);
    let inside_ns = end.saturating_sub(own.bins.first()?.from_ns).max(1);
    clear.then_some(Woken {
        waiter: own.execution,
        by,
        waited_ns,
        share: waited_ns as f64 / inside_ns as f64,
        waits: waits.len(),
        woken,
    })
}

/// Whether it was on a CPU between two of its waits; only bins that lie within count.
fn was_on_cpu_within(profile: &Profile, from: u64, to: u64) -> bool {
    let begin = profile.bins.partition_point(|bin| bin.from_ns < from);
    let within = profile.bins[begin..].iter().take_while(|bin| bin.to_ns <= to);
    from < to && within.into_iter().any(|bin| bin.in_state_ns[State::OnCpu.index()] > 0)
}

/// Whether an execution was on a CPU at any time of a stretch.
fn was_on_cpu(profile: &Profile, from: u64, to: u64) -> bool {
    let begin = profile.bins.partition_point(|bin| bin.to_ns < from);
    let near = profile.bins[begin..].iter().take_while(|bin| bin.from_ns <= to);
    near.into_iter().any(|bin| bin.in_state_ns[State::OnCpu.index()] > 0)
}
