//! What measuring costs: in words, in the last run, and by a self-test.

use crate::{calibration::Calibration, command::UiCommand, shown, state::State, theme, widgets::rows::failure};
use eframe::egui::{Align, Button, Label, Layout, RichText, Role, Ui, WidgetInfo, vec2};
use model::{LevelCost, Measure, MeasuringCosts, ModeCosts, Run, quantity::human_ns};

/// What each level measures, and how.
const LEVELS: [(&str, &str); 3] = [
    (
        "Stamps",
        "Whoever runs a target writes each instant where it happens: a clock read and a store into memory that the window \
         reads. No lock, no message, nothing is sent while a target runs. What the system counted is read at the end.",
    ),
    (
        "States",
        "On CPU and ready are read from the kernel's clocks when the target is entered and left. What it was blocked on \
         is seen from outside, 50 times a second (100 for Python), by a thread of this window, not of the run.",
    ),
    (
        "Slices",
        "The kernel notes every switch of the run's own threads, and on which core; the states then stand in their true \
         order. It costs something at each switch, and at each birth of a thread or process: where starts are many it is \
         the most costly level.",
    ),
];

/// Widths of the columns of the self-test's table.
const WIDTHS: [f32; 4] = [150.0, 90.0, 90.0, 160.0];

/// Draws the dialog's contents.
pub fn show(ui: &mut Ui, state: &mut State) {
    ui.heading("What measuring costs");
    for (name, words) in LEVELS {
        ui.add_space(3.0);
        ui.label(RichText::new(name).strong());
        ui.add(Label::new(RichText::new(words).color(ui.visuals().text_color())).wrap());
    }
    ui.add_space(3.0);
    weak(ui, "Choose the level under More run settings. Nothing of this is subtracted from any result.");
    ui.add_space(4.0);
    ui.label(theme::section("The last run"));
    last(ui, state);
    ui.add_space(4.0);
    ui.label(theme::section("A launch here, by a self-test"));
    tested(ui, state);
}

fn last(ui: &mut Ui, state: &State) {
    let ended = |run: &&Run| run.end.is_some();
    let Some(run) = state.shown.experiment.as_deref().and_then(|experiment| experiment.runs.iter().rev().find(ended))
    else {
        return weak(ui, "Nothing has run yet.");
    };
    let name = format!("{}, {}", run.mode.title(), shown::name(run));
    let host = run.end.as_ref().and_then(|end| end.host_share);
    let host = host.map_or_else(|| "not known".to_owned(), |share| format!("{:.2} % of the machine", share * 100.0));
    let looks = run.sampling.map_or_else(
        || "nothing: this run was not sampled".to_owned(),
        |sampling| {
            format!("{:.2} % of one core, at {:.0} looks a second", sampling.core_share * 100.0, sampling.reached_hz)
        },
    );
    ui.label(format!("{name}. This program itself took {host}; of that, looking at states: {looks}."));
}

fn tested(ui: &mut Ui, state: &mut State) {
    match &state.session.calibration {
        Calibration::NotYet => weak(ui, "Launches empty executions at each level in turn. It takes a second or two."),
        Calibration::Running => weak(ui, "Measuring; it takes a second or two. Please let the machine rest."),
        Calibration::Failed(message) => failure(ui, &crate::state::capital(message)),
        Calibration::Done(costs) => table(ui, costs),
    }
}

/// The button that makes the self-test.
pub fn button(ui: &mut Ui, state: &mut State) {
    let command = UiCommand::Calibrate;
    let enabled = command.refusal(state).is_none();
    let button = Button::new((command.info().icon.rich_text(), command.info().text));
    let button = ui.add_enabled(enabled, button.min_size([0.0, theme::TOOL].into()));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, command.info().text));
    if button.on_disabled_hover_text(command.refusal(state).unwrap_or_default()).clicked() {
        state.push(command);
    }
}

fn table(ui: &mut Ui, costs: &MeasuringCosts) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let headings = ["a launch", "adds", "half of the rounds"].map(|text| RichText::new(text).small().weak());
        cells(ui, "", headings);
        for mode in &costs.modes {
            mode.levels.iter().for_each(|level| line(ui, mode, level));
        }
    });
    let notes = costs
        .modes
        .iter()
        .flat_map(|mode| mode.levels.iter().filter_map(move |level| Some((mode, level.measure, level.note.as_ref()?))));
    for (mode, measure, note) in notes {
        weak(ui, &format!("{}, {measure}: {note}", mode.mode.title()));
    }
    weak(
        ui,
        &format!(
            "Medians of {} interleaved rounds, {} in flight. One stamp costs {}. A difference below zero is noise.",
            costs.rounds,
            costs.workers,
            time(costs.stamp_ns)
        ),
    );
}

fn line(ui: &mut Ui, mode: &ModeCosts, level: &LevelCost) {
    let name = match level.measure {
        Measure::Stamps => format!("{}: stamps", mode.mode.title()),
        other => format!("    and {other}"),
    };
    let unknown = || "–".to_owned();
    let adds = |text: fn(model::CostSpread) -> String| match level.measure {
        Measure::Stamps => String::new(),
        _ => level.adds.map_or_else(unknown, text),
    };
    let texts = [
        level.per_launch_ns.map_or_else(unknown, time),
        adds(|spread| time(spread.median_ns)),
        adds(|spread| format!("{} to {}", time(spread.low_ns), time(spread.high_ns))),
    ];
    cells(ui, &name, texts.map(|text| RichText::new(text).monospace()));
}

/// A name and its numbers, in columns of one width in every line.
fn cells(ui: &mut Ui, name: &str, texts: [RichText; 3]) {
    ui.horizontal(|ui| {
        cell(ui, WIDTHS[0], Layout::left_to_right(Align::Center), RichText::new(name));
        for (text, width) in texts.into_iter().zip(&WIDTHS[1..]) {
            cell(ui, *width, Layout::right_to_left(Align::Center), text);
        }
    });
}

fn cell(ui: &mut Ui, width: f32, layout: Layout, text: RichText) {
    let size = vec2(width, 18.0);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_size(size);
        ui.add(Label::new(text).truncate());
    });
}

/// A length of time, below zero too.
fn time(ns: f64) -> String {
    let sign = if ns <= -0.5 { "−" } else { "" };
    format!("{sign}{}", human_ns(ns.abs().round() as u64))
}

fn weak(ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).small().weak()).wrap());
}
