//! What a program did between *entered* and *left*, by the kernel's clocks of its first thread, as the launcher reads them.

use super::session::Session;
use model::Stage;
use os::{self, ThreadClocks};
use protocol::slots::{Before, Slot, Word};

/// What the spawn call itself takes, before the program's thread is ready and after its image is in place; and by how much that
/// may vary.
const CALL_NS: u64 = 100_000;
const CALL_MORE_NS: u64 = 50_000;
/// Another, running thread's clock is not up to date. It lacks at most what loading a program takes.
const LOADING_NS: u64 = 600_000;

/// The clocks of a program's first thread when its image was in place.
#[derive(Clone, Copy)]
pub struct ProgramClocks {
    base: ThreadClocks,
}

impl ProgramClocks {
    /// Call this just after *entered* was stamped. Absent where states are not measured, or no descriptor is free.
    pub fn at_entered(session: &Session, slot: Slot<'_>, program: u32) -> Option<Self> {
        let clocks = session.states.then(|| os::first_thread_clocks(program))??;
        Some(Self { base: made_up(clocks, between(slot, Stage::LaunchCalled, Stage::Entered)) })
    }

    /// Writes the states of a program that has ended and is not reaped. Call this after *left* was stamped.
    pub fn write(self, slot: Slot<'_>, program: u32) {
        let Some(end) = os::first_thread_clocks(program) else { return };
        let Self { base } = self;
        slot.set_counted(Word::OnCpuNs, end.on_cpu_ns.saturating_sub(base.on_cpu_ns));
        slot.set_counted(Word::RunnableNs, end.run_queue_ns.saturating_sub(base.run_queue_ns));
        let left_out =
            Before { on_cpu_ns: base.on_cpu_ns.min(end.on_cpu_ns), ready_ns: base.run_queue_ns.min(end.run_queue_ns) };
        slot.set(Word::Result, left_out.packed());
    }
}

fn between(slot: Slot<'_>, from: Stage, to: Stage) -> u64 {
    u64::try_from(slot.stage(to) - slot.stage(from)).unwrap_or(0)
}

/// Adds the thread's present interval, on a CPU or waiting for one, which clocks read from outside lack. It is what is missing
/// of `launching_ns`. Where little is missing, the thread is running. Where more is missing, it waits for a CPU, if it was put
/// on one only once and so never blocked.
fn made_up(mut clocks: ThreadClocks, launching_ns: u64) -> ThreadClocks {
    match launching_ns.saturating_sub(clocks.on_cpu_ns + clocks.run_queue_ns + CALL_NS) {
        ..=CALL_MORE_NS => {}
        missing_ns @ ..LOADING_NS => clocks.on_cpu_ns += missing_ns,
        missing_ns if clocks.dispatches == 1 => clocks.run_queue_ns += missing_ns,
        _ => {}
    }
    clocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: ThreadClocks = ThreadClocks { on_cpu_ns: 50_000, run_queue_ns: 10_000, dispatches: 1 };

    #[test]
    fn what_the_clocks_lack_of_the_launch_is_made_up() {
        assert_eq!(made_up(TOLD, 200_000), TOLD, "the spawn call takes that");
        assert_eq!(made_up(TOLD, 0), TOLD);
        assert_eq!(made_up(TOLD, 360_000), ThreadClocks { on_cpu_ns: 250_000, ..TOLD });
        assert_eq!(made_up(TOLD, 4_160_000), ThreadClocks { run_queue_ns: 4_010_000, ..TOLD });
    }

    #[test]
    fn one_that_may_have_been_blocked_is_taken_at_its_word() {
        let twice = ThreadClocks { dispatches: 2, ..TOLD };
        assert_eq!(made_up(twice, 4_160_000), twice);
    }
}
