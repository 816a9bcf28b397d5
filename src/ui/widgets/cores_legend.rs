//! What the two layers of the per-core plot are, in its corner and in its tooltip.

use crate::analysis::core_use::{MACHINE, MACHINE_EXPLAINED, OwnSource};
use crate::analysis::palette::Rgb;
use crate::ui::theme;
use eframe::egui::{Align2, Color32, Galley, Rect, Response, StrokeKind, TextStyle, Ui, Visuals, pos2, vec2};
use std::sync::Arc;

const SWATCH: f32 = 9.0;
const GAP: f32 = 5.0;
const APART: f32 = 12.0;

/// The colours of the machine's layer: its area, and its outline.
pub fn machine_colors(visuals: &Visuals) -> (Color32, Color32) {
    (visuals.weak_text_color().gamma_multiply(0.28), visuals.weak_text_color())
}

/// Says in the plot's corner what is drawn how.
pub fn show(ui: &Ui, response: &Response, color: Rgb, own: Option<OwnSource>) {
    let words: Vec<(&str, bool)> = own.map(|own| (own.words(), true)).into_iter().chain([(MACHINE, false)]).collect();
    let font = TextStyle::Small.resolve(ui.style());
    let ink = ui.visuals().text_color();
    let galleys: Vec<(Arc<Galley>, bool)> = words
        .into_iter()
        .map(|(text, own)| (ui.painter().layout_no_wrap(text.to_owned(), font.clone(), ink), own))
        .collect();
    let width: f32 = galleys.iter().map(|(galley, _)| SWATCH + GAP + galley.size().x).sum::<f32>()
        + APART * (galleys.len() as f32 - 1.0);
    let height = galleys.iter().map(|(galley, _)| galley.size().y).fold(0.0, f32::max);
    let place = Align2::RIGHT_TOP.anchor_size(response.rect.right_top() + vec2(-6.0, 3.0), vec2(width, height));
    let behind = place.expand2(vec2(4.0, 1.0));
    ui.painter().rect_filled(behind, 2.0, ui.visuals().extreme_bg_color.gamma_multiply(0.85));
    let mut x = place.left();
    for (galley, own) in galleys {
        let swatch = Rect::from_center_size(pos2(x + SWATCH / 2.0, place.center().y), vec2(SWATCH, SWATCH));
        if own {
            ui.painter().rect_filled(swatch, 1.0, theme::color(color));
        } else {
            let (pale, edge) = machine_colors(ui.visuals());
            ui.painter().rect(swatch, 1.0, pale, (1.0, edge), StrokeKind::Inside);
        }
        x += SWATCH + GAP;
        let size = galley.size();
        ui.painter().galley(pos2(x, place.center().y - size.y / 2.0), galley, ink);
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
