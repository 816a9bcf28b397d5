//! One run in the timeline tab.
//!
//! PLUG: the timeline and the per-core plot take this place; until then the run is shown by its counts.

use crate::model::Run;
use eframe::egui::{ProgressBar, RichText, Ui};

/// Shows a run in `height` points; a click on an execution selects it.
pub fn show(ui: &mut Ui, run: &Run, _selected: &mut Option<(u32, u32)>, height: f32) {
    let (done, all) = run.progress();
    ui.set_min_height(height);
    ui.label(RichText::new(format!("{done} of {all} executions have ended")).weak());
    ui.add(ProgressBar::new(done as f32 / all.max(1) as f32).desired_height(6.0));
}
