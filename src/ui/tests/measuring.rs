//! Running, comparing, stopping, and what the window shows of it.

use super::{Screen, fixture};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use engine::Command;
use model::{Event, LaunchMode, Outcome, OutcomeKind, Output, RunEvent};

fn launched(screen: &Screen) -> Vec<LaunchMode> {
    let requests = screen.commands.try_iter().filter_map(|command| match command {
        Command::Launch(request) => Some(request.choices),
        _ => None,
    });
    requests.flatten().map(|choice| choice.mode).collect()
}

#[test]
fn run_and_compare_ask_the_engine_and_stop_ends_it() {
    let mut screen = Screen::new();
    screen.click("Run");
    assert_eq!(launched(&screen), [LaunchMode::Threads]);
    assert!(!screen.enabled("Run") && !screen.enabled("Compare") && screen.enabled("Stop"));
    screen.send(vec![Event::Started(Box::new(fixture::experiment(1)))]);
    screen.click("Stop");
    assert!(screen.commands.try_iter().any(|command| matches!(command, Command::Stop)));
    screen.send(vec![Event::Ended { stopped: true }]);
    assert!(screen.enabled("Run") && !screen.enabled("Stop"));
    screen.press(Modifiers::NONE, Key::F6);
    assert_eq!(launched(&screen), [LaunchMode::Threads, LaunchMode::Processes]);
}

#[test]
fn an_engine_that_refuses_says_why_and_the_window_lives_on() {
    let mut screen = Screen::new();
    screen.click("Run");
    screen.send(vec![Event::Failed("the runner could not be started; free some memory".to_owned())]);
    assert!(screen.enabled("Run"));
    screen.click("Messages");
    assert!(screen.shows("The runner could not be started"));
}

#[test]
fn progress_and_verdict_follow_the_events() {
    let mut screen = Screen::new();
    screen.click("Compare");
    let experiment = fixture::experiment(2);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    assert!(screen.shows("0 of 4 executions have ended"));
    let share = |screen: &Screen| screen.harness.get_by_label("Progress").accesskit_node().numeric_value();
    assert_eq!(share(&screen), Some(0.0));
    screen.send(fixture::run_events(&experiment, 0, 2_000_000_000));
    assert_eq!(share(&screen), Some(0.25));
    for id in 1..4 {
        screen.send(vec![fixture::run_started(&experiment, id)]);
        screen.send(fixture::run_events(&experiment, id, 1_000_000_000));
    }
    screen.send(vec![Event::Ended { stopped: false }]);
    let state = &screen.bench().state;
    assert_eq!(state.shown.summary.comparisons.len(), usize::from(!state.shown.summary.comparisons.is_empty()));
    for comparison in &state.shown.summary.comparisons {
        assert!(screen.shows(&comparison.sentence));
    }
    assert!(screen.shows("Shown run of threads") && screen.shows("median of 2"));
    screen.click("Table");
    assert!(screen.shows("Makespan"));
}

#[test]
fn a_click_in_the_list_fills_the_inspector() {
    let mut screen = Screen::new();
    let experiment = fixture::experiment(1);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    let mut events = fixture::run_events(&experiment, 0, 6_000_000);
    if let Event::Run(_, RunEvent::Executions(executions)) = &mut events[0] {
        let message = "it panicked: the stack is empty";
        executions[1].outcome = Some(Outcome::with_message(OutcomeKind::Panicked, message));
        let tail = "first line\nlast line\n".to_owned();
        executions[1].output = Some(Box::new(Output { stderr_bytes: 21, stderr_tail: tail, ..Output::default() }));
    }
    screen.send(events);
    screen.send(vec![Event::Ended { stopped: false }]);
    assert!(screen.shows("Click a bar of the timeline"));
    screen.click("Executions");
    screen.click("Failures only");
    screen.click("Execution 1");
    assert_eq!(screen.bench().state.shown.selected, Some((0, 1)));
    for text in ["primes #2", "panicked: it panicked", "in the target", "1.00 ms", "last line"] {
        assert!(screen.shows(text), "{text}");
    }
}

#[test]
fn ten_thousand_executions_make_only_the_visible_rows() {
    let mut screen = Screen::new();
    let mut experiment = fixture::experiment(1);
    experiment.plan.tasks[0].count = 10_000;
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    screen.send(fixture::run_events(&experiment, 0, 6_000_000));
    screen.click("Executions");
    let rows = screen.harness.query_all_by_label_contains("Execution ").count();
    assert!((10..100).contains(&rows), "{rows} rows");
}

#[test]
fn samples_are_asked_for_only_while_they_are_seen() {
    let mut screen = Screen::new();
    let watched = |screen: &Screen| {
        let asked = screen.commands.try_iter().filter_map(|command| match command {
            Command::WatchIdle(on) => Some(on),
            _ => None,
        });
        asked.last()
    };
    assert_eq!(watched(&screen), Some(true));
    screen.click("Table");
    screen.settle();
    assert_eq!(watched(&screen), Some(false));
}
