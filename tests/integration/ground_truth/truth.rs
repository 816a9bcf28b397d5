//! The kernel's trace: when each thread was on which core, and when it was ready.
//!
//! Some kernels drop the tracepoints of some tasks: `perf_recursion` of a task that was restored with a virtual machine
//! stays set. What such a task switches to is then seen from the switch events that perf records too; what it wakes is
//! not seen.

use std::collections::HashMap;

/// When a thread was on a CPU, and on which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct On {
    pub from_ns: u64,
    pub to_ns: u64,
    pub core: u32,
}

/// What one thread did, in nanoseconds of CLOCK_MONOTONIC.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// On a CPU, in order.
    pub on: Vec<On>,
    /// Ready, in order.
    pub ready: Vec<(u64, u64)>,
    /// Off its CPU, without an observed wake-up: how much of this it was ready is unknown.
    pub unknown: Vec<(u64, u64)>,
    /// When it began to exit; after that there are no switch records of it.
    pub exit_ns: Option<u64>,
    pub now: Now,
}

/// What a thread is doing now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Now {
    /// Since when it has been on a CPU, and on which.
    on: Option<(u64, u32)>,
    /// Since when it has been ready.
    ready_ns: Option<u64>,
    /// Since when it has been off its CPU and blocked.
    blocked_ns: Option<u64>,
}

/// What every thread of the machine did.
#[derive(Debug, Default)]
pub struct Truth {
    threads: HashMap<u32, Thread>,
    nothing: Thread,
}

impl Truth {
    /// Reads what `perf script` prints.
    pub fn of(text: &str) -> Self {
        let mut truth = Self::default();
        text.lines().for_each(|line| {
            truth.take(line);
        });
        truth
    }

    /// What a thread did; nothing if it is not in the trace.
    pub fn thread(&self, tid: u32) -> &Thread {
        self.threads.get(&tid).unwrap_or(&self.nothing)
    }

    /// One line: `tid [core] seconds: event: fields`; others are ignored.
    fn take(&mut self, line: &str) -> Option<()> {
        let mut words = line.split_whitespace().skip(1);
        let core = words.next()?.trim_matches(['[', ']']).parse().ok()?;
        let at_ns = nanoseconds(words.next()?.strip_suffix(':')?)?;
        let number = |key: &str| field(line, key)?.parse::<u32>().ok();
        match words.next()? {
            "sched:sched_switch:" => {
                let runnable = field(line, " prev_state=")?.starts_with('R');
                self.threads.entry(number(" prev_pid=")?).or_default().leave(at_ns, runnable);
                self.threads.entry(number(" next_pid=")?).or_default().enter(at_ns, core);
            }
            "sched:sched_process_exit:" => {
                self.threads.entry(number(" pid=")?).or_default().exit_ns = Some(at_ns);
            }
            "PERF_RECORD_SWITCH_CPU_WIDE" if words.next() == Some("IN") => {
                let tid = line.split_whitespace().next()?.parse().ok()?;
                self.threads.entry(tid).or_default().enter_unseen(at_ns, core);
            }
            // Not `sched_waking`, which precedes the thread's entry into a run queue.
            "sched:sched_wakeup:" | "sched:sched_wakeup_new:" => {
                self.threads.entry(number(" pid=")?).or_default().wake(at_ns);
            }
            _ => {}
        }
        Some(())
    }
}

impl Thread {
    fn enter(&mut self, at_ns: u64, core: u32) {
        let ready = self.now.ready_ns;
        self.ready.extend(ready.map(|from_ns| (from_ns, at_ns)));
        self.unknown.extend(self.now.blocked_ns.filter(|_| ready.is_none()).map(|from_ns| (from_ns, at_ns)));
        self.now = Now { on: Some((at_ns, core)), ..Now::default() };
    }

    /// A task whose tracepoints are dropped put it on a core.
    fn enter_unseen(&mut self, at_ns: u64, core: u32) {
        if self.now.on.is_none() {
            self.enter(at_ns, core);
        }
    }

    fn leave(&mut self, at_ns: u64, runnable: bool) {
        self.on.extend(self.now.on.map(|(from_ns, core)| On { from_ns, to_ns: at_ns, core }));
        self.now = Now { ready_ns: runnable.then_some(at_ns), blocked_ns: (!runnable).then_some(at_ns), on: None };
    }

    /// A wake-up of a thread on a CPU changes nothing: it was about to sleep, and does not.
    fn wake(&mut self, at_ns: u64) {
        if self.now.on.is_none() {
            self.now.ready_ns.get_or_insert(at_ns);
        }
    }

    /// What it did between two instants.
    pub fn clipped(&self, from_ns: u64, to_ns: u64) -> Self {
        let clip = |from: u64, to: u64| Some((from.max(from_ns), to.min(to_ns))).filter(|(from, to)| from < to);
        let on = |on: &On| clip(on.from_ns, on.to_ns).map(|(from_ns, to_ns)| On { from_ns, to_ns, ..*on });
        let stretches = |all: &[(u64, u64)]| all.iter().filter_map(|(from, to)| clip(*from, *to)).collect();
        Self {
            on: self.on.iter().filter_map(on).collect(),
            ready: stretches(&self.ready),
            unknown: stretches(&self.unknown),
            ..Self::default()
        }
    }

    pub fn on_cpu_ns(&self) -> u64 {
        self.on.iter().map(|on| on.to_ns - on.from_ns).sum()
    }

    pub fn ready_ns(&self) -> u64 {
        self.ready.iter().map(|(from, to)| to - from).sum()
    }

    /// The remaining time, out of `wall_ns`.
    pub fn blocked_ns(&self, wall_ns: u64) -> u64 {
        wall_ns.saturating_sub(self.on_cpu_ns() + self.ready_ns())
    }
}

/// `26064.067432755` in nanoseconds.
fn nanoseconds(text: &str) -> Option<u64> {
    let (seconds, fraction) = text.split_once('.')?;
    (fraction.len() == 9).then_some(())?;
    Some(seconds.parse::<u64>().ok()? * 1_000_000_000 + fraction.parse::<u64>().ok()?)
}

/// The word after a key.
fn field<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.split_once(key)?.1.split_whitespace().next()
}

#[test]
fn a_trace_is_read_line_by_line() {
    let text = "\
   10 [000] 1.000000000: sched:sched_switch: prev_comm=a b prev_pid=10 prev_prio=120 prev_state=S ==> next_comm=x next_pid=7 next_prio=120
   11 [001] 1.000003000: sched:sched_waking: comm=a b pid=10 prio=120 target_cpu=001
   11 [001] 1.000005000: sched:sched_wakeup: comm=a b pid=10 prio=120 target_cpu=001
   11 [001] 1.000009000: sched:sched_switch: prev_comm=c prev_pid=11 prev_prio=120 prev_state=R+ ==> next_comm=a b next_pid=10 next_prio=120
   10 [001] 1.000010000: sched:sched_stat_runtime: comm=a b pid=10 runtime=3 [ns]
   10 [001] 1.000021000: sched:sched_switch: prev_comm=a b prev_pid=10 prev_prio=120 prev_state=S ==> next_comm=c next_pid=11 next_prio=120
   12 [000] 1.000022000: sched:sched_wakeup: comm=a b pid=10 prio=120 target_cpu=001
   11 [001] 1.000024000: sched:sched_switch: prev_comm=c prev_pid=11 prev_prio=120 prev_state=R ==> next_comm=a b next_pid=10 next_prio=120
   10 [001] 1.000029000: sched:sched_process_exit: comm=a b pid=10 prio=120
   10 [001] 1.000030000: sched:sched_switch: prev_comm=a b prev_pid=10 prev_prio=120 prev_state=X ==> next_comm=c next_pid=11 next_prio=120
   11 [001] 1.000031000: PERF_RECORD_SWITCH_CPU_WIDE IN           prev pid/tid:    10/10
   13 [000] 1.000040000: PERF_RECORD_SWITCH_CPU_WIDE IN           prev pid/tid:     0/0
   13 [000] 1.000050000: sched:sched_switch: prev_comm=d prev_pid=13 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120
   13 [000] 1.000070000: PERF_RECORD_SWITCH_CPU_WIDE IN           prev pid/tid:     0/0
";
    let truth = Truth::of(text);
    let at = |us: u64| 1_000_000_000 + us * 1_000;
    let on = |from: u64, to: u64| On { from_ns: at(from), to_ns: at(to), core: 1 };
    assert_eq!(truth.thread(10).on, [on(9, 21), on(24, 30)]);
    assert_eq!(truth.thread(10).ready, [(at(5), at(9)), (at(22), at(24))]);
    assert_eq!(truth.thread(10).exit_ns, Some(at(29)));
    assert_eq!((truth.thread(13).on.len(), &truth.thread(13).unknown[..]), (1, &[(at(50), at(70))][..]));
    assert_eq!(truth.thread(11).ready, [(at(9), at(21)), (at(24), at(30))]);
    let clipped = truth.thread(10).clipped(at(10), at(28));
    assert_eq!((clipped.on_cpu_ns(), clipped.ready_ns(), clipped.blocked_ns(18_000)), (15_000, 2_000, 1_000));
}
