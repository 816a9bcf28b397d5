//! The timeline as a user meets it, without a screen.

mod python;

use super::*;
use eframe::egui::{Modifiers, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use model::Stage;
use scene::timeline::testing::{Dice, random_run};

const LABEL: &str = "Timeline of threads";

struct Shown {
    run: Run,
    index: Index,
    range: TimeRange,
    view: TimelineView,
    selected: Option<u32>,
    transform: Option<egui::Rect>,
}

fn harness(executions: u32, lanes: u32) -> Harness<'static, Shown> {
    harness_of(random_run(&mut Dice(42), executions, lanes))
}

fn harness_of(run: Run) -> Harness<'static, Shown> {
    let index = Index::of(&run);
    let (range, view) = (TimeRange::default(), TimelineView::default());
    let shown = Shown { run, index, range, view, selected: None, transform: None };
    let app = |ui: &mut Ui, shown: &mut Shown| {
        let full_ns = shown.index.extent_ns();
        shown.range.advance(full_ns);
        let response = show(
            ui,
            TimelineParams {
                id: Id::unique("timeline"),
                link: Id::unique("link"),
                label: LABEL,
                run: &shown.run,
                index: &shown.index,
                selected: shown.selected,
                filter: Filter::default(),
                range: &mut shown.range,
                full_ns,
                view: &mut shown.view,
                height: 200.0,
                time_labels: true,
            },
        );
        if response.clicked.is_some() || response.clicked_nothing {
            shown.selected = response.clicked;
        }
    };
    let mut harness = Harness::builder().with_size(vec2(800.0, 220.0)).build_ui_state(app, shown);
    harness.run();
    let frame = harness.get_by_label(LABEL).rect();
    harness.state_mut().transform = Some(frame);
    harness
}

/// The middle of an execution's bar on the screen.
fn middle(shown: &Shown, id: u32) -> Pos2 {
    let frame = shown.transform.expect("it was drawn");
    let place = shown.index.place(&shown.run.executions[id as usize]).expect("it has started");
    let ns = (place.from_ns + place.to_ns) as f64 / 2.0;
    let x = frame.left() + ((ns - shown.range.from_ns) / shown.range.width_ns()) as f32 * frame.width();
    let rows = RowsInView::new(shown.view.lanes, shown.index.lanes(), Gil::of(&shown.run).is_some(), frame.height());
    let (top, bottom) = rows.on(frame).lanes.span(place.row, 1).expect("it is in view");
    pos2(x, (top + bottom) as f32 / 2.0)
}

#[test]
fn who_was_left_running_has_a_sign_that_is_read_pointed_at_and_clicked() {
    use insight::testing::left::process;
    use model::LeftEnd;
    let mut run = random_run(&mut Dice(42), 30, 3);
    run.end.get_or_insert_default().left =
        vec![process(71, Some(7), LeftEnd::Killed), process(72, None, LeftEnd::Remains)];
    let label = run.executions[7].label();
    let mut harness = harness_of(run);
    let told =
        format!("{label}: sleep 601 (process 71) was left running and held its stdout or stderr; SIGKILL ended it");
    let unknown = "sleep 602 (process 72) was left running; it could not be ended, and may still be there";
    let sign = harness.get_by_label(&told).rect();
    let on_main = harness.get_by_label(unknown).rect();
    assert!(on_main.center().y < sign.center().y, "{on_main:?} {sign:?}");
    let frame = harness.state().transform.expect("drawn");
    assert!(frame.contains_rect(sign) && frame.contains_rect(on_main), "{frame:?} {sign:?} {on_main:?}");
    harness.hover_at(sign.center());
    harness.run();
    assert_eq!(harness.query_all_by_label(&told).count(), 2, "its name, and the tooltip");
    click(&mut harness, sign.center());
    assert_eq!(harness.state().selected, Some(7));
}

/// The longest execution, which has room for the pointer.
fn longest(shown: &Shown) -> u32 {
    let length = |id: &u32| {
        let stamps = &shown.run.executions[*id as usize].stamps;
        stamps.get(Stage::Joined).zip(stamps.get(Stage::LaunchCalled)).map_or(0, |(to, from)| to - from)
    };
    (0..shown.run.executions.len() as u32).max_by_key(length).expect("there are some")
}

fn click(harness: &mut Harness<'_, Shown>, at: Pos2) {
    harness.hover_at(at);
    harness.run();
    harness.drag_at(at);
    harness.drop_at(at);
    harness.run();
}

#[test]
fn it_has_a_name_for_who_cannot_see_it() {
    let harness = harness(40, 4);
    harness.get_by_label(LABEL);
}

#[test]
fn a_click_on_a_bar_selects_it_and_one_beside_it_clears() {
    let mut harness = harness(12, 2);
    let id = longest(harness.state());
    let at = middle(harness.state(), id);
    click(&mut harness, at);
    assert_eq!(harness.state().selected, Some(id));
    let frame = harness.state().transform.expect("it was drawn");
    click(&mut harness, pos2(at.x, frame.bottom() - 2.0));
    assert_eq!(harness.state().selected, None);
}

#[test]
fn pointing_at_a_bar_tells_its_stamps() {
    let mut harness = harness(12, 3);
    let id = longest(harness.state());
    harness.hover_at(middle(harness.state(), id));
    harness.run();
    harness.get_by_label(&harness.state().run.executions[id as usize].label());
    harness.get_by_label("spawn called");
    harness.get_by_label("join returned");
}

#[test]
fn keys_zoom_fit_and_follow_while_the_pointer_is_over_it() {
    let mut harness = harness(40, 4);
    let fit = harness.state().range;
    let frame = harness.state().transform.expect("it was drawn");
    harness.hover_at(frame.center());
    harness.run();
    harness.key_press(Key::Plus);
    harness.run();
    let zoomed = harness.state().range;
    assert!(zoomed.width_ns() < fit.width_ns() && !zoomed.follow);
    harness.key_press(Key::ArrowRight);
    harness.run();
    assert!(harness.state().range.from_ns > zoomed.from_ns);
    harness.key_press(Key::L);
    harness.run();
    assert!(harness.state().range.follow && harness.state().range.to_ns == fit.to_ns);
    harness.key_press(Key::F);
    harness.run();
    assert_eq!(harness.state().range, fit);
}

#[test]
fn keys_of_shortcuts_are_left_alone() {
    let mut harness = harness(40, 4);
    let fit = harness.state().range;
    harness.hover_at(harness.state().transform.expect("it was drawn").center());
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Minus);
    harness.run();
    assert_eq!(harness.state().range, fit);
}

#[test]
fn the_wheel_zooms_around_the_pointer() {
    let mut harness = harness(40, 4);
    let before = harness.state().range;
    let frame = harness.state().transform.expect("it was drawn");
    harness.hover_at(frame.left_center() + vec2(frame.width() * 0.25, 0.0));
    harness.run();
    let delta = vec2(0.0, 50.0);
    let unit = egui::MouseWheelUnit::Point;
    harness.event(egui::Event::MouseWheel {
        unit,
        delta,
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    harness.run();
    let after = harness.state().range;
    let at = |range: TimeRange| range.from_ns + range.width_ns() * 0.25;
    assert!(after.width_ns() < before.width_ns());
    assert!((at(after) - at(before)).abs() < before.width_ns() * 1e-3);
}

#[test]
fn dragging_with_the_right_button_zooms_to_what_is_marked() {
    let mut harness = harness(40, 4);
    let before = harness.state().range;
    let frame = harness.state().transform.expect("it was drawn");
    let at = |share: f32| pos2(frame.left() + frame.width() * share, frame.center().y);
    let button = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: PointerButton::Secondary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    harness.hover_at(at(0.25));
    harness.run();
    harness.event(button(at(0.25), true));
    harness.step();
    harness.hover_at(at(0.5));
    harness.step();
    harness.hover_at(at(0.75));
    harness.step();
    harness.event(button(at(0.75), false));
    harness.run();
    let (after, width) = (harness.state().range, before.width_ns());
    assert!((after.from_ns - width * 0.25).abs() < width * 0.01, "{after:?} of {before:?}");
    assert!((after.to_ns - width * 0.75).abs() < width * 0.01, "{after:?} of {before:?}");
}

#[test]
fn ten_thousand_lanes_are_shown_in_one_panel() {
    let harness = harness(20_000, 10_000);
    assert!(harness.state().index.lanes() > 5_000);
    harness.get_by_label(LABEL);
}
