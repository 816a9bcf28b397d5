//! What an execution did between *entered* and *left*, by its own thread's clocks: on a CPU, ready for one, or blocked.
//!
//! The thread itself reads all clocks, around its target, and reads an expensive one only where that can matter: a thread
//! without a context switch was on a CPU throughout, and needs no clock.

use super::{perform::note_usage, session::Session};
use model::Stage;
use os::{self, RunQueueClock, UsageCount};
use protocol::slots::{Slot, Word};

/// How uncertain the stamps may leave the wait before *entered*; half of that is taken for it. Reading the clock instead costs
/// 10 µs, a quarter of a launch.
const OPEN_NS: u64 = 100_000;

/// The most that passes from *left* to the reading of the CPU clock while the thread keeps its CPU.
const ASKING_NS: u64 = 5_000;

/// The kind of thread that runs an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Born for this execution: its counts began then.
    Thread,
    /// The only thread of a process that was forked for this execution; the launcher counts what it used.
    Fork,
    /// The only thread of a process that was executed for this execution: its clocks have run since the fork before.
    Worker,
    /// It runs several executions, one after another.
    Lasting,
}

/// Measures the executions of one thread.
pub struct Meter {
    life: Life,
    states: bool,
    clock: Option<RunQueueClock>,
    /// The last reading of the run-queue clock: context switches so far, and the wait. It holds until the next switch.
    last_wait: Option<(u64, u64)>,
}

/// The counts and clocks before *entered*.
#[derive(Default)]
pub struct Before {
    usage: UsageCount,
    cpu_ns: u64,
    /// How long the thread had waited for a CPU; absent where no descriptor was free.
    wait_ns: Option<u64>,
}

/// What a thread did in an interval; the rest of it, the thread was blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Did {
    on_cpu_ns: u64,
    /// Absent where no descriptor was free.
    ready_ns: Option<u64>,
}

impl Meter {
    /// A meter for executions of the calling thread.
    pub fn new(session: &Session, life: Life) -> Self {
        Self::of(life, session.states)
    }

    fn of(life: Life, states: bool) -> Self {
        Self { life, states, clock: None, last_wait: None }
    }

    /// Call this just before *entered* is stamped, so that its cost is not the target's.
    pub fn before(&mut self, slot: Slot<'_>) -> Before {
        if !self.states {
            let usage = if self.life == Life::Lasting { os::thread_usage() } else { None };
            return Before { usage: usage.unwrap_or_default(), ..Before::default() };
        }
        // This comes first: reading this clock makes the kernel check whether the thread's time slice is over.
        let cpu_ns = os::thread_cpu_ns();
        let Some(usage) = os::thread_usage() else { return Before::default() };
        if self.life == Life::Lasting {
            return match self.known_wait_ns(&usage) {
                Some(wait_ns) => Before { usage, cpu_ns, wait_ns: Some(wait_ns) },
                None => self.asked_anew(usage),
            };
        }
        if self.life != Life::Worker
            && switches(&usage) == 0
            && let Some(wait_ns) = wait_by_stamps(slot, cpu_ns, os::monotonic_ns())
        {
            return Before { usage, cpu_ns, wait_ns: Some(wait_ns) };
        }
        self.asked_anew(usage)
    }

    /// Reads the run-queue clock. If the thread loses its CPU meanwhile, reads it again, so that no later wait is missing.
    fn asked_anew(&mut self, mut usage: UsageCount) -> Before {
        let before = loop {
            let wait_ns = self.wait_ns(&usage);
            let before = Before { usage, cpu_ns: os::thread_cpu_ns(), wait_ns };
            match os::thread_usage() {
                Some(again) if switches(&again) != switches(&usage) => usage = again,
                _ => break before,
            }
        };
        // The descriptor is closed so that the target can have it: with thousands of threads they would run out. Pool workers
        // are few.
        if self.life != Life::Lasting {
            self.clock = None;
        }
        before
    }

    /// Call this just after *left* was stamped: writes the states and the usage, or nothing where the system does not count for
    /// each thread.
    pub fn after(&mut self, slot: Slot<'_>, before: &Before) {
        let Some(usage) = os::thread_usage() else { return };
        if self.states {
            let did = self.did(slot, before, &usage);
            slot.set_counted(Word::OnCpuNs, did.on_cpu_ns);
            if let Some(ready_ns) = did.ready_ns {
                slot.set_counted(Word::RunnableNs, ready_ns);
            }
        }
        match self.life {
            Life::Thread => note_usage(slot, usage, UsageCount::default()),
            Life::Lasting => note_usage(slot, usage, before.usage),
            Life::Fork | Life::Worker => {}
        }
    }

    fn did(&mut self, slot: Slot<'_>, before: &Before, usage: &UsageCount) -> Did {
        let wall_ns = since(slot.stage(Stage::Left), slot.stage(Stage::Entered));
        if switches(usage) == switches(&before.usage) {
            return Did { on_cpu_ns: wall_ns, ready_ns: Some(0) };
        }
        let cpu_ns = os::thread_cpu_ns();
        if usage.voluntary == before.usage.voluntary {
            // The thread never gave its CPU away, so it was never blocked, and was ready whenever it was not on a CPU. Reading
            // the run-queue clock would cost more than it tells.
            let since_left_ns = since(os::monotonic_ns(), slot.stage(Stage::Left)).min(ASKING_NS);
            let on_cpu_ns = cpu_ns.saturating_sub(before.cpu_ns + since_left_ns).min(wall_ns);
            return Did { on_cpu_ns, ready_ns: Some(wall_ns - on_cpu_ns) };
        }
        let wait_ns = self.wait_ns(usage).zip(before.wait_ns).map(|(wait, base)| wait.saturating_sub(base));
        let asking_ns = since(os::monotonic_ns(), slot.stage(Stage::Left));
        let wait_ns = match os::thread_usage().is_none_or(|now| switches(&now) == switches(usage)) {
            true => wait_ns,
            // A thread that woke together with others may lose its CPU while it reads its clocks. That wait came after *left*;
            // it is subtracted where the reading contains it, which is where the clock has not advanced since.
            false => {
                let off_cpu_ns = asking_ns.saturating_sub(os::thread_cpu_ns().saturating_sub(cpu_ns));
                let counted =
                    self.clock.as_ref().and_then(RunQueueClock::read_ns) == self.last_wait.map(|(_, wait)| wait);
                wait_ns.map(|wait| if counted { wait.saturating_sub(off_cpu_ns) } else { wait })
            }
        };
        let clock_ns = cpu_ns.saturating_sub(before.cpu_ns);
        settle(wall_ns, clock_ns, wait_ns)
    }

    /// The wait from the last reading, if no context switch happened since.
    fn known_wait_ns(&self, usage: &UsageCount) -> Option<u64> {
        self.last_wait.filter(|(at, _)| *at == switches(usage)).map(|(_, wait_ns)| wait_ns)
    }

    /// How long the calling thread has waited for a CPU since its birth; absent where no descriptor is free.
    fn wait_ns(&mut self, usage: &UsageCount) -> Option<u64> {
        if let Some(wait_ns) = self.known_wait_ns(usage) {
            return Some(wait_ns);
        }
        if self.clock.is_none() {
            self.clock = RunQueueClock::open().ok();
        }
        let wait_ns = self.clock.as_ref()?.read_ns()?;
        self.last_wait = Some((switches(usage), wait_ns));
        Some(wait_ns)
    }
}

/// How often a thread lost or gave away its CPU.
fn switches(usage: &UsageCount) -> u64 {
    usage.voluntary + usage.involuntary
}

fn since(later_ns: i64, earlier_ns: i64) -> u64 {
    u64::try_from(later_ns - earlier_ns).unwrap_or(0)
}

/// The wait before *entered* by the stamps alone, of a thread (or a forked process) that was put on a CPU once, `cpu_ns` before
/// now. It became ready between *launch called* and *launched*, where that is stamped by now. Absent where the stamps leave the
/// wait uncertain by more than [`OPEN_NS`].
fn wait_by_stamps(slot: Slot<'_>, cpu_ns: u64, now_ns: i64) -> Option<u64> {
    let most = since(now_ns, slot.stage(Stage::LaunchCalled)).saturating_sub(cpu_ns);
    let least = match slot.stage(Stage::Launched) {
        0 => 0,
        launched => since(now_ns, launched).saturating_sub(cpu_ns),
    };
    (most - least <= OPEN_NS).then_some(least.midpoint(most))
}

/// What a thread did in `wall_ns`, by its CPU clock and its run-queue clock, limited to `wall_ns`.
fn settle(wall_ns: u64, clock_ns: u64, wait_ns: Option<u64>) -> Did {
    let on_cpu_ns = clock_ns.min(wall_ns);
    Did { on_cpu_ns, ready_ns: wait_ns.map(|wait_ns| wait_ns.min(wall_ns - on_cpu_ns)) }
}

#[cfg(test)]
#[path = "meter_tests.rs"]
mod tests;
