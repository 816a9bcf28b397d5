//! Whether a plan's tasks can run in these choices: modes, start methods, runtimes.

use model::{Choice, Field, LaunchMode, Plan, Problem, Runtime, StartMethod, Target};

/// All problems that a plan has with these choices.
pub(super) fn check_choices(plan: &Plan, choices: &[Choice]) -> Vec<Problem> {
    if plan.tasks.is_empty() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for choice in choices {
        problems.extend(check_runtime(plan, *choice).or_else(|| check_method(plan, *choice)));
        problems.extend(check_workers(plan, *choice));
    }
    problems.extend(check_plan_method(plan, choices));
    problems.extend(check_joins(plan));
    problems
}

/// The choices in which tasks without Python run. Computed once for all tasks, as a plan may have very many.
pub(super) fn native(plan: &Plan, choices: &[Choice]) -> Vec<Choice> {
    choices.iter().filter(|choice| plan.runtimes(**choice).contains(&Runtime::Native)).copied().collect()
}

/// Why a task without Python can't run in one of these choices.
pub(super) fn check_mode(index: usize, target: &Target, native: &[Choice]) -> Option<Problem> {
    let mut modes = native.iter();
    let message = match target {
        Target::Python(_) => return None,
        Target::Program(program) => modes.find(|choice| choice.mode.is_threaded()).map(|_| {
            format!(
                "`{program}` is a program: it always runs in a process of its own, so it can't be launched as a thread; \
                 use processes or sequential"
            )
        }),
        Target::Builtin(name) => modes.find(|choice| choice.mode.is_python_only()).map(|choice| {
            let mode = choice.mode;
            format!("`{name}` is a built-in target, and {mode} runs Python functions alone; use threads or processes")
        }),
    };
    message.map(|message| Problem::of_task(index, Field::Target, message))
}

/// The field of the plan that has a choice.
fn field(plan: &Plan, choice: Choice) -> Field {
    Field::Run(if plan.run.compare.contains(&choice) { "compare" } else { "mode" })
}

fn check_runtime(plan: &Plan, choice: Choice) -> Option<Problem> {
    if !plan.runtimes(choice).is_empty() {
        return None;
    }
    let kind = match choice.runtime {
        Runtime::Python(_) => "Python function",
        Runtime::Any | Runtime::Native => "built-in target or program",
    };
    let message = format!("{choice} runs no task: the plan has no {kind}; add one, or write {}", choice.mode);
    Some(Problem::of_plan(field(plan, choice), message))
}

/// The distinct start methods of the tasks in a choice.
fn methods(plan: &Plan, choice: Choice) -> Vec<StartMethod> {
    let mut found = Vec::new();
    for runtime in plan.runtimes(choice) {
        for method in StartMethod::of_mode(choice.mode, runtime != Runtime::Native) {
            if !found.contains(method) {
                found.push(*method);
            }
        }
    }
    found
}

fn check_method(plan: &Plan, choice: Choice) -> Option<Problem> {
    let method = choice.start_method?;
    let there_are = methods(plan, choice);
    (!there_are.contains(&method)).then(|| {
        let message = format!("{} can't be started by {method}; {}", whose(plan, choice), mend(&there_are));
        Problem::of_plan(field(plan, choice), message)
    })
}

/// The sequential mode has one worker by definition.
fn check_workers(plan: &Plan, choice: Choice) -> Option<Problem> {
    choice.workers.filter(|workers| choice.mode == LaunchMode::Sequential && *workers != 1)?;
    let message = format!(
        "`{choice}` says how many workers, but in sequence one execution runs after another; write {}, or for example {}",
        Choice { workers: None, ..choice },
        Choice { mode: LaunchMode::Threads, start_method: None, ..choice }
    );
    Some(Problem::of_plan(field(plan, choice), message))
}

/// The plan's start method applies only to modes that have it (a plan of threads may name one for processes), but some mode of
/// its tasks must have it.
fn check_plan_method(plan: &Plan, choices: &[Choice]) -> Option<Problem> {
    let method = plan.run.start_method?;
    let first = choices.first()?;
    let fits = |choice: &Choice| {
        LaunchMode::ALL.iter().any(|mode| methods(plan, Choice { mode: *mode, ..*choice }).contains(&method))
    };
    (!choices.iter().any(fits)).then(|| {
        let message = format!("{} can't be started by {method}; {}", whose(plan, *first), mend(&methods(plan, *first)));
        Problem::of_plan(Field::Run("start_method"), message)
    })
}

/// `threads of built-in targets`, `processes`
fn whose(plan: &Plan, choice: Choice) -> String {
    let native = plan.runtimes(choice).iter().all(|runtime| *runtime == Runtime::Native);
    match native && !methods(plan, choice).contains(&StartMethod::Fork) {
        true => format!("{} of built-in targets and programs", choice.mode),
        false => choice.mode.to_string(),
    }
}

fn mend(there_are: &[StartMethod]) -> String {
    let words: Vec<_> = there_are.iter().map(|method| method.word()).collect();
    match words.split_last() {
        None => "there is nothing to choose, so remove the start method".to_owned(),
        Some((last, [])) => format!("use {last}"),
        Some((last, rest)) => format!("use {} or {last}", rest.join(", ")),
    }
}

/// Two keys of `[run]` apply only to Python's threads.
fn check_joins(plan: &Plan) -> Vec<Problem> {
    if plan.has_python() {
        return Vec::new();
    }
    let settings = [("join_timeout", plan.run.join_timeout.is_some()), ("start_again", plan.run.start_again)];
    let wrong = settings.into_iter().filter(|(_, is_set)| *is_set);
    wrong
        .map(|(key, _)| {
            let message = format!("{key} is for Python functions in threads, and the plan has none; remove it");
            Problem::of_plan(Field::Run(key), message)
        })
        .collect()
}
