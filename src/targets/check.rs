//! What is wrong with the tasks of a plan, before anything is launched: one sentence each, with its mend.

mod program;
mod task;

pub use program::{absolute, resolve_program};
pub use task::check_task;

use crate::model::plan::{MAX_EXECUTIONS, MAX_REPEATS, PLAN_SCHEMA};
use crate::model::{Choice, Field, Plan, Problem, Target};

/// Every problem of a plan that is to run in these choices.
pub fn check_plan(plan: &Plan, choices: &[Choice]) -> Vec<Problem> {
    let mut problems = check_whole(plan);
    problems.extend(check_settings(plan));
    for (index, task) in plan.tasks.iter().enumerate() {
        problems.extend(check_task(index, task, plan.folder.as_deref()));
        problems.extend(check_modes(index, &task.target, choices));
    }
    problems
}

fn check_whole(plan: &Plan) -> Vec<Problem> {
    let mut problems = Vec::new();
    if plan.schema != PLAN_SCHEMA {
        let message = format!("the schema is {}; this version reads schema = {PLAN_SCHEMA}", plan.schema);
        problems.push(Problem::of_plan(Field::Plan, message));
    }
    if plan.tasks.is_empty() {
        problems.push(Problem::of_plan(Field::Plan, "the plan has no task; add one, for example target = \"primes\""));
    }
    let executions = plan.executions();
    // A single count above the limit is said at its task.
    if executions > MAX_EXECUTIONS && plan.tasks.iter().all(|task| u64::from(task.count) <= MAX_EXECUTIONS) {
        let message =
            format!("the tasks make {executions} executions in all; lower the counts to at most {MAX_EXECUTIONS}");
        problems.push(Problem::of_plan(Field::Plan, message));
    }
    problems
}

fn check_settings(plan: &Plan) -> Vec<Problem> {
    let run = &plan.run;
    let mut problems = Vec::new();
    let mut say = |key, message: String| problems.push(Problem::of_plan(Field::Run(key), message));
    if run.repeat == 0 || run.repeat > MAX_REPEATS {
        say("repeat", format!("repeat is {}; it must be from 1 to {MAX_REPEATS}", run.repeat));
    }
    if run.warmup > MAX_REPEATS {
        say("warmup", format!("warmup is {}; it must be from 0 to {MAX_REPEATS}", run.warmup));
    }
    if run.timeout.is_some_and(|timeout| timeout.is_zero()) {
        say("timeout", "timeout is 0 s, which ends everything at once; write a longer one, or none".to_owned());
    }
    problems
}

/// A program can't be a thread.
fn check_modes(index: usize, target: &Target, choices: &[Choice]) -> Option<Problem> {
    let Target::Program(program) = target else {
        return None;
    };
    choices.iter().any(|choice| choice.mode.is_threaded()).then(|| {
        let message = format!(
            "`{program}` is a program: it always runs in a process of its own, so it can't be launched as a thread; \
             use processes or sequential"
        );
        Problem::of_task(index, Field::Target, message)
    })
}

#[cfg(test)]
mod tests;
