//! The most memory that a runner's tree may have had resident at one instant.

use model::{Execution, Member, Stage};

/// The runner's own peak, plus the peaks of the processes that existed at the same time (also those that executions
/// started), at the worst instant. This is an upper bound: peaks need not coincide, and shared pages count in each
/// process.
pub fn peak_of_tree(runner_bytes: u64, executions: &[Execution]) -> u64 {
    let mut changes: Vec<(u64, i64)> = Vec::new();
    let members = executions.iter().flat_map(|execution| &execution.members);
    members.filter_map(member).for_each(|change| changes.extend(change));
    for execution in executions {
        let Some(bytes) = execution.usage.as_ref().and_then(|usage| usage.max_rss_bytes) else { continue };
        let (Some(from), Some(to)) = (execution.stamps.get(Stage::LaunchCalled), execution.stamps.get(Stage::Joined))
        else {
            continue;
        };
        changes.push((from, bytes as i64));
        changes.push((to, -(bytes as i64)));
    }
    // At the same instant, ends sort before starts.
    changes.sort_unstable();
    let mut now = 0;
    let peak = changes.iter().map(|(_, bytes)| {
        now += bytes;
        now
    });
    runner_bytes + u64::try_from(peak.max().unwrap_or(0)).unwrap_or(0)
}

/// What a process that an execution started adds, and subtracts at its end.
fn member(member: &Member) -> Option<[(u64, i64); 2]> {
    let bytes = member.max_rss_bytes? as i64;
    Some([(member.born_ns, bytes), (member.ended_ns.unwrap_or(u64::MAX), -bytes)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{MemberKind, States, Usage};

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
        let mut with_child = execution(0, 6, 100);
        with_child.members.push(Member {
            pid: 7,
            tid: 7,
            parent_tid: 1,
            kind: MemberKind::Process,
            name: None,
            born_ns: 2,
            ended_ns: Some(4),
            spun_ns: 0,
            max_rss_bytes: Some(30),
            states: States::default(),
        });
        assert_eq!(peak_of_tree(10, &[with_child]), 140);
    }
}
