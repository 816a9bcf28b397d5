//! A plan that was not made here shows what it would execute before its first run; an interpreter near it is asked only
//! when the user allows it.

use super::{
    Screen,
    fake_python::{self, Trusting},
    fixture,
};
use crate::{
    Opened,
    state::{Overlay, Purpose},
};
use eframe::egui::{self, Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable;
use engine::Command;
use model::{Event, LaunchMode, Plan, Target, Task};
use std::{fs, path::PathBuf, sync::Arc};
use store::{plan_file::PlanFile, settings::ThemeChoice};

const FILE: &str = "/somewhere/theirs.toml";

/// A plan of programs, each with an argument of its own.
fn plan(count: u32) -> Plan {
    let mut plan = Plan::empty("Theirs");
    plan.run.mode = LaunchMode::Processes;
    plan.tasks = (0..count)
        .map(|number| Task {
            args: serde_json::from_value(serde_json::json!(["-c", format!("echo {number}")])).expect("args"),
            env: [("LD_PRELOAD".to_owned(), "./own.so".to_owned())].into(),
            cwd: Some("/tmp".to_owned()),
            ..Task::new(Target::parse("program:sh"))
        })
        .collect();
    plan
}

fn window(plan: Plan, path: &str, ask: &Arc<Trusting>, size: egui::Vec2) -> Screen {
    let open = Opened::Plan { file: Box::new(PlanFile::of(plan)), path: Some(PathBuf::from(path)) };
    Screen::built(ThemeChoice::Dark, size, true, Some(open), ask.clone())
}

fn theirs(ask: &Arc<Trusting>) -> Screen {
    window(plan(1), FILE, ask, vec2(1280.0, 800.0))
}

fn launched(screen: &Screen) -> bool {
    screen.commands.try_iter().any(|command| matches!(command, Command::Launch(_)))
}

fn asks(screen: &mut Screen) {
    screen.wait_until(|state| matches!(state.overlay, Overlay::RunFirst(_)));
    screen.settle();
    assert!(!launched(screen), "nothing runs unasked");
}

/// Clicks, and waits until the plan is launched without a question.
fn runs(screen: &mut Screen, button: &str) {
    screen.click(button);
    screen.wait_until(|state| state.activity.is_busy() || state.overlay.is_open());
    assert!(!screen.bench().state.overlay.is_open() && launched(screen), "{button}");
}

#[test]
fn what_it_would_execute_is_shown_before_the_first_run_and_remembered() {
    let ask = Arc::new(Trusting::default());
    // Run, Compare and Sweep.
    for key in [Key::F5, Key::F6, Key::F7] {
        let mut screen = theirs(&ask);
        screen.press(Modifiers::NONE, key);
        asks(&mut screen);
        for text in
            ["theirs.toml was not made here", "1 program,", "/sh", "-c \"echo 0\"", "LD_PRELOAD=./own.so", "in /tmp"]
        {
            assert!(screen.shows(text), "{text}");
        }
        screen.click("Cancel");
        assert!(!launched(&screen) && !screen.bench().state.activity.is_busy());
        screen.press(Modifiers::NONE, Key::F5);
        asks(&mut screen);
        screen.press(Modifiers::NONE, Key::Escape);
        assert!(!launched(&screen) && !screen.bench().state.overlay.is_open());
    }
    let mut screen = theirs(&ask);
    screen.click("Compare");
    asks(&mut screen);
    screen.click("Run it");
    assert!(launched(&screen));
    screen.wait_until(|_| !ask.allowed.lock().expect("lock").plans.is_empty());
    // What is edited here is the user's own.
    runs(&mut theirs(&ask), "Run");
    let mut changed = plan(1);
    changed.tasks[0].args = serde_json::from_value(serde_json::json!(["-c", "rm -r /"])).expect("args");
    let mut screen = window(changed, FILE, &ask, vec2(1280.0, 800.0));
    screen.click("Run");
    asks(&mut screen);
    let mut elsewhere = window(plan(1), "/elsewhere/theirs.toml", &ask, vec2(1280.0, 800.0));
    elsewhere.click("Run");
    asks(&mut elsewhere);
}

#[test]
fn what_was_made_here_and_what_is_built_in_ask_nothing() {
    let ask = Arc::new(Trusting::default());
    let built_in = || Screen::built(ThemeChoice::Dark, vec2(1280.0, 800.0), true, None, ask.clone());
    runs(&mut built_in(), "Run");
    let mut file = window(fixture::one_task(), FILE, &ask, vec2(1280.0, 800.0));
    runs(&mut file, "Run");
    // A program that is added to a starter here, and the file that it is saved in.
    let mut screen = built_in();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    screen.harness.state_mut().as_mut().expect("drawn").state.editing.draft.edit(None, |mine| {
        (mine.tasks, mine.run.mode) = (plan(1).tasks, LaunchMode::Processes);
    });
    screen.settle();
    screen.chosen(Purpose::SavePlan(None), path.clone());
    screen.wait_until(|_| !ask.allowed.lock().expect("lock").plans.is_empty());
    runs(&mut screen, "Run");
    let mut again = built_in();
    again.chosen(Purpose::Open, path.clone());
    again.wait_until(|state| state.editing.draft.path.is_some());
    again.settle();
    runs(&mut again, "Run");
    assert!(fs::read_to_string(path).is_ok_and(|text| text.contains("program:sh")));
}

#[test]
fn saving_makes_nobody_elses_plan_ones_own_and_saved_runs_ask_too() {
    let ask = Arc::new(Trusting::default());
    let folder = tempfile::tempdir().expect("a folder");
    let mut screen = theirs(&ask);
    screen.chosen(Purpose::SavePlan(None), folder.path().join("copy.toml"));
    screen.wait_until(|state| state.editing.draft.path.as_ref().is_some_and(|path| path.ends_with("copy.toml")));
    screen.settle();
    screen.click("Run");
    asks(&mut screen);
    screen.click("Cancel");
    let mut experiment = fixture::experiment(1);
    experiment.plan = plan(1);
    fixture::run_to_end(&mut experiment, 0, 1_000_000);
    let runs = folder.path().join("runs.json");
    screen.send(vec![Event::Started(Box::new(experiment)), Event::Ended { stopped: false }]);
    screen.chosen(Purpose::Export, runs.clone());
    screen.wait_until(|state| state.told.messages.iter().any(|message| message.text.starts_with("Wrote")));
    let mut screen = Screen::built(ThemeChoice::Dark, vec2(1280.0, 800.0), true, None, ask.clone());
    screen.chosen(Purpose::Open, runs);
    screen.wait_until(|state| state.shown.path.is_some());
    screen.settle();
    screen.click("Run");
    asks(&mut screen);
    screen.click("Run it");
    assert!(launched(&screen));
}

#[test]
fn the_buttons_are_there_however_much_is_listed_and_however_small_the_window_is() {
    let ask = Arc::new(Trusting::default());
    // 900 × 600 at a zoom of 150 % is the smallest.
    for (size, count) in [((600.0, 400.0), 1), ((600.0, 400.0), 200), ((900.0, 600.0), 200), ((1280.0, 800.0), 200)] {
        let mut screen = window(plan(count), FILE, &ask, vec2(size.0, size.1));
        screen.press(Modifiers::NONE, Key::F5);
        asks(&mut screen);
        let all = egui::Rect::from_min_size(egui::Pos2::ZERO, vec2(size.0, size.1));
        for button in ["Run it", "Cancel"] {
            let place = screen.harness.get_by_label(button).rect();
            assert!(all.contains_rect(place), "{button} at {place:?} of {size:?} with {count}");
        }
        assert!(screen.shows("echo 0") && screen.shows(if count == 1 { "1 program," } else { "200 programs," }));
    }
}

#[test]
fn an_interpreter_of_the_plans_tree_is_asked_when_its_user_says_so() {
    let file = PathBuf::from("/bench/.venv/bin/python3");
    let ask = Arc::new(Trusting { waits: Some(file.clone()), ..Trusting::default() });
    let mut plan = fake_python::plan();
    plan.run.python = Some(file.display().to_string());
    let mut screen = window(plan.clone(), FILE, &ask, vec2(1280.0, 800.0));
    screen.wait_until(|state| state.editing.python.unasked("/bench/.venv/bin/python3").is_some());
    screen.settle();
    assert!(!screen.shows("CPython 3.13.0") && screen.shows("press Ask it beside the interpreter"));
    assert!(!screen.shows("spawnscope trust"), "the window's words");
    screen.click("Ask it");
    screen.wait_until(|state| state.editing.python.unasked("/bench/.venv/bin/python3").is_none());
    screen.wait_until(|state| matches!(state.editing.python.interpreter("/bench/.venv/bin/python3"), Some(Ok(_))));
    screen.settle();
    assert_eq!(ask.allowed.lock().expect("lock").interpreters, std::slice::from_ref(&file));
    assert!(screen.harness.query_by_label("Ask it").is_none());
    // An interpreter that no plan names is listed with the others.
    let ask = Arc::new(Trusting { waits: Some(file.clone()), ..Trusting::default() });
    let mut screen = window(fake_python::plan(), FILE, &ask, vec2(1280.0, 800.0));
    screen.wait_until(|state| !state.editing.python.waiting.is_empty());
    screen.settle();
    screen.click("Interpreter");
    screen.click("Ask /bench/.venv/bin/python3");
    screen.wait_until(|state| state.editing.python.waiting.is_empty());
}
