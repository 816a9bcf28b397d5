//! The messages on a plan's Python functions before anything is launched.

use super::*;
use crate::testing::{missing, python3, usable, write};
use model::task::PY_EXPRESSION;
use serde_json::{Value, json};

const SOURCE: &str = "
import threading, multiprocessing
LIMIT = 3
def count_down(n, step=1): pass
async def fetch(url): pass
class Worker(threading.Thread):
    def __init__(self): super().__init__()
class Child(multiprocessing.Process):
    def __init__(self): super().__init__()
";

/// A plan of one function in a source; it keeps the folder alive.
struct Bench {
    folder: tempfile::TempDir,
    plan: Plan,
}

impl Bench {
    fn new(function: &str, args: Value) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "w.py", SOURCE);
        let mut task = Task::new(Target::parse(&format!("python:w.py:{function}")));
        task.args = serde_json::from_value(args).expect("args");
        let mut plan = Plan { tasks: vec![task], folder: Some(folder.path().to_owned()), ..Plan::empty("test") };
        plan.run.mode = LaunchMode::Threads;
        Self { folder, plan }
    }

    fn problems(&self, choices: &[&str]) -> Vec<(Field, String)> {
        let choices: Vec<Choice> = choices.iter().map(|text| text.parse().expect("a choice")).collect();
        check_python(&self.plan, &choices, Consent::Running)
            .into_iter()
            .map(|problem| (problem.field, problem.message))
            .collect()
    }

    fn messages(&self, choices: &[&str]) -> Vec<String> {
        self.problems(choices).into_iter().map(|(_, message)| message).collect()
    }
}

/// Merging has to take time linear in the tasks: comparing each task with all others would take minutes.
#[test]
fn what_interpreters_agree_on_is_said_once_of_many_tasks_too() {
    const TASKS: usize = 60_000;
    let said = |at: usize, message: &str| Problem::of_task(at, Field::Args, message);
    let all = || (0..TASKS).map(|at| said(at, "wrong"));
    let one = Interpreter::new("python3.8");
    let merged =
        merge(vec![(one, all().chain([said(0, "old")]).collect()), (Interpreter::new("python3"), all().collect())]);
    assert_eq!(merged.len(), TASKS + 1);
    assert_eq!((merged[7].message.as_str(), merged[TASKS].message.as_str()), ("wrong", "with python3.8: old"));
}

#[test]
fn a_good_plan_has_no_problem() {
    if python3().is_none() {
        return;
    }
    let bench = Bench::new("count_down", json!([10]));
    assert_eq!(bench.problems(&["threads", "processes:spawn", "sequential", "thread-pool", "process-pool"]), []);
    assert_eq!(Bench::new("fetch", json!(["x"])).problems(&["asyncio"]), []);
    assert_eq!(Bench::new("Worker", json!([])).problems(&["threads", "sequential"]), []);
    assert_eq!(Bench::new("Child", json!([])).problems(&["processes", "sequential:run"]), []);
}

#[test]
fn a_plan_without_python_executes_nothing() {
    let mut plan = Plan { tasks: vec![Task::new(Target::parse("primes"))], ..Plan::empty("test") };
    plan.run.python = Some("no-such-python".to_owned());
    assert_eq!(check_python(&plan, &[LaunchMode::Threads.into()], Consent::Running), []);
    // Nor in a plan of both kinds, if only built-in targets are chosen.
    plan.tasks.push(Task::new(Target::parse("python:w.py:f")));
    assert_eq!(check_python(&plan, &["threads@native".parse().expect("a choice")], Consent::Running), []);
    assert_eq!(check_python(&plan, &[LaunchMode::Threads.into()], Consent::Running).len(), 1);
}

#[test]
fn wrong_names_and_args_are_told_at_their_place() {
    if python3().is_none() {
        return;
    }
    let one = |function: &str, args: Value| {
        let mut found = Bench::new(function, args).problems(&["threads", "processes"]);
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    };
    let target = |message: &str| (Field::Target, message.to_owned());
    assert_eq!(one("count_dwon", json!([1])), target("w.py has no function `count_dwon`; did you mean `count_down`?"));
    assert_eq!(
        one("LIMIT", json!([])),
        target("`LIMIT` in w.py is not something to call; it has count_down, fetch, Worker, Child")
    );
    let args = |message: &str| (Field::Args, message.to_owned());
    assert_eq!(one("count_down", json!([])), args("count_down() needs a value for `n`; add it to args"));
    assert_eq!(
        one("count_down", json!([1, 2, 3])),
        args("count_down() takes at most 2 arguments and 3 are given; remove one")
    );
    assert_eq!(one("count_down", json!({})), args("count_down() needs a value for `n`; add it to args"));
    let mut bench = Bench::new("count_down", json!([{ PY_EXPRESSION: "10 ** 6" }]));
    bench.plan.tasks[0].kwargs = [("stpe".to_owned(), json!(2))].into();
    assert_eq!(bench.problems(&["threads"]), [args("count_down() has no parameter `stpe`; did you mean `step`?")]);
}

#[test]
fn a_broken_file_is_told_and_a_missing_one_left_to_the_check_of_the_plan() {
    if python3().is_none() {
        return;
    }
    let bench = Bench::new("count_down", json!([1]));
    write(bench.folder.path(), "w.py", "def f(:\n");
    let found = bench.problems(&["threads"]);
    assert!(
        matches!(&found[..], [(Field::Target, message)] if message.starts_with("w.py, line 1, column ")),
        "{found:?}"
    );
    std::fs::remove_file(bench.folder.path().join("w.py")).expect("the file");
    assert_eq!(bench.problems(&["threads"]), []);
}

#[test]
fn a_kind_of_function_has_its_modes() {
    if python3().is_none() {
        return;
    }
    let told = |function: &str, args: Value, choices: &[&str]| Bench::new(function, args).messages(choices).join("|");
    assert_eq!(
        told("fetch", json!(["x"]), &["asyncio", "threads"]),
        "`fetch` is an `async def`, which an event loop alone runs; use asyncio, not threads"
    );
    assert_eq!(
        told("count_down", json!([1]), &["asyncio"]),
        "`count_down` is no `async def`, and asyncio runs nothing else; use threads or processes"
    );
    assert_eq!(
        told("Worker", json!([]), &["threads", "process-pool"]),
        "`Worker` is a subclass of Thread; use threads or sequential, not process-pool"
    );
    assert_eq!(
        told("Child", json!([]), &["processes", "sequential"]),
        "`Child` is a subclass of Process; use processes or sequential:run, not sequential"
    );
}

#[test]
fn an_interpreter_that_is_not_there_is_told_once_for_all_choices() {
    let mut bench = Bench::new("count_down", json!([1]));
    bench.plan.run.python = Some("python3.99".to_owned());
    let found = bench.problems(&["threads", "processes"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, Field::Run("python"));
    assert!(found[0].1.starts_with("there is no `python3.99` on PATH; "), "{}", found[0].1);
}

#[test]
fn subinterpreters_want_a_late_python() {
    let Some(python) = python3() else {
        return;
    };
    let found = Bench::new("count_down", json!([1])).problems(&["interpreters"]);
    match version(&python.facts) >= INTERPRETERS_SINCE {
        true => assert_eq!(found, []),
        false => {
            assert_eq!(found[0].0, Field::Run("mode"));
            assert!(found[0].1.starts_with("the mode interpreters needs Python 3.14 or later, and python3 is Python "));
        }
    }
}

#[test]
fn what_one_of_several_interpreters_says_is_said_with_its_name() {
    let knows_match = |knows: bool| usable().into_iter().find(|found| (version(&found.facts) >= (3, 10)) == knows);
    let (Some(old), Some(new)) = (knows_match(false), knows_match(true)) else {
        return missing("there are no two interpreters of which one knows `match`");
    };
    let bench = Bench::new("count_down", json!([1]));
    write(bench.folder.path(), "w.py", "def count_down(n):\n    match n:\n        case 0: pass\n");
    let choices = [old.interpreter, new.interpreter].map(|one| format!("threads@{one}"));
    let found = bench.messages(&choices.each_ref().map(String::as_str));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(&format!("with {}: w.py, line 2, ", old.interpreter.short())), "{found:?}");
}
