//! The legend of a timeline; a click on a colour draws it faint.

#[cfg(test)]
mod tests;

use crate::{picture, state::TimelineLook};
use eframe::egui::{
    Align2, Color32, FontId, Id, Rect, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, Vec2, WidgetInfo,
    text::LayoutJob, text::TextFormat, vec2,
};
use egui_material_icons::icons::ICON_INFO;
use scene::{
    charts::legend::{Legend, LegendItem, Swatch},
    picture::Area,
    timeline::{Filter, Shade},
};
use std::sync::Arc;

const LINE: f32 = 18.0;
const SWATCH: f32 = 10.0;
const GAP: f32 = 5.0;
/// The gap between items.
const APART: f32 = 12.0;

/// The height of the legend over the available width.
pub fn height(ui: &Ui, legend: &Legend, look: &TimelineLook) -> f32 {
    flow(ui, legend, look).last().map_or(LINE, |place| place.at.y + LINE)
}

/// Shows a swatch and a word for each colour. A colour that can be switched off is a tick box; *all* switches
/// everything on again.
pub fn show(ui: &mut Ui, legend: &Legend, look: &mut TimelineLook) {
    let places = flow(ui, legend, look);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height(ui, legend, look)), Sense::hover());
    for place in places {
        let at = Rect::from_min_size(rect.min + place.at, vec2(place.width, LINE));
        place.show(ui, at, &mut look.filter);
    }
}

/// Every entry with its place, from left to right and line by line.
fn flow(ui: &Ui, legend: &Legend, look: &TimelineLook) -> Vec<Place> {
    let mut entries: Vec<Entry> =
        if look.by_core { legend.core_items() } else { legend.lane_items() }.into_iter().map(Entry::Item).collect();
    entries.extend((!look.by_core).then_some(Entry::All));
    let font = TextStyle::Small.resolve(ui.style());
    let mut next = Vec2::ZERO;
    let place = |entry: Entry| {
        let color = ui.visuals().text_color();
        let words = ui.painter().layout_no_wrap(entry.text().to_owned(), font.clone(), color).size().x;
        let mark = if entry.swatch() == Swatch::None { 0.0 } else { SWATCH + GAP };
        let width = mark + words.ceil() + 1.0;
        if next.x > 0.0 && next.x + width > ui.available_width() {
            next = vec2(0.0, next.y + LINE);
        }
        let at = next;
        next.x += width + APART;
        Place { at, width, entry }
    };
    entries.into_iter().map(place).collect()
}

/// An entry of the legend.
enum Entry {
    Item(LegendItem),
    /// Switches everything on again.
    All,
}

impl Entry {
    fn text(&self) -> &str {
        match self {
            Self::Item(item) => &item.text,
            Self::All => "all",
        }
    }

    fn swatch(&self) -> Swatch {
        match self {
            Self::Item(item) => item.swatch,
            Self::All => Swatch::None,
        }
    }
}

/// An entry with its place.
struct Place {
    at: Vec2,
    width: f32,
    entry: Entry,
}

impl Place {
    fn show(self, ui: &Ui, at: Rect, filter: &mut Filter) {
        let id = Id::unique(("legend", self.entry.text()));
        match &self.entry {
            Entry::Item(LegendItem { shade: Some(shade), .. }) => self.tick_box(ui, at, id, *shade, filter),
            Entry::Item(item) => self.words(ui, at, id, item),
            Entry::All => self.all(ui, at, id, filter),
        }
    }

    /// Shows a colour that can be switched off.
    fn tick_box(&self, ui: &Ui, at: Rect, id: Id, shade: Shade, filter: &mut Filter) {
        let response = ui.interact(at, id, Sense::click());
        if response.clicked() {
            filter.toggle(shade);
        }
        let off = filter.is_off(shade);
        let name = self.entry.text();
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, !off, name));
        let strong = response.hovered() || response.has_focus();
        self.draw(ui, at, off, if strong { ui.visuals().strong_text_color() } else { ui.visuals().weak_text_color() });
        if response.has_focus() {
            let ring = Stroke::new(1.0, ui.visuals().selection.stroke.color);
            ui.painter().rect_stroke(at.expand2(vec2(3.0, 0.0)), 2.0, ring, StrokeKind::Inside);
        }
        response.on_hover_text(if off { "Click to draw it in full again" } else { "Click to draw it faint" });
    }

    /// Shows *all* where something is switched off. Its place is always kept, so that nothing moves.
    fn all(&self, ui: &Ui, at: Rect, id: Id, filter: &mut Filter) {
        if !filter.any() {
            return;
        }
        let response = ui.interact(at, id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Show all colours"));
        let strong = response.hovered() || response.has_focus();
        let color = if strong { ui.visuals().strong_text_color() } else { ui.visuals().hyperlink_color };
        self.draw(ui, at, false, color);
        if response.clicked() {
            *filter = Filter::default();
        }
        response.on_hover_text("Draw everything in full again");
    }

    fn words(&self, ui: &Ui, at: Rect, id: Id, item: &LegendItem) {
        let response = ui.interact(at, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &item.text));
        self.draw(ui, at, false, ui.visuals().weak_text_color());
        if let Some(more) = item.more {
            response.on_hover_text(more);
        }
    }

    fn draw(&self, ui: &Ui, at: Rect, off: bool, color: Color32) {
        let mark = Rect::from_center_size(at.left_center() + vec2(SWATCH / 2.0, 0.0), Vec2::splat(SWATCH));
        swatch(ui, self.entry.swatch(), mark, off);
        let left = if self.entry.swatch() == Swatch::None { at.left() } else { mark.right() + GAP };
        let font = TextStyle::Small.resolve(ui.style());
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(line(self.entry.text(), font, color, off)));
        let top = at.center().y - galley.size().y / 2.0;
        ui.painter().galley(eframe::egui::pos2(left, top), Arc::clone(&galley), color);
    }
}

/// Shows a swatch before words.
pub fn sample(ui: &mut Ui, of: Swatch) {
    let (at, _) = ui.allocate_exact_size(Vec2::splat(SWATCH), Sense::hover());
    swatch(ui, of, at, false);
}

/// Draws a swatch; hollow where it is switched off.
fn swatch(ui: &Ui, swatch: Swatch, at: Rect, off: bool) {
    if swatch == Swatch::More {
        let (text, font) = (ICON_INFO.codepoint, FontId::proportional(SWATCH + 4.0));
        ui.painter().text(at.center(), Align2::CENTER_CENTER, text, font, ui.visuals().weak_text_color());
        return;
    }
    let mut picture = picture::of_points(ui, at.width());
    let area = Area { x: 0.0, y: 0.0, w: f64::from(at.width()), h: f64::from(at.height()) };
    swatch.draw(&mut picture, area, off);
    ui.painter().extend(picture::shapes(ui, &picture, at.min));
}

/// A line of text, struck through where the entry is switched off.
fn line(text: &str, font_id: FontId, color: Color32, off: bool) -> LayoutJob {
    let strikethrough = if off { Stroke::new(1.0, color) } else { Stroke::NONE };
    LayoutJob::single_section(text.to_owned(), TextFormat { font_id, color, strikethrough, ..TextFormat::default() })
}
