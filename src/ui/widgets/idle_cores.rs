//! CPU use by core while nothing runs, over the last minute.

use crate::picture;
use eframe::egui::{Align2, Role, TextStyle, Ui, WidgetInfo};
use model::Sample;
use scene::charts::idle_cores;
use std::collections::VecDeque;

/// The height of the panel, fixed so that nothing jumps.
pub const HEIGHT: f32 = 116.0;

/// Draws the samples of the last minute, the latest on the right.
pub fn show(ui: &mut Ui, samples: &VecDeque<Sample>, most: usize) {
    let mut picture = picture::blank(ui);
    let height = picture::units(ui, HEIGHT);
    idle_cores::draw(&mut picture, samples, most, height);
    let (response, _) = picture::still(ui, &picture, height);
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, "CPU use of each core"));
    if samples.is_empty() {
        let (font, colour) = (TextStyle::Small.resolve(ui.style()), ui.visuals().weak_text_color());
        ui.painter().text(response.rect.center(), Align2::CENTER_CENTER, "Waiting for the first sample", font, colour);
    } else {
        response.on_hover_text("An estimate: the system counts ticks, once a second");
    }
}
