//! The timeline by core, and the legend, in the whole window.

use super::{Screen, fixture};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use insight::testing::Builder;
use model::{Event, LaunchMode};
use scene::timeline::Shade;

/// A window with a comparison that has ended, with slices or without.
fn compared(slices: bool) -> Screen {
    let builder = Builder::compare("Primes");
    let builder = if slices { builder.slices() } else { builder };
    let mut experiment =
        builder.makespans(LaunchMode::Threads, &[1.0]).makespans(LaunchMode::Processes, &[0.9]).build();
    let runs = std::mem::take(&mut experiment.runs);
    experiment.ended = false;
    let mut screen = Screen::new();
    screen.send(vec![Event::Started(Box::new(experiment))]);
    screen.send(runs.into_iter().map(|run| Event::RunStarted(Box::new(run))).collect());
    screen.send(vec![Event::Ended { stopped: false }]);
    screen
}

#[test]
fn the_switch_and_its_key_turn_all_timelines_round_and_back() {
    let mut screen = compared(true);
    assert!(screen.shows("Timeline of threads") && screen.shows("Timeline of processes"));
    screen.click("By core");
    assert!(screen.shows("Cores of threads") && screen.shows("Cores of processes"));
    assert!(!screen.shows("Timeline of threads"));
    screen.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    assert!(screen.shows("Timeline of threads"));
    screen.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    screen.click("By lane");
    assert!(screen.shows("Timeline of threads") && !screen.shows("Cores of threads"));
}

#[test]
fn the_choice_is_kept_for_the_next_experiment() {
    let mut screen = compared(true);
    screen.click("By core");
    screen.bench();
    let experiment = fixture::experiment(1);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    assert!(screen.shows("Cores of threads"));
    screen.harness.get_by_label_contains("Slices come while the run goes on");
}

#[test]
fn a_click_in_the_legend_filters_until_all_is_asked_for() {
    let mut screen = compared(true);
    screen.click("exiting");
    assert!(screen.bench().state.session.look.filter.is_off(Shade::Phase(model::Phase::Exiting)));
    screen.click("Show all colours");
    assert!(!screen.bench().state.session.look.filter.any());
}

#[test]
fn runs_without_slices_say_why_in_one_sentence() {
    let mut screen = compared(false);
    screen.click("By core");
    assert_eq!(screen.harness.query_all_by_label_contains("recorded without slices").count(), 2);
}
