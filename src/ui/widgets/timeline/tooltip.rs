//! The tooltip of a bar, a mark, a sign or the row *GIL*.

use crate::widgets::{axis::span_text, legend::sample};
use eframe::egui::{self, Id, PopupAnchor, Response, RichText, Tooltip, Ui};
use insight::{sending::sent_text, stamps};
use model::{Execution, Phase, Run, State, StatesSource};
use scene::{
    charts::legend::Swatch,
    palette,
    timeline::{Gil, GilMoment, Hit, LeftSign, Mark, Stack, TimeKind, gil_text, mark_text, range_text},
};

/// The gap that keeps the tooltip off the bar.
const GAP: f32 = 16.0;
/// The widest line.
const WIDTH: f32 = 520.0;

/// What lies under the pointer.
pub enum Pointed {
    /// Processes that were left running.
    Left(LeftSign),
    /// Something that the launcher did.
    Mark(Mark),
    /// Who was on a CPU.
    Gil(Gil, GilMoment),
    /// An execution, and its states there where they are known.
    Bar(Hit, Option<Stack>),
}

impl Pointed {
    fn id(&self, plot: Id) -> Id {
        match self {
            Self::Left(sign) => plot.with(("left", sign.row, sign.from_px.to_bits())),
            Self::Mark(mark) => plot.with(("mark", mark.execution, mark.from_ns)),
            Self::Gil(..) => plot.with("gil"),
            Self::Bar(hit, _) => plot.with(("bar", hit.execution)),
        }
    }

    /// The execution that a click selects.
    pub fn execution(&self) -> Option<u32> {
        match self {
            Self::Left(sign) => sign.execution,
            Self::Mark(mark) => Some(mark.execution),
            Self::Gil(_, moment) => moment.running.first().map(|(execution, _)| *execution),
            Self::Bar(hit, _) => Some(hit.execution),
        }
    }
}

/// Shows briefly, beside the pointer, what is known of it.
pub fn show(response: &Response, run: &Run, pointed: &Pointed) {
    // Each thing has a tooltip of its own, because a tooltip that stays open never becomes narrower.
    let id = pointed.id(response.id);
    let tooltip = Tooltip::always_open(response.ctx.clone(), response.layer_id, id, PopupAnchor::Pointer);
    tooltip.gap(GAP).show(|ui| {
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
        match pointed {
            Pointed::Left(sign) => lines(ui, &sign.text(run)),
            Pointed::Mark(mark) => launcher(ui, run, mark),
            Pointed::Gil(gil, moment) => lines(ui, &gil_text(run, *gil, moment)),
            Pointed::Bar(hit, states) => {
                if let Some(execution) = run.executions.get(hit.execution as usize) {
                    bar(ui, run, execution, (hit.phase, states.as_ref()));
                }
            }
        }
    });
}

/// Shows a wrapped text.
fn lines(ui: &mut Ui, text: &str) {
    ui.scope(|ui| {
        ui.set_max_width(WIDTH);
        ui.add(egui::Label::new(text).wrap());
    });
}

fn launcher(ui: &mut Ui, run: &Run, mark: &Mark) {
    lines(ui, &mark_text(run, mark));
    if let Some(execution) = run.executions.get(mark.execution as usize) {
        outcome(ui, execution);
        ui.separator();
        stamps(ui, run, execution);
    }
}

fn bar(ui: &mut Ui, run: &Run, execution: &Execution, (phase, states): (Phase, Option<&Stack>)) {
    ui.strong(execution.label());
    let length = execution.phase_ns(phase).map_or_else(|| "its end is not known".to_owned(), span_text);
    ui.label(format!("{}, {length}", phase.word()));
    if let Some(sent) = sent_text(execution, phase) {
        ui.label(sent);
    }
    outcome(ui, execution);
    let exact = run.states_source == Some(StatesSource::SwitchRecords);
    if let Some(stack) = states {
        ui.separator();
        shares(ui, stack, exact);
    } else if exact && execution.states.is_some() && phase == Phase::InTarget {
        ui.label("on CPU throughout, by switch records");
    }
    ui.separator();
    stamps(ui, run, execution);
}

/// Shows an execution's states at that place.
fn shares(ui: &mut Ui, stack: &Stack, exact: bool) {
    let how = if exact { "by switch records" } else { "sampled" };
    ui.label(RichText::new(format!("{} ({how})", range_text(stack.from_ns, stack.to_ns))).weak());
    egui::Grid::new("states").num_columns(2).spacing([12.0, 2.0]).show(ui, |ui| {
        for (state, share) in State::ALL.into_iter().zip(stack.shares()) {
            if share >= 0.005 {
                ui.horizontal(|ui| {
                    sample(ui, Swatch::of(TimeKind::State(state)));
                    ui.label(state.word());
                });
                ui.label(RichText::new(format!("{:3.0} %", share * 100.0)).monospace());
                ui.end_row();
            }
        }
    });
}

fn outcome(ui: &mut Ui, execution: &Execution) {
    match &execution.outcome {
        None => ui.label("in flight"),
        Some(outcome) if outcome.is_success() => ui.label(outcome.sentence()),
        Some(outcome) => {
            ui.horizontal(|ui| {
                sample(ui, Swatch::full(palette::FAILED));
                ui.label(shorten(outcome.sentence()));
            })
            .response
        }
    };
}

/// Shortens a message; the inspector shows all of it.
fn shorten(text: String) -> String {
    const MOST: usize = 60;
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() <= MOST {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(MOST).collect::<String>())
    }
}

fn stamps(ui: &mut Ui, run: &Run, execution: &Execution) {
    egui::Grid::new("stamps").num_columns(3).spacing([12.0, 2.0]).show(ui, |ui| {
        for told in stamps::told(run, execution) {
            ui.label(told.what);
            ui.label(RichText::new(told.at()).monospace());
            ui.weak(RichText::new(told.since_call().unwrap_or_default()).monospace());
            ui.end_row();
        }
    });
}
