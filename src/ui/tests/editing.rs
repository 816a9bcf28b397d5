//! Editing the plan by mouse and keys.

use super::Screen;
use crate::state::Purpose;
use eframe::egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable;
use store::settings::ThemeChoice;

#[test]
fn the_window_begins_with_a_starter_plan_and_says_what_to_do_next() {
    let screen = Screen::themed(ThemeChoice::Dark, vec2(1280.0, 800.0));
    assert!(!screen.bench().state.editing.draft.plan().tasks.is_empty());
    assert!(screen.shows("Press Compare to run this plan as threads and as processes"));
    assert!(screen.enabled("Run") && screen.enabled("Compare") && !screen.enabled("Stop"));
    for label in ["Mode", "Workers", "Repeats", "Add task", "Undo", "Redo", "Plan name", "Command palette"] {
        screen.harness.get_by_label(label);
    }
}

#[test]
fn a_task_is_added_by_clicking_and_a_wrong_value_keeps_it_from_running() {
    let mut screen = Screen::new();
    screen.click("Add task");
    screen.type_in("Search", "seconds sleeps");
    screen.type_in("Search", "sleep");
    screen.click("sleep");
    assert_eq!(screen.task_names(), "primes sleep");
    screen.type_in("seconds", "long");
    assert!(screen.shows("it must be a number from"), "the sentence beside the field");
    assert!(!screen.enabled("Run") && !screen.enabled("Compare"));
    screen.press(Modifiers::COMMAND, Key::Z);
    assert!(!screen.shows("it must be a number from"));
    assert!(screen.enabled("Run") && screen.enabled("Compare"));
    screen.click("Undo");
    assert_eq!(screen.task_names(), "primes");
    screen.click("Redo");
    assert_eq!(screen.task_names(), "primes sleep");
}

#[test]
fn tasks_are_duplicated_moved_and_removed() {
    let mut screen = Screen::new();
    screen.click("Duplicate task");
    screen.type_in("Name", "second");
    assert_eq!(screen.task_names(), "primes second");
    screen.click("Move task up");
    assert_eq!(screen.task_names(), "second primes");
    screen.click("Move task down");
    screen.click("Task 1: primes");
    screen.click("Remove task");
    assert_eq!(screen.task_names(), "second");
    screen.click("Remove task");
    assert!(!screen.enabled("Run"), "a plan without tasks");
    assert!(screen.shows("No tasks yet"));
}

#[test]
fn a_program_gets_arguments_and_variables() {
    let mut screen = Screen::new();
    screen.click("Add task");
    screen.type_in("Search", "program");
    screen.press(Modifiers::NONE, Key::Enter);
    assert!(!screen.enabled("Run"), "no program is named");
    assert_eq!(screen.task_names(), "primes program");
    screen.type_in("Program", "true");
    assert_eq!(screen.task_names(), "primes true");
    screen.click("Add argument");
    screen.type_in("Argument 1", "-9");
    screen.click("Add variable");
    screen.type_in("Variable 1", "LANG");
    screen.type_in("Value 1", "C");
    let task = screen.bench().state.editing.draft.task().expect("selected").clone();
    assert_eq!((task.target.to_string().as_str(), task.args.words()), ("program:true", vec!["-9".to_owned()]));
    assert_eq!(task.env.get("LANG").map(String::as_str), Some("C"));
    assert!(!screen.enabled("Run"), "a program cannot run as a thread");
}

#[test]
fn the_palette_carries_out_a_command() {
    let mut screen = Screen::new();
    screen.press(Modifiers::COMMAND, Key::P);
    screen.type_in("Search", "dark");
    screen.type_in("Search", "light");
    screen.press(Modifiers::NONE, Key::Enter);
    assert_eq!(screen.bench().state.session.theme, ThemeChoice::Light);
    screen.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    screen.type_in("Search", "duplicate");
    screen.click("Command: Duplicate task");
    assert_eq!(screen.task_names(), "primes primes");
}

#[test]
fn unsaved_changes_are_asked_about_before_they_are_thrown_away() {
    let mut screen = Screen::new();
    screen.click("Duplicate task");
    screen.press(Modifiers::COMMAND, Key::N);
    screen.click("Cancel");
    assert_eq!(screen.task_names(), "primes primes");
    screen.press(Modifiers::COMMAND, Key::N);
    screen.click("Discard changes");
    assert_eq!(screen.task_names(), "");
}

#[test]
fn both_themes_draw_at_every_size() {
    for choice in [ThemeChoice::Light, ThemeChoice::Dark] {
        let sizes = [(1280.0, 800.0), (1920.0, 1080.0), (900.0, 600.0), (720.0, 480.0), (600.0, 400.0)];
        for size in sizes.map(|(width, height)| vec2(width, height)) {
            let screen = Screen::themed(choice, size);
            for label in ["Run", "Compare", "Sweep over", "Stop", "Add task"] {
                let rect = screen.harness.get_by_label(label).rect();
                assert!(rect.max.x <= size.x && rect.max.y <= size.y, "{label} at {size}: {rect}");
            }
        }
    }
}

#[test]
fn the_built_in_file_dialog_opens_and_is_cancelled() {
    // The harness fails where a character has no glyph: the dialog's icons must be there.
    let mut screen = Screen::lenient();
    screen.press(Modifiers::COMMAND, Key::O);
    assert!(screen.shows("Open a plan or a saved run"));
    screen.click("Cancel");
    screen.settle();
    assert!(!screen.shows("Open a plan or a saved run"));
}

#[test]
fn a_plan_is_saved_in_a_thread_and_the_dot_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    let mut screen = Screen::new();
    screen.click("Duplicate task");
    assert!(screen.bench().state.title().starts_with('•'));
    screen.chosen(Purpose::SavePlan(None), path.clone());
    screen.wait_until(|state| !state.editing.draft.is_dirty());
    assert_eq!(screen.bench().state.title(), "mine.toml – Spawnscope");
    screen.click("Remove task");
    screen.chosen(Purpose::Open, path);
    screen.wait_until(|state| state.editing.draft.plan().tasks.len() == 2);
    screen.chosen(Purpose::Open, folder.path().join("absent.toml"));
    screen.wait_until(|state| state.told.messages.iter().any(|message| message.text.contains("absent.toml")));
    assert_eq!(screen.task_names(), "primes primes");
}
