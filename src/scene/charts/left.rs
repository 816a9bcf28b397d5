//! Signs of processes that were left running, over the bars.

use super::{axis::TimeAxis, bars::RowStrip};
use crate::{
    palette,
    picture::{Area, Paint, Picture, Shape, Stroke},
    timeline::{Index, LeftSign, left_signs},
};
use model::Run;

/// The width and height of a sign.
pub const SIZE: f64 = 10.0;

/// The signs on rows, and their places.
pub fn signs(axis: &TimeAxis, rows: &RowStrip, index: &Index) -> Vec<(LeftSign, Area)> {
    let placed = left_signs(index, &rows.view(axis, 1.0), SIZE as f32).into_iter().filter_map(|sign| {
        let (top, bottom) = rows.span(sign.row, sign.rows)?;
        let (x, y) = (axis.left + f64::from(sign.from_px), (top + bottom - SIZE) / 2.0);
        Some((sign, Area { x, y, w: SIZE, h: SIZE }))
    });
    placed.collect()
}

/// Draws the signs, each with its text on hovering.
pub fn draw(picture: &mut Picture, axis: &TimeAxis, rows: &RowStrip, (run, index): (&Run, &Index)) {
    for (sign, area) in signs(axis, rows, index) {
        picture.open("left-running", Some(&sign.text(run)));
        shape(picture, area, sign.remains);
        picture.close();
    }
}

/// Draws a sign: a triangle that points to the right, because the process goes on.
pub fn shape(picture: &mut Picture, Area { x, y, w, h }: Area, remains: bool) {
    let fill = if remains { palette::FAILED } else { picture.theme.ink };
    let corners = vec![(x, y), (x + w, y + h / 2.0), (x, y + h)];
    let edge = Some(Stroke::new(picture.theme.paper, 1.5).rounded());
    picture.add(Shape::Convex { class: "", corners, paint: Paint::of(fill), edge });
}
