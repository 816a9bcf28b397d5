//! What members did for a run's executions: the threads and processes that these started.

use model::{BlockedOn, Execution, Member, Run, SlicesSource, State};
use std::collections::BTreeMap;

/// A member with less than this share of the busiest one's CPU time has another part in the work: it hands out, or
/// gathers.
const LEAST_PART: f64 = 0.4;

/// A member with less CPU time than this has no part in the work.
const LEAST_NS: u64 = 1_000_000;

/// The figures of one run. Times are sums, in nanoseconds, without the spinning of threads that had not been given
/// work.
#[derive(Debug, Default)]
pub struct OwnWork {
    /// Threads that executions started, without the main threads of processes.
    pub threads: u64,
    /// Processes that executions started.
    pub processes: u64,
    /// Threads and processes of the run that belong to no execution.
    pub of_run: u64,
    /// CPU time of all of these.
    pub on_cpu_ns: f64,
    /// Of this, that of threads.
    pub threads_ns: f64,
    /// Of this, that of threads and processes that belong to no execution.
    pub of_run_ns: f64,
    /// Time ready: taken off a CPU while they could go on.
    pub ready_ns: f64,
    /// How many compute for an execution at once, on average over executions; the execution itself counts where it
    /// computes.
    pub active: f64,
    /// Whether switch records tell all of this.
    pub recorded: bool,
    /// CPU time by name, of listed members that have one.
    pub names: BTreeMap<Box<str>, u64>,
}

impl OwnWork {
    /// The figures of a run.
    pub fn of(run: &Run) -> Self {
        let recorded = run.slices_source == Some(SlicesSource::SwitchRecords);
        let mut work = Self { recorded, ..Self::default() };
        for execution in &run.executions {
            work.add(execution);
        }
        if let Some(own) = &run.own {
            let worked = |member: &&Member| worked_ns(member) >= LEAST_NS;
            work.of_run = run.members.iter().filter(worked).count() as u64 + u64::from(own.not_listed);
            work.of_run_ns = own.on_cpu_ns.saturating_sub(own.spun_ns) as f64;
            work.on_cpu_ns += work.of_run_ns;
            work.ready_ns += own.runnable_ns as f64;
            work.take_in(&run.members);
        }
        work.active /= run.executions.len().max(1) as f64;
        work
    }

    fn add(&mut self, execution: &Execution) {
        let alone_ns = execution.states.as_ref().map_or(0, |states| states.on_cpu_ns);
        self.active += active(alone_ns, execution);
        match &execution.own {
            Some(own) => {
                self.threads += u64::from(own.threads);
                self.processes += u64::from(own.processes);
                self.on_cpu_ns += own.on_cpu_ns as f64;
                self.ready_ns += own.runnable_ns as f64;
                self.take_in(&execution.members);
            }
            // The execution's clocks count its threads and children, and nothing else tells of these.
            None if !self.recorded => {
                let counted_ns = execution.cpu_ns().filter(|_| execution.states.is_some()).unwrap_or(0);
                self.on_cpu_ns += counted_ns.saturating_sub(alone_ns) as f64;
            }
            None => {}
        }
    }

    fn take_in(&mut self, members: &[Member]) {
        for member in members {
            let on_cpu_ns = worked_ns(member);
            if member.pid != member.tid {
                self.threads_ns += on_cpu_ns as f64;
            }
            if let Some(name) = &member.name {
                *self.names.entry(name.clone()).or_insert(0) += on_cpu_ns;
            }
        }
    }

    /// The names of the busiest members, at most so many, without those that did next to nothing.
    pub fn busiest(&self, most: usize) -> Vec<&str> {
        let mut names: Vec<_> = self.names.iter().filter(|(_, ns)| **ns as f64 >= 0.05 * self.on_cpu_ns).collect();
        names.sort_by_key(|(_, ns)| std::cmp::Reverse(**ns));
        names.iter().take(most).map(|(name, _)| &***name).collect()
    }
}

fn worked_ns(member: &Member) -> u64 {
    member.states.on_cpu_ns.saturating_sub(member.spun_ns)
}

/// How many compute for an execution at once: members with a good part of the busiest one's CPU time, but no more than
/// were alive at once, and the execution itself where it does.
fn active(alone_ns: u64, execution: &Execution) -> f64 {
    let Some(own) = &execution.own else { return 1.0 };
    let busiest = execution.members.iter().map(|member| member.states.on_cpu_ns).max().unwrap_or(0).max(alone_ns);
    let takes_part = |ns: u64| busiest > 0 && ns as f64 >= LEAST_PART * busiest as f64;
    let members = execution.members.iter().filter(|member| takes_part(member.states.on_cpu_ns)).count() as u64;
    let at_once = members.min(u64::from(own.most_at_once));
    // An execution that waits for its members for most of its time computes before or after them.
    let states = execution.states.as_ref();
    let waits_ns = states.and_then(|states| states.get(State::Blocked(BlockedOn::Own))).unwrap_or(0);
    let waits = waits_ns as f64 >= 0.5 * execution.stamps.in_target_ns().unwrap_or(0) as f64 && waits_ns > 0;
    (at_once + u64::from(takes_part(alone_ns) && !waits)).max(1) as f64
}
