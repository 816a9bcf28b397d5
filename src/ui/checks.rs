//! What is wrong with the plan, and why it can't be run or compared.

use super::{
    draft::Draft,
    python::{PythonFacts, form},
    state::capital,
    sweep_form,
};
use model::{Choice, Field, Plan, Problem};
use targets::check::{check_plan, check_sweep};

/// What is wrong with the plan, in its own mode, in a comparison and in a sweep.
#[derive(Default)]
pub struct Checks {
    /// Every problem in the plan's own mode: the plan's own, then those of its tasks in their order.
    problems: Vec<Problem>,
    /// Why it cannot be run.
    pub run: Option<String>,
    /// Why it cannot be compared.
    pub compare: Option<String>,
    /// Why it cannot be swept.
    pub sweep: Option<String>,
    revision: Option<(u64, u64)>,
}

impl Checks {
    /// Finds the problems anew if the plan has changed, or more is known of Python.
    pub fn follow(&mut self, draft: &Draft, python: &PythonFacts) {
        let revision = Some((draft.revision(), python.revision()));
        if self.revision == revision {
            return;
        }
        let plan = draft.plan();
        let mut problems = all(plan, &[plan.choice()], python.problems(plan, |checked| &checked.run));
        let compared = all(plan, &plan.to_compare(), python.problems(plan, |checked| &checked.compare));
        let first = |problems: &[Problem]| problems.first().map(|problem| sentence(plan, problem));
        let swept = || first(&check_sweep(plan, &plan.to_compare(), &sweep_form::axis(plan)));
        let sweep = first(&compared).or_else(swept);
        let compare = first(&compared).or_else(|| too_few(plan));
        let run = first(&problems);
        problems.sort_by_key(|problem| problem.task);
        *self = Self { run, compare, sweep, problems, revision };
    }

    /// The problems of a task, or of the plan itself. It is a binary search, because each of 150,000 tasks may have a
    /// problem, and a frame asks for many.
    pub fn of(&self, task: Option<usize>) -> &[Problem] {
        let start = self.problems.partition_point(|problem| problem.task < task);
        let count = self.problems[start..].partition_point(|problem| problem.task == task);
        &self.problems[start..start + count]
    }
}

/// Every problem in these choices. A value that is still to be typed is reported at its own field only.
fn all(plan: &Plan, choices: &[Choice], python: Vec<Problem>) -> Vec<Problem> {
    let mut problems = check_plan(plan, choices);
    let to_type = |problem: &Problem| {
        let task = problem.task.and_then(|index| plan.tasks.get(index));
        problem.field == Field::Args && task.is_some_and(form::is_unfinished)
    };
    problems.retain(|problem| !to_type(problem));
    problems.extend(python);
    problems
}

/// Why the plan has too few settings to compare, if it does.
fn too_few(plan: &Plan) -> Option<String> {
    let settings: usize = plan.to_compare().iter().map(|choice| plan.runtimes(*choice).len()).sum();
    (settings < 2).then(|| "Tick a second choice under Compare with…: one alone can't be compared".to_owned())
}

/// A problem with its place in front: `Task 2 (primes): …`.
fn sentence(plan: &Plan, problem: &Problem) -> String {
    let task = problem.task.and_then(|index| Some((index, plan.tasks.get(index)?)));
    match task {
        Some((index, task)) => format!("Task {} ({}): {}", index + 1, task.name, problem.window_message()),
        None => capital(problem.window_message()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{LaunchMode, Target, Task};

    fn checks(plan: Plan) -> Checks {
        let mut checks = Checks::default();
        checks.follow(&Draft::new(plan, None), &PythonFacts::default());
        checks
    }

    #[test]
    fn a_problem_names_its_task() {
        let mut plan = Plan::empty("test");
        plan.tasks.push(Task::new(Target::Builtin("nonsense".to_owned())));
        let reason = checks(plan).run.expect("refused");
        assert!(reason.starts_with("Task 1 (nonsense): "), "{reason}");
    }

    #[test]
    fn problems_are_found_by_their_task() {
        let mut plan = Plan::empty("test");
        plan.run.repeat = 0;
        for name in ["nonsense", "primes", "absurd"] {
            plan.tasks.push(Task::new(Target::Builtin(name.to_owned())));
        }
        let checks = checks(plan);
        let counts = [None, Some(0), Some(1), Some(2), Some(3)].map(|task| checks.of(task).len());
        assert_eq!(counts, [1, 1, 0, 1, 0], "{:?}", checks.problems);
        assert!(checks.of(Some(2))[0].message.contains("absurd"));
    }

    #[test]
    fn one_choice_alone_is_no_comparison() {
        let mut plan = Plan::empty("test");
        plan.tasks.push(Task::new(Target::Builtin("primes".to_owned())));
        plan.run.compare = vec![LaunchMode::Threads.into()];
        let checks = checks(plan);
        assert!(checks.run.is_none() && checks.compare.is_some_and(|why| why.contains("second choice")));
    }
}
