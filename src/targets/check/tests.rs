//! The messages that users read, and the places to which they refer.

use super::task::unknown_target;
use super::*;
use model::LaunchMode;
use model::{Args, Target, Task};
use serde_json::{Value, json};
use std::path::Path;

pub(super) fn task(target: &str) -> Task {
    Task { name: "work".to_owned(), ..Task::new(Target::parse(target)) }
}

fn with_args(target: &str, args: Value) -> Task {
    Task { args: serde_json::from_value::<Args>(args).expect("args"), ..task(target) }
}

/// The problems of a task, without its index.
pub(super) fn problems(task: &Task, folder: Option<&Path>) -> Vec<(Field, String)> {
    let found = check_task(7, task, folder, &mut Searches::default());
    assert!(found.iter().all(|problem| problem.task == Some(7)));
    found.into_iter().map(|problem| (problem.field, problem.message)).collect()
}

/// The one problem of a task.
pub(super) fn only(task: &Task) -> (Field, String) {
    let mut found = problems(task, None);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

pub(super) fn plan_of(tasks: Vec<Task>) -> Plan {
    Plan { tasks, ..Plan::empty("test") }
}

#[test]
fn a_target_alone_is_a_good_task() {
    for target in crate::registry() {
        assert_eq!(problems(&task(target.name), None), [], "{}", target.name);
    }
}

#[test]
fn an_unknown_target_is_told_the_nearest() {
    let (field, message) = only(&task("prime"));
    assert_eq!((field, message.as_str()), (Field::Target, "there is no target `prime`; did you mean `primes`?"));
    assert!(only(&task("qqqqqqqq")).1.contains("spawnscope targets"));
    assert!(only(&task("")).1.starts_with("the task has no target"));
}

#[test]
fn a_program_without_its_scheme_is_told_the_scheme() {
    assert_eq!(only(&task("cargo")).1, "there is no target `cargo`; did you mean `program:cargo`?");
    assert_eq!(unknown_target("tail", true), "there is no target `tail`; did you mean `fail` or `program:tail`?");
}

#[test]
fn every_wrong_arg_is_said_at_its_key() {
    let found = problems(&with_args("fail", json!({"kind": "sulk", "code": 300, "colour": 1})), None);
    let fields: Vec<_> = found.iter().map(|(field, _)| field.clone()).collect();
    assert_eq!(fields, ["colour", "kind", "code"].map(|key| Field::Arg(key.to_owned())));
    assert!(found[1].1.contains("one of panic, exit"), "{}", found[1].1);
    assert_eq!(found[2].1, "`code` is 300; it must be a whole number from 0 to 255");
    assert_eq!(only(&with_args("primes", json!([1]))).0, Field::Args);
}

#[test]
fn counts_and_names_have_limits() {
    for count in [0, 1_000_001] {
        let (field, message) = only(&Task { count, ..task("sleep") });
        assert_eq!((field, message), (Field::Count, format!("count is {count}; it must be from 1 to 1000000")));
    }
    assert_eq!(only(&Task { name: " ".to_owned(), ..task("sleep") }).0, Field::Name);
}

#[test]
fn settings_of_programs_have_no_effect_on_a_built_in() {
    assert_eq!(only(&Task { cwd: Some(".".to_owned()), ..task("sleep") }).0, Field::Cwd);
    let env = [("LANG".to_owned(), "C".to_owned())].into();
    assert!(only(&Task { env, ..task("sleep") }).1.starts_with("env has no effect"));
}

#[test]
fn a_missing_program_is_said() {
    let (field, message) = only(&task("program:no-such-program"));
    assert_eq!(field, Field::Target);
    assert!(message.starts_with("the program `no-such-program` is not on PATH; install it"), "{message}");
    assert!(only(&task("program:")).1.contains("names no program"));
    assert!(only(&task("program:./no-such-program")).1.starts_with("there is no program at "));
}

#[test]
fn a_path_is_relative_to_the_plan_and_must_be_a_program() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("text"), "not a program").expect("a file");
    std::fs::create_dir(folder.path().join("sub")).expect("a folder");
    let said = |target| problems(&task(target), Some(folder.path())).remove(0).1;
    assert!(said("program:./sub").contains("is a folder"));
    if cfg!(unix) {
        assert!(said("program:./text").contains("is not executable; run chmod +x"));
    }
}

#[test]
fn a_program_is_found_by_name_and_by_path() {
    let by_name = resolve_program("cargo", None).expect("cargo runs the tests");
    assert!(by_name.is_absolute());
    let (folder, name) = (by_name.parent(), by_name.file_name().expect("a name").to_string_lossy());
    assert_eq!(resolve_program(&format!("./{name}"), folder).map(|path| path.exists()), Ok(true));
    assert_eq!(resolve_program(&by_name.to_string_lossy(), None), Ok(by_name));
}

#[test]
fn args_of_a_program_are_a_list_of_words() {
    assert_eq!(problems(&with_args("program:cargo", json!(["-V", 3, true])), None), []);
    assert_eq!(problems(&Task { args: Args::none(), ..task("program:cargo") }, None), []);
    let (field, message) = only(&with_args("program:cargo", json!({"level": 9})));
    assert!(field == Field::Args && message.contains("args = ["), "{message}");
    assert!(only(&with_args("program:cargo", json!(["-V", ["x"]]))).1.starts_with("arg 2 is a list"));
    assert!(only(&with_args("program:cargo", json!([{"a": 1}]))).1.starts_with("arg 1 is a table"));
    assert!(only(&with_args("program:cargo", json!(["a\0b"]))).1.contains("NUL"));
}

#[test]
fn a_working_directory_must_be_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("text"), "").expect("a file");
    let said = |cwd: &str| {
        let task = Task { cwd: Some(cwd.to_owned()), ..task("program:cargo") };
        problems(&task, Some(folder.path())).pop()
    };
    assert_eq!(said("."), None);
    assert!(matches!(said("text"), Some((Field::Cwd, message)) if message.contains("is a file")));
    assert!(matches!(said("gone"), Some((Field::Cwd, message)) if message.starts_with("there is no folder")));
}

#[test]
fn a_program_is_refused_as_a_thread_with_the_reason() {
    let plan = plan_of(vec![task("sleep"), task("program:cargo")]);
    assert_eq!(
        check_plan(
            &plan,
            &[LaunchMode::Processes.into(), LaunchMode::Sequential.into(), LaunchMode::ProcessPool.into()]
        ),
        []
    );
    let found = check_plan(&plan, &[LaunchMode::Processes.into(), LaunchMode::Threads.into()]);
    let message = "`cargo` is a program: it always runs in a process of its own, so it can't be launched as a thread; \
                   use processes or sequential";
    assert_eq!(found, [Problem::of_task(1, Field::Target, message)]);
}

#[test]
fn a_plan_has_limits() {
    let fields = |plan: &Plan| -> Vec<_> { check_plan(plan, &[]).into_iter().map(|problem| problem.field).collect() };
    assert_eq!(fields(&plan_of(vec![])), [Field::Plan]);
    let many = Task { count: 600_000, ..task("sleep") };
    assert_eq!(fields(&plan_of(vec![many.clone()])), []);
    assert_eq!(fields(&plan_of(vec![many.clone(), many])), [Field::Plan]);
    let mut plan = plan_of(vec![task("sleep")]);
    (plan.run.repeat, plan.run.warmup, plan.run.timeout) = (0, 10_001, Some(std::time::Duration::ZERO));
    assert_eq!(fields(&plan), [Field::Run("repeat"), Field::Run("warmup"), Field::Run("timeout")]);
    plan.schema = 2;
    assert_eq!(fields(&plan)[0], Field::Plan);
}
