//! Signs of processes that were left running, over the bars.

use super::{
    axis::TimeAxis,
    canvas::{Canvas, short},
    theme::hex,
};
use crate::{
    model::Run,
    scene::{
        palette,
        timeline::{Index, ViewRect, left_signs},
    },
};

/// Width and height of a sign.
pub const SIZE: f64 = 11.0;

/// Draws the signs in a view of rows, the first of which begins at `top`, each `pitch` high; what each tells is read on hovering.
pub fn draw(canvas: &mut Canvas, axis: &TimeAxis, (run, index): (&Run, &Index), view: &ViewRect, top: f64, pitch: f64) {
    for sign in left_signs(index, view, SIZE as f32) {
        let middle = f64::from(sign.row) - view.first_row + f64::from(sign.rows) / 2.0;
        canvas.open("left-running", Some(&sign.text(run)));
        shape(canvas, axis.left + f64::from(sign.from_px), top + middle * pitch, sign.remains);
        canvas.close();
    }
}

/// A sign from `x` on: whoever was left goes on, to the right.
pub fn shape(canvas: &mut Canvas, x: f64, middle: f64, remains: bool) {
    let [left, right, top, bottom] = [x, x + SIZE, middle - SIZE / 2.0, middle + SIZE / 2.0].map(short);
    let (fill, paper) = (if remains { palette::FAILED } else { canvas.theme.ink }, hex(canvas.theme.paper));
    let middle = short(middle);
    let attributes =
        format!("fill=\"{}\" stroke=\"{paper}\" stroke-width=\"1.5\" stroke-linejoin=\"round\"", hex(fill));
    canvas.path(&format!("M{left} {top}L{right} {middle}L{left} {bottom}Z"), &attributes);
}
