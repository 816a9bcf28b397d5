//! Made-up runs for tests of the timeline.

use model::{LaunchMode, Outcome, OutcomeKind, Plan, Run, RunEnd, Setting, Stage, Stamps, Target, Task};

/// Pseudo-random numbers, the same in every test run.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// A run in which nothing has happened.
pub fn empty_run(executions: u32) -> Run {
    let mut plan = Plan::empty("test");
    plan.tasks.push(Task { count: executions, ..Task::new(Target::Builtin("primes".to_owned())) });
    let setting =
        Setting { mode: LaunchMode::Threads, workers: 0, start_method: None, interpreter: None, argument: None };
    Run::new(0, &plan, setting, 0, false, String::new())
}

/// Stamps of all stages, in their order, and of the beginning of the join.
pub fn stamps(ns: [u64; 7], join_called: u64) -> Stamps {
    let mut stamps = Stamps::default();
    Stage::ALL.into_iter().zip(ns).for_each(|(stage, ns)| stamps.set(stage, ns));
    stamps.set_join_called(join_called);
    stamps
}

/// A finished run: lanes filled one execution after another, with phases of every size, gaps, and some failures.
pub fn random_run(dice: &mut Dice, executions: u32, lanes: u32) -> Run {
    let mut run = empty_run(executions);
    let mut free = vec![0_u64; lanes as usize];
    for execution in &mut run.executions {
        let lane = (0..lanes).min_by_key(|&lane| free[lane as usize]).unwrap_or(0);
        let launch = free[lane as usize] + dice.below(300);
        let mut ns = [launch.saturating_sub(dice.below(500)), launch, 0, 0, 0, 0, 0];
        for at in 2..7 {
            let scale = [1, 20, 4_000, 60_000][dice.below(4) as usize];
            ns[at] = ns[at - 1] + dice.below(scale);
        }
        execution.lane = Some(lane);
        execution.stamps = stamps(ns, ns[5]);
        execution.outcome = Some(match dice.below(10) {
            0 => Outcome::of(OutcomeKind::Panicked),
            _ => Outcome::success(),
        });
        free[lane as usize] = ns[6];
    }
    run.makespan_ns = free.iter().max().copied();
    run.now_ns = run.makespan_ns.unwrap_or(0);
    run.end = Some(RunEnd { complete: true, ..RunEnd::default() });
    run
}
