//! Turns the shapes of a picture into egui's shapes.

use crate::theme::color;
use eframe::egui::{
    CornerRadius, FontId, Mesh, Pos2, Rect, Shape as Drawn, Stroke as Pen, StrokeKind, Ui, epaint::RectShape, pos2,
    vec2,
};
use scene::{
    palette::{self, Pattern},
    picture::{Area, Paint, Picture, Position, Region, Rib, Shape, Stroke, Style},
};
use std::sync::Arc;

/// How far the pointer may be from a part that can be clicked, in points.
const REACH: f32 = 5.0;

/// The place in which a picture is painted.
pub struct Painter<'a> {
    /// Gives fonts and colours.
    pub ui: &'a Ui,
    /// The upper left corner.
    pub origin: Pos2,
    /// Points in a unit.
    pub scale: f32,
    /// Meshes whose memory can be reused.
    pub spare: Vec<Arc<Mesh>>,
}

impl Painter<'_> {
    fn at(&self, (x, y): Position) -> Pos2 {
        self.origin + vec2(x as f32, y as f32) * self.scale
    }

    /// The place of an area.
    pub fn rect(&self, Area { x, y, w, h }: Area) -> Rect {
        Rect::from_min_max(self.at((x, y)), self.at((x + w, y + h)))
    }

    fn pen(&self, stroke: &Stroke) -> Pen {
        Pen::new((stroke.width as f32 * self.scale).max(1.0), color(stroke.colour))
    }

    /// The egui shapes of a picture.
    pub fn shapes(&mut self, picture: &Picture) -> Vec<Drawn> {
        let mut drawn = Vec::with_capacity(picture.shapes().len());
        picture.shapes().iter().for_each(|shape| self.shape(shape, &mut drawn));
        drawn
    }

    fn shape(&mut self, shape: &Shape, drawn: &mut Vec<Drawn>) {
        match shape {
            // Areas that only have a text on hovering are invisible.
            Shape::Rect { paint, .. } if paint.opacity == 0.0 => {}
            Shape::Rect { area, paint, radius, .. } => drawn.push(self.filled(self.rect(*area), paint, *radius)),
            Shape::Rects { rects, .. } => {
                let spare = self.spare.pop().filter(|mesh| Arc::strong_count(mesh) == 1);
                let mut mesh = spare.unwrap_or_default();
                let fresh = Arc::make_mut(&mut mesh);
                fresh.clear();
                rects.iter().for_each(|(area, paint)| patch(fresh, self.rect(*area), paint));
                drawn.push(Drawn::Mesh(mesh));
            }
            Shape::Frame { area, stroke } => {
                let (rect, pen) = (self.rect(*area), self.pen(stroke));
                drawn.push(Drawn::Rect(RectShape::stroke(rect, 0.0, pen, StrokeKind::Middle)));
            }
            Shape::Lines { places, stroke, .. } => self.lines(places, stroke, drawn),
            Shape::Bands { bands, paint, .. } => drawn.extend(bands.iter().map(|band| self.band(band, paint))),
            Shape::Convex { corners, paint, edge, .. } => {
                let corners = corners.iter().map(|place| self.at(*place)).collect();
                let edge = edge.as_ref().map_or(Pen::NONE, |edge| self.pen(edge));
                drawn.push(Drawn::convex_polygon(corners, color(paint.colour), edge));
            }
            Shape::Circle { centre, radius, fill, edge, .. } => {
                let (centre, radius) = (self.at(*centre), *radius as f32 * self.scale);
                drawn.extend(fill.map(|fill| Drawn::circle_filled(centre, radius, color(fill))));
                drawn.extend(edge.as_ref().map(|edge| Drawn::circle_stroke(centre, radius, self.pen(edge))));
            }
            Shape::Text { at, style, text } => drawn.push(self.text(*at, *style, text)),
            Shape::Open { .. } | Shape::Close => {}
        }
    }

    fn filled(&self, rect: Rect, paint: &Paint, radius: f64) -> Drawn {
        if radius == 0.0 {
            let mut mesh = Mesh::default();
            patch(&mut mesh, rect, paint);
            return Drawn::mesh(mesh);
        }
        let corners = CornerRadius::same((radius as f32 * self.scale).round() as u8);
        Drawn::rect_filled(rect, corners, color(paint.colour).gamma_multiply(paint.opacity as f32))
    }

    fn lines(&self, places: &[Position], stroke: &Stroke, drawn: &mut Vec<Drawn>) {
        let (points, pen) = (places.iter().map(|place| self.at(*place)).collect::<Vec<_>>(), self.pen(stroke));
        if let [dash, gap, ..] = stroke.dashes {
            let [dash, gap] = [dash, gap].map(|length| *length as f32 * self.scale);
            drawn.extend(Drawn::dashed_line(&points, pen, dash, gap));
        } else if let [from, to] = points[..] {
            // egui aligns a single horizontal or vertical segment to pixels.
            drawn.push(Drawn::line_segment([from, to], pen));
        } else {
            drawn.push(Drawn::line(points, pen));
        }
    }

    /// Two triangles between each rib and the next.
    fn band(&self, band: &[Rib], paint: &Paint) -> Drawn {
        let fill = color(paint.colour).gamma_multiply(paint.opacity as f32);
        let mut mesh = Mesh::default();
        for (index, rib) in (0_u32..).zip(band) {
            mesh.colored_vertex(self.at((rib.x, rib.upper)), fill);
            mesh.colored_vertex(self.at((rib.x, rib.lower)), fill);
            if index > 0 {
                let first = 2 * index - 2;
                mesh.add_triangle(first, first + 1, first + 2);
                mesh.add_triangle(first + 1, first + 2, first + 3);
            }
        }
        Drawn::mesh(mesh)
    }

    fn text(&self, at: Position, style: Style, text: &str) -> Drawn {
        let font = FontId::proportional(style.size as f32 * self.scale);
        let galley = self.ui.painter().layout_no_wrap(text.to_owned(), font, color(style.colour));
        let baseline = galley.rows.first().and_then(|row| row.glyphs.first()).map_or(0.0, |glyph| glyph.pos.y);
        let left = self.at(at).x - galley.size().x * style.anchor.share() as f32;
        Drawn::galley(pos2(left, self.at(at).y - baseline), galley, color(style.colour))
    }

    /// The part that the pointer means: the nearest clickable part within reach, else the innermost part under it.
    pub fn under<'a>(&self, regions: &'a [Region], pos: Pos2) -> Option<&'a Region> {
        let middle = |region: &Region| self.rect(region.area).center().distance(pos);
        let reached = |region: &&Region| region.about.is_some() && self.rect(region.area).distance_to_pos(pos) <= REACH;
        let near = regions.iter().filter(reached).min_by(|a, b| middle(a).total_cmp(&middle(b)));
        near.or_else(|| regions.iter().rev().find(|region| self.rect(region.area).contains(pos)))
    }

    /// Draws a ring around an area that can be clicked.
    pub fn ring(&self, area: Area) {
        let rect = self.rect(area).expand(3.0);
        let pen = Pen::new(1.5, self.ui.visuals().strong_text_color());
        let corners = CornerRadius::same((rect.size().min_elem() / 2.0) as u8);
        self.ui.painter().rect_stroke(rect, corners, pen, StrokeKind::Middle);
    }
}

/// Adds a rectangle with its pattern. The pattern's lines have fixed places on the screen, so that they run on from one
/// rectangle to the next.
fn patch(mesh: &mut Mesh, rect: Rect, &Paint { colour, opacity, pattern }: &Paint) {
    mesh.add_colored_rect(rect, color(colour).gamma_multiply(opacity as f32));
    let (across, down) = pattern.lines();
    if !across && !down {
        return;
    }
    let ink = color(palette::ink(colour)).gamma_multiply(opacity as f32 * Pattern::STRENGTH);
    let places = |from: f32, to: f32| {
        let first = (from / Pattern::STEP).ceil() as i64;
        (first..).map(|n| n as f32 * Pattern::STEP).take_while(move |at| *at < to)
    };
    let ys = places(rect.top(), rect.bottom()).filter(|_| across);
    let rows = ys.map(|y| rect.with_min_y(y).with_max_y((y + Pattern::WIDTH).min(rect.bottom())));
    let xs = places(rect.left(), rect.right()).filter(|_| down);
    let columns = xs.map(|x| rect.with_min_x(x).with_max_x((x + Pattern::WIDTH).min(rect.right())));
    rows.chain(columns).for_each(|line| mesh.add_colored_rect(line, ink));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{of_points, shapes};
    use egui_kittest::Harness;
    use scene::picture::Anchor;

    /// The egui shapes of a picture 200 points wide whose left edge is at 100.
    fn painted(draw: impl Fn(&mut Picture)) -> Vec<Drawn> {
        let mut drawn = Vec::new();
        let mut harness = Harness::new_ui(|ui| {
            let mut picture = of_points(ui, 200.0);
            draw(&mut picture);
            drawn = shapes(ui, &picture, pos2(100.0, 0.0));
        });
        harness.run();
        drop(harness);
        drawn
    }

    #[test]
    fn everything_stands_where_the_picture_says() {
        let area = Area { x: 10.0, y: 20.0, w: 30.0, h: 40.0 };
        let there = Rect::from_min_max(pos2(110.0, 20.0), pos2(140.0, 60.0));
        let near = |rect: Rect| (rect.min - there.min).length() < 1.0 && (rect.max - there.max).length() < 1.0;
        let drawn = painted(|picture| {
            picture.rect(area, [1, 2, 3]);
            picture.frame(area, [1, 2, 3], 1.0);
            let rib = |x| Rib { x, upper: 20.0, lower: 60.0 };
            picture.bands("", vec![vec![rib(10.0), rib(25.0), rib(40.0)]], Paint::of([1, 2, 3]));
            picture.lines("", vec![(10.0, 20.0), (40.0, 60.0)], Stroke::new([1, 2, 3], 1.0));
        });
        assert_eq!(drawn.len(), 4);
        assert!(drawn.iter().all(|shape| near(shape.visual_bounding_rect())), "{drawn:?}");
    }

    #[test]
    fn a_pattern_has_its_lines_within_the_bar() {
        let mut mesh = Mesh::default();
        let rect = Rect::from_min_max(pos2(10.0, 10.0), pos2(30.0, 20.0));
        patch(&mut mesh, rect, &Paint { pattern: Pattern::Bars, ..Paint::of(palette::SKY_BLUE) });
        assert_eq!(mesh.vertices.len(), 4 * (1 + 5), "the bar, and lines at 12, 16, 20, 24 and 28");
        assert!(mesh.vertices.iter().all(|vertex| rect.contains(vertex.pos)));
    }

    #[test]
    fn a_text_stands_on_its_baseline_at_its_anchor() {
        for (anchor, share) in [(Anchor::Start, 0.0), (Anchor::Middle, 0.5), (Anchor::End, 1.0)] {
            let drawn = painted(|picture| picture.text(50.0, 60.0, Style::new(12.0, [9; 3]).at(anchor), "word"));
            let [Drawn::Text(text)] = &drawn[..] else { panic!("{drawn:?}") };
            let baseline = text.pos.y + text.galley.rows[0].glyphs[0].pos.y;
            assert!((baseline - 60.0).abs() < 0.01, "{baseline}");
            assert!((text.pos.x + share * text.galley.size().x - 150.0).abs() < 0.01, "{anchor:?}");
        }
    }
}
