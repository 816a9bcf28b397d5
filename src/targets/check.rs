//! What is wrong with the tasks of a plan, before anything is launched: one sentence each, with the fix.

mod choices;
mod program;
mod python;
mod searches;
mod slips;
mod surroundings;
mod sweep;
mod task;

pub use program::{absolute, resolve_program};
pub use sweep::check_sweep;
pub use task::check_task;

use choices::{check_choices, check_mode, native};
use model::plan::{MAX_EXECUTIONS, MAX_PRECISION, MAX_REPEATS, PLAN_SCHEMA};
use model::{Choice, Field, Plan, Problem};
use searches::Searches;

/// All problems of a plan that is to run in these choices, as far as they show without executing anything.
/// `interpreters::check_python` asks the interpreters.
pub fn check_plan(plan: &Plan, choices: &[Choice]) -> Vec<Problem> {
    let mut problems = check_whole(plan);
    problems.extend(check_settings(plan));
    problems.extend(check_choices(plan, choices));
    let native = native(plan, choices);
    let mut searches = Searches::default();
    for (index, task) in plan.tasks.iter().enumerate() {
        let of_task = check_task(index, task, plan.folder.as_deref(), &mut searches);
        let has_target = !of_task.iter().any(|problem| problem.field == Field::Target);
        problems.extend(of_task);
        // The modes of a target are checked only where it is clear which target it is.
        problems.extend(check_mode(index, &task.target, &native).filter(|_| has_target));
    }
    problems.extend(surroundings::check_surroundings(plan));
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
    // If a single count is above the limit, the problem is reported at its task.
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
    if !(0.0..=MAX_PRECISION).contains(&run.precision) {
        say(
            "precision",
            format!("precision is {}; it must be from 0 to {MAX_PRECISION}, for example 0.05", run.precision),
        );
    }
    if run.timeout.is_some_and(|timeout| timeout.is_zero()) {
        say("timeout", "timeout is 0 s, which ends everything at once; write a longer one, or none".to_owned());
    }
    if run.load_timeout.is_zero() {
        say("load_timeout", "load_timeout is 0 s, in which nothing can be loaded; write a longer one".to_owned());
    }
    problems
}

#[cfg(test)]
mod python_tests;
#[cfg(test)]
mod tests;
