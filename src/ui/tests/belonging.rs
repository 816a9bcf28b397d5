//! In the whole window: what results belong to, how many failures there are, and when things happened.

use super::{Screen, fixture};
use crate::state::Pane;
use eframe::egui::vec2;
use egui_kittest::kittest::{NodeT, Queryable};
use model::{Event, Experiment, Interpreter, Member, MemberKind, Outcome, OutcomeKind, OwnWork, Stage, States};
use store::settings::ThemeChoice;

const BEFORE: &str = "These results are of the plan before your edit";

/// A window in which an experiment has ended.
fn ended(change: impl Fn(&mut Experiment)) -> Screen {
    ended_in(Screen::new(), change)
}

fn ended_in(mut screen: Screen, change: impl Fn(&mut Experiment)) -> Screen {
    let mut experiment = fixture::experiment(1);
    for id in 0..2 {
        fixture::run_to_end(&mut experiment, id, 6_000_000);
    }
    change(&mut experiment);
    let runs = std::mem::take(&mut experiment.runs);
    screen.send(vec![Event::Started(Box::new(experiment))]);
    screen.send(runs.into_iter().map(|run| Event::RunStarted(Box::new(run))).collect());
    screen.send(vec![Event::Ended { stopped: false }]);
    screen
}

#[test]
fn after_an_edit_the_results_are_of_the_plan_before() {
    let mut screen = ended(|_| {});
    assert!(!screen.shows(BEFORE));
    let edit = |screen: &mut Screen| {
        let state = &mut screen.harness.state_mut().as_mut().expect("drawn").state;
        state.editing.draft.edit(None, |plan| plan.run.workers = 7);
    };
    edit(&mut screen);
    screen.settle();
    assert!(screen.shows(BEFORE));
    screen.harness.state_mut().as_mut().expect("drawn").state.editing.draft.undo();
    screen.settle();
    assert!(!screen.shows(BEFORE), "as it was measured");
}

#[test]
fn toast_and_status_have_the_number_of_the_finding() {
    let screen = ended(|experiment| {
        experiment.runs[0].executions[1].outcome = Some(Outcome::of(OutcomeKind::Panicked));
    });
    assert!(screen.shows("1 of 8 executions did not succeed; see Executions"));
    let why = &screen.bench().state.shown.summary.why.findings;
    assert!(why.iter().any(|finding| finding.sentence.starts_with("1 of 8 executions did not succeed")), "{why:?}");
}

#[test]
fn stamps_in_the_inspector_are_in_order_of_time_with_their_sign() {
    let mut screen = ended(|experiment| {
        let stamps = &mut experiment.runs[0].executions[0].stamps;
        stamps.set(Stage::Launched, 2_600_000);
    });
    let state = &mut screen.harness.state_mut().as_mut().expect("drawn").state;
    state.shown.selected = Some((0, 0));
    screen.settle();
    let at = |label: &str| screen.harness.get_by_label(label).accesskit_node().bounding_box().expect("a place").y0;
    let places =
        ["created: −1.000 ms", "spawn called: +0.000 ms", "target entered: +2.000 ms", "target returned: +3.000 ms"];
    let places = places.map(at);
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
    let returned = at("spawn returned: +1.600 ms");
    assert!(places[1] < returned && returned < places[2]);
}

/// Leaves behind a process of an execution, and one whose execution is not known.
fn leave(experiment: &mut Experiment) {
    use insight::testing::left::process;
    use model::LeftEnd;
    let end = experiment.runs[0].end.get_or_insert_default();
    end.left = vec![process(4_711, Some(1), LeftEnd::Killed), process(4_712, None, LeftEnd::Remains)];
}

#[test]
fn who_was_left_running_is_told_in_the_list_and_in_the_inspector() {
    let mut screen = ended(leave);
    let state = &mut screen.harness.state_mut().as_mut().expect("drawn").state;
    state.shown.selected = Some((0, 1));
    screen.harness.state_mut().as_mut().expect("drawn").state.session.front = Some(Pane::Executions);
    screen.settle();
    let (held, remains) = (
        "sleep 601 (process 4711) was left running and held its stdout or stderr; SIGKILL ended it",
        "sleep 602 (process 4712) was left running; it could not be ended, and may still be there",
    );
    let label = screen.bench().state.shown.experiment.as_deref().expect("one").runs[0].executions[1].label();
    let times = |screen: &Screen, label: &str| screen.harness.query_all_by_label(label).count();
    assert_eq!(times(&screen, held), 1, "in the inspector");
    assert_eq!(times(&screen, &format!("{label}: {held}")), 1, "in the list");
    assert_eq!(times(&screen, remains), 2, "in both");
    let state = &mut screen.harness.state_mut().as_mut().expect("drawn").state;
    state.shown.selected = Some((0, 0));
    screen.settle();
    assert_eq!((times(&screen, held), times(&screen, remains)), (0, 2), "of another execution");
}

#[test]
fn the_inspector_lists_the_threads_and_processes_of_an_execution() {
    let mut screen = ended(|experiment| {
        let execution = &mut experiment.runs[0].executions[0];
        let states = States { on_cpu_ns: 30_000_000, ..States::default() };
        execution.members.push(Member {
            pid: 71,
            tid: 71,
            parent_tid: 70,
            kind: MemberKind::Process,
            name: Some("sha256sum".into()),
            born_ns: 1_000_000,
            ended_ns: None,
            max_rss_bytes: None,
            spun_ns: 0,
            states,
        });
        let own = OwnWork {
            threads: 1,
            processes: 1,
            most_at_once: 2,
            on_cpu_ns: 42_000_000,
            not_listed: 1,
            ..OwnWork::default()
        };
        execution.own = Some(Box::new(own));
    });
    let state = &mut screen.harness.state_mut().as_mut().expect("drawn").state;
    state.shown.selected = Some((0, 1));
    screen.settle();
    assert!(!screen.shows("Own threads and processes"), "the other has none");
    screen.harness.state_mut().as_mut().expect("drawn").state.shown.selected = Some((0, 0));
    screen.settle();
    for text in [
        "Own threads and processes",
        "1 thread, 1 process: 42.0 ms",
        "sha256sum, process 71: 30.0 ms",
        "1 more, which took less",
    ] {
        assert!(screen.shows(&text.to_uppercase()) || screen.shows(text), "{text}");
    }
}

#[test]
fn what_the_terminal_says_of_tasks_and_joins_is_in_the_window_too() {
    // A table builds only the rows in sight.
    let tall = Screen::themed(ThemeChoice::Light, vec2(1280.0, 1600.0));
    let mut screen = ended_in(tall, |experiment| {
        let run = &mut experiment.runs[0];
        run.interpreter = Some(Interpreter::new("python3"));
        run.executions[1].outcome = Some(Outcome::with_message(OutcomeKind::Exception, "ValueError: no"));
        experiment.compared[0] = experiment.runs[0].setting();
    });
    let front = |screen: &mut Screen, pane| {
        screen.harness.state_mut().as_mut().expect("drawn").state.session.front = Some(pane);
        screen.settle();
    };
    front(&mut screen, Pane::Table);
    assert!(screen.shows("Time of primes") && screen.shows("Time of sleep"));
    front(&mut screen, Pane::Executions);
    assert!(screen.shows("join() does not raise it"));
    screen.harness.state_mut().as_mut().expect("drawn").state.shown.selected = Some((0, 1));
    screen.settle();
    assert_eq!(
        screen.harness.query_all_by_label_contains("join() does not raise it").count(),
        2,
        "in the inspector too"
    );
}
