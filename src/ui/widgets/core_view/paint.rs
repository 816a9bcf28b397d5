//! From the rectangles of core rows to one mesh.

use crate::widgets::timeline::paint::{Rows, opaque};
use eframe::egui::{Color32, Mesh, Rect, Shape, Stroke, Vec2, pos2, vec2};
use model::Run;
use scene::timeline::core_rows::{CoreItem, core_rows};

/// What is there shows at least so much, however small its share is.
const LEAST: f32 = 0.14;
/// How strong the colour of a helper is between its stripes.
const PALE: f32 = 0.4;
/// From one stripe of a helper to the next, and the thickness of each, in points.
const STRIPES: (f32, f32) = (4.0, 1.25);
/// A slice of at least so many points has its lane's number on it.
const ROOM: Vec2 = vec2(18.0, 13.0);
/// Rows of at least so many points have lines between them.
const LINE_ROW: f32 = 5.0;

/// Adds who was on which core between two instants. Gives the lanes of slices that are large enough to have them written on
/// them, and where.
pub fn paint(mesh: &mut Mesh, run: &Run, rows: &Rows, instants: (f64, f64), pixels_per_point: f32) -> Vec<(Rect, u32)> {
    let view = rows.view(instants, pixels_per_point);
    let points_per_px = rows.rect.width() / view.width_px.max(1.0);
    let mut open: Option<(Rect, CoreItem)> = None;
    let mut lanes = Vec::new();
    let mut put = |mesh: &mut Mesh, rect: Rect, item: &CoreItem| {
        fill(mesh, rect, item);
        lanes.extend(item.lane.filter(|_| rect.width() >= ROOM.x && rect.height() >= ROOM.y).map(|lane| (rect, lane)));
    };
    core_rows(run, &view, |item| {
        let (top, bottom) = rows.span(item.row, item.rows);
        let x = |px: f32| (rows.rect.left() + px * points_per_px).clamp(rows.rect.left(), rows.rect.right());
        let rect = Rect::from_min_max(pos2(x(item.from_px), top), pos2(x(item.to_px), bottom));
        if rect.width() <= 0.0 || rect.height() <= 0.0 {
            return;
        }
        match &mut open {
            Some((last, before)) if goes_on(last, before, &rect, &item) => last.max.x = rect.right(),
            _ => {
                if let Some((rect, item)) = open.replace((rect, item)) {
                    put(mesh, rect, &item);
                }
            }
        }
    });
    if let Some((rect, item)) = open {
        put(mesh, rect, &item);
    }
    lanes
}

/// Whether a rectangle goes on where another of its look ends.
fn goes_on(last: &Rect, before: &CoreItem, rect: &Rect, item: &CoreItem) -> bool {
    let touches = (rect.left() - last.right()).abs() < 0.01 && last.y_range() == rect.y_range();
    touches && !item.edge && (before.who, before.lane, before.share) == (item.who, item.lane, item.share)
}

fn fill(mesh: &mut Mesh, rect: Rect, item: &CoreItem) {
    let color = opaque(item.who.colour()).gamma_multiply(item.share.max(LEAST));
    if item.who.is_helper() {
        mesh.add_colored_rect(rect, color.gamma_multiply(PALE));
        stripes(mesh, rect, color);
    } else {
        mesh.add_colored_rect(rect, color);
    }
    if item.edge {
        let edge = rect.with_max_x((rect.left() + 1.0).min(rect.right()));
        mesh.add_colored_rect(edge, Color32::from_black_alpha(160));
    }
}

/// Stripes along a rectangle, at the same heights of all of its row.
fn stripes(mesh: &mut Mesh, rect: Rect, color: Color32) {
    let mut top = rect.top() + 1.0;
    while top < rect.bottom() {
        let stripe = rect.with_min_y(top).with_max_y((top + STRIPES.1).min(rect.bottom()));
        mesh.add_colored_rect(stripe, color);
        top += STRIPES.0;
    }
}

/// Lines between cores and above the first, so that an idle one is seen to be there.
pub fn lines(rows: &Rows, cores: u32, stroke: Stroke) -> Vec<Shape> {
    let mut lines = vec![Shape::hline(rows.rect.x_range(), rows.rect.top(), stroke)];
    if rows.row_points() >= LINE_ROW {
        let first = rows.first.ceil().max(0.0) as u32 + u32::from(rows.first.fract() == 0.0);
        for core in first..=(rows.last.floor() as u32).min(cores) {
            let y = rows.rect.top() + (f64::from(core) - rows.first) as f32 * rows.row_points();
            lines.push(Shape::hline(rows.rect.x_range(), y, stroke));
        }
    }
    lines
}
