//! What results belong to, how many failures there are, and when what happened, in the whole window.

use super::{Screen, fixture};
use crate::model::{Event, Experiment, Outcome, OutcomeKind, Stage};
use egui_kittest::kittest::{NodeT, Queryable};

const BEFORE: &str = "Of the plan as it was before your edit";

/// A window in which an experiment has ended.
fn ended(change: impl Fn(&mut Experiment)) -> Screen {
    let mut experiment = fixture::experiment(1);
    for id in 0..2 {
        fixture::run_to_end(&mut experiment, id, 6_000_000);
    }
    change(&mut experiment);
    let runs = std::mem::take(&mut experiment.runs);
    let mut screen = Screen::new();
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
        state.draft.edit(None, |plan| plan.run.workers = 7);
    };
    edit(&mut screen);
    screen.settle();
    assert!(screen.shows(BEFORE));
    screen.harness.state_mut().as_mut().expect("drawn").state.draft.undo();
    screen.settle();
    assert!(!screen.shows(BEFORE), "as it was measured");
}

#[test]
fn toast_and_status_have_the_number_of_the_finding() {
    let screen = ended(|experiment| {
        experiment.runs[0].executions[1].outcome = Some(Outcome::of(OutcomeKind::Panicked));
    });
    assert!(screen.shows("1 of 8 executions did not succeed; see Executions"));
    let why = &screen.bench().state.summary.why.findings;
    assert!(why.iter().any(|finding| finding.sentence.starts_with("1 of 8 executions did not succeed")), "{why:?}");
}

#[test]
fn stamps_in_the_inspector_are_in_order_of_time_with_their_sign() {
    let mut screen = ended(|experiment| {
        let stamps = &mut experiment.runs[0].executions[0].stamps;
        stamps.set(Stage::Launched, 2_600_000);
    });
    let state = &mut screen.harness.state_mut().as_mut().expect("drawn").state;
    state.selected = Some((0, 0));
    screen.settle();
    let at = |label: &str| screen.harness.get_by_label(label).accesskit_node().bounding_box().expect("a place").y0;
    let places =
        ["created: −1.000 ms", "spawn called: +0.000 ms", "target entered: +2.000 ms", "target returned: +3.000 ms"];
    let places = places.map(at);
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
    let returned = at("spawn returned: +1.600 ms");
    assert!(places[1] < returned && returned < places[2]);
}
