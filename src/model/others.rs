//! The share of the machine that other programs took during a run: an estimate.

use super::{Phase, Run, Sample};

/// From this share of the machine on, what others took is worth a warning.
pub const OTHERS_WARN: f64 = 0.05;
/// A sample of which a smaller share lies in the run says more of the time before or after the run.
const LEAST_INSIDE: f64 = 0.5;
/// There is an estimate only where the samples that count cover at least this share of the run.
const LEAST_COVERED: f64 = 0.5;

impl Run {
    /// The share of the whole machine (0 to 1) that other programs took while the run went on: what the samples say of
    /// the machine, less the run's own and the host's own. An estimate, because the samples are one. Absent where the
    /// samples cover less than half of the run, and where nothing is known of the run's own use.
    pub fn estimate_others(&self) -> Option<f64> {
        let length_ns = self.length_ns();
        let (mut capacity_ns, mut busy_ns, mut own_ns, mut covered_ns) = (0.0, 0.0, 0.0, 0.0);
        for (sample, from_ns, to_ns) in self.cores.iter().filter_map(|sample| inside(sample, length_ns)) {
            let lasted = (to_ns - from_ns) as f64;
            covered_ns += lasted;
            capacity_ns += lasted * sample.busy.len() as f64;
            busy_ns += lasted * sample.busy.iter().map(|busy| f64::from(*busy)).sum::<f64>();
            own_ns += self.own_ns(from_ns, to_ns)?;
        }
        if capacity_ns <= 0.0 || covered_ns < LEAST_COVERED * length_ns as f64 {
            return None;
        }
        let host = self.end.as_ref().and_then(|end| end.host_share).unwrap_or(0.0);
        Some(((busy_ns - own_ns) / capacity_ns - host).clamp(0.0, 1.0))
    }

    /// From the origin to the last join, or to the latest instant known.
    pub fn length_ns(&self) -> u64 {
        self.makespan_ns.unwrap_or(self.now_ns)
    }

    /// CPU time that the run itself used between two instants: by its slices; without them by its CPU clocks, spread
    /// evenly. The clocks don't cover the launcher, so its start calls count whole: the time is rather too long than
    /// too short.
    fn own_ns(&self, from_ns: u64, to_ns: u64) -> Option<f64> {
        if !self.slices.is_empty() {
            return Some(self.slices.busy_ns(from_ns, to_ns).iter().sum::<u64>() as f64);
        }
        let launching = |execution: &super::Execution| execution.phase_ns(Phase::Launching);
        let starts_ns: u64 = self.executions.iter().filter_map(launching).sum();
        let all_ns = (self.cpu_ns()? + starts_ns) as f64;
        Some(all_ns * (to_ns - from_ns) as f64 / self.length_ns().max(1) as f64)
    }
}

/// The part of a sample that lies in the run, where that is most of it.
fn inside(sample: &Sample, length_ns: u64) -> Option<(&Sample, u64, u64)> {
    let (from_ns, to_ns) = (sample.from_ns.max(0) as u64, sample.to_ns.clamp(0, length_ns as i64) as u64);
    let whole = (sample.to_ns - sample.from_ns).max(1) as f64;
    let lies_in = from_ns < to_ns && (to_ns - from_ns) as f64 >= LEAST_INSIDE * whole;
    lies_in.then_some((sample, from_ns, to_ns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LaunchMode, Owner, Plan, RunEnd, RunEvent, Setting, Slice, Target, Task, Usage};

    fn run(samples: &[(i64, i64, f32)]) -> Run {
        let mut plan = Plan::empty("others");
        plan.tasks.push(Task::new(Target::Builtin("primes".to_owned())));
        let mut run = Run::new(0, &plan, Setting::of(LaunchMode::Threads), 0, false, String::new());
        let sample = |(from_ns, to_ns, busy)| Sample { from_ns, to_ns, busy: vec![busy, busy] };
        run.cores = samples.iter().copied().map(sample).collect();
        run.makespan_ns = Some(1_000);
        run
    }

    fn on_core_0(run: &mut Run, from_ns: u64, to_ns: u64) {
        run.slices.push(&Slice { from_ns, to_ns, core: 0, owner: Owner::Execution(0), preempted: false });
    }

    #[test]
    fn others_are_the_machine_less_the_run_less_the_host() {
        let mut run = run(&[(-100, 400, 0.8), (400, 1_000, 0.8)]);
        on_core_0(&mut run, 0, 1_000);
        assert!((run.estimate_others().expect("known") - 0.3).abs() < 1e-6);
        run.end = Some(RunEnd { host_share: Some(0.1), ..RunEnd::default() });
        assert!((run.estimate_others().expect("known") - 0.2).abs() < 1e-6);
        run.cores.iter_mut().for_each(|sample| sample.busy = vec![0.2, 0.2]);
        assert_eq!(run.estimate_others(), Some(0.0), "an estimate below the exact figure is no negative share");
    }

    #[test]
    fn without_slices_the_clocks_tell_and_without_those_nothing_does() {
        let mut run = run(&[(0, 1_000, 0.8)]);
        assert_eq!(run.estimate_others(), None);
        let usage = Usage { user_ns: Some(900), system_ns: Some(100), ..Usage::default() };
        run.executions[0].usage = Some(Box::new(usage));
        assert!((run.estimate_others().expect("known") - 0.3).abs() < 1e-6);
    }

    #[test]
    fn samples_that_cover_too_little_say_nothing() {
        for samples in [&[(-300, 200, 1.0)][..], &[(0, 400, 1.0)], &[(0, 200, 1.0), (900, 4_000, 1.0)]] {
            let mut run = run(samples);
            on_core_0(&mut run, 0, 1_000);
            assert_eq!(run.estimate_others(), None, "{samples:?}");
        }
    }

    #[test]
    fn the_share_is_there_when_the_run_ends_and_takes_in_the_sample_that_comes_after() {
        let mut run = run(&[(0, 600, 0.5)]);
        on_core_0(&mut run, 0, 1_000);
        run.apply(&RunEvent::Ended { makespan_ns: Some(1_000), end: RunEnd::default() });
        assert_eq!(run.others_share, Some(0.0));
        run.apply(&RunEvent::Sample(Sample { from_ns: 600, to_ns: 1_010, busy: vec![1.0, 1.0] }));
        assert!((run.others_share.expect("known") - 0.2).abs() < 1e-6);
    }
}
