//! What the two layers of the per-core plot are, above it and in its tooltip.

use crate::theme;
use eframe::egui::{Color32, Galley, Rect, Sense, StrokeKind, TextStyle, Ui, Visuals, pos2, vec2};
use scene::{
    core_use::{MACHINE, MACHINE_EXPLAINED, NO_SAMPLES, OwnSource},
    palette::Rgb,
};
use std::sync::Arc;

const SWATCH: f32 = 9.0;
const GAP: f32 = 5.0;
const APART: f32 = 12.0;

/// The colours of the machine's layer: its area, and its outline.
pub fn machine_colors(visuals: &Visuals) -> (Color32, Color32) {
    (visuals.weak_text_color().gamma_multiply(0.28), visuals.weak_text_color())
}

/// What an item of the legend stands for.
#[derive(Clone, Copy, PartialEq)]
enum Layer {
    Own,
    Machine,
    Nothing,
}

/// Says above the plot what is drawn how, on a line of a height from the plot's left edge on; `sampled` is whether there are
/// samples of the machine, or may yet be.
pub fn show(ui: &mut Ui, (height, left): (f32, f32), color: Rgb, own: Option<OwnSource>, sampled: bool) {
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let machine = if sampled { (MACHINE, Layer::Machine) } else { (NO_SAMPLES, Layer::Nothing) };
    let words = own.map(|own| (own.words(), Layer::Own)).into_iter().chain([machine]);
    let font = TextStyle::Small.resolve(ui.style());
    let ink = ui.visuals().text_color();
    let galleys: Vec<(Arc<Galley>, Layer)> =
        words.map(|(text, layer)| (ui.painter().layout_no_wrap(text.to_owned(), font.clone(), ink), layer)).collect();
    let mut x = line.left() + left;
    for (galley, layer) in galleys {
        let swatch = Rect::from_center_size(pos2(x + SWATCH / 2.0, line.center().y), vec2(SWATCH, SWATCH));
        match layer {
            Layer::Own => {
                ui.painter().rect_filled(swatch, 1.0, theme::color(color));
            }
            Layer::Machine => {
                let (pale, edge) = machine_colors(ui.visuals());
                ui.painter().rect(swatch, 1.0, pale, (1.0, edge), StrokeKind::Inside);
            }
            Layer::Nothing => {}
        }
        x += SWATCH + GAP;
        let size = galley.size();
        ui.painter().galley(pos2(x, line.center().y - size.y / 2.0), galley, ink);
        x += size.x + APART;
    }
}

/// What is known of a core at an instant.
pub fn tooltip(core: usize, own: Option<(OwnSource, f32)>, machine: Option<f32>) -> Option<String> {
    let own_line = own.map(|(source, busy)| format!("{}: {:.0} %", source.words(), busy * 100.0));
    let machine_line = machine.map(|busy| format!("{MACHINE}: {:.0} %", busy * 100.0));
    let lines: Vec<String> = own_line.into_iter().chain(machine_line).collect();
    if lines.is_empty() {
        return None;
    }
    let why = own.map(|(source, _)| source.explained()).into_iter().chain(machine.map(|_| MACHINE_EXPLAINED));
    Some(format!("core {core}\n{}\n\n{}", lines.join("\n"), why.collect::<Vec<_>>().join("\n")))
}
