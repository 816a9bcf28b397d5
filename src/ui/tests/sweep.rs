//! Sweeping in the window: what is asked for, and what the window shows of it.

use super::{Screen, fixture};
use crate::{
    command::UiCommand,
    page::Page,
    state::{Pane, Purpose},
};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use engine::Command;
use insight::testing::Builder;
use model::{
    Event, Experiment,
    LaunchMode::{Processes, Threads},
    SweepAxis,
};

fn over_workers() -> Experiment {
    let mut builder = Builder::compare("Swept").executions(8, 2).sweep("workers=1..4");
    for (workers, seconds) in [(1, 2.0), (2, 1.1), (3, 1.2), (4, 1.4)] {
        builder = builder.workers(workers).makespans(Threads, &[seconds; 7]).makespans(Processes, &[seconds * 0.9; 7]);
    }
    builder.build()
}

fn over_limit() -> Experiment {
    let mut builder = Builder::compare("Swept").sweep("primes.limit=10000,100000,1000000");
    for (limit, threads, processes) in [(1e4, 0.01, 0.05), (1e5, 0.1, 0.09), (1e6, 1.0, 0.5)] {
        builder = builder.argument(limit).makespans(Threads, &[threads; 7]).makespans(Processes, &[processes; 7]);
    }
    builder.build()
}

/// The window with an experiment that has ended, as if it had been made in it.
fn shown(experiment: Experiment) -> Screen {
    let mut screen = Screen::new();
    let mut begun = experiment.clone();
    (begun.runs, begun.ended) = (Vec::new(), false);
    screen.send(vec![Event::Started(Box::new(begun))]);
    screen.send(experiment.runs.iter().map(|run| Event::RunStarted(Box::new(run.clone()))).collect());
    screen.send(vec![Event::Ended { stopped: false }]);
    to(&mut screen, UiCommand::Show(Pane::Sweep));
    screen.wait_until(|state| state.shown.summary.scaling.is_some());
    screen
}

/// Presses a command's key.
fn to(screen: &mut Screen, command: UiCommand) {
    let shortcut = command.info().shortcut.expect("a key");
    screen.press(shortcut.modifiers, shortcut.logical_key);
}

fn launched(screen: &Screen) -> Option<engine::Request> {
    screen.commands.try_iter().find_map(|command| match command {
        Command::Launch(request) => Some(*request),
        _ => None,
    })
}

#[test]
fn without_a_sweep_the_tab_says_what_to_do() {
    let mut screen = Screen::new();
    to(&mut screen, UiCommand::Show(Pane::Sweep));
    assert!(screen.shows("No sweep yet") && screen.shows("Press Sweep to run this plan with 1 to "));
}

#[test]
fn the_button_and_its_key_sweep_the_modes_of_compare() {
    let mut screen = Screen::new();
    screen.press(Modifiers::NONE, Key::F7);
    let request = launched(&screen).expect("launched");
    assert_eq!(request.choices.iter().map(|choice| choice.mode).collect::<Vec<_>>(), [Threads, Processes]);
    assert!(matches!(&request.sweep, Some(SweepAxis::Workers(workers)) if workers[..2] == [1, 2]));
    assert!(screen.shows("Sweeping") || screen.shows("No sweep"), "its tab is in front");
    assert!(!screen.enabled("Compare"), "one experiment at a time");
}

#[test]
fn what_is_varied_is_chosen_beside_the_button_and_kept_in_the_plan() {
    let mut screen = Screen::new();
    screen.click("Sweep over");
    screen.type_in("Numbers of workers to sweep", "1, 2, 8");
    assert_eq!(sweep_of(&screen).as_deref(), Some("workers=1,2,8"));
    screen.type_in("Numbers of workers to sweep", "4..1");
    assert!(screen.shows("is empty: 4 is above 1"));
    screen.click("An argument");
    assert_eq!(sweep_of(&screen).map(|axis| axis.starts_with("primes.limit=")), Some(true));
    screen.type_in("Sweep from", "1000");
    screen.type_in("Sweep to", "4000");
    screen.type_in("Points of the sweep", "3");
    assert_eq!(sweep_of(&screen).as_deref(), Some("primes.limit=1000,2000,4000"));
    screen.click("same distance");
    assert_eq!(sweep_of(&screen).as_deref(), Some("primes.limit=1000,2500,4000"));
    screen.type_in("Points of the sweep", "1000000");
    assert!(screen.shows("A sweep takes 2 to 64 points"));
    assert_eq!(sweep_of(&screen).as_deref(), Some("primes.limit=1000,2500,4000"), "what was right is kept");
    screen.type_in("Points of the sweep", "3");
    for (field, text, says) in [
        ("Sweep from", "0", "steps of the same ratio begin above 0"),
        ("Sweep from", "9e9", "From is above To"),
        ("Sweep to", "many", "To takes a number"),
    ] {
        screen.type_in("Sweep from", "1000");
        screen.type_in(field, text);
        if text == "0" {
            screen.click("same ratio");
        }
        assert!(screen.shows(says) || screen.shows(&crate::state::capital(says)), "{says}");
    }
    screen.press(Modifiers::NONE, Key::F7);
    assert!(launched(&screen).is_none(), "what is wrong is not swept");
}

fn sweep_of(screen: &Screen) -> Option<String> {
    screen.bench().state.editing.draft.plan().run.sweep.as_ref().map(ToString::to_string)
}

#[test]
fn a_sweep_over_workers_shows_answers_panels_and_laws() {
    let screen = shown(over_workers());
    for text in [
        "Threads are best at 2 workers; beyond it 4 workers cost 27 %",
        "Makespan over workers: Threads 1: 2.00 s, 2: 1.10 s, 3: 1.20 s, 4: 1.40 s; Processes 1: 1.80 s",
        "Speedup over workers: Threads 1: 1.00 ×, 2: 1.82 ×",
        "Efficiency over workers",
        "Throughput over workers",
        "Fitted laws",
        "Universal Scalability Law",
        "contention",
    ] {
        assert!(screen.shows(text), "{text}");
    }
}

#[test]
fn a_sweep_over_an_argument_shows_where_curves_cross() {
    let screen = shown(over_limit());
    assert!(screen.shows("Processes begin to pay from limit "));
    assert!(screen.shows("Makespan over primes: limit: Threads 10000: 10.0 ms"));
    assert!(!screen.shows("Speedup") && !screen.shows("Fitted laws"));
}

#[test]
fn what_a_sweep_leaves_out_is_no_failure() {
    let mut experiment = over_workers();
    experiment.runs[0].end = Some(model::RunEnd::default());
    let screen = shown(experiment);
    assert!(screen.shows("1 repeat as threads did not succeed as a whole and is left out"));
}

#[test]
fn of_many_settings_two_timelines_are_chosen() {
    let mut screen = shown(over_workers());
    to(&mut screen, UiCommand::Show(Pane::Timeline));
    let shown = |screen: &Screen, setting: &str| screen.shows(&format!("Setting of the timeline: {setting}"));
    assert!(shown(&screen, "Threads, 1 worker") && shown(&screen, "Processes, 1 worker"));
    assert!(screen.shows("faster than threads with 1 worker"), "the verdict is of the two that are shown");
    screen.click("Setting of the timeline: Threads, 1 worker");
    screen.harness.get_all_by_label("Threads, 4 workers").last().expect("in the list").click();
    screen.settle();
    assert!(shown(&screen, "Threads, 4 workers") && shown(&screen, "Processes, 1 worker"));
}

#[test]
fn a_saved_sweep_opens_with_its_curves_and_is_exported() {
    let mut screen = Screen::new();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("swept.json");
    export::write(&file, store::atomic::Existing::Replace, &over_workers(), &export::ExportOptions::default())
        .expect("written");
    screen.chosen(Purpose::Open, file);
    screen.wait_until(|state| state.shown.summary.scaling.is_some());
    assert!(screen.shows("Threads are best at 2 workers"));
    let chart = folder.path().join("a.sweep.svg");
    screen.chosen(Purpose::ExportPage(Page::Sweep), chart.clone());
    screen.wait_until(|state| state.told.messages.iter().any(|message| message.text.contains("Wrote")));
    assert!(std::fs::read_to_string(chart).expect("written").contains("sweep-panel"));
}

#[test]
fn what_is_no_sweep_has_no_curves_to_export() {
    let mut screen = Screen::new();
    let experiment = fixture::experiment(1);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    to(&mut screen, UiCommand::Show(Pane::Sweep));
    assert!(screen.shows("What runs now is no sweep"));
    assert_eq!(screen.bench().state.session.front, None::<Pane>);
    let refusal = UiCommand::ExportPage(Page::Sweep).refusal(&screen.bench().state);
    assert!(refusal.is_some());
}
