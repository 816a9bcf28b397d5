//! What the colours of a timeline mean.

use crate::{analysis::palette, model::Phase, ui::theme};
use eframe::egui::{RichText, Sense, Ui, vec2};

/// Below this width the legend takes two lines.
const ONE_LINE: f32 = 640.0;
const LINE: f32 = 18.0;

/// The height of the legend in a region of this width.
pub fn height(width: f32) -> f32 {
    if width < ONE_LINE { 2.0 * LINE } else { LINE }
}

/// Shows a swatch and a word for each phase, and for a failure.
pub fn show(ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 0.0);
        for phase in Phase::ALL {
            swatch(ui, palette::phase(phase), words(phase));
        }
        swatch(ui, palette::FAILED, "not a success");
    });
}

/// The phase, and what has its colour on the launcher's lane.
fn words(phase: Phase) -> &'static str {
    match phase {
        Phase::Launching => "launching",
        Phase::ToBeJoined => "to be joined (main: in join)",
        phase => phase.word(),
    }
}

fn swatch(ui: &mut Ui, color: palette::Rgb, text: &str) {
    ui.spacing_mut().interact_size.y = LINE;
    let (rect, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
    ui.painter().rect_filled(rect, 2.0, theme::color(color));
    ui.label(RichText::new(text).small().weak());
    ui.add_space(8.0);
}
