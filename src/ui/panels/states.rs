//! What an execution did while it was in its target, in the inspector.

use crate::{theme, widgets::legend::sample};
use eframe::egui::{Align, Label, Layout, Response, RichText, Role, Ui, WidgetInfo};
use model::{BlockedOn, Execution, Run, Stage, State, States, StatesSource, quantity::human_ns};
use scene::{charts::legend::Swatch, timeline::TimeKind};

/// Size of the numbers. They are never cut: where there is no room, the word is.
const NUMBERS: f32 = 11.5;

/// Draws the section, or says why there are no numbers.
pub fn show(ui: &mut Ui, run: &Run, execution: &Execution) {
    super::inspector::heading(ui, "In the target");
    let Some(states) = &execution.states else { return absent(ui, run, execution) };
    let length = states.on_cpu_ns + states.runnable_ns + states.blocked_ns;
    line(ui, Some(State::OnCpu), State::OnCpu.word(), states.on_cpu_ns, length);
    line(ui, Some(State::Ready), State::Ready.word(), states.runnable_ns, length);
    line(ui, None, "blocked", states.blocked_ns, length);
    let whole = execution.stamps.in_target_ns();
    line(ui, None, "together", length, whole.unwrap_or(length))
        .on_hover_text("On CPU, ready and blocked, and their share of the time between entered and left");
    weak(ui, source(run));
    if states.blocked_ns > 0 {
        blocked(ui, run, states, length);
    }
}

/// The source of the three totals.
fn source(run: &Run) -> &'static str {
    match run.states_source {
        Some(StatesSource::SwitchRecords) => "exact: switch records and run-queue clock",
        Some(StatesSource::Schedstat) | None => "exact totals: CPU clock and run-queue clock",
    }
}

fn blocked(ui: &mut Ui, run: &Run, states: &States, length: u64) {
    ui.add_space(4.0);
    let rate = run.sampling.map(|sampling| format!(" (sampled at {:.0} Hz)", sampling.reached_hz)).unwrap_or_default();
    ui.label(theme::section(&format!("Blocked on{rate}")));
    if states.blocked_on.is_none() {
        return weak(ui, if run.sampling.is_some() { "No sample fell into it." } else { "This run was not sampled." });
    }
    let sees_gil = run.sampling.is_none_or(|sampling| sampling.sees_gil);
    for on in BlockedOn::ALL.into_iter().filter(|on| sees_gil || *on != BlockedOn::Gil) {
        let state = State::Blocked(on);
        line(ui, Some(state), on.word(), states.get(state).unwrap_or(0), length);
    }
    if !sees_gil && run.interpreter.is_some() {
        weak(ui, "In this interpreter the GIL can't be told from other locks.");
    }
}

/// A swatch, a word, a time and its share.
fn line(ui: &mut Ui, state: Option<State>, word: &str, ns: u64, length: u64) -> Response {
    let line = ui.horizontal(|ui| {
        sample(ui, state.map_or(Swatch::None, |state| Swatch::of(TimeKind::State(state))));
        let share = if length == 0 { 0.0 } else { ns as f64 / length as f64 * 100.0 };
        let value = RichText::new(format!("{} {share:>3.0} %", human_ns(ns))).monospace().size(NUMBERS);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(value);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(word).weak()).truncate());
            });
        });
    });
    let label = format!("{word}: {}", human_ns(ns));
    line.response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &label));
    line.response
}

fn absent(ui: &mut Ui, run: &Run, execution: &Execution) {
    weak(ui, absence(run, execution));
}

/// Why there are no totals.
pub fn absence(run: &Run, execution: &Execution) -> &'static str {
    let has = |stage| execution.stamps.get(stage).is_some();
    match () {
        () if execution.outcome.is_none() => "Known when it has ended.",
        () if !has(Stage::Entered) => "It never entered its target.",
        () if !has(Stage::Left) => "It never left its target, so the system's counts of it are not known.",
        () if run.end.is_none() => "Known when the run has ended.",
        () if run.states_source.is_none() && run.sampling.is_none() => {
            "This run was measured without states; measure states to know."
        }
        () => "The system counted nothing for it.",
    }
}

fn weak(ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).small().weak()).wrap());
}
