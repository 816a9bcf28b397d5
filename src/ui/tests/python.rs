//! Python functions: picking one, its arguments, its interpreter, what to compare.

use super::{
    Screen,
    fake_python::{self, FakePython},
    fixture,
};
use crate::{python::Interpreters, state::Purpose};
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable;
use model::{
    Args, BlockedTotals, Choice, Event, Interpreter, InterpreterFacts, LaunchMode, Outcome, OutcomeKind, RunEvent,
    Sampling, StartMethod, States, Target,
};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

fn screen() -> Screen {
    let mut screen = Screen::with_python(fake_python::plan(), Arc::new(FakePython));
    screen
        .wait_until(|state| state.editing.python.source("workloads").is_some() && state.editing.python.found.is_some());
    screen.settle();
    screen
}

/// A Python file of that name, and its name in the plan; the fake interpreters say what is in it.
fn file(name: &str) -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, "").expect("written");
    let text = path.display().to_string();
    (folder, path, text)
}

/// Opens the picker on a file.
fn pick(screen: &mut Screen, path: &Path, name: &str) {
    screen.chosen(Purpose::OpenPython { add: true }, path.to_owned());
    screen.wait_until(|state| state.editing.python.source(name).is_some());
    screen.settle();
}

fn args(screen: &Screen) -> (Value, Value) {
    let task = screen.bench().state.editing.draft.task().expect("selected");
    let Args::List(list) = &task.args else { panic!("a list") };
    (list.clone().into(), serde_json::to_value(&task.kwargs).expect("a map"))
}

fn compared(screen: &Screen) -> String {
    let choices = &screen.bench().state.editing.draft.plan().run.compare;
    choices.iter().map(Choice::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_function_is_picked_from_a_file_and_makes_a_task() {
    let mut screen = screen();
    let (_folder, path, name) = file("w.py");
    pick(&mut screen, &path, &name);
    for label in ["count_down(n, step=1)", "fetch()", "many(first, *rest, key=None, **more)", "Worker(…)"] {
        assert!(screen.shows(label), "{label}");
    }
    screen.type_in("Search", "fetch");
    screen.press(Modifiers::NONE, Key::Enter);
    assert_eq!(screen.task_names(), "count_down fetch");
    let task = screen.bench().state.editing.draft.task().expect("selected").clone();
    assert_eq!(task.target, Target::parse(&format!("python:{name}:fetch")));
    assert!(screen.shows("It takes no arguments.") && screen.enabled("Run"));
}

#[test]
fn required_parameters_are_asked_for_before_it_can_run() {
    let mut screen = screen();
    let (_folder, path, name) = file("w.py");
    pick(&mut screen, &path, &name);
    screen.click("Function count_down(n, step=1)");
    assert!(!screen.enabled("Run") && screen.shows("`n` has no value yet"));
    screen.type_in("n", "10");
    assert!(screen.enabled("Run"));
    assert_eq!(args(&screen), (json!([10]), json!({})));
}

#[test]
fn a_file_with_nothing_or_with_an_error_says_so() {
    let mut screen = screen();
    let (_folder, path, name) = file("empty.py");
    pick(&mut screen, &path, &name);
    assert!(screen.shows("defines no function and no class; type the name"));
    screen.type_in("File or module", "broken.py");
    screen.press(Modifiers::NONE, Key::Enter);
    screen.wait_until(|state| state.editing.python.source("broken.py").is_some());
    screen.settle();
    assert!(screen.shows("broken.py, line 3: invalid syntax"));
    screen.press(Modifiers::NONE, Key::Escape);
    assert_eq!(screen.task_names(), "count_down");
}

#[test]
fn a_module_is_typed_with_its_function() {
    let mut screen = screen();
    screen.click("Add task");
    screen.type_in("Search", "module");
    screen.click("Python function of a module…");
    screen.type_in("File or module", "math:factorial");
    screen.press(Modifiers::NONE, Key::Enter);
    screen.wait_until(|state| state.editing.python.source("math").is_some());
    screen.settle();
    screen.click("factorial");
    let task = screen.bench().state.editing.draft.task().expect("selected");
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
    screen.click("As Python");
    assert_eq!(args(&screen).0, json!([{"$py": "a"}]));
    assert!(screen.shows("Python's variable a; for text write"));
}

#[test]
fn what_is_left_over_goes_in_order_and_by_name() {
    let mut screen = screen();
    screen.click("Function");
    screen.click("Function many(first, *rest, key=None, **more)");
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
    screen.wait_until(|state| state.editing.python.source("workloads").is_some());
    screen.settle();
    assert!(!screen.enabled("Run"));
    let sentence = screen.bench().state.editing.checks.run.clone().expect("a sentence");
    assert!(sentence.contains("count_down"), "{sentence}");
    screen.click("Remove argument 3");
    assert!(screen.enabled("Run"), "{:?}", screen.bench().state.editing.checks.run);
}

#[test]
fn the_interpreter_is_chosen_from_those_found() {
    let mut screen = screen();
    screen.click("Interpreter");
    assert!(!screen.enabled("Interpreter /opt/python/3.7.16/bin/python3"), "it is too old");
    screen.click("Interpreter /opt/python/3.11.7/bin/python3");
    let python = |screen: &Screen| screen.bench().state.editing.draft.plan().run.python.clone();
    assert_eq!(python(&screen).as_deref(), Some("/opt/python/3.11.7/bin/python3"));
    screen.chosen(Purpose::Interpreter, PathBuf::from("absent"));
    screen.wait_until(|state| state.editing.checks.run.is_some());
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
    assert_eq!(screen.bench().state.editing.draft.plan().run.compare.len(), 8);
    assert!(!screen.enabled("Compare interpreters"), "more than eight");
    screen.click("The usual");
    assert_eq!(compared(&screen), "");
}

#[test]
fn numbers_of_workers_are_compared() {
    let mut screen = screen();
    screen.click("Compare with");
    screen.type_in("Workers to compare", "1, 4");
    screen.press(Modifiers::NONE, Key::Enter);
    assert_eq!(compared(&screen), "threads/1 threads/4 processes/1 processes/4");
    screen.type_in("Workers to compare", "1..9");
    assert!(screen.shows("That would be 18 choices"));
    screen.press(Modifiers::NONE, Key::Enter);
    assert_eq!(compared(&screen), "threads/1 threads/4 processes/1 processes/4", "what does not fit changes nothing");
}

#[test]
fn modes_and_start_methods_are_those_of_python() {
    let mut screen = screen();
    screen.click("Mode");
    screen.click("Asyncio");
    assert_eq!(screen.bench().state.editing.draft.plan().run.mode, LaunchMode::Asyncio);
    screen.click("Mode");
    screen.click("Threads");
    screen.click("More run settings");
    screen.click("Start by");
    screen.click("raw _thread");
    let run = screen.bench().state.editing.draft.plan().run.clone();
    assert_eq!((run.mode, run.start_method), (LaunchMode::Threads, Some(StartMethod::Raw)));
    assert!(screen.shows("it can't be joined, so a lock is waited for"));
    let mut native = Screen::new();
    native.click("Mode");
    assert!(!native.shows("Asyncio"));
}

#[test]
fn a_file_is_read_by_the_interpreter_and_again_when_it_changes() {
    if !Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("SPAWNSCOPE_REQUIRE_ALL").is_none_or(|value| value != "1"), "python3 is required");
        return println!("skipped: there is no python3");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.py");
    std::fs::write(&file, "def first(n: int, step=1):\n    'Counts.'\n").expect("written");
    let mut screen = Screen::with_python(fake_python::plan(), Arc::new(Interpreters));
    screen.chosen(Purpose::OpenPython { add: true }, file.clone());
    let name = file.display().to_string();
    screen.wait_until(|state| state.editing.python.source(&name).is_some_and(|described| described.source.is_some()));
    screen.settle();
    assert!(screen.shows("Function first(n, step=1)"));
    std::fs::write(&file, "def first(n: int, step=1):\n    'Counts.'\ndef second(): pass\n").expect("written");
    screen.wait_until(|state| {
        let source = state.editing.python.source(&name).and_then(|described| described.source.as_ref());
        source.is_some_and(|source| source.functions.len() == 2)
    });
    screen.settle();
    screen.click("Function second()");
    assert_eq!(screen.task_names(), "count_down second");
}

#[test]
fn the_inspector_shows_traceback_states_and_interpreter() {
    let mut screen = screen();
    let mut experiment = fixture::experiment(1);
    experiment.plan = fake_python::plan();
    let interpreter = Some(Interpreter::new("python3.13"));
    experiment.compared.iter_mut().for_each(|setting| setting.interpreter = interpreter);
    experiment.schedule.iter_mut().for_each(|scheduled| scheduled.setting.interpreter = interpreter);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    let mut events = fixture::run_events(&experiment, 0, 6_000_000);
    if let Event::Run(_, RunEvent::Executions(executions)) = &mut events[0] {
        let one = &mut executions[0];
        one.outcome = Some(Outcome::with_message(OutcomeKind::Exception, "ValueError: no such step"));
        one.traceback = Some("Traceback (most recent call last):\n  File \"/home/a/w.py\", line 4, in f\n".into());
        let blocked_on = Some(BlockedTotals::of([600_000, 0, 100_000, 0, 0, 0]));
        let states = States { on_cpu_ns: 250_000, runnable_ns: 50_000, blocked_ns: 700_000, blocked_on };
        one.states = Some(Box::new(states));
    }
    let sampling = Sampling { asked_hz: 100.0, reached_hz: 98.0, core_share: 0.006, sees_gil: true, lock_looks: None };
    let facts = InterpreterFacts { gil_enabled: Some(true), ..fake_python::facts("3.13.0") };
    events.insert(1, Event::Run(0, RunEvent::Sampling(sampling)));
    events.insert(1, Event::Run(0, RunEvent::Interpreter(facts)));
    screen.send(events);
    screen.send(vec![Event::Ended { stopped: false }]);
    screen.click("Executions");
    screen.click("Execution 0");
    for text in [
        "exception: ValueError: no such step",
        "line 4, in f",
        "Copy traceback",
        "the GIL",
        "600 µs  60 %",
        "250 µs  25 %",
        "(SAMPLED AT 98 HZ)",
        "CPython 3.13.0, GIL on",
        "States sampled at 98 Hz, cost 0.6 % of a core",
    ] {
        assert!(screen.shows(text), "{text}");
    }
}

#[test]
fn the_tool_bar_has_room_at_every_size() {
    // 900 × 600 at a zoom of 150 % is the smallest.
    for size in [vec2(1280.0, 800.0), vec2(900.0, 600.0), vec2(720.0, 480.0), vec2(600.0, 400.0)] {
        let mut screen = Screen::sized_python(fake_python::plan(), Arc::new(FakePython), size);
        screen.wait_until(|state| state.editing.python.found.is_some());
        for label in ["Mode", "Run", "Compare", "Compare with", "Sweep over", "Stop"] {
            let rect = screen.harness.get_by_label(label).rect();
            assert!(rect.max.x <= size.x && rect.max.y <= size.y, "{label} at {size}: {rect}");
        }
        if size.x < 800.0 {
            screen.click("More run settings");
        }
        for label in ["Interpreter", "Workers", "Repeats"] {
            screen.harness.get_by_label(label);
        }
    }
}
