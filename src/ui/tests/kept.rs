//! Results and unsaved changes outlive what replaces them, and the window.

use super::{FakePython, Screen, fixture};
use crate::Opened;
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable;
use model::Event;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{
    plan_file::{self, PlanFile},
    settings::ThemeChoice,
};

fn window(folder: &Path, opened: Option<(PlanFile, Option<PathBuf>)>) -> Screen {
    let open = opened.map(|(file, path)| Opened::Plan { file: Box::new(file), path });
    let kept = Some(folder.to_owned());
    Screen::keeping(kept, ThemeChoice::Dark, vec2(1280.0, 800.0), true, open, Arc::new(FakePython))
}

fn measure(screen: &mut Screen, repeats: u32) {
    let mut experiment = fixture::experiment(repeats);
    for id in 0..repeats * 2 {
        fixture::run_to_end(&mut experiment, id, 1_000_000);
    }
    screen.send(vec![Event::Started(Box::new(experiment)), Event::Ended { stopped: false }]);
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn results_are_kept_by_themselves_and_open_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut screen = window(folder.path(), None);
    measure(&mut screen, 2);
    screen.wait_until(|state| state.session.recent.len() == 1);
    measure(&mut screen, 3);
    screen.wait_until(|state| state.session.recent.len() == 2);
    screen.press(Modifiers::COMMAND, Key::N);
    assert!(!screen.bench().state.shown.has_runs(), "nothing was asked");
    drop(screen);

    let mut screen = window(folder.path(), None);
    screen.wait_until(|state| state.session.recent.len() == 2);
    assert!(screen.bench().state.session.recent[1].label.contains("Fixture, Threads and Processes, 4 runs"));
    screen.click("File");
    screen.harness.get_by_label_contains("Recent results").click();
    screen.settle();
    screen.harness.get_all_by_label_contains("Fixture, Threads and Processes, 4 runs").next().expect("listed").click();
    screen.wait_until(|state| state.shown.has_runs());
    assert_eq!(screen.bench().state.shown.experiment.as_deref().map(|experiment| experiment.runs.len()), Some(4));
    assert!(screen.shows("result of "));
    assert_eq!(files(&folder.path().join("results")).len(), 2);
}

#[test]
fn what_runs_when_the_window_closes_is_kept_so_far() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut screen = window(folder.path(), None);
    let mut experiment = fixture::experiment(2);
    fixture::run_to_end(&mut experiment, 0, 1_000_000);
    screen.send(vec![Event::Started(Box::new(experiment))]);
    screen.finish();
    let kept = store::recent::list(&folder.path().join("results"));
    assert_eq!(kept.len(), 1);
    assert!(fs::read_to_string(&kept[0].path).expect("readable").contains("the window was closed before"));
}

#[test]
fn unsaved_changes_outlive_a_window_that_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    let text = "schema = 1 # mine\n[[task]]\ntarget = \"primes\"\n";
    fs::write(&path, text).expect("written");
    let open = || Some((plan_file::read(&path).expect("a plan"), Some(path.clone())));
    let unsaved = folder.path().join("unsaved");
    let is_kept = || files(&unsaved).iter().any(|name| name.ends_with(".json"));

    let mut screen = window(folder.path(), open());
    screen.click("Duplicate task");
    screen.wait_until(|_| is_kept());
    // A window that ends with changes that nobody gave up leaves them behind, as a killed one does.
    screen.finish();
    drop(screen);
    assert_eq!(fs::read_to_string(&path).expect("readable"), text);

    let mut other =
        window(folder.path(), Some((PlanFile::of(fixture::plan()), Some(folder.path().join("other.toml")))));
    other.wait_until(|_| is_kept());
    assert!(!other.bench().state.editing.draft.is_dirty(), "another plan has none of it");
    drop(other);

    let mut screen = window(folder.path(), open());
    screen.wait_until(|state| state.editing.draft.is_dirty());
    let said =
        screen.bench().state.told.messages.iter().any(|it| it.text.starts_with("Restored the changes of mine.toml"));
    assert_eq!((screen.task_names().as_str(), said), ("primes primes", true));
    screen.press(Modifiers::COMMAND, Key::S);
    screen.wait_until(|state| !state.editing.draft.is_dirty() && !is_kept());
    assert!(
        fs::read_to_string(&path).expect("readable").starts_with("schema = 1 # mine\n"),
        "no question, no comment lost"
    );

    screen.click("Duplicate task");
    screen.wait_until(|_| is_kept());
    screen.press(Modifiers::COMMAND, Key::N);
    screen.click("Discard changes");
    screen.wait_until(|_| !is_kept());
}
