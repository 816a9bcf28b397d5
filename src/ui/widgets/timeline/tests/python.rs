//! A run of Python functions as a user meets it.

use super::*;
use insight::testing::Builder;
use model::{LaunchMode, MainKind, MainMark};

fn python(mode: LaunchMode) -> Run {
    Builder::compare("t").python("python3.13").makespans(mode, &[1.0]).build().runs.remove(0)
}

/// The middle of a row above the lanes, at an instant.
fn above(shown: &Shown, row: TimelineRow, ns: f64) -> Pos2 {
    let frame = shown.transform.expect("it was drawn");
    let on = RowsInView::new(shown.view.lanes, shown.index.lanes(), true, frame.height()).on(frame);
    let rows = if row == TimelineRow::Main { on.main } else { on.gil.expect("it has a row") };
    let x = frame.left() + ((ns - shown.range.from_ns) / shown.range.width_ns()) as f32 * frame.width();
    pos2(x, picture::rect(rows.area).center().y)
}

#[test]
fn pointing_at_the_gil_tells_who_ran() {
    let mut harness = harness_of(python(LaunchMode::Threads));
    harness.get_by_label("GIL: who was running");
    let at = above(harness.state(), TimelineRow::Gil, 0.104e9);
    harness.hover_at(at);
    harness.run();
    let tip = harness.get_by_label_contains("waiting for the GIL");
    assert!(format!("{tip:?}").contains("count_down #1 ran 80 %, count_down #2 20 %"), "{tip:?}");
}

#[test]
fn pointing_at_a_bar_tells_its_states_and_that_they_are_sampled() {
    let mut harness = harness_of(python(LaunchMode::Threads));
    let at = middle(harness.state(), 0);
    harness.hover_at(at);
    harness.run();
    harness.get_by_label_contains("(sampled)");
    harness.get_by_label("on CPU");
    harness.get_by_label("waiting for the GIL");
    assert!(harness.query_by_label("asleep").is_none(), "what it did not do is not listed");
}

#[test]
fn the_launchers_marks_have_names_and_tell_their_story() {
    let mut run = python(LaunchMode::Threads);
    let message = "RuntimeError: threads can only be started once";
    let mark = MainMark {
        from_ns: 90_000,
        to_ns: 91_000,
        kind: MainKind::StartAgain,
        execution: 1,
        message: Some(message.into()),
    };
    run.marks.push(mark);
    let mut harness = harness_of(run);
    let again = format!("second start() of count_down #2: {message}");
    harness.get_by_label(&again);
    harness.get_by_label_contains("start() of count_down #1: ");
    harness.get_by_label_contains("join() of count_down #2: blocked ");
    let at = above(harness.state(), TimelineRow::Main, 90_000.0);
    harness.hover_at(at);
    harness.run();
    assert_eq!(harness.query_all_by_label(&again).count(), 2, "on the row, and beside the pointer");
}

#[test]
fn a_click_on_the_gil_selects_who_ran_most() {
    let mut harness = harness_of(python(LaunchMode::Threads));
    let at = above(harness.state(), TimelineRow::Gil, 0.104e9);
    click(&mut harness, at);
    assert_eq!(harness.state().selected, Some(0));
}

#[test]
fn an_interpreter_without_the_lock_says_so_and_processes_have_no_row() {
    let mut run = python(LaunchMode::Threads);
    let facts = run.interpreter_facts.as_mut().expect("it said");
    (facts.free_threaded, facts.gil_enabled) = (true, Some(false));
    harness_of(run).get_by_label("GIL: no GIL: free-threaded build");
    let processes = harness_of(python(LaunchMode::Processes));
    assert!(processes.query_by_label_contains("GIL").is_none());
}
