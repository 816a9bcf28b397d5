//! From looks at one execution to bins whose seven times add up.
//!
//! A look reads the wall clock and the kernel's two clocks of the thread: time on a CPU, and time ready. The rest of the wall
//! time is time blocked. But the kernel's clocks are exact only while the thread *is* blocked: on a CPU, the first is up to a
//! tick old; ready, the second lacks the present wait. Such a lag must not be drawn as time blocked. So:
//!
//! - Everything is counted from *entered* on. The rest of the wall time at a look is the **most** that the thread can have been
//!   blocked until then. As time blocked never shrinks, the least rest at this look and any later one is a closer bound. We
//!   settle a look after [`LOOK_AHEAD`] more have come, with that least rest.
//! - A thread that ran or was ready at two looks, without having been put on a CPU in between, was not blocked in between.
//! - At an execution's end no later looks come: the rest there counts as the lag of a tick, as far as possible.
//! - Each bin gets the *difference* between what is known by now and what earlier bins got, cut to the bin's length. So later
//!   bins correct an error of one bin, errors never add up, and the bins together are exactly as long as the time they cover.
//!
//! A thread counts as blocked on what the look saw that ends the bin, else one of the three looks before it, else the next look
//! that saw it blocked, else the last one before, however long ago. Looks between which the thread was not blocked count as
//! one.

use super::{Bins, Watched};
use model::{Bin, BlockedOn, State};
use os::ThreadClocks;
use std::collections::VecDeque;

/// How many later looks settle a look: at 100 Hz, 160 ms pass until it is known how long a thread was ready.
pub const LOOK_AHEAD: usize = 16;
/// For how many looks a thread counts as blocked on what one of them saw; looks without a change don't count.
const NEAR: usize = 3;

/// What one look saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadLook {
    /// When, in absolute nanoseconds.
    pub at_ns: i64,
    /// The kernel's clocks of the thread.
    pub clocks: ThreadClocks,
    /// What the thread was blocked on; absent where it was on a CPU or ready.
    pub blocked_on: Option<BlockedOn>,
}

/// Totals since *entered*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    wall: u64,
    on_cpu: u64,
    ready: u64,
}

impl Sums {
    /// The rest: the most that the thread can have been blocked.
    fn left(&self) -> u64 {
        self.wall.saturating_sub(self.on_cpu + self.ready)
    }
}

/// The totals of the bins so far; the rest of their wall time was ready.
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
    /// The thread's clocks at *entered*, as far as they are known.
    base: ThreadClocks,
    pending: VecDeque<Pending>,
    /// What the bins got so far.
    given: Given,
    /// The look that was settled last.
    last: Option<Pending>,
    /// What a look last saw the thread blocked on, and how many looks ago.
    recent: Option<(usize, BlockedOn)>,
}

impl Track {
    /// Starts with the first look at an execution. `before` has the thread's clocks at the last known instant before it
    /// entered, or zeros for its birth. CPU time and waits since then count as after *entered* if they fit between *entered*
    /// and the look. If they don't, the thread counts as in the seen state for that whole interval.
    pub fn new(one: &Watched, tick_ns: u64, before: ThreadClocks, look: &ThreadLook) -> Self {
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

    /// Takes in a look. Appends the bins that this look settles to `out`.
    pub fn take(&mut self, look: &ThreadLook, out: &mut Bins) {
        let sums = Sums {
            wall: since(look.at_ns, self.entered_ns),
            on_cpu: look.clocks.on_cpu_ns.saturating_sub(self.base.on_cpu_ns),
            ready: look.clocks.run_queue_ns.saturating_sub(self.base.run_queue_ns),
        };
        let newest = self.pending.back().map_or(self.given.wall, |pending| pending.sums.wall);
        if sums.wall > newest {
            let ThreadLook { clocks, blocked_on, .. } = *look;
            self.pending.push_back(Pending { sums, dispatches: clocks.dispatches, blocked_on });
        }
        while self.pending.len() > LOOK_AHEAD {
            let blocked = self.least_left();
            self.settle(blocked, out);
        }
    }

    /// Settles the pending looks: no more will come.
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

    /// How long the thread was blocked until the last look, which no later look can confirm.
    fn blocked_at_end(&self) -> u64 {
        // Goes back to the first look since which the thread was not put on a CPU again: the rest there is the closest bound.
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
        // It was put on a CPU since the look before, so it can't have been ready for longer than that.
        let since = pending.sums.wall - before.map_or(0, |before| before.sums.wall);
        let seen_blocked = self.pending.iter().any(|pending| pending.blocked_on.is_some()) || self.recent.is_some();
        let lag = if seen_blocked { self.tick_ns } else { self.tick_ns.max(since) };
        pending.sums.left().saturating_sub(lag).max(known)
    }

    /// Appends the bin that the oldest pending look ends; `blocked` is how long the thread was blocked until that look.
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

    /// How much of the time that neither clock shows yet was on a CPU: at most a tick, without what proves to be a wait for a
    /// CPU.
    fn cpu_lag(&self, look: &Pending, blocked: u64) -> u64 {
        let lag = look.sums.left().saturating_sub(blocked.max(self.given.blocked));
        let waited = self.pending.front().map_or(0, |next| next.sums.ready.saturating_sub(look.sums.ready));
        lag.saturating_sub(waited).min(self.tick_ns)
    }

    /// What the thread was blocked on before a look; `still` says that it was not blocked since the look before.
    fn kind_of(&mut self, look: &Pending, still: bool) -> BlockedOn {
        self.recent = match (look.blocked_on, self.recent) {
            (Some(kind), _) => Some((0, kind)),
            (None, recent) if still => recent,
            (None, recent) => recent.map(|(ago, kind)| (ago + 1, kind)),
        };
        let near = self.recent.filter(|(ago, _)| *ago <= NEAR).map(|(_, kind)| kind);
        // No look nearby saw it blocked, so the last one that did has to do, however long ago.
        let far = || self.recent.map(|(_, kind)| kind);
        near.or_else(|| self.next_kind(look)).or_else(far).unwrap_or(BlockedOn::Other)
    }

    /// What the next look that is known to differ saw it blocked on.
    fn next_kind(&self, look: &Pending) -> Option<BlockedOn> {
        let befores = std::iter::once(look).chain(&self.pending);
        let changed = befores.zip(&self.pending).filter(|(before, after)| !not_blocked_between(before, after));
        changed.into_iter().find_map(|(_, after)| after.blocked_on)
    }
}

fn since(at_ns: i64, from_ns: i64) -> u64 {
    u64::try_from(at_ns - from_ns).unwrap_or(0)
}

/// A thread that was blocked and ran again would have been put on a CPU in between.
fn not_blocked_between(before: &Pending, after: &Pending) -> bool {
    before.blocked_on.is_none() && after.blocked_on.is_none() && before.dispatches == after.dispatches
}
