//! Paints a picture with egui, and shows the text of the part under the pointer.

mod paint;

use eframe::egui::{
    Color32, Context, CursorIcon, FontId, Id, Mesh, Pos2, Rect, Response, Role, Sense, Shape as Drawn, TextStyle, Ui,
    Vec2, Visuals, WidgetInfo, pos2, text::LayoutJob, text::TextWrapping, vec2,
};
use paint::Painter;
use scene::{
    palette::Rgb,
    picture::{About, Area, KEY, Picture, Position, Region, Ruler, Theme},
};
use std::{rc::Rc, sync::Arc};

/// The usual height of a picture's texts, in its own units; it is drawn as high as small texts of the window.
const TEXT: f64 = 15.0;
/// The most parts of a picture that have names for screen readers; tables tell of more.
const MOST_NAMED: usize = 200;
/// Meshes with this many vertices or more keep their memory from frame to frame.
const LARGE: usize = 4_096;

/// An empty picture as wide as there is room.
pub fn blank(ui: &Ui) -> Picture {
    let scale = scale(ui);
    let ruler = Rc::new(Fonts { ctx: ui.ctx().clone(), scale });
    Picture::new(f64::from(ui.available_width()) / scale, colours(ui.visuals()), ruler)
}

/// Shows a picture, `height` high in its own units; returns what a clicked part is about.
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
        // A whole panel, or an entry of a legend, needs no text on hovering.
        None if alone && class != KEY => drop(response.on_hover_text_at_pointer(told)),
        None => {}
    }
    about.filter(|_| clicked)
}

/// Shows a picture without texts on hovering; returns the pointer's place in it.
pub fn still(ui: &mut Ui, picture: &Picture, height: f64) -> (Response, Option<Position>) {
    let (painter, response) = painted(ui, picture, height, Sense::hover(), &picture.regions());
    let place = response.hover_pos().map(|pos| {
        let Vec2 { x, y } = (pos - painter.origin) / painter.scale;
        (f64::from(x), f64::from(y))
    });
    (response, place)
}

/// Paints a picture over the available width, and names its parts.
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

/// Gives the parts of a picture names for screen readers.
pub fn name(ui: &Ui, id: Id, regions: &[Region], place: impl Fn(Area) -> Rect) {
    for (at, region) in regions.iter().take(MOST_NAMED).enumerate() {
        let named = ui.interact(place(region.area), id.with(("part", at)), Sense::hover());
        named.widget_info(|| WidgetInfo::labeled(Role::Figure, ui.is_enabled(), &region.told));
    }
}

/// An empty picture with a width in points, from which [`shapes`] makes shapes without scaling.
pub fn of_points(ui: &Ui, width: f32) -> Picture {
    let ruler = Rc::new(Fonts { ctx: ui.ctx().clone(), scale: 1.0 });
    Picture::new(f64::from(width), colours(ui.visuals()), ruler)
}

/// The egui shapes of a picture in points, with its upper left corner at `origin`.
pub fn shapes(ui: &Ui, picture: &Picture, origin: Pos2) -> Vec<Drawn> {
    let id = ui.scope_id().with("meshes");
    // Reuses the memory of the frame before, because megabytes of fresh pages would cost as much again as filling them.
    let spare: Vec<Arc<Mesh>> = ui.data_mut(|data| data.remove_temp(id)).unwrap_or_default();
    let drawn = Painter { ui, origin, scale: 1.0, spare }.shapes(picture);
    // In reverse order, because they are taken from the end.
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

/// A rectangle of the screen as an area of a picture in points.
pub fn area(rect: Rect) -> Area {
    let [x, y, w, h] = [rect.left(), rect.top(), rect.width(), rect.height()].map(f64::from);
    Area { x, y, w, h }
}

/// An area of a picture in points as a rectangle of the screen.
pub fn rect(Area { x, y, w, h }: Area) -> Rect {
    Rect::from_min_max(pos2(x as f32, y as f32), pos2((x + w) as f32, (y + h) as f32))
}

/// A length in points as one in units of a picture.
pub fn units(ui: &Ui, points: f32) -> f64 {
    f64::from(points) / scale(ui)
}

/// Points in a unit of a picture.
fn scale(ui: &Ui) -> f64 {
    f64::from(TextStyle::Small.resolve(ui.style()).size) / TEXT
}

/// The window's colours as a picture's theme.
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

/// Measures texts in the window's font, which has no bold weight.
struct Fonts {
    ctx: Context,
    scale: f64,
}

impl Ruler for Fonts {
    fn width(&self, text: &str, size: f64, _bold: bool) -> f64 {
        // Measured at the painted size, because letters may be hinted to pixels.
        let font = FontId::proportional((size * self.scale) as f32);
        let width = self.ctx.fonts_mut(|fonts| fonts.layout_no_wrap(text.to_owned(), font, Color32::WHITE).size().x);
        f64::from(width) / self.scale
    }

    fn fit(&self, text: &str, size: f64, _bold: bool, most: f64) -> String {
        // Cut by egui in one go, because a frame of the timeline has hundreds of texts.
        let font = FontId::proportional((size * self.scale) as f32);
        let mut job = LayoutJob::simple_singleline(text.to_owned(), font, Color32::WHITE);
        job.wrap = TextWrapping::truncate_at_width((most * self.scale) as f32);
        let galley = self.ctx.fonts_mut(|fonts| fonts.layout_job(job));
        galley.rows.first().map_or_else(String::new, |row| row.text())
    }
}
