//! Runs that left processes running.

use super::Builder;
use model::{
    Experiment,
    LaunchMode::{Processes, Threads},
    LeftEnd, LeftProcess,
};

/// A process that was left, by whom, and how it ended.
pub fn process(pid: u32, execution: Option<u32>, end: LeftEnd) -> LeftProcess {
    let command = format!("sleep {}", 600 + pid % 10);
    LeftProcess { pid, command, execution, holds_output: execution.is_some(), end: Some(end) }
}

/// Runs of threads that leave no process, and of processes whose executions leave one each. The first of the latter
/// leaves one more, which can't be ended and is of no known execution.
pub fn experiment() -> Experiment {
    let mut experiment = Builder::compare("t").makespans(Threads, &[1.0; 2]).makespans(Processes, &[1.0; 2]).build();
    for (at, run) in experiment.runs.iter_mut().filter(|run| run.mode == Processes).enumerate() {
        let ids = 0..run.executions.len() as u32;
        let end = run.end.get_or_insert_default();
        end.left = ids.map(|id| process(4_710 + id, Some(id), LeftEnd::Killed)).collect();
        end.left.extend((at == 0).then(|| process(99, None, LeftEnd::Remains)));
    }
    experiment
}
