//! Signs of processes that were left running, over the bars.

use super::paint::{Rows, opaque};
use eframe::egui::{Rect, Shape, Stroke, Ui, Visuals, pos2, vec2};
use scene::{
    palette,
    timeline::{Index, LeftSign, left_signs},
};

/// Width and height of a sign, in points.
pub const SIZE: f32 = 9.0;

/// The signs on a strip of rows between two instants, and their places on the screen.
pub fn on_screen(index: &Index, rows: &Rows, instants: (f64, f64)) -> Vec<(LeftSign, Rect)> {
    // In points, so that what is painted and what is pointed at have the same places.
    let view = rows.view(instants, 1.0);
    let points_per_px = rows.rect.width() / view.width_px.max(1.0);
    let signs = left_signs(index, &view, SIZE);
    let placed = signs.into_iter().map(|sign| {
        let (top, bottom) = rows.span(sign.row, sign.rows);
        let left = rows.rect.left() + sign.from_px * points_per_px;
        let corner = pos2(left, (top + bottom - SIZE) / 2.0);
        (sign, Rect::from_min_size(corner, vec2(SIZE, SIZE)))
    });
    placed.collect()
}

/// A sign: whoever was left goes on, to the right. Its outline keeps it off the bars.
pub fn shape(rect: Rect, remains: bool, visuals: &Visuals) -> Shape {
    let color = if remains { opaque(palette::FAILED) } else { visuals.strong_text_color() };
    let points = vec![rect.left_top(), pos2(rect.right(), rect.center().y), rect.left_bottom()];
    Shape::convex_polygon(points, color, Stroke::new(1.5, visuals.extreme_bg_color))
}

/// Adds the signs of a strip of rows.
pub fn shapes(ui: &Ui, index: &Index, rows: &Rows, instants: (f64, f64), shapes: &mut Vec<Shape>) {
    let signs = on_screen(index, rows, instants);
    shapes.extend(signs.iter().map(|(sign, rect)| shape(*rect, sign.remains, ui.visuals())));
}
