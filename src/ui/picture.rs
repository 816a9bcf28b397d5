//! Paints a picture with egui, and tells what lies under the pointer.

use super::theme::color;
use eframe::egui::{
    Color32, Context, CornerRadius, CursorIcon, FontId, Id, Mesh, Pos2, Rect, Response, Role, Sense, Shape as Drawn,
    Stroke as Pen, StrokeKind, TextStyle, Ui, Vec2, Visuals, WidgetInfo, epaint::RectShape, pos2, text::LayoutJob,
    text::TextWrapping, vec2,
};
use scene::{
    palette::{self, Pattern, Rgb},
    picture::{About, Area, KEY, Paint, Picture, Place, Region, Rib, Ruler, Shape, Stroke, Style, Theme},
};
use std::{rc::Rc, sync::Arc};

/// Most texts of a picture are so high, in its own units; small texts of the window are drawn for them.
const TEXT: f64 = 15.0;
/// The pointer may be so far from what can be clicked, in points.
const REACH: f32 = 5.0;
/// Parts of a picture that have names of their own for those who can't see it; of more, tables tell.
const MOST_NAMED: usize = 200;
/// Meshes of so many vertices keep their memory from frame to frame.
const LARGE: usize = 4_096;

/// An empty picture as wide as there is room.
pub fn blank(ui: &Ui) -> Picture {
    let scale = scale(ui);
    let ruler = Rc::new(Fonts { ctx: ui.ctx().clone(), scale });
    Picture::new(f64::from(ui.available_width()) / scale, colours(ui.visuals()), ruler)
}

/// Shows a picture, so high in its own units; gives what a click was on.
pub fn show(ui: &mut Ui, picture: &Picture, height: f64) -> Option<About> {
    let regions = picture.regions();
    let sense = if regions.iter().any(|region| region.about.is_some()) { Sense::click() } else { Sense::hover() };
    let (painter, response) = painted(ui, picture, height, sense, &regions);
    let pointed = response.hover_pos().and_then(|pos| painter.under(&regions, pos)).cloned();
    if let Some(Region { area, about: Some(_), .. }) = &pointed {
        painter.ring(*area);
    }
    let Region { class, told, about, alone, .. } = pointed?;
    let clicked = response.clicked();
    match about {
        Some(_) => {
            let words = format!("{told}\nA click shows it on the timeline.");
            response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text_at_pointer(words);
        }
        // A whole panel, and a key of a legend, say what they are by themselves.
        None if alone && class != KEY => drop(response.on_hover_text_at_pointer(told)),
        None => {}
    }
    about.filter(|_| clicked)
}

/// Shows a picture of which nothing is told where the pointer is; gives that place.
pub fn still(ui: &mut Ui, picture: &Picture, height: f64) -> (Response, Option<Place>) {
    let (painter, response) = painted(ui, picture, height, Sense::hover(), &picture.regions());
    let place = response.hover_pos().map(|pos| {
        let Vec2 { x, y } = (pos - painter.origin) / painter.scale;
        (f64::from(x), f64::from(y))
    });
    (response, place)
}

/// Paints a picture where there is room, and names its parts.
fn painted<'a>(
    ui: &'a mut Ui,
    picture: &Picture,
    height: f64,
    sense: Sense,
    regions: &[Region],
) -> (Painter<'a>, Response) {
    let scale = scale(ui) as f32;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height as f32 * scale), sense);
    let mut painter = Painter { ui, origin: rect.min, scale, spare: Vec::new() };
    if painter.ui.is_rect_visible(rect) {
        painter.ui.painter().extend(painter.shapes(picture));
    }
    name(painter.ui, response.id, regions, |area| painter.rect(area));
    (painter, response)
}

/// Gives the parts of a picture names for those who can't see it.
pub fn name(ui: &Ui, id: Id, regions: &[Region], place: impl Fn(Area) -> Rect) {
    for (at, region) in regions.iter().take(MOST_NAMED).enumerate() {
        let named = ui.interact(place(region.area), id.with(("part", at)), Sense::hover());
        named.widget_info(|| WidgetInfo::labeled(Role::Figure, ui.is_enabled(), &region.told));
    }
}

/// An empty picture of a width in points, of which [`shapes`] makes shapes without scaling it.
pub fn of_points(ui: &Ui, width: f32) -> Picture {
    let ruler = Rc::new(Fonts { ctx: ui.ctx().clone(), scale: 1.0 });
    Picture::new(f64::from(width), colours(ui.visuals()), ruler)
}

/// What is to be painted of a picture in points, from a place on.
pub fn shapes(ui: &Ui, picture: &Picture, origin: Pos2) -> Vec<Drawn> {
    let id = ui.scope_id().with("meshes");
    // The memory of the frame before: megabytes of fresh pages would cost as much as filling them.
    let spare: Vec<Arc<Mesh>> = ui.data_mut(|data| data.remove_temp(id)).unwrap_or_default();
    let drawn = Painter { ui, origin, scale: 1.0, spare }.shapes(picture);
    let large = drawn.iter().filter_map(|drawn| match drawn {
        Drawn::Mesh(mesh) if mesh.vertices.len() >= LARGE => Some(mesh.clone()),
        _ => None,
    });
    let large: Vec<_> = large.collect();
    if !large.is_empty() {
        ui.data_mut(|data| data.insert_temp(id, large));
    }
    drawn
}

/// A rectangle of the screen in a picture of its points.
pub fn area(rect: Rect) -> Area {
    let [x, y, w, h] = [rect.left(), rect.top(), rect.width(), rect.height()].map(f64::from);
    Area { x, y, w, h }
}

/// An area of a picture of the screen's points.
pub fn rect(Area { x, y, w, h }: Area) -> Rect {
    Rect::from_min_max(pos2(x as f32, y as f32), pos2((x + w) as f32, (y + h) as f32))
}

/// A length of the window in units of a picture.
pub fn units(ui: &Ui, points: f32) -> f64 {
    f64::from(points) / scale(ui)
}

/// Points of the window for a unit of a picture.
fn scale(ui: &Ui) -> f64 {
    f64::from(TextStyle::Small.resolve(ui.style()).size) / TEXT
}

/// The window's colours for a picture.
fn colours(visuals: &Visuals) -> Theme {
    let rgb = |color: Color32| -> Rgb { [color.r(), color.g(), color.b()] };
    let paper = visuals.extreme_bg_color;
    Theme {
        paper: rgb(paper),
        row: rgb(paper.blend(visuals.faint_bg_color)),
        grid: rgb(visuals.widgets.noninteractive.bg_stroke.color),
        ink: rgb(visuals.strong_text_color()),
        muted: rgb(visuals.weak_text_color()),
    }
}

/// Measures texts in the window's font; it has no bold one.
struct Fonts {
    ctx: Context,
    scale: f64,
}

impl Ruler for Fonts {
    fn width(&self, text: &str, size: f64, _bold: bool) -> f64 {
        // At the size in which they are painted: letters may be hinted to pixels.
        let font = FontId::proportional((size * self.scale) as f32);
        let width = self.ctx.fonts_mut(|fonts| fonts.layout_no_wrap(text.to_owned(), font, Color32::WHITE).size().x);
        f64::from(width) / self.scale
    }

    fn fit(&self, text: &str, size: f64, _bold: bool, most: f64) -> String {
        // In one go, as egui itself cuts texts: a frame of the timeline has hundreds.
        let font = FontId::proportional((size * self.scale) as f32);
        let mut job = LayoutJob::simple_singleline(text.to_owned(), font, Color32::WHITE);
        job.wrap = TextWrapping::truncate_at_width((most * self.scale) as f32);
        let galley = self.ctx.fonts_mut(|fonts| fonts.layout_job(job));
        galley.rows.first().map_or_else(String::new, |row| row.text())
    }
}

struct Painter<'a> {
    ui: &'a Ui,
    origin: Pos2,
    scale: f32,
    /// Meshes whose memory can be used again.
    spare: Vec<Arc<Mesh>>,
}

impl Painter<'_> {
    fn at(&self, (x, y): Place) -> Pos2 {
        self.origin + vec2(x as f32, y as f32) * self.scale
    }

    fn rect(&self, Area { x, y, w, h }: Area) -> Rect {
        Rect::from_min_max(self.at((x, y)), self.at((x + w, y + h)))
    }

    fn pen(&self, stroke: &Stroke) -> Pen {
        Pen::new((stroke.width as f32 * self.scale).max(1.0), color(stroke.colour))
    }

    fn shapes(&mut self, picture: &Picture) -> Vec<Drawn> {
        let mut drawn = Vec::with_capacity(picture.shapes().len());
        picture.shapes().iter().for_each(|shape| self.shape(shape, &mut drawn));
        drawn
    }

    fn shape(&mut self, shape: &Shape, drawn: &mut Vec<Drawn>) {
        match shape {
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

    fn lines(&self, places: &[Place], stroke: &Stroke, drawn: &mut Vec<Drawn>) {
        let (points, pen) = (places.iter().map(|place| self.at(*place)).collect::<Vec<_>>(), self.pen(stroke));
        if let [dash, gap, ..] = stroke.dashes {
            let [dash, gap] = [dash, gap].map(|length| *length as f32 * self.scale);
            drawn.extend(Drawn::dashed_line(&points, pen, dash, gap));
        } else if let [from, to] = points[..] {
            // One along the pixels lies on them.
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

    fn text(&self, at: Place, style: Style, text: &str) -> Drawn {
        let font = FontId::proportional(style.size as f32 * self.scale);
        let galley = self.ui.painter().layout_no_wrap(text.to_owned(), font, color(style.colour));
        let baseline = galley.rows.first().and_then(|row| row.glyphs.first()).map_or(0.0, |glyph| glyph.pos.y);
        let left = self.at(at).x - galley.size().x * style.anchor.share() as f32;
        Drawn::galley(pos2(left, self.at(at).y - baseline), galley, color(style.colour))
    }

    /// The part that the pointer means: what can be clicked where it is near, else the innermost one.
    fn under<'a>(&self, regions: &'a [Region], pos: Pos2) -> Option<&'a Region> {
        let middle = |region: &Region| self.rect(region.area).center().distance(pos);
        let reached = |region: &&Region| region.about.is_some() && self.rect(region.area).distance_to_pos(pos) <= REACH;
        let near = regions.iter().filter(reached).min_by(|a, b| middle(a).total_cmp(&middle(b)));
        near.or_else(|| regions.iter().rev().find(|region| self.rect(region.area).contains(pos)))
    }

    fn ring(&self, area: Area) {
        let rect = self.rect(area).expand(3.0);
        let pen = Pen::new(1.5, self.ui.visuals().strong_text_color());
        let corners = CornerRadius::same((rect.size().min_elem() / 2.0) as u8);
        self.ui.painter().rect_stroke(rect, corners, pen, StrokeKind::Middle);
    }
}

/// Adds a rectangle with its pattern, whose lines have their places on the screen, so that they go on from one to the next.
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
    use egui_kittest::Harness;
    use scene::picture::Anchor;

    /// What egui is given of a picture of 200 points whose corner is at 100.
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
