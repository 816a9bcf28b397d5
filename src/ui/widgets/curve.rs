//! Curves of a run over time.

use crate::picture;
use eframe::egui::Ui;
use scene::{
    charts::{axis::TimeAxis, curve},
    curves::Known,
    palette::Rgb,
};

/// The room to the left of a curve for its numbers, and to the right for those of the axis, in units of a picture.
const BESIDE: (f64, f64) = (52.0, 20.0);

fn axis(width: f64, full_ns: u64) -> TimeAxis {
    TimeAxis::between((0.0, full_ns.max(1) as f64), BESIDE.0, width - BESIDE.1)
}

/// Shows a curve, or why there is none; the axis ends at `full_ns`.
pub fn show(ui: &mut Ui, names: (&str, &str), known: &Known, colour: Rgb, full_ns: u64) {
    let mut picture = picture::blank(ui);
    let axis = axis(picture.width, full_ns);
    let height = curve::draw(&mut picture, &axis, 0.0, names, known, colour);
    let (response, at) = picture::still(ui, &picture, height);
    let at = at.filter(|(x, _)| (axis.left..=axis.right).contains(x));
    let told = at.zip(known.as_ref().ok()).and_then(|((x, _), known)| curve::told(known, axis.at(x)));
    told.into_iter().for_each(|told| drop(response.clone().on_hover_text_at_pointer(told)));
}

/// Shows the time axis below the last curve.
pub fn show_axis(ui: &mut Ui, full_ns: u64) {
    let mut picture = picture::blank(ui);
    let height = axis(picture.width, full_ns).numbers(&mut picture, 0.0);
    picture::still(ui, &picture, height);
}
