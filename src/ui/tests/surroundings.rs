//! Where and how Python functions run: their environment, their folder, how long their file may take to load; and the names
//! of their arguments.

use super::{
    Screen,
    fake_python::{self, FakePython},
};
use crate::{command::UiCommand, state::Purpose};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use model::{Target, Task};
use std::{path::PathBuf, sync::Arc, time::Duration};

fn screen() -> Screen {
    let mut screen = Screen::with_python(fake_python::plan(), Arc::new(FakePython));
    screen
        .wait_until(|state| state.editing.python.source("workloads").is_some() && state.editing.python.found.is_some());
    screen.settle();
    screen
}

fn task(screen: &Screen) -> Task {
    screen.bench().state.editing.draft.task().expect("selected").clone()
}

#[test]
fn a_function_gets_variables_and_a_folder() {
    let mut screen = screen();
    screen.click("Add variable");
    screen.type_in("Variable 1", "OPENBLAS_NUM_THREADS");
    screen.type_in("Value 1", "1");
    assert_eq!(task(&screen).env.get("OPENBLAS_NUM_THREADS").map(String::as_str), Some("1"));
    screen.type_in("Folder", "data");
    assert_eq!(task(&screen).cwd.as_deref(), Some("data"));
    let folder = tempfile::tempdir().expect("a folder");
    screen.chosen(Purpose::Folder, folder.path().to_owned());
    assert_eq!(task(&screen).cwd.map(PathBuf::from).as_deref(), Some(folder.path()));
    screen.click("Remove variable 1");
    screen.type_in("Folder", "x");
    screen.press(Modifiers::NONE, Key::Backspace);
    assert!(task(&screen).env.is_empty() && task(&screen).cwd.is_none());
}

#[test]
fn loading_has_a_limit_that_can_be_set_where_something_is_loaded() {
    let mut screen = screen();
    screen.click("More run settings");
    assert!(screen.shows("The longest that loading the functions' files may take"));
    screen.type_in("Loading limit", "5");
    assert_eq!(screen.bench().state.editing.draft.plan().run.load_timeout, Duration::from_secs(5));
    let mut native = Screen::new();
    native.click("More run settings");
    assert!(native.shows("Time limit") && !native.shows("Loading limit"), "nothing is loaded");
}

#[test]
fn an_argument_of_a_function_is_offered_by_its_name() {
    let mut screen = screen();
    screen.click("Sweep over");
    screen.click("An argument");
    screen.click("Swept argument");
    assert!(screen.harness.query_all_by_label("n").next().is_some(), "the parameter, not its place");
    assert!(screen.harness.query_all_by_label("argument 1").next().is_none());
    let says = UiCommand::Sweep.tooltip(&screen.bench().state);
    assert!(says.starts_with("Run the plan with 5 values of count_down: n in"), "{says}");
}

#[test]
fn a_function_without_arguments_that_is_only_looked_at_is_not_edited() {
    let mut plan = fake_python::plan();
    plan.tasks[0] = Task::new(Target::parse("python:workloads:fetch"));
    let mut screen = Screen::with_python(plan.clone(), Arc::new(FakePython));
    screen
        .wait_until(|state| state.editing.python.source("workloads").is_some() && state.editing.python.found.is_some());
    screen.settle();
    assert!(screen.shows("takes no arguments"));
    assert_eq!(screen.bench().state.editing.draft.plan().tasks, plan.tasks);
    assert!(!screen.enabled("Undo"), "nothing was changed");
}
