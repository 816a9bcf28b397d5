//! The GIL of an interpreter: how much of the executions' time went into waiting for it, and who was running meanwhile.

use crate::model::{BlockedOn, Execution, Profile, Run, State};

const GIL: State = State::Blocked(BlockedOn::Gil);
/// The most stretches of a lane; where there are more changes than that it is coarser.
const MAX_STRETCHES: usize = 4096;
/// The most stretches times executions.
const MAX_CELLS: usize = 2_000_000;

/// A stretch of the GIL's lane, in which nothing is known to change.
#[derive(Clone, Debug, PartialEq)]
pub struct GilStretch {
    /// When it began, since the run's origin.
    pub from_ns: u64,
    /// When it ended.
    pub to_ns: u64,
    /// Who was on a CPU, by the execution's id, and for which share of the stretch, above 0 to 1.
    pub running: Vec<(u32, f64)>,
    /// How many waited for the GIL on average.
    pub waiting: f64,
}

/// The share of the time in their targets that executions spent waiting for the GIL: of those of which it is known, all
/// together, so that a long one weighs more. Absent where it is known of none.
pub fn gil_share(run: &Run) -> Option<f64> {
    let known = run.executions.iter().filter_map(|execution| times(run, execution, None));
    Some(shares(known)?[GIL.index()])
}

/// The share of each state, by [`State::index`], in the time that executions spent in their targets; likewise. Time blocked
/// of which no sample says on what is *blocked otherwise*.
pub fn state_shares(run: &Run) -> Option<[f64; 7]> {
    shares(run.executions.iter().filter_map(|execution| times(run, execution, Some(BlockedOn::Other))))
}

/// Time in each state: the totals where they are known, else what the bins cover. Where nothing tells on what it was
/// blocked, that counts as `unseen`; without that, nothing is known.
fn times(run: &Run, execution: &Execution, unseen: Option<BlockedOn>) -> Option<[u64; 7]> {
    let Some(states) = &execution.states else {
        let mut sums = [0; 7];
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

fn shares(known: impl Iterator<Item = [u64; 7]>) -> Option<[f64; 7]> {
    let mut sums = [0_u64; 7];
    known.for_each(|times| sums.iter_mut().zip(times).for_each(|(sum, ns)| *sum += ns));
    let whole: u64 = sums.iter().sum();
    (whole > 0).then(|| sums.map(|ns| ns as f64 / whole as f64))
}

/// The lane of the GIL of a run whose executions share one process: who was on a CPU when, and how many waited. Empty where
/// they don't share one, and where nobody was looked at. At most 4,096 stretches; between them may be gaps in which nobody
/// was looked at.
///
/// Bins of different executions have different edges: time is cut at all of them, and what a bin holds is spread evenly
/// over its length. Who is on a CPU may be running without the GIL (in I/O or a C call), so several can be at once.
pub fn gil_lane(run: &Run) -> Vec<GilStretch> {
    let looked_at: Vec<&Profile> = run.profiles.iter().filter(|profile| !profile.bins.is_empty()).collect();
    let mut processes = looked_at.iter().map(|profile| run.executions.get(profile.execution as usize)?.pid);
    let first = processes.next().flatten();
    if first.is_none() || !processes.all(|pid| pid == first) {
        return Vec::new();
    }
    let borders = borders(&looked_at);
    let mut cells: Vec<Cell> = vec![Cell::default(); borders.len().saturating_sub(1)];
    looked_at.iter().for_each(|profile| spread(profile, &borders, &mut cells));
    stretches(&borders, cells)
}

/// What one stretch adds up to, in nanoseconds.
#[derive(Clone, Default)]
struct Cell {
    running: Vec<(u32, f64)>,
    waiting: f64,
    covered: bool,
}

/// The instants at which time is cut: all edges of bins, or where these are too many, even distances.
fn borders(profiles: &[&Profile]) -> Vec<u64> {
    let most = MAX_STRETCHES.min(MAX_CELLS / profiles.len()).max(1);
    let few = profiles.iter().map(|profile| profile.bins.len()).sum::<usize>() <= most * 4;
    few.then(|| edges(profiles)).filter(|edges| edges.len() <= most + 1).unwrap_or_else(|| even(profiles, most))
}

fn edges(profiles: &[&Profile]) -> Vec<u64> {
    let bins = profiles.iter().flat_map(|profile| &profile.bins);
    let mut edges: Vec<u64> = bins.flat_map(|bin| [bin.from_ns, bin.to_ns]).collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

fn even(profiles: &[&Profile], cells: usize) -> Vec<u64> {
    let first = profiles.iter().filter_map(|profile| Some(profile.bins.first()?.from_ns)).min().unwrap_or(0);
    let last = profiles.iter().filter_map(|profile| Some(profile.bins.last()?.to_ns)).max().unwrap_or(first);
    let at = |cut: usize| first + (u128::from(last - first) * cut as u128 / cells as u128) as u64;
    (0..=cells).map(at).collect()
}

/// Gives each cell its part of the bins of one execution. Bins and borders are in order, so both are walked once.
fn spread(profile: &Profile, borders: &[u64], cells: &mut [Cell]) {
    let mut first = 0;
    for bin in &profile.bins {
        while first + 1 < cells.len() && borders[first + 1] <= bin.from_ns {
            first += 1;
        }
        let (on_cpu, waiting) = (bin.share(State::OnCpu), bin.share(GIL));
        for at in first..cells.len() {
            if borders[at] >= bin.to_ns {
                break;
            }
            let overlap = borders[at + 1].min(bin.to_ns).saturating_sub(borders[at].max(bin.from_ns)) as f64;
            cells[at].add(profile.execution, on_cpu * overlap, waiting * overlap);
        }
    }
}

impl Cell {
    fn add(&mut self, execution: u32, on_cpu_ns: f64, waiting_ns: f64) {
        self.covered = true;
        self.waiting += waiting_ns;
        match self.running.last_mut() {
            _ if on_cpu_ns <= 0.0 => {}
            Some((last, ns)) if *last == execution => *ns += on_cpu_ns,
            _ => self.running.push((execution, on_cpu_ns)),
        }
    }
}

/// The cells that were looked at as stretches, put together where nothing changes.
fn stretches(borders: &[u64], cells: Vec<Cell>) -> Vec<GilStretch> {
    let mut stretches: Vec<GilStretch> = Vec::new();
    for (cell, edges) in cells.into_iter().zip(borders.windows(2)).filter(|(cell, _)| cell.covered) {
        let length = (edges[1] - edges[0]) as f64;
        let running = cell.running.into_iter().map(|(execution, ns)| (execution, (ns / length).min(1.0)));
        let running: Vec<(u32, f64)> = running.collect();
        let waiting = cell.waiting / length;
        match stretches.last_mut() {
            Some(last) if last.to_ns == edges[0] && is_same(last, &running, waiting) => last.to_ns = edges[1],
            _ => stretches.push(GilStretch { from_ns: edges[0], to_ns: edges[1], running, waiting }),
        }
    }
    stretches
}

fn is_same(last: &GilStretch, running: &[(u32, f64)], waiting: f64) -> bool {
    let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
    close(last.waiting, waiting)
        && last.running.len() == running.len()
        && last.running.iter().zip(running).all(|(a, b)| a.0 == b.0 && close(a.1, b.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bin, BlockedTotals, LaunchMode, Plan, RunSetting, States, Target, Task};

    fn run(profiles: Vec<Vec<Bin>>) -> Run {
        let mut plan = Plan::empty("gil");
        plan.tasks.push(Task { count: profiles.len() as u32, ..Task::new(Target::Builtin("primes".to_owned())) });
        let setting = RunSetting { mode: LaunchMode::Threads, workers: 0, start_method: None, interpreter: None };
        let mut run = Run::new(0, &plan, setting, 0, false, String::new());
        run.executions.iter_mut().for_each(|execution| execution.pid = Some(7));
        run.profiles = (0..).zip(profiles).map(|(execution, bins)| Profile { execution, bins }).collect();
        run
    }

    fn bin(from_ns: u64, to_ns: u64, on_cpu: u64, gil: u64) -> Bin {
        Bin { from_ns, to_ns, in_state_ns: [on_cpu, to_ns - from_ns - on_cpu - gil, gil, 0, 0, 0, 0] }
    }

    #[test]
    fn time_is_cut_at_all_edges_and_bins_are_spread_evenly() {
        let run = run(vec![vec![bin(0, 100, 100, 0), bin(100, 200, 0, 100)], vec![bin(50, 150, 50, 50)]]);
        let lane = gil_lane(&run);
        let stretch = |from_ns, to_ns, running: &[(u32, f64)], waiting| GilStretch {
            from_ns,
            to_ns,
            running: running.to_vec(),
            waiting,
        };
        assert_eq!(
            lane,
            [
                stretch(0, 50, &[(0, 1.0)], 0.0),
                stretch(50, 100, &[(0, 1.0), (1, 0.5)], 0.5),
                stretch(100, 150, &[(1, 0.5)], 1.5),
                stretch(150, 200, &[], 1.0),
            ]
        );
    }

    #[test]
    fn stretches_without_a_change_are_one_and_gaps_stay() {
        let run = run(vec![vec![bin(0, 10, 10, 0), bin(10, 30, 20, 0), bin(40, 50, 10, 0)], Vec::new()]);
        let lane: Vec<_> = gil_lane(&run).iter().map(|stretch| (stretch.from_ns, stretch.to_ns)).collect();
        assert_eq!(lane, [(0, 30), (40, 50)]);
    }

    #[test]
    fn processes_have_no_common_lane() {
        let mut run = run(vec![vec![bin(0, 10, 10, 0)], vec![bin(0, 10, 10, 0)]]);
        run.executions[1].pid = Some(8);
        assert!(gil_lane(&run).is_empty());
    }

    #[test]
    fn a_long_run_of_many_threads_is_coarser_and_loses_no_time() {
        let bins = |thread: u64| (0..10_000_u64).map(move |at| (at, at * 1_000 + thread * 37));
        let profile = |thread| bins(thread).map(|(at, from)| bin(from, from + 1_000, at % 900, 5)).collect();
        let run = run((0..20).map(profile).collect());
        let lane = gil_lane(&run);
        assert!(lane.len() <= MAX_STRETCHES && lane.len() > MAX_STRETCHES / 2, "{}", lane.len());
        let on_cpu = |stretch: &GilStretch| stretch.running.iter().map(|(_, share)| share).sum::<f64>();
        let length = |stretch: &GilStretch| (stretch.to_ns - stretch.from_ns) as f64;
        let said: f64 = lane.iter().map(|stretch| on_cpu(stretch) * length(stretch)).sum();
        let truth: u64 = run.profiles.iter().flat_map(|profile| &profile.bins).map(|bin| bin.in_state_ns[0]).sum();
        assert!((said / truth as f64 - 1.0).abs() < 1e-6, "{said} of {truth}");
        let waited: f64 = lane.iter().map(|stretch| stretch.waiting * length(stretch)).sum();
        assert!((waited / (20.0 * 10_000.0 * 5.0) - 1.0).abs() < 1e-6, "{waited}");
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
