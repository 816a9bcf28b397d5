//! The timeline turned round, as a user meets it, without a screen.

use super::*;
use eframe::egui::{Key, Modifiers, Rect, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use insight::testing::Builder;
use model::{LaunchMode, Owner, Slice, SlicesSource};
use scene::timeline::{Filter, core_rows::own};

const LABEL: &str = "Cores of threads";

struct Shown {
    run: Run,
    index: Index,
    measure: Measure,
    range: TimeRange,
    view: CoreView,
    selected: Option<u32>,
}

fn run() -> Run {
    Builder::compare("t").slices().makespans(LaunchMode::Threads, &[1.0]).build().runs.remove(0)
}

fn harness(run: Run, measure: Measure) -> Harness<'static, Shown> {
    let index = Index::of(&run);
    let (range, view) = (TimeRange::default(), CoreView::default());
    let shown = Shown { run, index, measure, range, view, selected: None };
    let app = |ui: &mut Ui, shown: &mut Shown| {
        let full_ns = shown.index.extent_ns();
        shown.range.advance(full_ns);
        let params = CoreViewParams {
            id: Id::unique("cores"),
            link: Id::unique("link"),
            label: LABEL,
            run: &shown.run,
            index: &shown.index,
            cores: 2,
            measure: shown.measure,
            selected: shown.selected,
            filter: Filter::default(),
            range: &mut shown.range,
            full_ns,
            view: &mut shown.view,
            height: 200.0,
        };
        let response = show(ui, params);
        if response.clicked.is_some() || response.clicked_nothing {
            shown.selected = response.clicked;
        }
    };
    let mut harness = Harness::builder().with_size(vec2(800.0, 220.0)).build_ui_state(app, shown);
    harness.run();
    harness
}

fn frame(harness: &Harness<'_, Shown>) -> Rect {
    harness.get_by_label(LABEL).rect()
}

/// The place of an instant on a core's row.
fn place(harness: &Harness<'_, Shown>, core: u32, ns: u64) -> Pos2 {
    let (frame, shown) = (frame(harness), harness.state());
    let share = (ns as f64 - shown.range.from_ns) / shown.range.width_ns();
    let rows = RowsInView::of_cores(shown.view.rows.lanes, 2, frame.height()).on(frame).lanes;
    let (top, bottom) = rows.span(1 + core, 1).expect("it is in view");
    pos2(frame.left() + share as f32 * frame.width(), (top + bottom) as f32 / 2.0)
}

/// A slice in the middle of the run, and its place.
fn middle(harness: &Harness<'_, Shown>) -> (Slice, Pos2) {
    let slices = &harness.state().run.slices;
    let slice = slices.iter(400_000_000, 410_000_000).next().expect("somebody ran");
    (slice, place(harness, slice.core, slice.from_ns.midpoint(slice.to_ns)))
}

fn click(harness: &mut Harness<'_, Shown>, at: Pos2) {
    harness.hover_at(at);
    harness.run();
    harness.drag_at(at);
    harness.drop_at(at);
    harness.run();
}

#[test]
fn pointing_at_a_slice_tells_who_ran_where_and_what_came_after() {
    let mut harness = harness(run(), Measure::Slices);
    let (slice, at) = middle(&harness);
    harness.hover_at(at);
    harness.run();
    let id = slice.owner.execution().expect("an execution's");
    harness.get_by_label(&harness.state().run.executions[id as usize].label());
    harness.get_by_label_contains(&format!("core {}, ", slice.core));
    harness.get_by_label("then ready: the CPU was taken from it");
    harness.get_by_label("by switch records");
    assert_eq!(harness.state().view.hovered, Some(id), "its bar is shown above");
}

#[test]
fn a_click_on_a_slice_selects_its_execution_and_one_beside_it_clears() {
    let mut harness = harness(run(), Measure::Slices);
    let (slice, at) = middle(&harness);
    click(&mut harness, at);
    assert_eq!(harness.state().selected, slice.owner.execution());
    let beside = pos2(frame(&harness).right() - 4.0, at.y);
    click(&mut harness, beside);
    assert_eq!(harness.state().selected, None);
}

#[test]
fn what_is_selected_has_slices_on_both_cores_and_migrations() {
    let run = run();
    let own = own(&run, 0, 0.0, 1e9, 1.0);
    assert!(own.stretches.iter().any(|one| one.core == 0) && own.stretches.iter().any(|one| one.core == 1));
    assert!((10..20).contains(&own.migrations.len()), "the cores are exchanged every 32 ms of half a second");
    let mut harness = harness(run, Measure::Slices);
    let before = harness.output().shapes.len();
    harness.state_mut().selected = Some(0);
    harness.run();
    assert!(harness.output().shapes.len() > before + 2 * own.migrations.len(), "outlines and connectors are drawn");
}

#[test]
fn the_bar_above_the_cores_can_be_pointed_at_and_clicked() {
    let mut harness = harness(run(), Measure::Slices);
    harness.state_mut().selected = Some(2);
    harness.run();
    let at = pos2(place(&harness, 0, 750_000_000).x, frame(&harness).top() + 8.0);
    harness.hover_at(at);
    harness.run();
    harness.get_by_label("primes #3");
    harness.get_by_label("spawn called");
    let other = pos2(place(&harness, 0, 250_000_000).x, at.y);
    click(&mut harness, other);
    assert_eq!(harness.state().selected, Some(0), "another one of its lane");
}

#[test]
fn the_time_axis_zooms_as_in_the_view_by_lane() {
    let mut harness = harness(run(), Measure::Slices);
    let fit = harness.state().range;
    harness.hover_at(frame(&harness).center());
    harness.run();
    harness.key_press(Key::Plus);
    harness.run();
    assert!(harness.state().range.width_ns() < fit.width_ns());
    harness.key_press_modifiers(Modifiers::NONE, Key::F);
    harness.run();
    assert_eq!(harness.state().range, fit);
}

#[test]
fn a_run_without_slices_says_why_and_what_would_bring_them() {
    let without = || {
        let mut run = run();
        (run.slices, run.slices_source) = Default::default();
        run
    };
    harness(without(), Measure::States).get_by_label_contains("set measure = \"slices\"");
    harness(without(), Measure::Slices).get_by_label_contains("recorded without slices");
    let note = "the kernel refuses switch records here; set kernel.perf_event_paranoid to 2";
    let refused = Run { slices_note: Some(note.to_owned()), ..without() };
    harness(refused, Measure::Slices).get_by_label_contains(note);
    let running = Run { end: None, ..without() };
    let harness = harness(running, Measure::Slices);
    harness.get_by_label_contains("Slices come while the run goes on");
    harness.get_by_label(LABEL);
}

#[test]
fn an_estimate_is_marked_as_one_with_its_note_on_hovering() {
    let mut run = run();
    run.slices_source = Some(SlicesSource::Sampled);
    run.slices_note = Some("switch records are refused here".to_owned());
    let mut harness = harness(run, Measure::Slices);
    let mark = harness.get_by_label("sampled: an estimate");
    assert!(!mark.accesskit_node().is_disabled());
    let at = mark.rect().center();
    harness.hover_at(at);
    harness.run();
    harness.run();
    harness.get_by_label_contains("switch records are refused here");
    let (_, at) = middle(&harness);
    harness.hover_at(at);
    harness.run();
    harness.get_by_label("sampled (an estimate)");
}

#[test]
fn slices_too_narrow_to_be_seen_tell_of_their_neighbours_too() {
    let mut run = run();
    run.slices = Default::default();
    (0..20_000).for_each(|at| {
        let (from_ns, owner) = (at * 50_000, Owner::Execution((at % 3) as u32));
        run.slices.push(&Slice { from_ns, to_ns: from_ns + 40_000, core: 0, owner, preempted: false });
    });
    let mut harness = harness(run, Measure::Slices);
    let at = place(&harness, 0, 500_010_000);
    harness.hover_at(at);
    harness.run();
    harness.get_by_label_contains("80 % busy; primes #");
}
