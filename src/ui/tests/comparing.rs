//! The Comparison tab.

use super::{Screen, fixture};
use crate::state::Pane;
use eframe::egui;
use egui_kittest::kittest::Queryable;
use model::{Event, RunEnd, RunEvent};

/// A window in which an experiment goes on: repeats of threads and of processes with these makespans, in ms.
fn going_on(threads: &[u64], processes: &[u64]) -> Screen {
    let mut screen = Screen::new();
    let mut experiment = fixture::experiment(threads.len() as u32 + 1);
    experiment.plan.run.precision = 0.05;
    screen.send(vec![Event::Started(Box::new(experiment.clone()))]);
    for (id, ms) in (0..).zip(threads.iter().zip(processes).flat_map(|(a, b)| [*a, *b])) {
        screen.send(vec![fixture::run_started(&experiment, id)]);
        screen.send(fixture::run_events(&experiment, id, ms * 1_000_000));
    }
    screen.click("Comparison");
    screen
}

fn ended(threads: &[u64], processes: &[u64]) -> Screen {
    let mut screen = going_on(threads, processes);
    screen.send(vec![Event::Ended { stopped: false }]);
    screen
}

#[test]
fn nothing_to_compare_says_what_to_do() {
    let mut screen = Screen::new();
    screen.click("Comparison");
    assert!(screen.shows("No comparison yet") && screen.shows("Press Compare to see which way is faster"));
}

#[test]
fn a_pair_has_its_sentence_its_figures_and_its_interval() {
    let screen = ended(&[200, 204, 198, 202, 201, 199, 203], &[100, 101, 99, 100, 102, 100, 101]);
    for text in [
        "Processes are 2.0",
        "Threads / Processes: 2.0",
        "p = 0.016 · 7 pairs",
        "Interval of Threads / Processes",
        "Makespans of Threads: median 201 ms (95 %: ",
        "Stopped after 7 repeats: the interval is narrow enough",
    ] {
        assert!(screen.shows(text), "{text}");
    }
    assert!(!screen.shows("Noise"));
}

#[test]
fn while_it_goes_on_the_interval_so_far_is_shown() {
    let screen = going_on(&[100, 160, 110, 150, 120, 140, 130], &[100; 7]);
    assert!(screen.shows(" of ±5 % wanted, about "), "how far it is");
    assert!(screen.shows(" rounds to come"));
}

#[test]
fn an_outlier_is_marked_and_a_click_on_it_shows_its_repeat() {
    let mut screen = ended(&[200, 204, 198, 600, 201, 199, 203], &[100, 101, 99, 100, 102, 100, 101]);
    assert!(screen.shows("Repeat 4 of threads is an outlier: it took 600 ms"));
    let area = screen.harness.get_by_label_contains("Makespans of Threads").rect();
    let axis = scene::ratio_axis::RatioAxis::of([99e6, 600e6]).expect("values");
    let dot = egui::pos2(area.left() + axis.place(600e6) as f32 * area.width(), area.center().y);
    screen.harness.event(egui::Event::PointerMoved(dot));
    screen.settle();
    assert!(screen.shows("Threads, repeat 4: 600 ms, an outlier"));
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
        screen.harness.event(egui::Event::PointerButton { pos: dot, button, pressed, modifiers });
        screen.settle();
    }
    let state = &screen.bench().state;
    let setting = state.shown.experiment.as_deref().expect("there").compared[0];
    assert_eq!(state.shown.runs.choice(setting), Some(6), "the run of the fourth repeat of threads");
    assert!(screen.shows("Shown run of threads"), "the timeline is in front");
    assert!(state.session.front.is_none() || state.session.front == Some(Pane::Timeline));
}

#[test]
fn a_mode_that_always_fails_is_named_and_the_other_is_drawn() {
    let mut screen = Screen::new();
    let experiment = fixture::experiment(2);
    screen.send(vec![Event::Started(Box::new(experiment.clone()))]);
    for id in 0..4 {
        screen.send(vec![fixture::run_started(&experiment, id)]);
        let mut events = fixture::run_events(&experiment, id, 1_000_000);
        if id % 2 == 0 {
            let message = Some("the runner was ended by SIGSEGV".to_owned());
            events = vec![Event::Run(
                id,
                RunEvent::Ended { makespan_ns: None, end: RunEnd { message, ..RunEnd::default() } },
            )];
        }
        screen.send(events);
    }
    screen.send(vec![Event::Ended { stopped: false }]);
    screen.click("Comparison");
    for text in [
        "Nothing to compare: no run as threads succeeded as a whole (the runner was ended by SIGSEGV).",
        "no repeat succeeded as a whole",
        "Makespans of Processes: median 1.00 ms · 2 repeats",
    ] {
        assert!(screen.shows(text), "{text}");
    }
    assert!(!screen.shows("Interval of"));
}

#[test]
fn one_repeat_and_equal_repeats_are_drawn() {
    let one = ended(&[200], &[100]);
    assert!(one.shows("1 complete pair, 6 are needed") && one.shows("2.00 × · p = 1.00 · 1 pair"));
    let equal = ended(&[100; 7], &[100; 7]);
    assert!(equal.shows("No difference between threads and processes") && equal.shows("1.00 × (95 %: 1.00–1.00)"));
}

#[test]
fn how_many_repeats_there_are_can_be_chosen() {
    let mut screen = Screen::new();
    screen.click("More run settings");
    assert!(screen.shows("Compare makes more until ±5 %, for at most 60 s"));
    assert!(screen.shows("Precision") && screen.shows("At most"));
    screen.click("Go on");
    let run = |screen: &Screen| screen.bench().state.editing.draft.plan().run.clone();
    assert_eq!(run(&screen).precision, 0.0);
    assert!(screen.shows("Exactly so many measured runs of each setting") && !screen.shows("Precision"));
    screen.click("Go on");
    assert_eq!(run(&screen).precision, model::plan::DEFAULT_PRECISION);
}
