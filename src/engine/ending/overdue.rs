//! Computes from an execution's stamps which limit it has exceeded. A timeout covers an execution until its thread or
//! process is gone: a function may return and leave a process that can't exit.

/// If a thread or process is still there this long after its function returned, it counts as held up. On a busy machine
/// an exit takes time.
const EXIT_GRACE_NS: i64 = 1_000_000_000;

/// Which limit an execution has exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overdue {
    /// Its process has not finished loading.
    Load,
    /// The call has not returned.
    Call,
    /// It returned, and its thread or process is still there.
    Exit,
    /// It returned, and its result has not come back from the pool.
    Result,
}

/// Where an execution runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A process of its own.
    Process,
    /// A thread of its own.
    Thread,
    /// A worker of a pool or the runner's main thread, which outlives the execution.
    Lasting,
}

/// How long an execution may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The limit of the call, until the thread or process is gone, ns; absent if there is none.
    pub call_ns: Option<u64>,
    /// The limit of loading in the execution's own process, before the call, ns; absent if nothing is loaded there.
    pub load_ns: Option<u64>,
    /// Whether the call's time begins at *entered*: an execution that waits in a pool's queue has not begun.
    pub from_entered: bool,
}

/// An execution's stamps, absolute nanoseconds; 0 for steps that have not happened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    pub launch_called: i64,
    pub entered: i64,
    pub left: i64,
    pub exited: i64,
    /// Since when the launcher has been waiting for this execution in particular; 0 if it is not.
    pub awaited: i64,
}

/// Which limit an execution has exceeded, if any. For *call* and *exit* the caller must check that the thread or
/// process still exists: one that has crashed only waits to be joined.
pub fn overdue(place: Carrier, limits: Limits, seen: Seen, now: i64) -> Option<Overdue> {
    let longer = |since: i64, limit: u64| u64::try_from(now.saturating_sub(since)).is_ok_and(|ns| ns > limit);
    if seen.entered == 0 && seen.left == 0 && seen.exited == 0 {
        return match limits {
            Limits { load_ns: Some(limit), .. } => longer(seen.launch_called, limit).then_some(Overdue::Load),
            Limits { from_entered: true, .. } => None,
            Limits { call_ns, .. } => call_ns.filter(|limit| longer(seen.launch_called, *limit)).map(|_| Overdue::Call),
        };
    }
    let begun = seen.entered.max(seen.launch_called);
    let limit = limits.call_ns.filter(|limit| longer(begun, *limit))?;
    if seen.left == 0 && seen.exited == 0 {
        return Some(Overdue::Call);
    }
    let held = now.saturating_sub(seen.left.max(seen.exited)) > EXIT_GRACE_NS;
    match place {
        Carrier::Process | Carrier::Thread => held.then_some(Overdue::Exit),
        Carrier::Lasting if seen.exited == 0 => held.then_some(Overdue::Exit),
        Carrier::Lasting => {
            let patience = limit.max(EXIT_GRACE_NS as u64);
            (seen.awaited != 0 && longer(seen.awaited.max(seen.exited), patience)).then_some(Overdue::Result)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000_000;
    const LIMITS: Limits = Limits { call_ns: Some(3 * S as u64), load_ns: None, from_entered: false };

    #[test]
    fn a_call_is_overdue_from_its_start() {
        let seen = Seen { launch_called: S, entered: 2 * S, ..Seen::default() };
        assert_eq!(overdue(Carrier::Thread, LIMITS, seen, 5 * S), None);
        assert_eq!(overdue(Carrier::Thread, LIMITS, seen, 5 * S + 1), Some(Overdue::Call));
        assert_eq!(overdue(Carrier::Thread, Limits { call_ns: None, ..LIMITS }, seen, 99 * S), None);
    }

    #[test]
    fn what_waits_in_a_pools_queue_has_not_begun() {
        let limits = Limits { from_entered: true, ..LIMITS };
        let queued = Seen { launch_called: S, ..Seen::default() };
        assert_eq!(overdue(Carrier::Lasting, limits, queued, 99 * S), None);
        let begun = Seen { entered: 50 * S, ..queued };
        assert_eq!(overdue(Carrier::Lasting, limits, begun, 52 * S), None);
        assert_eq!(overdue(Carrier::Lasting, limits, begun, 54 * S), Some(Overdue::Call));
    }

    #[test]
    fn a_function_that_returned_may_leave_a_process_that_stays() {
        let seen = Seen { launch_called: S, entered: S, left: 2 * S, ..Seen::default() };
        assert_eq!(overdue(Carrier::Process, LIMITS, seen, 3 * S + S / 2), None, "the limit is not over");
        assert_eq!(overdue(Carrier::Process, LIMITS, seen, 5 * S), Some(Overdue::Exit));
        let late = Seen { left: 4 * S - S / 10, ..seen };
        assert_eq!(overdue(Carrier::Process, LIMITS, late, 4 * S + S / 2), None, "an end takes its time");
    }

    #[test]
    fn a_child_that_loads_has_the_limit_of_loading() {
        let limits = Limits { load_ns: Some(10 * S as u64), ..LIMITS };
        let loading = Seen { launch_called: S, ..Seen::default() };
        assert_eq!(overdue(Carrier::Process, limits, loading, 10 * S), None);
        assert_eq!(overdue(Carrier::Process, limits, loading, 12 * S), Some(Overdue::Load));
    }

    #[test]
    fn a_result_that_the_launcher_waits_for_does_not_come() {
        let seen = Seen { launch_called: S, entered: S, left: 2 * S, exited: 2 * S, awaited: 0 };
        assert_eq!(overdue(Carrier::Lasting, LIMITS, seen, 99 * S), None, "the launcher waits for another");
        let awaited = Seen { awaited: 5 * S, ..seen };
        assert_eq!(overdue(Carrier::Lasting, LIMITS, awaited, 7 * S), None);
        assert_eq!(overdue(Carrier::Lasting, LIMITS, awaited, 9 * S), Some(Overdue::Result));
    }
}
