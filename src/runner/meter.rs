//! What an execution did between *entered* and *left*, by its own thread's clocks: on a CPU, ready for one, or blocked.
//!
//! All is asked by the thread itself, around its target. What costs is asked only where it can matter: a thread that gave
//! its CPU away at no time was on it throughout, and needs no clock.

use super::{perform::note_usage, session::Session};
use crate::{
    model::Stage,
    os::{self, RunQueueClock, UsageCount},
    protocol::slots::{Slot, Word},
};

/// What the thread of an execution is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Born for this execution: its counts began with it.
    Thread,
    /// The only thread of a process that was forked for this execution; the launcher counts what it used.
    Fork,
    /// Likewise, and then executed: its clocks have run since the fork.
    Worker,
    /// It runs executions one after another.
    Lasting,
}

/// Measures the executions of one thread.
pub struct Meter {
    life: Life,
    states: bool,
    /// Of a lasting thread: its clock, and what it said when there had been so many switches. Without a switch it stands.
    clock: Option<RunQueueClock>,
    last_wait: Option<(u64, u64)>,
}

/// How long a thread had waited for a CPU before it entered its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waited {
    Ns(u64),
    /// It was put on a CPU once: what it waited for that lies between *launched* and what it did until *entered*.
    Once,
    NotKnown,
}

/// What there was before *entered*.
pub struct Before {
    usage: UsageCount,
    cpu_ns: u64,
    waited: Waited,
}

/// What a thread did in a stretch of time; the rest it was blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Did {
    on_cpu_ns: u64,
    /// Not known where no descriptor was free.
    ready_ns: Option<u64>,
}

impl Meter {
    /// A meter for executions of the calling thread.
    pub fn new(session: &Session, life: Life) -> Self {
        Self { life, states: session.states, clock: None, last_wait: None }
    }

    /// To be asked just before *entered* is stamped: what it costs is not the target's.
    pub fn before(&mut self) -> Before {
        if !self.states && self.life != Life::Lasting {
            return Before { usage: UsageCount::default(), cpu_ns: 0, waited: Waited::NotKnown };
        }
        let usage = os::thread_usage();
        if !self.states {
            return Before { usage, cpu_ns: 0, waited: Waited::NotKnown };
        }
        let waited = match self.life {
            Life::Thread | Life::Fork if switches(&usage) == 0 => Waited::Once,
            _ => self.wait_ns(&usage).map_or(Waited::NotKnown, Waited::Ns),
        };
        // Last of all, for it runs on.
        Before { usage, cpu_ns: os::thread_cpu_ns(), waited }
    }

    /// To be asked just after *left* was stamped: writes the states, and what was used.
    pub fn after(&mut self, slot: Slot<'_>, before: &Before) {
        let usage = os::thread_usage();
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
        let clock_ns = os::thread_cpu_ns().saturating_sub(before.cpu_ns);
        let waited_before = match before.waited {
            Waited::Ns(ns) => Some(ns),
            Waited::Once => Some(waited_once(slot, before.cpu_ns)),
            Waited::NotKnown => None,
        };
        let wait_ns = waited_before.and_then(|base| Some(self.wait_ns(usage)?.saturating_sub(base)));
        settle(wall_ns, clock_ns, wait_ns, usage.voluntary != before.usage.voluntary)
    }

    /// How long the calling thread has waited for a CPU since its birth.
    fn wait_ns(&mut self, usage: &UsageCount) -> Option<u64> {
        if self.life != Life::Lasting {
            return os::run_queue_ns();
        }
        if let Some((_, wait_ns)) = self.last_wait.filter(|(at, _)| *at == switches(usage)) {
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

/// How often a thread was off its CPU.
fn switches(usage: &UsageCount) -> u64 {
    usage.voluntary + usage.involuntary
}

fn since(later_ns: i64, earlier_ns: i64) -> u64 {
    u64::try_from(later_ns - earlier_ns).unwrap_or(0)
}

/// The wait of one that was put on a CPU once before it entered, after `cpu_ns` there. It was ready when the call that made
/// it was all but over; who entered before that call returned has not waited.
fn waited_once(slot: Slot<'_>, cpu_ns: u64) -> u64 {
    match slot.stage(Stage::Launched) {
        0 => 0,
        launched => since(slot.stage(Stage::Entered), launched).saturating_sub(cpu_ns),
    }
}

/// What a thread did in `wall_ns`, by its CPU clock and its run-queue clock. One that gave its CPU away at no time of its
/// own was never blocked; then the time ready tells the rest, which is the clearer as the CPU clock leaves out what the
/// machine's own host took.
fn settle(wall_ns: u64, clock_ns: u64, wait_ns: Option<u64>, gave_away: bool) -> Did {
    let on_cpu_ns = clock_ns.min(wall_ns);
    let ready_ns = wait_ns.map(|wait_ns| wait_ns.min(wall_ns - on_cpu_ns));
    match (gave_away, ready_ns) {
        (false, Some(ready_ns)) => Did { on_cpu_ns: wall_ns - ready_ns, ready_ns: Some(ready_ns) },
        _ => Did { on_cpu_ns, ready_ns },
    }
}
