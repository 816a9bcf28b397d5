//! What the window shows of findings: cards, their evidence, and where each leads.

use super::{Screen, fixture};
use crate::state::Pane;
use eframe::egui;
use model::{Bin, BlockedOn, BlockedTotals, Event, Execution, LockLooks, RunEvent, Sampling, Stage, State, States};

/// The events of executions that hold a lock in turn, ten times each, as looks from outside saw it.
fn in_turn(run: u32, executions: &[Execution]) -> [Event; 2] {
    const TURNS: u64 = 20;
    let bins = executions.iter().flat_map(|execution| {
        let (from, to) = execution.stamps.in_target().unwrap_or_default();
        let edge = move |turn: u64| from + (to - from) * turn / TURNS;
        (0..TURNS).map(move |turn| {
            let state =
                if turn % 2 == u64::from(execution.id) { State::OnCpu } else { State::Blocked(BlockedOn::Lock) };
            let mut in_state_ns = [0; State::COUNT];
            in_state_ns[state.index()] = edge(turn + 1) - edge(turn);
            (execution.id, Bin { from_ns: edge(turn), to_ns: edge(turn + 1), in_state_ns })
        })
    });
    let lock_looks = Some(LockLooks { all: TURNS, shared: TURNS, most: Some(TURNS) });
    let sampling = Sampling { asked_hz: 50.0, reached_hz: 50.0, core_share: 0.0, sees_gil: false, lock_looks };
    [RunEvent::Bins(bins.collect()), RunEvent::Sampling(sampling)].map(|event| Event::Run(run, event))
}

/// Six repeats of threads, which take twice as long and take turns at a lock, and of processes, which don't.
fn locked(screen: &mut Screen) {
    let mut experiment = fixture::experiment(6);
    experiment.machine.logical_cores = 8;
    screen.send(vec![Event::Started(Box::new(experiment.clone()))]);
    for id in 0..12 {
        let waits = id % 2 == 0;
        let makespan_ns = if waits { 600_000_000 } else { 300_000_000 };
        let mut events = fixture::run_events(&experiment, id, makespan_ns);
        let mut seen = None;
        if let Event::Run(_, RunEvent::Executions(executions)) = &mut events[0] {
            for execution in executions.iter_mut() {
                // Entered early: launches are to take no time here.
                execution.stamps.set(Stage::Entered, makespan_ns / 50);
                execution.stamps.set(Stage::LaunchCalled, makespan_ns / 100);
                let length = execution.stamps.in_target_ns().unwrap_or(0);
                let blocked_ns = if waits { length / 2 } else { 0 };
                let blocked_on = Some(BlockedTotals::of([0, blocked_ns, 0, 0, 0, 0]));
                let states = States { on_cpu_ns: length - blocked_ns, runnable_ns: 0, blocked_ns, blocked_on };
                execution.states = Some(Box::new(states));
            }
            seen = waits.then(|| in_turn(id, executions));
        }
        events.splice(1..1, seen.into_iter().flatten());
        screen.send(vec![fixture::run_started(&experiment, id)]);
        screen.send(events);
    }
    screen.send(vec![Event::Ended { stopped: false }]);
}

#[test]
fn the_tab_says_what_to_do_then_what_was_found() {
    let mut screen = Screen::new();
    screen.press(egui::Modifiers::COMMAND, egui::Key::Num4);
    assert!(screen.shows("No findings yet"));
    locked(&mut screen);
    for text in
        ["Serialised on a lock", "executions are blocked on a lock during 50 %", "lock: 50 %", "Hold the lock for less"]
    {
        assert!(screen.shows(text), "{text}");
    }
}

#[test]
fn the_verdict_has_its_reason_beside_it() {
    let mut screen = Screen::new();
    locked(&mut screen);
    assert!(screen.shows("Processes are 2.00 × faster than threads"));
    assert!(screen.shows("Why: threads are blocked on a lock during 50 % of the time."));
}

#[test]
fn a_card_leads_to_its_place_in_the_timeline() {
    let mut screen = Screen::new();
    locked(&mut screen);
    screen.click("Why");
    screen.click("Show in the timeline: Serialised on a lock");
    let state = &screen.bench().state;
    let place = state.shown.summary.why.findings[0].place.expect("a place");
    let run = state.shown.summary.why.findings[0].runs[0];
    assert_eq!(state.shown.selected, Some((run, place.execution.expect("an execution"))));
    let range = &state.shown.views.range;
    assert!(!range.follow && range.from_ns <= place.from_ns as f64 && range.to_ns >= place.to_ns as f64, "{range:?}");
    let experiment = state.shown.experiment.as_deref().expect("shown");
    assert_eq!(state.shown.runs.run(experiment, experiment.compared[0]).map(|shown| shown.id), Some(run));
    assert!(state.session.front.is_none() || state.session.front == Some(Pane::Timeline));
    assert!(screen.shows("in the target"), "the inspector shows the execution");
}

#[test]
fn runs_without_a_finding_say_so() {
    let mut screen = Screen::new();
    let mut experiment = fixture::experiment(1);
    experiment.compared.truncate(1);
    screen.send(vec![Event::Started(Box::new(experiment.clone())), fixture::run_started(&experiment, 0)]);
    let mut events = fixture::run_events(&experiment, 0, 6_000_000);
    if let Event::Run(_, RunEvent::Executions(executions)) = &mut events[0] {
        executions.iter_mut().for_each(|execution| execution.stamps.set(Stage::Entered, 1_100_000));
    }
    screen.send(events);
    screen.send(vec![Event::Ended { stopped: false }]);
    screen.click("Why");
    assert!(screen.shows("Nothing stands out"));
}
