//! What the colours of a timeline mean; a click on one draws it faint.

mod items;
#[cfg(test)]
mod tests;

use super::timeline::{Filter, Shade};
use crate::state::Look;
use eframe::egui::{
    Color32, FontId, Id, Rect, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, Vec2, WidgetInfo, text::LayoutJob,
    text::TextFormat, vec2,
};
use egui_material_icons::icons::ICON_INFO;
use items::{Item, Swatch};
use model::{MainKind, Phase, Run, SlicesSource, State, StatesSource};
use scene::timeline::Index;
use std::sync::Arc;

const LINE: f32 = 18.0;
const SWATCH: f32 = 10.0;
const GAP: f32 = 5.0;
/// Between an item and the next.
const APART: f32 = 12.0;

/// What the launcher does that has a tick.
const MAIN_TICKS: [MainKind; 3] = [MainKind::JoinTimeout, MainKind::StartAgain, MainKind::Abandon];

/// What there is to explain, of all runs that are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// In the order of [`Phase::ALL`].
    phases: [bool; Phase::ALL.len()],
    /// By [`State::index`].
    states: [bool; State::COUNT],
    ticks: Vec<MainKind>,
    /// Somebody was left running.
    left: bool,
    looks_per_second: Option<f64>,
    /// A run's states are had in another way than by switch records.
    inexact: bool,
    /// Something may be in its target of which it is not known what it did there.
    unseen: bool,
    /// Of a run that was measured it can't be told what its executions did: none is in the colour of *in the target*.
    untold: bool,
    /// Of another it can, or need not.
    told: bool,
    lanes: u32,
    /// A run's slices are sampled.
    sampled_slices: bool,
    /// A run has slices.
    slices: bool,
}

impl Legend {
    /// Takes in what a shown run has.
    pub fn add(&mut self, run: &Run, index: &Index) {
        Phase::ALL.into_iter().for_each(|phase| self.phases[phase as usize] |= run.has_phase(phase));
        State::ALL.into_iter().for_each(|state| self.states[state.index()] |= index.profiles().has(state));
        let ticks = MAIN_TICKS.into_iter().filter(|kind| !self.ticks.contains(kind) && index.has_tick(*kind));
        self.left |= index.has_left();
        self.ticks.extend(ticks.collect::<Vec<_>>());
        let looked = !index.profiles().is_empty();
        let reached = run.sampling.map(|sampling| sampling.reached_hz).filter(|_| looked);
        self.looks_per_second = self.looks_per_second.into_iter().chain(reached).reduce(f64::min);
        self.inexact |= looked && run.states_source != Some(StatesSource::SwitchRecords);
        let cut_off = run.end.is_none() || run.executions.iter().any(|execution| execution.failed());
        self.untold |= index.profiles().looked() && !looked;
        self.told |= run.has_phase(Phase::InTarget) && (looked || !index.profiles().looked());
        self.unseen |= looked && (cut_off || run.states_source != Some(StatesSource::SwitchRecords));
        self.lanes = self.lanes.max(index.lanes());
        self.slices |= !run.slices.is_empty();
        self.sampled_slices |= run.slices_source == Some(SlicesSource::Sampled);
    }

    /// The height of the legend over the width that there is.
    pub fn height(&self, ui: &Ui, look: &Look) -> f32 {
        self.flow(ui, look).last().map_or(LINE, |place| place.at.y + LINE)
    }

    /// Shows a swatch and a word for each colour. What can be switched off is a box to tick; *all* brings everything back.
    pub fn show(&self, ui: &mut Ui, look: &mut Look) {
        let places = self.flow(ui, look);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), self.height(ui, look)), Sense::hover());
        for place in places {
            let at = Rect::from_min_size(rect.min + place.at, vec2(place.width, LINE));
            place.show(ui, at, &mut look.filter);
        }
    }

    /// Every item at its place, from left to right and then a line lower.
    fn flow(&self, ui: &Ui, look: &Look) -> Vec<Place> {
        let items = if look.by_core { self.core_items() } else { self.lane_items() };
        let font = TextStyle::Small.resolve(ui.style());
        let mut next = Vec2::ZERO;
        let place = |item: Item| {
            let color = ui.visuals().text_color();
            let words = ui.painter().layout_no_wrap(item.text.clone(), font.clone(), color).size().x;
            let mark = if item.swatch == Swatch::None { 0.0 } else { SWATCH + GAP };
            let width = mark + words.ceil() + 1.0;
            if next.x > 0.0 && next.x + width > ui.available_width() {
                next = vec2(0.0, next.y + LINE);
            }
            let at = next;
            next.x += width + APART;
            Place { at, width, item }
        };
        items.into_iter().map(place).collect()
    }
}

/// An item of the legend, on the way to the screen.
struct Place {
    at: Vec2,
    width: f32,
    item: Item,
}

impl Place {
    fn show(self, ui: &Ui, at: Rect, filter: &mut Filter) {
        let id = Id::unique(("legend", &self.item.text));
        match (self.item.shade, self.item.all) {
            (Some(shade), _) => self.tick_box(ui, at, id, shade, filter),
            (None, true) => self.all(ui, at, id, filter),
            (None, false) => self.words(ui, at, id),
        }
    }

    /// A colour that can be switched off.
    fn tick_box(&self, ui: &Ui, at: Rect, id: Id, shade: Shade, filter: &mut Filter) {
        let response = ui.interact(at, id, Sense::click());
        if response.clicked() {
            filter.toggle(shade);
        }
        let off = filter.is_off(shade);
        let name = &self.item.text;
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, !off, name));
        let strong = response.hovered() || response.has_focus();
        self.draw(ui, at, off, if strong { ui.visuals().strong_text_color() } else { ui.visuals().weak_text_color() });
        if response.has_focus() {
            let ring = Stroke::new(1.0, ui.visuals().selection.stroke.color);
            ui.painter().rect_stroke(at.expand2(vec2(3.0, 0.0)), 2.0, ring, StrokeKind::Inside);
        }
        response.on_hover_text(if off { "Click to draw it in full again" } else { "Click to draw it faint" });
    }

    /// The way back, seen only where there is one; its place is kept, so that nothing moves.
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

    fn words(&self, ui: &Ui, at: Rect, id: Id) {
        let response = ui.interact(at, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &self.item.text));
        self.draw(ui, at, false, ui.visuals().weak_text_color());
        if let Some(more) = self.item.more {
            response.on_hover_text(more);
        }
    }

    fn draw(&self, ui: &Ui, at: Rect, off: bool, color: Color32) {
        let mark = Rect::from_center_size(at.left_center() + vec2(SWATCH / 2.0, 0.0), Vec2::splat(SWATCH));
        self.item.swatch.draw(ui, mark, off);
        let left = if self.item.swatch == Swatch::None { at.left() } else { mark.right() + GAP };
        let font = TextStyle::Small.resolve(ui.style());
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(line(&self.item.text, font, color, off)));
        let top = at.center().y - galley.size().y / 2.0;
        ui.painter().galley(eframe::egui::pos2(left, top), Arc::clone(&galley), color);
    }
}

/// A line of text, struck through where it is off.
fn line(text: &str, font_id: FontId, color: Color32, off: bool) -> LayoutJob {
    let strikethrough = if off { Stroke::new(1.0, color) } else { Stroke::NONE };
    LayoutJob::single_section(text.to_owned(), TextFormat { font_id, color, strikethrough, ..TextFormat::default() })
}
