//! Python functions: picking one, its arguments, its interpreter, what to compare.

use super::{
    Screen,
    fake_python::{self, FakePython},
};
use crate::{
    model::{Args, Choice, LaunchMode, StartMethod, Target},
    ui::{python::Interpreters, state::Purpose},
};
use eframe::egui::{Key, Modifiers};
use serde_json::{Value, json};
use std::{path::PathBuf, process::Command, sync::Arc};

fn screen() -> Screen {
    let mut screen = Screen::with_python(fake_python::plan(), Arc::new(FakePython));
    screen.wait_until(|state| state.python.source("w.py").is_some() && state.python.found.is_some());
    screen.settle();
    screen
}

fn args(screen: &Screen) -> (Value, Value) {
    let task = screen.bench().state.draft.task().expect("selected");
    let Args::List(list) = &task.args else { panic!("a list") };
    (list.clone().into(), serde_json::to_value(&task.kwargs).expect("a map"))
}

fn compared(screen: &Screen) -> String {
    let choices = &screen.bench().state.draft.plan().run.compare;
    choices.iter().map(Choice::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_function_is_picked_from_a_file_and_makes_a_task() {
    let mut screen = screen();
    screen.chosen(Purpose::OpenPython { add: true }, PathBuf::from("/elsewhere/w.py"));
    screen.wait_until(|state| state.python.source("/elsewhere/w.py").is_some());
    screen.settle();
    for label in ["count_down(n, step=1)", "fetch()", "What fetch does."] {
        assert!(screen.shows(label) || label.starts_with("What"), "{label}");
    }
    screen.type_in("Search", "fetch");
    screen.press(Modifiers::NONE, Key::Enter);
    assert_eq!(screen.task_names(), "count_down fetch");
    let task = screen.bench().state.draft.task().expect("selected").clone();
    assert_eq!(task.target, Target::parse("python:/elsewhere/w.py:fetch"));
    assert!(screen.shows("It takes no arguments.") && screen.enabled("Run"));
}

#[test]
fn required_parameters_are_asked_for_before_it_can_run() {
    let mut screen = screen();
    screen.chosen(Purpose::OpenPython { add: true }, PathBuf::from("/elsewhere/w.py"));
    screen.wait_until(|state| state.python.source("/elsewhere/w.py").is_some());
    screen.click("count_down(n, step=1)");
    assert!(!screen.enabled("Run") && screen.shows("`n` has no value yet"));
    screen.type_in("n", "10");
    assert!(screen.enabled("Run"));
    assert_eq!(args(&screen), (json!([10]), json!({})));
}

#[test]
fn a_file_with_nothing_or_with_an_error_says_so() {
    let mut screen = screen();
    screen.chosen(Purpose::OpenPython { add: true }, PathBuf::from("/elsewhere/empty.py"));
    screen.wait_until(|state| state.python.source("/elsewhere/empty.py").is_some());
    screen.settle();
    assert!(screen.shows("defines no function and no class; type the name"));
    screen.type_in("File or module", "broken.py");
    screen.press(Modifiers::NONE, Key::Enter);
    screen.wait_until(|state| state.python.source("broken.py").is_some());
    screen.settle();
    assert!(screen.shows("Broken.py, line 3: invalid syntax") || screen.shows("broken.py, line 3: invalid syntax"));
    screen.press(Modifiers::NONE, Key::Escape);
    assert_eq!(screen.task_names(), "count_down");
}

#[test]
fn a_module_is_typed_with_its_function() {
    let mut screen = screen();
    screen.click("Add task");
    screen.click("Python function of a module…");
    screen.type_in("File or module", "math:factorial");
    screen.press(Modifiers::NONE, Key::Enter);
    screen.wait_until(|state| state.python.source("math").is_some());
    screen.settle();
    screen.click("factorial");
    let task = screen.bench().state.draft.task().expect("selected");
    assert_eq!(task.target, Target::parse("python:math:factorial"));
}

#[test]
fn arguments_are_json_or_none_or_an_expression_and_undo_takes_them_back() {
    let mut screen = screen();
    for (text, value) in [
        ("[1, 2]", json!([1, 2])),
        ("None", json!({"$py": "None"})),
        ("null", json!({"$py": "None"})),
        ("range(3)", json!({"$py": "range(3)"})),
        ("\"a\"", json!("a")),
    ] {
        screen.type_in("n", text);
        assert_eq!(args(&screen).0, json!([value]), "{text}");
    }
    screen.type_in("step", "2");
    assert_eq!(args(&screen).0, json!(["a", 2]));
    screen.click("Undo");
    assert_eq!(args(&screen).0, json!(["a"]));
    screen.click("Kind of n");
    screen.click("Python");
    assert_eq!(args(&screen).0, json!([{"$py": "a"}]));
    assert!(screen.shows("Python's variable a; for text write"));
}

#[test]
fn what_is_left_over_goes_in_order_and_by_name() {
    let mut screen = screen();
    screen.click("change…");
    screen.click("many(first, *rest, key=None, **more)");
    screen.type_in("first", "1");
    screen.click("Add argument");
    screen.type_in("argument 2", "2");
    screen.type_in("key", "3");
    screen.click("Add argument by name");
    screen.type_in("Name 1", "extra");
    screen.type_in("Named value 1", "true");
    assert_eq!(args(&screen), (json!([1, 2]), json!({"key": 3, "extra": true})));
    assert!(screen.enabled("Run"));
    screen.click("Remove argument 2");
    assert_eq!(args(&screen).0, json!([1]));
}

#[test]
fn arguments_that_do_not_fit_keep_it_from_running() {
    let mut plan = fake_python::plan();
    plan.tasks[0].args = Args::List(vec![1.into(), 2.into(), 3.into()]);
    let mut screen = Screen::with_python(plan, Arc::new(FakePython));
    screen.wait_until(|state| state.python.source("w.py").is_some());
    screen.settle();
    assert!(!screen.enabled("Run"));
    let sentence = screen.bench().state.checks.run.clone().expect("a sentence");
    assert!(sentence.contains("count_down"), "{sentence}");
    screen.click("Remove argument 3");
    assert!(screen.enabled("Run"), "{:?}", screen.bench().state.checks.run);
}

#[test]
fn the_interpreter_is_chosen_from_those_found() {
    let mut screen = screen();
    screen.click("Interpreter");
    assert!(!screen.enabled("Interpreter /opt/python/3.7.16/bin/python3"), "it is too old");
    screen.click("Interpreter /opt/python/3.11.7/bin/python3");
    let python = |screen: &Screen| screen.bench().state.draft.plan().run.python.clone();
    assert_eq!(python(&screen).as_deref(), Some("/opt/python/3.11.7/bin/python3"));
    screen.chosen(Purpose::Interpreter, PathBuf::from("absent"));
    screen.wait_until(|state| state.checks.run.is_some());
    screen.settle();
    assert!(screen.shows("There is no interpreter `absent`"));
    assert!(!screen.enabled("Run"));
}

#[test]
fn what_to_compare_is_ticked() {
    let mut screen = screen();
    screen.click("Compare with");
    screen.click("Compare processes:spawn");
    assert_eq!(compared(&screen), "threads processes processes:spawn");
    screen.click("Compare processes");
    screen.click("Compare in python3.13");
    screen.click("Compare in /opt/python/3.11.7/bin/python3");
    let both = "threads@python3.13 threads@/opt/python/3.11.7/bin/python3 processes:spawn@python3.13 \
                processes:spawn@/opt/python/3.11.7/bin/python3";
    assert_eq!(compared(&screen), both);
    screen.click("Compare asyncio");
    screen.click("Compare sequential");
    assert_eq!(screen.bench().state.draft.plan().run.compare.len(), 8);
    assert!(!screen.enabled("Compare interpreters"), "more than eight");
    screen.click("The usual");
    assert_eq!(compared(&screen), "");
}

#[test]
fn modes_and_start_methods_are_those_of_python() {
    let mut screen = screen();
    screen.click("Mode");
    screen.click("Asyncio");
    assert_eq!(screen.bench().state.draft.plan().run.mode, LaunchMode::Asyncio);
    screen.click("Mode");
    screen.click("Threads");
    screen.click("More run settings");
    screen.click("Start by");
    screen.click("raw _thread");
    let run = screen.bench().state.draft.plan().run.clone();
    assert_eq!((run.mode, run.start_method), (LaunchMode::Threads, Some(StartMethod::Raw)));
    assert!(screen.shows("it can't be joined, so a lock is waited for"));
    let mut native = Screen::new();
    native.click("Mode");
    assert!(!native.shows("Asyncio"));
}

#[test]
fn a_file_is_read_by_the_interpreter_and_again_when_it_changes() {
    if !Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("SPAWNSCOPE_REQUIRE_ALL").is_none(), "python3 is required");
        return println!("skipped: there is no python3");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.py");
    std::fs::write(&file, "def first(n: int, step=1):\n    'Counts.'\n").expect("written");
    let mut screen = Screen::with_python(fake_python::plan(), Arc::new(Interpreters));
    screen.chosen(Purpose::OpenPython { add: true }, file.clone());
    let name = file.display().to_string();
    screen.wait_until(|state| state.python.source(&name).is_some_and(|described| described.source.is_some()));
    screen.settle();
    assert!(screen.shows("first(n: int, step=1)"));
    std::fs::write(&file, "def first(n: int, step=1):\n    'Counts.'\ndef second(): pass\n").expect("written");
    screen.wait_until(|state| {
        let source = state.python.source(&name).and_then(|described| described.source.as_ref());
        source.is_some_and(|source| source.functions.len() == 2)
    });
    screen.settle();
    screen.click("second()");
    assert_eq!(screen.task_names(), "count_down second");
}
