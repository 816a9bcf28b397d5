//! What egui is given.

use super::{Painted, page};
use crate::picture;
use eframe::egui::{Mesh, Pos2, Rect, Shape, epaint::ColorMode};
use egui_kittest::Harness;
use export::chart::{Fonts, document};
use scene::picture::Picture;

/// Paints a picture of 1,000 points in the window, and the same one as a file.
pub fn paint(draw: &impl Fn(&mut Picture) -> f64) -> (Painted, Painted) {
    let (mut shapes, mut file) = (Vec::new(), Painted::default());
    let mut harness = Harness::new_ui(|ui| {
        let mut picture = picture::of_points(ui, 1_000.0);
        let height = draw(&mut picture);
        shapes = picture::shapes(ui, &picture, Pos2::ZERO);
        file =
            page::read(&document(&picture, height, Fonts::Named), |text, size| picture.ruler.width(text, size, false));
    });
    harness.run();
    drop(harness);
    let mut painted = Painted::default();
    shapes.iter().for_each(|shape| read(shape, &mut painted));
    (painted, file)
}

fn at(pos: Pos2) -> [f64; 2] {
    [f64::from(pos.x), f64::from(pos.y)]
}

fn edges(rect: Rect) -> [f64; 4] {
    let ([x, y], [end, foot]) = (at(rect.min), at(rect.max));
    [x, y, end, foot]
}

fn read(shape: &Shape, painted: &mut Painted) {
    match shape {
        Shape::Mesh(mesh) if mesh.indices.get(3) == Some(&1) => painted.areas.push(band(mesh)),
        Shape::Mesh(mesh) => rects(mesh, painted),
        Shape::Rect(rect) if rect.stroke.width > 0.0 => {
            let [x, y, end, foot] = edges(rect.rect);
            painted.lines.push((rect.stroke.color, vec![[x, y], [end, y], [end, foot], [x, foot], [x, y]]));
        }
        Shape::Rect(rect) => painted.rects.push((rect.fill, false, edges(rect.rect))),
        Shape::LineSegment { points, stroke } => painted.straight.push((stroke.color, points.map(at).to_vec())),
        Shape::Path(path) if path.closed => {
            painted.areas.push((path.fill, path.points.iter().copied().map(at).collect()));
        }
        Shape::Path(path) => {
            let ColorMode::Solid(colour) = path.stroke.color else { panic!("{path:?}") };
            painted.lines.push((colour, path.points.iter().copied().map(at).collect()));
        }
        Shape::Circle(circle) => {
            let [x, y] = at(circle.center);
            let filled = circle.stroke.width == 0.0;
            let colour = if filled { circle.fill } else { circle.stroke.color };
            painted.circles.push((colour, filled, [x, y, f64::from(circle.radius)]));
        }
        Shape::Text(text) => {
            let glyph = text.galley.rows.first().and_then(|row| row.glyphs.first());
            let baseline = text.pos.y + glyph.map_or(0.0, |glyph| glyph.pos.y);
            let size = text.galley.job.sections.first().map_or(0.0, |section| section.format.font_id.size);
            let place = [f64::from(text.pos.x), f64::from(baseline), f64::from(size)];
            painted.texts.push((text.fallback_color, text.galley.text().to_owned(), place));
        }
        shape => panic!("no painter makes {shape:?}"),
    }
}

/// Along the upper line of a band, and back along the lower one.
fn band(mesh: &Mesh) -> (eframe::egui::Color32, Vec<[f64; 2]>) {
    let upper = mesh.vertices.iter().step_by(2);
    let lower = mesh.vertices.iter().skip(1).step_by(2).rev();
    (mesh.vertices[0].color, upper.chain(lower).map(|vertex| at(vertex.pos)).collect())
}

/// Rectangles, and whether the lines of a pattern come after them.
fn rects(mesh: &Mesh, painted: &mut Painted) {
    for corners in mesh.vertices.chunks_exact(4) {
        let (rect, colour) = (Rect::from_points(&[corners[0].pos, corners[3].pos]), corners[0].color);
        let is_line = |(below, hatched, [x, y, end, foot]): &mut (_, bool, [f64; 4])| {
            let below: &eframe::egui::Color32 = below;
            let within = Rect::from_x_y_ranges(*x as f32..=*end as f32, *y as f32..=*foot as f32).expand(0.01);
            let ink = [colour.r(), colour.g(), colour.b()];
            let is_ink = ink == [0; 3] || ink == [colour.a(); 3];
            let half = colour.a().abs_diff(below.a() / 2) <= 1;
            let line = within.contains_rect(rect) && rect.size().min_elem() <= 1.01 && is_ink && half;
            *hatched |= line;
            line
        };
        if !painted.rects.last_mut().is_some_and(is_line) {
            painted.rects.push((colour, false, edges(rect)));
        }
    }
}
