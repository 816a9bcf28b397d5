//! The legend as a user meets it, without a screen.

use super::*;
use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use insight::testing::Builder;
use model::{LaunchMode, Phase, Run, SlicesSource, State, StatesSource};
use scene::timeline::Index;

const WAYS: [&str; 2] = ["ready", "exiting"];

struct Shown {
    legend: Legend,
    look: TimelineLook,
    height: f32,
}

fn legend(runs: &[Run]) -> Legend {
    let mut legend = Legend::default();
    runs.iter().for_each(|run| legend.add(run, &Index::of(run)));
    legend
}

fn python() -> Run {
    Builder::compare("t").python("python3").makespans(LaunchMode::Processes, &[1.0]).build().runs.remove(0)
}

fn sliced() -> Run {
    Builder::compare("t").executions(4, 3).slices().makespans(LaunchMode::Threads, &[1.0]).build().runs.remove(0)
}

fn harness(runs: &[Run], by_core: bool) -> Harness<'static, Shown> {
    let shown = Shown { legend: legend(runs), look: TimelineLook { by_core, ..TimelineLook::default() }, height: 0.0 };
    let app = |ui: &mut Ui, shown: &mut Shown| {
        shown.height = height(ui, &shown.legend, &shown.look);
        show(ui, &shown.legend, &mut shown.look);
    };
    let builder = Harness::builder().with_size(vec2(640.0, 120.0)).with_context_setup(crate::theme::install);
    let mut harness = builder.build_ui_state(app, shown);
    harness.run();
    harness
}

fn is_on(harness: &Harness<'_, Shown>, name: &str) -> bool {
    let node = harness.get_by_label(name);
    node.accesskit_node().toggled() == Some(eframe::egui::accesskit::Toggled::True)
}

#[test]
fn a_click_draws_a_colour_faint_and_another_brings_it_back() {
    let mut harness = harness(&[python()], false);
    let height = harness.state().height;
    assert!(WAYS.iter().all(|name| is_on(&harness, name)));
    harness.get_by_label("ready").click();
    harness.run();
    assert!(!is_on(&harness, "ready") && is_on(&harness, "exiting"));
    assert!(harness.state().look.filter.is_off(Shade::State(State::Ready)));
    harness.get_by_label("ready").click();
    harness.run();
    assert!(!harness.state().look.filter.any());
    assert_eq!(harness.state().height, height);
}

#[test]
fn phases_are_switched_too_and_all_brings_everything_back() {
    let mut harness = harness(&[python()], false);
    assert!(harness.query_by_label("Show all colours").is_none(), "there is nothing to bring back");
    for name in ["waiting for a slot", "launching", "in the target, on CPU", "exiting", "to be joined (main: in join)"]
    {
        harness.get_by_label(name).click();
        harness.run();
        assert!(!is_on(&harness, name), "{name}");
    }
    let mut had = Phase::ALL.into_iter().filter(|phase| python().has_phase(*phase));
    assert!(had.all(|phase| harness.state().look.filter.is_off(Shade::Phase(phase))));
    let before = harness.state().height;
    harness.get_by_label("Show all colours").click();
    harness.run();
    assert!(!harness.state().look.filter.any());
    assert_eq!(harness.state().height, before, "nothing moves");
}

#[test]
fn the_keyboard_reaches_every_colour() {
    let mut harness = harness(&[python()], false);
    harness.get_by_label("exiting").focus();
    harness.run();
    harness.key_press(Key::Space);
    harness.run();
    assert!(harness.state().look.filter.is_off(Shade::Phase(Phase::Exiting)));
}

#[test]
fn by_core_it_tells_whose_colour_is_whose_and_nothing_is_switched() {
    let by_core = |runs: &[Run]| harness(runs, true);
    let harness = by_core(&[sliced()]);
    for name in ["lane 0", "lane 2", "launcher", "other threads of the runner", "exact, by switch records"] {
        harness.get_by_label(name);
    }
    assert!(harness.query_by_label("lane 3").is_none() && harness.query_by_label("ready").is_none());
    let mut sampled = sliced();
    sampled.slices_source = Some(SlicesSource::Sampled);
    by_core(&[sliced(), sampled]).get_by_label("sampled: an estimate");
    let many = Builder::compare("t").executions(40, 20).slices().makespans(LaunchMode::Threads, &[1.0]).build();
    by_core(&many.runs).get_by_label_contains("8 colours in a cycle");
}

#[test]
fn what_is_exact_is_not_called_sampled() {
    let mut run = python();
    harness(std::slice::from_ref(&run), false).get_by_label("sampled 100 × a second");
    run.states_source = Some(StatesSource::SwitchRecords);
    let exact = harness(std::slice::from_ref(&run), false);
    exact.get_by_label("exact, by switch records");
    assert!(exact.query_by_label("not looked at").is_none());
    harness(&[run, python()], false).get_by_label("sampled 100 × a second");
}
