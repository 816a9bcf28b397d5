//! The figures of one complete run, in nanoseconds and shares, from one pass over its executions.

use super::own_work::OwnWork;
use crate::sending::Sent;
use model::{BlockedOn, Execution, FindingPlace, LockLooks, Phase, Run, Stage, State, Usage};

/// The figures of one run. Times are sums over its executions, in nanoseconds.
pub struct RunFacts<'a> {
    /// The run.
    pub run: &'a Run,
    /// From the origin to the last join.
    pub makespan_ns: f64,
    /// From launch calls to the first instructions of targets, less the waits in a pool's queue and what sending takes.
    pub launching_ns: f64,
    /// How long the slowest launch took.
    pub slowest_launch_ns: f64,
    /// Whether executions are calls that are handed to a pool.
    pub pooled: bool,
    /// In a pool's queue.
    pub queued_ns: f64,
    /// On the way to another process, or back: arguments and results.
    pub sending_ns: f64,
    /// The part of that for results.
    pub returning_ns: f64,
    /// How long something was on its way while no execution was in its target.
    pub only_sending_ns: f64,
    /// Bytes, and times to pickle and unpickle.
    pub sent: Sent,
    /// In the targets.
    pub in_target_ns: f64,
    /// From the last instructions of targets until threads and processes were gone.
    pub exiting_ns: f64,
    /// The part of that during which members were still there.
    pub exit_waits_ns: f64,
    /// How long joins took once there was nothing left to wait for.
    pub joining_ns: f64,
    /// How long at least one execution was in its target.
    pub covered_ns: f64,
    /// The most that were in their targets at once.
    pub most: usize,
    /// Time in each state of the executions whose states are known, by [`State::index`]; time blocked on something
    /// unknown is in [`RunFacts::unseen_ns`].
    pub states_ns: [f64; State::COUNT],
    /// Time blocked on something unknown.
    pub unseen_ns: f64,
    /// What members did, and threads and processes of the run that belong to no execution.
    pub own: OwnWork,
    /// Samples of threads that are blocked on locks: of this run, or of all repeats of its setting where those are at
    /// hand.
    pub lock_looks: Option<LockLooks>,
    /// CPU time in the kernel, where it is known of every execution.
    pub system_ns: Option<f64>,
    /// CPU time in user mode, likewise.
    pub user_ns: Option<f64>,
    /// How often executions gave the CPU away, where it is known of every one.
    pub gave_away: Option<f64>,
    /// How many context switches executions had, voluntary or not; likewise.
    pub switches: Option<f64>,
    /// Page faults served without a disk; likewise.
    pub faults: Option<f64>,
    /// How long the last execution was alone in its target.
    pub alone_ns: f64,
    /// The last execution to leave its target.
    pub last: Option<u32>,
    /// For each lane the time that its executions worked: in their targets, and neither ready nor waiting for the GIL
    /// or a lock, which others had.
    pub lanes_ns: Vec<f64>,
}

impl<'a> RunFacts<'a> {
    /// The figures of a run.
    pub fn of(run: &'a Run) -> Self {
        let mut facts = Self {
            run,
            makespan_ns: run.length_ns().max(1) as f64,
            launching_ns: 0.0,
            slowest_launch_ns: 0.0,
            pooled: run.executions.first().is_some_and(|execution| execution.queued),
            queued_ns: 0.0,
            sending_ns: 0.0,
            returning_ns: 0.0,
            only_sending_ns: 0.0,
            sent: Sent::default(),
            in_target_ns: 0.0,
            exiting_ns: 0.0,
            exit_waits_ns: 0.0,
            joining_ns: 0.0,
            covered_ns: 0.0,
            most: 0,
            states_ns: [0.0; State::COUNT],
            unseen_ns: 0.0,
            own: OwnWork::of(run),
            lock_looks: run.sampling.and_then(|sampling| sampling.lock_looks),
            system_ns: Some(0.0),
            user_ns: Some(0.0),
            gave_away: Some(0.0),
            switches: Some(0.0),
            faults: Some(0.0),
            alone_ns: 0.0,
            last: None,
            lanes_ns: vec![0.0; run.lanes() as usize],
        };
        let mut stretches = Vec::with_capacity(run.executions.len());
        let mut on_the_way = Vec::new();
        for execution in &run.executions {
            facts.add(execution);
            if execution.sending.is_some() {
                // A process is launched between the two stretches in which its arguments are sent.
                on_the_way.extend(execution.stretches_of(Phase::Sending));
                on_the_way.extend(execution.stretches_of(Phase::Returning));
            }
            stretches.extend(inside(execution));
        }
        on_the_way.extend(&stretches);
        facts.overlap(stretches);
        facts.only_sending_ns = (covered_ns(on_the_way) - facts.covered_ns).max(0.0);
        facts
    }

    fn add(&mut self, execution: &Execution) {
        let stamps = &execution.stamps;
        let length = |phase| execution.phase_ns(phase).unwrap_or(0) as f64;
        self.launching_ns += length(Phase::Launching);
        self.slowest_launch_ns = self.slowest_launch_ns.max(length(Phase::Launching));
        self.queued_ns += length(Phase::Queued);
        if let Some(sending) = &execution.sending {
            self.sending_ns += length(Phase::Sending) + length(Phase::Returning);
            self.returning_ns += length(Phase::Returning);
            self.sent.add(sending);
        }
        let inside_ns = inside(execution).map_or(0, |(from, to)| to.saturating_sub(from)) as f64;
        self.in_target_ns += inside_ns;
        self.exiting_ns += length(Phase::Exiting);
        self.exit_waits_ns += exit_waits_ns(execution) as f64;
        self.joining_ns += joining_ns(execution).unwrap_or(0) as f64;
        let usage = execution.usage.as_deref();
        let add = |sum: Option<f64>, more: Option<u64>| Some(sum? + more? as f64);
        self.user_ns = add(self.user_ns, usage.and_then(|usage| usage.user_ns));
        self.system_ns = add(self.system_ns, usage.and_then(|usage| usage.system_ns));
        self.gave_away = add(self.gave_away, usage.and_then(|usage| usage.voluntary_switches));
        let both = |usage: &Usage| Some(usage.voluntary_switches? + usage.involuntary_switches?);
        self.switches = add(self.switches, usage.and_then(both));
        self.faults = add(self.faults, usage.and_then(|usage| usage.minor_faults));
        let mut work_ns = inside_ns;
        if let Some(states) = &execution.states {
            let times = State::ALL.map(|state| states.get(state).unwrap_or(0) as f64);
            self.states_ns.iter_mut().zip(times).for_each(|(sum, ns)| *sum += ns);
            self.unseen_ns += states.blocked_on.map_or(states.blocked_ns as f64, |_| 0.0);
            let for_others = [State::Ready, State::Blocked(BlockedOn::Gil), State::Blocked(BlockedOn::Lock)];
            work_ns -= for_others.map(|state| times[state.index()]).iter().sum::<f64>();
        }
        if let Some(lane) = execution.lane.and_then(|lane| self.lanes_ns.get_mut(lane as usize)) {
            *lane += work_ns;
        }
        let left = |id: u32| self.run.executions.get(id as usize).and_then(|e| e.stamps.get(Stage::Left));
        if stamps.get(Stage::Left) > self.last.and_then(left) {
            self.last = Some(execution.id);
        }
    }

    /// Works out how long any execution was in its target, the most at once, and how long the last was alone.
    fn overlap(&mut self, mut stretches: Vec<(u64, u64)>) {
        // Stamps of a crashed or foreign writer may be out of order.
        stretches.retain(|(from, to)| from <= to);
        stretches.sort_unstable();
        let (mut end, mut second, mut entered) = (0, 0, 0);
        for (from, to) in stretches.iter().copied() {
            self.covered_ns += to.saturating_sub(from.max(end)) as f64;
            second = second.max(to.min(end));
            if to > end {
                (entered, end) = (from, to);
            }
        }
        self.alone_ns = end.saturating_sub(second.max(entered)) as f64;
        let mut ends: Vec<u64> = stretches.iter().map(|(_, to)| *to).collect();
        ends.sort_unstable();
        let mut gone = ends.iter().peekable();
        let mut inside = 0;
        for (from, _) in &stretches {
            while gone.next_if(|end| *end <= from).is_some() {
                inside -= 1;
            }
            inside += 1;
            self.most = self.most.max(inside);
        }
    }

    /// The time whose states are known.
    pub fn known_ns(&self) -> f64 {
        self.states_ns.iter().sum::<f64>() + self.unseen_ns
    }

    /// Time in a state.
    pub fn state_ns(&self, state: State) -> f64 {
        self.states_ns[state.index()]
    }

    /// Time blocked on something.
    pub fn blocked_ns(&self, on: BlockedOn) -> f64 {
        self.state_ns(State::Blocked(on))
    }

    /// A time as a share of the time whose states are known, 0 to 1.
    pub fn share(&self, ns: f64) -> f64 {
        ns / self.known_ns().max(1.0)
    }

    /// How many are in their targets on average, while any is.
    pub fn in_flight(&self) -> f64 {
        self.in_target_ns / self.covered_ns.max(1.0)
    }

    /// CPU time in the targets, with that of [`RunFacts::own`].
    pub fn cpu_ns(&self) -> f64 {
        self.state_ns(State::OnCpu) + self.own.on_cpu_ns
    }

    /// The share of [`RunFacts::own`] in that, 0 to 1.
    pub fn own_share(&self) -> f64 {
        self.own.on_cpu_ns / self.cpu_ns().max(1.0)
    }

    /// Whether members do so much of the work that what the executions' own threads do says little of it: at least a
    /// quarter of the CPU time, where records tell it from that of starting and ending, or of a core for as long as any
    /// execution is in its target.
    pub fn is_done_by_own(&self) -> bool {
        (self.own.recorded && self.own_share() >= 0.25) || self.own.on_cpu_ns >= 0.25 * self.covered_ns
    }

    /// Whether its interpreter has a GIL.
    pub fn has_gil(&self) -> bool {
        self.run.interpreter_facts.as_ref().is_some_and(|facts| facts.gil_enabled != Some(false))
    }

    /// How many are on a CPU on average, while any execution is in its target; with members.
    pub fn on_cpu_at_once(&self) -> f64 {
        self.cpu_ns() / self.covered_ns.max(1.0)
    }

    /// How many executions are on a CPU on average, while any is in its target; without members.
    pub fn themselves_on_cpu_at_once(&self) -> f64 {
        self.state_ns(State::OnCpu) / self.covered_ns.max(1.0)
    }

    /// How many are on a CPU or ready for one on average, while any execution is in its target; with members.
    pub fn able_at_once(&self) -> f64 {
        (self.cpu_ns() + self.state_ns(State::Ready) + self.own.ready_ns) / self.covered_ns.max(1.0)
    }

    /// What launching, exit and join take of executions' spans, without waits in a queue, 0 to 1.
    pub fn start_share(&self) -> f64 {
        let cost = self.launching_ns + self.exiting_ns + self.joining_ns;
        cost / (cost + self.sending_ns + self.in_target_ns).max(1.0)
    }

    /// A sum divided by the number of executions.
    pub fn each(&self, sum: f64) -> f64 {
        sum / self.run.executions.len().max(1) as f64
    }

    /// The share of the makespan in which no execution was in its target, 0 to 1.
    pub fn empty_share(&self) -> f64 {
        (1.0 - self.covered_ns / self.makespan_ns).max(0.0)
    }

    /// The execution of which something is the greatest, and how much that is.
    pub fn most_of(&self, of: impl Fn(&Execution) -> Option<u64>) -> Option<(&'a Execution, u64)> {
        let known = self.run.executions.iter().filter_map(|execution| Some((execution, of(execution)?)));
        known.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// The time in the target of the execution that was longest in these states.
    pub fn place_of(&self, states: &[State]) -> Option<FindingPlace> {
        let in_them = |execution: &Execution| {
            let known = execution.states.as_ref()?;
            Some(states.iter().filter_map(|state| known.get(*state)).sum())
        };
        place(self.most_of(in_them)?.0, Phase::InTarget)
    }

    /// The run's whole length, and an execution.
    pub fn whole(&self, execution: Option<u32>) -> FindingPlace {
        FindingPlace { execution, from_ns: 0, to_ns: self.makespan_ns as u64 }
    }
}

/// When it was in its target. An execution that ends its process there has no stamp *left*: then its end counts.
fn inside(execution: &Execution) -> Option<(u64, u64)> {
    let stamps = &execution.stamps;
    let ended = || {
        let until = stamps.get(Stage::Exited).or_else(|| stamps.get(Stage::Joined))?;
        Some((stamps.get(Stage::Entered)?, until))
    };
    stamps.in_target().or_else(ended)
}

/// How long members went on after the execution left its target, and before it was gone.
fn exit_waits_ns(execution: &Execution) -> u64 {
    let Some((left, gone)) = execution.phase(Phase::Exiting) else { return 0 };
    let ends = execution.members.iter().filter_map(|member| member.ended_ns);
    ends.max().map_or(0, |end| end.min(gone).saturating_sub(left))
}

/// How long at least one of these stretches lasts.
pub fn covered_ns(mut stretches: Vec<(u64, u64)>) -> f64 {
    stretches.sort_unstable();
    let (mut end, mut sum) = (0, 0);
    for (from, to) in stretches {
        sum += to.saturating_sub(from.max(end));
        end = end.max(to);
    }
    sum as f64
}

/// How long the join took once there was nothing left to wait for: since the execution's end and the arrival of its
/// result, or since the join was called, whichever is later.
pub fn joining_ns(execution: &Execution) -> Option<u64> {
    let stamps = &execution.stamps;
    let (gone, joined) = execution.phase(Phase::ToBeJoined)?;
    Some(joined.saturating_sub(gone.max(stamps.join_called().unwrap_or(0))))
}

/// A phase of an execution as a place.
pub fn place(execution: &Execution, phase: Phase) -> Option<FindingPlace> {
    let (from_ns, to_ns) = execution.phase(phase)?;
    Some(FindingPlace { execution: Some(execution.id), from_ns, to_ns })
}
