//! The most memory that a runner's tree may have had resident at once.

use crate::model::{Execution, Stage};

/// The runner's own peak, and the peaks of the processes that were there with it, summed at the worst instant. An upper
/// bound: peaks need not coincide, and pages that processes share count in each.
pub fn peak_of_tree(runner_bytes: u64, executions: &[Execution]) -> u64 {
    let mut changes: Vec<(u64, i64)> = Vec::new();
    for execution in executions {
        let Some(bytes) = execution.usage.as_ref().and_then(|usage| usage.max_rss_bytes) else { continue };
        let (Some(from), Some(to)) = (execution.stamps.get(Stage::LaunchCalled), execution.stamps.get(Stage::Joined))
        else {
            continue;
        };
        changes.push((from, bytes as i64));
        changes.push((to, -(bytes as i64)));
    }
    // At one instant ends come before starts.
    changes.sort_unstable();
    let mut now = 0;
    let peak = changes.iter().map(|(_, bytes)| {
        now += bytes;
        now
    });
    runner_bytes + u64::try_from(peak.max().unwrap_or(0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Usage;

    fn execution(from: u64, to: u64, bytes: u64) -> Execution {
        let mut execution = Execution::new(0, "x".into(), 0, 0);
        execution.stamps.set(Stage::LaunchCalled, from);
        execution.stamps.set(Stage::Joined, to);
        execution.usage = Some(Box::new(Usage { max_rss_bytes: Some(bytes), ..Usage::default() }));
        execution
    }

    #[test]
    fn processes_that_overlap_add_up_and_others_do_not() {
        assert_eq!(peak_of_tree(10, &[execution(0, 5, 100), execution(5, 9, 100)]), 110);
        assert_eq!(peak_of_tree(10, &[execution(0, 6, 100), execution(5, 9, 100)]), 210);
        assert_eq!(peak_of_tree(10, &[]), 10);
    }
}
