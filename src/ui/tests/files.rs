//! Saving and exporting: nothing is replaced unasked.

use super::{Screen, fixture};
use crate::state::{Overlay, Purpose};
use eframe::egui::{Key, Modifiers};
use model::{Event, LaunchMode, Target, Task};
use std::{fs, path::PathBuf};

fn save(screen: &mut Screen) {
    screen.press(Modifiers::COMMAND, Key::S);
}

/// A window with a plan that was saved as `mine.toml`, and its folder.
fn saved() -> (Screen, tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    let mut screen = Screen::new();
    screen.chosen(Purpose::SavePlan(None), path.clone());
    screen.wait_until(|state| state.editing.draft.path.is_some());
    (screen, folder, path)
}

#[test]
fn saving_asks_only_where_the_file_has_changed() {
    let (mut screen, _folder, path) = saved();
    screen.click("Duplicate task");
    save(&mut screen);
    screen.wait_until(|state| !state.editing.draft.is_dirty());
    let theirs = fs::read_to_string(&path).expect("readable") + "# theirs\n";
    fs::write(&path, &theirs).expect("written");
    screen.click("Duplicate task");
    save(&mut screen);
    screen.wait_until(|state| matches!(state.overlay, Overlay::Replace { .. }));
    assert!(screen.shows("mine.toml was changed by another program"));
    screen.click("Cancel");
    assert_eq!(fs::read_to_string(&path).expect("readable"), theirs);
    assert!(!screen.bench().state.overlay.is_open() && screen.bench().state.editing.draft.is_dirty());
    save(&mut screen);
    screen.wait_until(|state| matches!(state.overlay, Overlay::Replace { .. }));
    screen.click("Replace");
    screen.wait_until(|state| !state.editing.draft.is_dirty());
    assert!(!fs::read_to_string(&path).expect("readable").contains("theirs"));
}

#[test]
fn what_goes_on_after_saving_is_forgotten_with_the_question() {
    let (mut screen, _folder, path) = saved();
    let new_plan = |screen: &mut Screen, answer: &str| {
        fs::write(&path, fs::read_to_string(&path).expect("readable") + "# theirs\n").expect("written");
        screen.click("Duplicate task");
        screen.press(Modifiers::COMMAND, Key::N);
        screen.click("Save changes");
        screen.wait_until(|state| matches!(state.overlay, Overlay::Replace { .. }));
        screen.click(answer);
    };
    new_plan(&mut screen, "Cancel");
    save(&mut screen);
    screen.wait_until(|state| matches!(state.overlay, Overlay::Replace { .. }));
    screen.click("Replace");
    screen.wait_until(|state| !state.editing.draft.is_dirty());
    screen.settle();
    assert_eq!(screen.task_names(), "primes primes", "the new plan was given up");
    new_plan(&mut screen, "Replace");
    screen.wait_until(|state| state.editing.draft.plan().tasks.is_empty());
    assert_eq!(fs::read_to_string(&path).expect("readable").matches("[[task]]").count(), 3);
}

#[test]
fn a_plan_replaces_plans_alone_and_asks_before() {
    let (mut screen, folder, _) = saved();
    let at = |name: &str| folder.path().join(name);
    fs::copy(at("mine.toml"), at("other.toml")).expect("copied");
    fs::write(at("Cargo.toml"), "[package]\n").expect("written");
    fs::write(at("runs.json"), "{}").expect("written");
    screen.click("Duplicate task");
    screen.chosen(Purpose::SavePlan(None), at("other.toml"));
    screen.wait_until(|state| matches!(state.overlay, Overlay::Replace { .. }));
    assert!(screen.shows("other.toml is there already"));
    screen.click("Cancel");
    for (name, said) in [("Cargo.toml", "is no plan"), ("runs.json", "save it as .toml"), ("new.json", "as .toml")] {
        screen.chosen(Purpose::SavePlan(None), at(name));
        screen
            .wait_until(|state| state.told.messages.iter().any(|it| it.text.contains(name) && it.text.contains(said)));
    }
    assert_eq!(fs::read(at("Cargo.toml")).expect("readable"), b"[package]\n");
    assert_eq!(fs::read(at("runs.json")).expect("readable"), b"{}");
    assert!(!at("new.json").exists() && screen.bench().state.editing.draft.path == Some(at("mine.toml")));
}

#[test]
fn an_export_asks_before_it_replaces() {
    let (mut screen, folder, _) = saved();
    let chart = folder.path().join("chart.csv");
    fs::write(&chart, "mine").expect("written");
    let mut experiment = fixture::experiment(1);
    fixture::run_to_end(&mut experiment, 0, 1_000_000);
    screen.send(vec![Event::Started(Box::new(experiment)), Event::Ended { stopped: false }]);
    for button in ["Cancel", "Replace"] {
        screen.chosen(Purpose::Export, chart.clone());
        screen.wait_until(|state| matches!(state.overlay, Overlay::Replace { .. }));
        assert_eq!(fs::read(&chart).expect("readable"), b"mine");
        screen.click(button);
    }
    screen.wait_until(|state| state.told.messages.iter().any(|message| message.text.starts_with("Wrote")));
    assert_ne!(fs::read(&chart).expect("readable"), b"mine");
}

#[test]
fn a_document_leaves_the_environment_out_and_its_plan_asks_for_it() {
    let (mut screen, folder, _) = saved();
    let mut experiment = fixture::experiment(1);
    experiment.plan.tasks = vec![Task {
        env: [("TOKEN".to_owned(), "hunter2".to_owned())].into(),
        ..Task::new(Target::parse("program:true"))
    }];
    experiment.plan.run.mode = LaunchMode::Processes;
    fixture::run_to_end(&mut experiment, 0, 1_000_000);
    screen.send(vec![Event::Started(Box::new(experiment)), Event::Ended { stopped: false }]);
    screen.click("File");
    screen.click("Leave out the environment");
    let path = folder.path().join("runs.json");
    screen.chosen(Purpose::Export, path.clone());
    screen.wait_until(|state| state.told.messages.iter().any(|message| message.text.starts_with("Wrote")));
    let document = fs::read_to_string(&path).expect("readable");
    assert!(document.contains("TOKEN") && !document.contains("hunter2"));

    screen.chosen(Purpose::Open, path);
    screen.wait_until(|state| state.shown.path.is_some());
    screen.settle();
    assert!(!screen.enabled("Run"), "what it held is not known");
    assert!(screen.shows("the saved runs leave out what TOKEN held"));
    screen.type_in("Value 1", "hunter3");
    let task = screen.bench().state.editing.draft.plan().tasks[0].clone();
    assert_eq!((task.env["TOKEN"].as_str(), task.env_left_out.len()), ("hunter3", 0));
    assert!(screen.enabled("Run"));
}
