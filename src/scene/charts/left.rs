//! Signs of processes that were left running, over the bars.

use super::axis::TimeAxis;
use crate::picture::{Paint, Picture, Shape, Stroke};
use crate::{
    palette,
    timeline::{Index, ViewRect, left_signs},
};
use model::Run;

/// Width and height of a sign.
pub const SIZE: f64 = 11.0;

/// Draws the signs in a view of rows, the first of which begins at `top`, each `pitch` high; what each tells is read on hovering.
pub fn draw(
    picture: &mut Picture,
    axis: &TimeAxis,
    (run, index): (&Run, &Index),
    view: &ViewRect,
    top: f64,
    pitch: f64,
) {
    for sign in left_signs(index, view, SIZE as f32) {
        let middle = f64::from(sign.row) - view.first_row + f64::from(sign.rows) / 2.0;
        picture.open("left-running", Some(&sign.text(run)));
        shape(picture, axis.left + f64::from(sign.from_px), top + middle * pitch, sign.remains);
        picture.close();
    }
}

/// A sign from `x` on: whoever was left goes on, to the right.
pub fn shape(picture: &mut Picture, x: f64, middle: f64, remains: bool) {
    let fill = if remains { palette::FAILED } else { picture.theme.ink };
    let corners = vec![(x, middle - SIZE / 2.0), (x + SIZE, middle), (x, middle + SIZE / 2.0)];
    let edge = Some(Stroke::new(picture.theme.paper, 1.5).rounded());
    picture.add(Shape::Convex { class: "", corners, paint: Paint::of(fill), edge });
}
