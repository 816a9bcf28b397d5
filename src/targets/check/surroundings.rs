//! All Python functions of a run share one interpreter, and so one environment and one working directory.

use super::program::absolute;
use model::{Field, Plan, Problem, Task};

/// Reports each Python task whose environment or working directory differs from the first one's.
pub(super) fn check_surroundings(plan: &Plan) -> Vec<Problem> {
    let mut tasks = plan.tasks.iter().enumerate().filter(|(_, task)| task.target.is_python());
    let Some((_, first)) = tasks.next() else { return Vec::new() };
    let cwd = |task: &Task| absolute(task.cwd.as_deref().unwrap_or("."), plan.folder.as_deref());
    let problem = |(index, task): (usize, &Task)| {
        let (field, what) = match () {
            () if task.env != first.env => (Field::Target, "env"),
            () if cwd(task) != cwd(first) => (Field::Cwd, "cwd"),
            () => return None,
        };
        let message = format!(
            "its {what} is not that of `{}`, and all Python functions of a run share one interpreter, which has one {what}; \
             give them the same {what}, or put them into plans of their own",
            first.name
        );
        Some(Problem::of_task(index, field, message))
    };
    tasks.filter_map(problem).collect()
}
