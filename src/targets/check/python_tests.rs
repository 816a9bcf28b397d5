//! The messages on Python tasks, and on the choices in which a plan is to run.

use super::tests::{only, plan_of, problems, task};
use super::*;
use model::{Args, LaunchMode, StartMethod, Target, Task};
use serde_json::json;

/// A folder with `w.py`, and a task for its function `f`.
fn python_task(target: &str) -> (tempfile::TempDir, Task) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("w.py"), "def f(n): pass").expect("a file");
    (folder, task(target))
}

fn python_problems(change: impl FnOnce(&mut Task)) -> Vec<(Field, String)> {
    let (folder, mut task) = python_task("python:w.py:f");
    change(&mut task);
    problems(&task, Some(folder.path()))
}

#[test]
fn a_python_function_names_its_file_and_itself() {
    assert_eq!(python_problems(|_| ()), []);
    assert_eq!(problems(&task("python:json.tool:main"), None), []);
    let told = |target: &str| {
        let (folder, task) = python_task(target);
        std::fs::create_dir(folder.path().join("folder.py")).expect("a folder");
        let found = problems(&task, Some(folder.path()));
        assert!(matches!(&found[..], [(Field::Target, _)]), "{found:?}");
        found[0].1.clone()
    };
    for target in ["python:", "python::f"] {
        let message = "the target names no Python file; write for example python:workloads.py:count_down";
        assert_eq!(told(target), message);
    }
    let message = "the target names no function of w.py; write python:w.py:FUNCTION with one of its functions";
    assert_eq!([told("python:w.py"), told("python:w.py:")], [message, message]);
    assert!(told("python:w.py:f()").ends_with("launching calls it; write target = \"python:w.py:f\""));
    assert!(told("python:w.py:f g").starts_with("`f g` is no name of a Python function; write the name alone"));
    assert!(told("python:gone.py:f").contains("gone.py; a path is relative to the plan's folder"));
    assert!(told("python:folder.py:f").ends_with("folder.py is a folder; name a Python file in it"));
}

#[test]
fn what_a_python_function_can_not_have_is_told_with_its_mend() {
    let one = |change: fn(&mut Task)| {
        let mut found = python_problems(change);
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    };
    let (field, message) = one(|task| task.args = Args::Named([("n".to_owned(), json!(1))].into()));
    assert_eq!(field, Field::Args);
    assert!(message.ends_with("for what is given by name write kwargs = { n = 1 }"), "{message}");
    let (field, message) = one(|task| task.env = [("A=B".to_owned(), "C".to_owned())].into());
    assert!(field == Field::Target && message.contains("a name has no ="), "{message}");
    let (field, message) = one(|task| task.cwd = Some("nowhere".to_owned()));
    assert!(field == Field::Cwd && message.contains("there is no folder"), "{message}");
    for args in [json!([{"$py": 1}]), json!([[{"$py": "1", "other": 2}]]), json!([{"deep": {"$py": " "}}])] {
        let found = python_problems(|task| task.args = serde_json::from_value(args).expect("args"));
        assert!(matches!(&found[..], [(Field::Args, message)] if message.contains("Python expression")), "{found:?}");
    }
    assert_eq!(python_problems(|task| task.kwargs = [("n".to_owned(), json!({"$py": "b'abc'"}))].into()), []);
}

#[test]
fn arguments_by_name_are_for_python_alone() {
    for target in ["sleep", "program:cargo"] {
        let kwargs = [("step".to_owned(), json!(1))].into();
        let (field, message) = only(&Task { kwargs, ..task(target) });
        assert!(field == Field::Args && message.starts_with("kwargs are for Python functions; "), "{message}");
    }
}

/// The problems of a plan with these targets and choices; its Python functions exist.
fn told_of(targets: &[&str], choices: &[&str], change: impl FnOnce(&mut Plan)) -> Vec<(Option<usize>, Field, String)> {
    let (folder, _) = python_task("sleep");
    let mut plan = plan_of(targets.iter().map(|target| task(target)).collect());
    plan.folder = Some(folder.path().to_owned());
    change(&mut plan);
    let choices: Vec<Choice> = choices.iter().map(|choice| choice.parse().expect("a choice")).collect();
    let found = check_plan(&plan, &choices);
    found.into_iter().map(|problem| (problem.task, problem.field, problem.message)).collect()
}

const PYTHON: &str = "python:w.py:f";

#[test]
fn the_modes_of_python_are_refused_for_other_targets() {
    assert_eq!(told_of(&[PYTHON], &["asyncio", "interpreters"], |_| ()), []);
    let told = told_of(&["sleep"], &["threads", "asyncio"], |_| ());
    let message = "`sleep` is a built-in target, and asyncio runs Python functions alone; use threads or processes";
    assert_eq!(told, [(Some(0), Field::Target, message.to_owned())]);
    assert!(told_of(&["program:cargo"], &["interpreters"], |_| ())[0].2.starts_with("`cargo` is a program: "));
    // In a plan of both kinds, a choice that runs only the Python functions raises no problem for the others.
    assert_eq!(told_of(&["sleep", "program:cargo", PYTHON], &["asyncio@python3", "threads@python3"], |_| ()), []);
    assert_eq!(told_of(&["sleep", PYTHON], &["asyncio"], |_| ()).len(), 1);
}

#[test]
fn a_start_method_is_one_that_the_mode_has() {
    let good = ["threads:raw", "processes:forkserver", "sequential:run", "process-pool:spawn"];
    assert_eq!(told_of(&[PYTHON], &good, |_| ()), []);
    assert_eq!(told_of(&["sleep"], &["processes:spawn", "process-pool:fork"], |_| ()), []);
    // One of the two runtimes has this start method.
    assert_eq!(told_of(&["sleep", PYTHON], &["threads:raw"], |_| ()), []);
    let one = |targets: &[&str], choice: &str| {
        let found = told_of(targets, &[choice], |_| ());
        assert!(matches!(&found[..], [(None, Field::Run("mode"), _)]), "{found:?}");
        found[0].2.clone()
    };
    assert_eq!(one(&[PYTHON], "threads:fork"), "threads can't be started by fork; use thread, subclass, raw or daemon");
    assert_eq!(one(&["sleep"], "processes:forkserver"), "processes can't be started by forkserver; use fork or spawn");
    assert_eq!(
        one(&["sleep"], "threads:raw"),
        "threads of built-in targets and programs can't be started by raw; there is nothing to choose, so remove the \
         start method"
    );
}

#[test]
fn the_plans_start_method_must_be_one_that_its_tasks_have_in_some_mode() {
    let with = |method: StartMethod, targets: &[&str], choices: &[&str]| {
        told_of(targets, choices, |plan| plan.run.start_method = Some(method))
    };
    assert_eq!(with(StartMethod::Spawn, &["sleep"], &["threads", "processes"]), []);
    assert_eq!(with(StartMethod::Raw, &[PYTHON], &["threads", "processes"]), []);
    assert_eq!(with(StartMethod::Raw, &[PYTHON], &[]), []);
    assert_eq!(with(StartMethod::Fork, &["sleep"], &["threads"]), [], "it holds for processes, if there come any");
    let message = "processes can't be started by raw; use fork or spawn";
    let found = with(StartMethod::Raw, &["sleep"], &["processes", "process-pool"]);
    assert_eq!(found, [(None, Field::Run("start_method"), message.to_owned())]);
}

#[test]
fn a_choice_without_a_task_is_refused() {
    let found = told_of(&[PYTHON], &["threads@native"], |_| ());
    let message = "threads@native runs no task: the plan has no built-in target or program; add one, or write threads";
    assert_eq!(found, [(None, Field::Run("mode"), message.to_owned())]);
    let found = told_of(&["sleep"], &["threads@python3"], |plan| {
        plan.run.compare = vec!["threads@python3".parse().expect("a choice")];
    });
    let message = "threads@python3 runs no task: the plan has no Python function; add one, or write threads";
    assert_eq!(found, [(None, Field::Run("compare"), message.to_owned())]);
}

#[test]
fn a_number_of_workers_is_refused_where_it_means_nothing() {
    let found = told_of(&["sleep"], &["sequential/4"], |_| ());
    let message = "`sequential/4` says how many workers, but in sequence one execution runs after another; write \
                   sequential, or for example threads/4";
    assert_eq!(found, [(None, Field::Run("mode"), message.to_owned())]);
    assert_eq!(told_of(&["sleep"], &["sequential/1", "threads/0", "processes:fork/4"], |_| ()), []);
}

#[test]
fn joins_are_pythons_threads_alone() {
    let joins = |plan: &mut Plan| {
        plan.run.join_timeout = Some(std::time::Duration::from_secs(1));
        plan.run.start_again = true;
    };
    assert_eq!(told_of(&[PYTHON], &["processes", "threads"], joins), []);
    assert_eq!(told_of(&[PYTHON], &["processes"], joins), [], "they hold for threads, if there come any");
    let found = told_of(&["sleep"], &["threads"], joins);
    let fields: Vec<_> = found.iter().map(|(_, field, _)| field.clone()).collect();
    assert_eq!(fields, [Field::Run("join_timeout"), Field::Run("start_again")]);
    assert!(found[0].2.starts_with("join_timeout is for Python functions in threads, and the plan has none; "));
}

#[test]
fn functions_that_share_an_interpreter_share_its_surroundings() {
    let task = || Task::new(Target::parse("python:json:dumps"));
    let env = || [("THREADS".to_owned(), "1".to_owned())].into();
    let said = |first: Task, second: Task| {
        let mut plan = Plan::empty("test");
        plan.tasks = vec![first, second];
        let problems = check_plan(&plan, &[LaunchMode::Threads.into()]);
        problems.into_iter().map(|problem| (problem.task, problem.field, problem.message)).collect::<Vec<_>>()
    };
    let with_env = || Task { env: env(), ..task() };
    assert_eq!(said(with_env(), with_env()), []);
    assert_eq!(said(task(), Task { cwd: Some(".".to_owned()), ..task() }).len(), 0, "the plan's folder, both");
    let found = said(task(), with_env());
    assert!(matches!(&found[..], [(Some(1), Field::Target, why)] if why.contains("same env")), "{found:?}");
    let found = said(task(), Task { cwd: Some("/".to_owned()), ..task() });
    assert!(matches!(&found[..], [(Some(1), Field::Cwd, why)] if why.contains("same cwd")), "{found:?}");
    // A program has its own environment and folder.
    assert_eq!(said(with_env(), Task::new(Target::parse("sleep"))), []);
}
