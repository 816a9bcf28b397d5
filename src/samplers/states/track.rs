//! From looks at one execution to bins whose seven times add up.
//!
//! A look reads the wall clock and the kernel's two clocks of the thread: on a CPU, and ready. What is left of the wall
//! time is time blocked, but only of a thread that *is* blocked are the kernel's clocks exact: of one that is on a CPU
//! the first is up to a tick old, and of one that is ready the second lacks the wait that it is in. Such a lag must not
//! be drawn as time blocked. So:
//!
//! - Everything is counted from *entered* on. What is left of the wall time at a look is the **most** that the thread can
//!   have been blocked until then, and time blocked never shrinks: so the least that is left at this look and at any later
//!   one is a closer bound. A look waits until [`LOOK_AHEAD`] more have come, and then takes that.
//! - A thread that was put on a CPU no more often than at the look before, and ran or was ready at both, was not blocked
//!   in between.
//! - At an execution's end no later looks come: what is left then is the lag of a tick, as far as it can be.
//! - Each bin takes the *difference* between what is known by now and what was given out so far, cut to the bin's length.
//!   So an error of one bin is made good by the next ones and never adds up, and the bins together are exactly as long as
//!   the time that they cover.
//!
//! On what a thread was blocked is what was seen at the look that ends the bin, or else at one of the three before it; else
//! at the next look that saw it blocked, as far as those are known, or else at the last one before, however long ago. Looks
//! between which the thread was not blocked count as one.

use super::{Bins, Watched};
use model::{Bin, BlockedOn, State};
use os::ThreadClocks;
use std::collections::VecDeque;

/// Looks that come before one is settled: at 100 Hz it is known after 160 ms how long a thread was ready.
pub const LOOK_AHEAD: usize = 16;
/// How many looks away what was seen still says on what a thread was blocked; those without a change don't count.
const NEAR: usize = 3;

/// What one look saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// When, in absolute nanoseconds.
    pub at_ns: i64,
    /// The kernel's clocks of the thread.
    pub clocks: ThreadClocks,
    /// On what it was blocked; absent where it was on a CPU or ready.
    pub blocked_on: Option<BlockedOn>,
}

/// Cumulated since *entered*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    wall: u64,
    on_cpu: u64,
    ready: u64,
}

impl Sums {
    /// The most that it can have been blocked.
    fn left(&self) -> u64 {
        self.wall.saturating_sub(self.on_cpu + self.ready)
    }
}

/// What was given out in bins; the rest of the wall time was ready.
#[derive(Clone, Copy, Default)]
struct Given {
    wall: u64,
    on_cpu: u64,
    blocked: u64,
}

#[derive(Clone, Copy)]
struct Pending {
    sums: Sums,
    dispatches: u64,
    blocked_on: Option<BlockedOn>,
}

/// The looks at one execution.
pub struct Track {
    execution: u32,
    entered_ns: i64,
    tick_ns: u64,
    /// The thread's clocks at *entered*, as far as they can be known.
    base: ThreadClocks,
    pending: VecDeque<Pending>,
    /// What was given out so far, in bins.
    given: Given,
    /// The look that was settled last.
    last: Option<Pending>,
    /// How many looks ago it was seen blocked, and on what.
    recent: Option<(usize, BlockedOn)>,
}

impl Track {
    /// An execution that was first looked at in `look`; `before` are the clocks of its thread at the last instant known
    /// before it entered, zeroes at the thread's birth. Time since then that fits between *entered* and the look is taken
    /// to lie there; where it does not fit, the state seen stands for the whole stretch.
    pub fn new(one: &Watched, tick_ns: u64, before: ThreadClocks, look: &Look) -> Self {
        let mut base = before;
        let wall = since(look.at_ns, one.entered_ns);
        let used = |now: u64, then: u64| now.saturating_sub(then);
        let on_cpu = used(look.clocks.on_cpu_ns, before.on_cpu_ns);
        if on_cpu + used(look.clocks.run_queue_ns, before.run_queue_ns) > wall {
            base = look.clocks;
            if look.blocked_on.is_none() {
                base.on_cpu_ns = base.on_cpu_ns.saturating_sub(wall);
            }
        }
        Self {
            execution: one.execution,
            entered_ns: one.entered_ns,
            tick_ns,
            base,
            pending: VecDeque::new(),
            given: Given::default(),
            last: None,
            recent: None,
        }
    }

    /// Takes in a look; bins that are settled by it go to `out`.
    pub fn take(&mut self, look: &Look, out: &mut Bins) {
        let sums = Sums {
            wall: since(look.at_ns, self.entered_ns),
            on_cpu: look.clocks.on_cpu_ns.saturating_sub(self.base.on_cpu_ns),
            ready: look.clocks.run_queue_ns.saturating_sub(self.base.run_queue_ns),
        };
        let newest = self.pending.back().map_or(self.given.wall, |pending| pending.sums.wall);
        if sums.wall > newest {
            let Look { clocks, blocked_on, .. } = *look;
            self.pending.push_back(Pending { sums, dispatches: clocks.dispatches, blocked_on });
        }
        while self.pending.len() > LOOK_AHEAD {
            let blocked = self.least_left();
            self.settle(blocked, out);
        }
    }

    /// Nobody looks at it any more: settles what is left.
    pub fn finish(mut self, out: &mut Bins) {
        let at_end = self.blocked_at_end();
        while !self.pending.is_empty() {
            let blocked = self.least_left().min(at_end);
            self.settle(blocked, out);
        }
    }

    fn least_left(&self) -> u64 {
        self.pending.iter().map(|pending| pending.sums.left()).min().unwrap_or(self.given.blocked)
    }

    /// How long it was blocked until the last look, with no later one to tell.
    fn blocked_at_end(&self) -> u64 {
        // Back to the look after which it was not put on a CPU again: what is left there is closest.
        let mut at = self.pending.len().saturating_sub(1);
        while at > 0 && not_blocked_between(&self.pending[at - 1], &self.pending[at]) {
            at -= 1;
        }
        let Some(pending) = self.pending.get(at) else { return self.given.blocked };
        if pending.blocked_on.is_some() {
            return pending.sums.left();
        }
        let before = if at == 0 { self.last } else { Some(self.pending[at - 1]) };
        if before.is_some_and(|before| at == 0 && not_blocked_between(&before, pending)) {
            return self.given.blocked;
        }
        let known = self.pending.iter().take(at).filter(|earlier| earlier.blocked_on.is_some());
        let known = known.map(|earlier| earlier.sums.left()).max().unwrap_or(self.given.blocked);
        // It was put on a CPU since the look before: it can't be ready for longer than that.
        let since = pending.sums.wall - before.map_or(0, |before| before.sums.wall);
        let seen_blocked = self.pending.iter().any(|pending| pending.blocked_on.is_some()) || self.recent.is_some();
        let lag = if seen_blocked { self.tick_ns } else { self.tick_ns.max(since) };
        pending.sums.left().saturating_sub(lag).max(known)
    }

    /// Gives out the bin that the oldest pending look ends; `blocked` is how long it was blocked until then.
    fn settle(&mut self, blocked: u64, out: &mut Bins) {
        let Some(look) = self.pending.pop_front() else { return };
        let length = look.sums.wall - self.given.wall;
        let still = self.last.is_some_and(|last| not_blocked_between(&last, &look));
        let kind = self.kind_of(&look, still);
        let blocked_now = if still { 0 } else { blocked.saturating_sub(self.given.blocked).min(length) };
        let on_cpu = look.sums.on_cpu + self.cpu_lag(&look, blocked);
        let on_cpu_now = on_cpu.saturating_sub(self.given.on_cpu).min(length - blocked_now);
        let ready_now = length - blocked_now - on_cpu_now;
        let mut in_state_ns = [0; State::COUNT];
        in_state_ns[State::OnCpu.index()] = on_cpu_now;
        in_state_ns[State::Ready.index()] = ready_now;
        in_state_ns[State::Blocked(kind).index()] = blocked_now;
        let from_ns = self.entered_ns as u64 + self.given.wall;
        out.push((self.execution, Bin { from_ns, to_ns: from_ns + length, in_state_ns }));
        self.given.wall += length;
        self.given.on_cpu += on_cpu_now;
        self.given.blocked += blocked_now;
        self.last = Some(look);
    }

    /// How much of what neither clock holds yet was on a CPU: no more than a tick, and not what turns out to have been
    /// a wait for one.
    fn cpu_lag(&self, look: &Pending, blocked: u64) -> u64 {
        let lag = look.sums.left().saturating_sub(blocked.max(self.given.blocked));
        let waited = self.pending.front().map_or(0, |next| next.sums.ready.saturating_sub(look.sums.ready));
        lag.saturating_sub(waited).min(self.tick_ns)
    }

    /// On what it was blocked before a look; `still` says that it wasn't since the look before.
    fn kind_of(&mut self, look: &Pending, still: bool) -> BlockedOn {
        self.recent = match (look.blocked_on, self.recent) {
            (Some(kind), _) => Some((0, kind)),
            (None, recent) if still => recent,
            (None, recent) => recent.map(|(ago, kind)| (ago + 1, kind)),
        };
        let near = self.recent.filter(|(ago, _)| *ago <= NEAR).map(|(_, kind)| kind);
        // Nothing near was seen: what was seen last, however long ago, is the best that is known.
        let far = || self.recent.map(|(_, kind)| kind);
        near.or_else(|| self.next_kind(look)).or_else(far).unwrap_or(BlockedOn::Other)
    }

    /// On what it is next seen blocked, if that is near.
    fn next_kind(&self, look: &Pending) -> Option<BlockedOn> {
        let befores = std::iter::once(look).chain(&self.pending);
        let changed = befores.zip(&self.pending).filter(|(before, after)| !not_blocked_between(before, after));
        changed.into_iter().find_map(|(_, after)| after.blocked_on)
    }
}

fn since(at_ns: i64, from_ns: i64) -> u64 {
    u64::try_from(at_ns - from_ns).unwrap_or(0)
}

/// To be blocked and run again it would have been put on a CPU in between.
fn not_blocked_between(before: &Pending, after: &Pending) -> bool {
    before.blocked_on.is_none() && after.blocked_on.is_none() && before.dispatches == after.dispatches
}
