//! The GIL of an interpreter: how much of the executions' time went into waiting for it, and into every other state.

use model::{BlockedOn, Execution, Run, State};

const GIL: State = State::Blocked(BlockedOn::Gil);

/// The share of their time in the target that executions spent waiting for the GIL: over all of which it is known
/// together, so that a long one weighs more. Absent where it is known of none.
pub fn gil_share(run: &Run) -> Option<f64> {
    let known = run.executions.iter().filter_map(|execution| times(run, execution, None));
    Some(shares(known)?[GIL.index()])
}

/// The share of each state, by [`State::index`], in the time that executions spent in their targets; likewise. Time
/// blocked counts as *blocked otherwise* where no sample says on what.
pub fn state_shares(run: &Run) -> Option<[f64; State::COUNT]> {
    shares(run.executions.iter().filter_map(|execution| times(run, execution, Some(BlockedOn::Other))))
}

/// Time in each state: the totals where they are known, else the sums of the bins. Time blocked on something unknown
/// counts as `unseen`; where that is `None`, nothing is known.
fn times(run: &Run, execution: &Execution, unseen: Option<BlockedOn>) -> Option<[u64; State::COUNT]> {
    let Some(states) = &execution.states else {
        let mut sums = [0; State::COUNT];
        let bins = &run.profile(execution.id)?.bins;
        bins.iter().for_each(|bin| sums.iter_mut().zip(bin.in_state_ns).for_each(|(sum, ns)| *sum += ns));
        return Some(sums);
    };
    let mut times = State::ALL.map(|state| states.get(state).unwrap_or(0));
    if states.blocked_on.is_none() && states.blocked_ns > 0 {
        times[State::Blocked(unseen?).index()] = states.blocked_ns;
    }
    Some(times)
}

fn shares(known: impl Iterator<Item = [u64; State::COUNT]>) -> Option<[f64; State::COUNT]> {
    let mut sums = [0_u64; State::COUNT];
    known.for_each(|times| sums.iter_mut().zip(times).for_each(|(sum, ns)| *sum += ns));
    let whole: u64 = sums.iter().sum();
    (whole > 0).then(|| sums.map(|ns| ns as f64 / whole as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Bin, BlockedTotals, LaunchMode, Plan, Profile, Setting, States, Target, Task};

    fn run(profiles: Vec<Vec<Bin>>) -> Run {
        let mut plan = Plan::empty("gil");
        plan.tasks.push(Task { count: profiles.len() as u32, ..Task::new(Target::Builtin("primes".to_owned())) });
        let setting =
            Setting { mode: LaunchMode::Threads, workers: 0, start_method: None, interpreter: None, argument: None };
        let mut run = Run::new(0, &plan, setting, 0, false, String::new());
        run.executions.iter_mut().for_each(|execution| execution.pid = Some(7));
        run.profiles = (0..).zip(profiles).map(|(execution, bins)| Profile { execution, bins }).collect();
        run
    }

    fn bin(from_ns: u64, to_ns: u64, on_cpu: u64, gil: u64) -> Bin {
        Bin { from_ns, to_ns, in_state_ns: [on_cpu, to_ns - from_ns - on_cpu - gil, gil, 0, 0, 0, 0, 0] }
    }

    #[test]
    fn shares_are_weighted_by_time_and_take_totals_where_there_are_any() {
        let mut run = run(vec![vec![bin(0, 100, 40, 60)], vec![bin(0, 300, 300, 0)], Vec::new()]);
        assert_eq!(gil_share(&run), Some(60.0 / 400.0));
        let blocked_on = Some(BlockedTotals { gil_ns: 400, ..BlockedTotals::default() });
        run.executions[0].states =
            Some(Box::new(States { on_cpu_ns: 100, runnable_ns: 0, blocked_ns: 400, blocked_on }));
        assert_eq!(gil_share(&run), Some(0.5));
        let unseen = States { on_cpu_ns: 100, runnable_ns: 0, blocked_ns: 100, blocked_on: None };
        run.executions[2].states = Some(Box::new(unseen));
        assert_eq!(gil_share(&run), Some(0.5));
        let shares = state_shares(&run).expect("known");
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9 && shares[6] == 0.1, "{shares:?}");
        assert_eq!(gil_share(&self::run(vec![Vec::new()])), None);
    }
}
