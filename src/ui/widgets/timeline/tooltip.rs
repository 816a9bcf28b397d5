//! What a bar says when it is pointed at.

use super::paint::opaque;
use crate::analysis::palette;
use crate::analysis::timeline::Hit;
use crate::model::{Execution, Phase, Stage};
use crate::ui::widgets::axis::span_text;
use eframe::egui::{self, PopupAnchor, Response, RichText, Tooltip, Ui};

/// Keeps the tooltip off the bar that it tells of.
const GAP: f32 = 16.0;

/// Shows all that is known of an execution in short, beside the pointer.
pub fn show(response: &Response, execution: &Execution, hit: Hit, on_main: bool) {
    let tooltip = Tooltip::always_open(response.ctx.clone(), response.layer_id, response.id, PopupAnchor::Pointer);
    tooltip.gap(GAP).show(|ui| {
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
        ui.strong(execution.label());
        ui.label(format!("{}, {}", doing(hit.phase, on_main), length(execution, hit.phase, on_main)));
        outcome(ui, execution);
        ui.separator();
        stamps(ui, execution);
    });
}

fn doing(phase: Phase, on_main: bool) -> &'static str {
    match (on_main, phase) {
        (true, Phase::Launching) => "the launcher starts it",
        (true, _) => "the launcher waits in join",
        (false, phase) => phase.word(),
    }
}

fn length(execution: &Execution, phase: Phase, on_main: bool) -> String {
    let stamps = &execution.stamps;
    let ends = match (on_main, phase) {
        (true, Phase::Launching) => stamps.get(Stage::LaunchCalled).zip(stamps.get(Stage::Launched)),
        (true, _) => stamps.join_called().zip(stamps.get(Stage::Joined)),
        (false, phase) => stamps.phase(phase),
    };
    ends.map_or_else(|| "its end is not known".to_owned(), |(from, to)| span_text(to.saturating_sub(from)))
}

fn outcome(ui: &mut Ui, execution: &Execution) {
    match &execution.outcome {
        None => ui.label("in flight"),
        Some(outcome) if outcome.is_success() => ui.label(outcome.sentence()),
        Some(outcome) => {
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(egui::vec2(10.0, 10.0), egui::Sense::hover());
                ui.painter().rect_filled(rect, 2.0, opaque(palette::FAILED));
                ui.label(shorten(outcome.sentence()));
            })
            .response
        }
    };
}

/// A message can be long; the inspector has all of it.
fn shorten(text: String) -> String {
    const MOST: usize = 60;
    let line = text.lines().next().unwrap_or("");
    if line.chars().count() <= MOST {
        line.to_owned()
    } else {
        format!("{}…", line.chars().take(MOST).collect::<String>())
    }
}

fn stamps(ui: &mut Ui, execution: &Execution) {
    egui::Grid::new("stamps").num_columns(3).spacing([12.0, 2.0]).show(ui, |ui| {
        let mut before = None;
        for stage in Stage::ALL {
            let Some(ns) = execution.stamps.get(stage) else { continue };
            ui.label(stage.word());
            ui.label(RichText::new(instant(ns)).monospace());
            let since = before.map(|before: u64| format!("+ {}", span_text(ns.saturating_sub(before))));
            ui.weak(since.unwrap_or_default());
            ui.end_row();
            before = Some(ns);
        }
    });
}

/// An instant to the microsecond: instants are compared with each other.
fn instant(ns: u64) -> String {
    if ns < 10_000_000_000 { format!("{:.3} ms", ns as f64 / 1e6) } else { format!("{:.6} s", ns as f64 / 1e9) }
}
