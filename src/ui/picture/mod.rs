//! Paints a picture with egui, and tells what lies under the pointer.

mod paint;

use eframe::egui::{
    Color32, Context, CursorIcon, FontId, Id, Mesh, Pos2, Rect, Response, Role, Sense, Shape as Drawn, TextStyle, Ui,
    Vec2, Visuals, WidgetInfo, pos2, text::LayoutJob, text::TextWrapping, vec2,
};
use paint::Painter;
use scene::{
    palette::Rgb,
    picture::{About, Area, KEY, Picture, Place, Region, Ruler, Theme},
};
use std::{rc::Rc, sync::Arc};

/// Most texts of a picture are so high, in its own units; small texts of the window are drawn for them.
const TEXT: f64 = 15.0;
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
    // The last first: they are taken from the end.
    let large = drawn.iter().rev().filter_map(|drawn| match drawn {
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
