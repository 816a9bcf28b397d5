//! The choices that Compare runs a plan in, as boxes to tick: modes with their start methods, numbers of workers, and
//! interpreters.

use insight::label;
use model::{Choice, LaunchMode, Plan, Runtime, StartMethod};

/// The most choices that are compared at once.
pub const MOST: usize = 8;

/// A mode, and its start method where that is not the mode's default in this plan.
pub type ModeAndMethod = (LaunchMode, Option<StartMethod>);

/// The modes that a plan can be run in.
pub fn modes(plan: &Plan) -> &'static [LaunchMode] {
    if plan.has_python() { &LaunchMode::ALL } else { &LaunchMode::NATIVE }
}

/// The start method that a mode has where a choice names none, and its other start methods.
pub fn methods(plan: &Plan, mode: LaunchMode) -> (Option<StartMethod>, Vec<StartMethod>) {
    let all = StartMethod::of_mode(mode, plan.has_python());
    let own = plan.run.start_method.filter(|method| all.contains(method)).or(all.first().copied());
    (own, all.iter().copied().filter(|method| Some(*method) != own).collect())
}

fn mode_of(choice: &Choice) -> ModeAndMethod {
    (choice.mode, choice.start_method)
}

/// Whether a mode is ticked with this start method.
pub fn has_mode(choices: &[Choice], wanted: ModeAndMethod) -> bool {
    choices.iter().any(|choice| mode_of(choice) == wanted)
}

/// Whether a runtime is ticked.
pub fn has_runtime(choices: &[Choice], wanted: Runtime) -> bool {
    choices.iter().any(|choice| choice.runtime == wanted)
}

/// The choices with a mode ticked that was not, or no longer ticked. A newly ticked mode gets every number of workers
/// and every runtime that is ticked.
pub fn toggle_mode(choices: &[Choice], wanted: ModeAndMethod) -> Vec<Choice> {
    if has_mode(choices, wanted) {
        return choices.iter().filter(|choice| mode_of(choice) != wanted).copied().collect();
    }
    let mut runtimes = distinct(choices.iter().map(|choice| choice.runtime));
    if runtimes.is_empty() {
        runtimes.push(Runtime::Any);
    }
    sorted(choices.iter().copied().chain(all(&[wanted], &workers(choices), &runtimes)))
}

/// The numbers of workers that are compared; `None` is the plan's number.
pub fn workers(choices: &[Choice]) -> Vec<Option<u32>> {
    let mut workers = distinct(choices.iter().map(|choice| choice.workers));
    if workers.is_empty() {
        workers.push(None);
    }
    workers
}

/// The choices with each of these numbers of workers in place of their own; without numbers, with the plan's.
pub fn with_workers(choices: &[Choice], counts: &[u32]) -> Vec<Choice> {
    let counts: Vec<_> = if counts.is_empty() { vec![None] } else { counts.iter().copied().map(Some).collect() };
    let (modes, runtimes) =
        (distinct(choices.iter().map(mode_of)), distinct(choices.iter().map(|choice| choice.runtime)));
    sorted(all(&modes, &counts, &runtimes).into_iter())
}

fn all(modes: &[ModeAndMethod], workers: &[Option<u32>], runtimes: &[Runtime]) -> Vec<Choice> {
    let mut choices = Vec::new();
    for &(mode, start_method) in modes {
        for &runtime in runtimes {
            choices.extend(workers.iter().map(|&workers| Choice { mode, start_method, workers, runtime }));
        }
    }
    choices
}

/// The choices with a runtime ticked that was not, or no longer ticked. When the last one is gone, the plan's own
/// holds.
pub fn toggle_runtime(choices: &[Choice], wanted: Runtime) -> Vec<Choice> {
    let modes = distinct(choices.iter().map(mode_of));
    let in_runtime = |runtime| all(&modes, &workers(choices), &[runtime]);
    let others = choices.iter().filter(|choice| choice.runtime != wanted && choice.runtime != Runtime::Any).copied();
    if has_runtime(choices, wanted) {
        let left: Vec<_> = others.collect();
        return if left.is_empty() { sorted(in_runtime(Runtime::Any).into_iter()) } else { left };
    }
    sorted(others.chain(in_runtime(wanted)))
}

/// The choices in the order in which modes are offered; those of one mode and start method in the order in which they
/// were ticked.
fn sorted(choices: impl Iterator<Item = Choice>) -> Vec<Choice> {
    let mut choices = distinct(choices);
    choices.sort_by_key(|choice| (choice.mode, choice.start_method));
    choices
}

fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    items.for_each(|item| {
        if !found.contains(&item) {
            found.push(item);
        }
    });
    found
}

/// What Compare does, in one sentence.
pub fn sentence(plan: &Plan) -> String {
    let names: Vec<_> = plan.to_compare().iter().map(name).collect();
    let list = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    };
    format!("Run the plan as {list}, in turn, and say which is faster")
}

/// `threads`, `processes (spawn) in 3.13.0`.
fn name(choice: &Choice) -> String {
    let method = choice.start_method.map(|method| format!(" ({method})")).unwrap_or_default();
    let runtime = match choice.runtime {
        Runtime::Any => String::new(),
        Runtime::Native => " (built-in)".to_owned(),
        Runtime::Python(interpreter) => format!(" in {}", interpreter.short()),
    };
    let workers = choice.workers.map(|count| format!(", {}", label::workers(count))).unwrap_or_default();
    format!("{}{method}{workers}{runtime}", choice.mode.title().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Interpreter;

    fn words(choices: &[Choice]) -> String {
        choices.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ticking_interpreters_multiplies_the_choices() {
        let both = [LaunchMode::Threads.into(), LaunchMode::Processes.into()];
        let old = Runtime::Python(Interpreter::new("python3.8"));
        let new = Runtime::Python(Interpreter::new("python3.13"));
        let choices = toggle_runtime(&toggle_runtime(&both, old), new);
        assert_eq!(words(&choices), "threads@python3.8 threads@python3.13 processes@python3.8 processes@python3.13");
        let threads = toggle_mode(&choices, (LaunchMode::Processes, None));
        assert_eq!(words(&threads), "threads@python3.8 threads@python3.13");
        let asyncio = toggle_mode(&threads, (LaunchMode::Asyncio, None));
        assert_eq!(asyncio.len(), 4);
        assert_eq!(words(&toggle_runtime(&toggle_runtime(&threads, old), new)), "threads");
    }

    #[test]
    fn numbers_of_workers_multiply_the_choices_too() {
        let both = [LaunchMode::Threads.into(), LaunchMode::Processes.into()];
        let choices = with_workers(&both, &[1, 4]);
        assert_eq!(words(&choices), "threads/1 threads/4 processes/1 processes/4");
        assert_eq!(workers(&choices), [Some(1), Some(4)]);
        let pool = toggle_mode(&choices, (LaunchMode::ThreadPool, None));
        assert!(words(&pool).contains("thread-pool/1 thread-pool/4"), "{}", words(&pool));
        assert_eq!(words(&with_workers(&choices, &[])), "threads processes");
        let mut plan = Plan::empty("test");
        plan.run.compare = with_workers(&both[..1], &[1, 4]);
        assert!(sentence(&plan).starts_with("Run the plan as threads, 1 worker and threads, 4 workers, in turn"));
    }

    #[test]
    fn a_start_method_is_offered_once() {
        let mut plan = Plan::empty("test");
        plan.tasks.push(model::Task::new(model::Target::parse("python:w.py:f")));
        let (own, others) = methods(&plan, LaunchMode::Processes);
        assert_eq!((own, others), (Some(StartMethod::Fork), vec![StartMethod::Spawn, StartMethod::Forkserver]));
        plan.run.start_method = Some(StartMethod::Spawn);
        let (own, others) = methods(&plan, LaunchMode::Processes);
        assert_eq!((own, others), (Some(StartMethod::Spawn), vec![StartMethod::Fork, StartMethod::Forkserver]));
        assert_eq!(methods(&plan, LaunchMode::Threads).0, Some(StartMethod::Thread));
        assert_eq!(sentence(&plan), "Run the plan as threads and processes, in turn, and say which is faster");
    }
}
