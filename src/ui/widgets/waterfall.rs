//! What an execution costs from launch to join: a row for each step, in it a bar for each setting that begins where the
//! setting's last step ended; and bars of memory.

use super::{curve, timeline::sample};
use crate::{
    scene::{
        palette::{self, Rgb},
        waterfall::{Bar, Drawing, MemoryBar, Piece, Row},
    },
    ui::theme,
};
use eframe::egui::{
    Color32, FontId, Galley, Rect, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2,
    text::{LayoutJob, TextWrapping},
    vec2,
};
use std::sync::Arc;

/// Height of a row's name, of a bar, and what lies between.
const NAME: f32 = 17.0;
const BAR: f32 = 13.0;
const BETWEEN: f32 = 3.0;
const APART: f32 = 7.0;
const AXIS: f32 = 18.0;
/// The least width of a bar, so that a step that is there is seen.
const LEAST: f32 = 2.0;
/// How much is seen of a bar of executions whose states are not known.
const PALE: f32 = 0.45;

/// Where bars and texts are.
struct Places {
    left: f32,
    right: f32,
    end: f32,
    end_ns: f64,
}

impl Places {
    fn x(&self, ns: f64) -> f32 {
        self.left + (ns / self.end_ns.max(1.0)).clamp(0.0, 1.0) as f32 * (self.right - self.left)
    }
}

/// Shows the steps over the width that there is; `colors` are those of the settings' names.
pub fn steps(ui: &mut Ui, drawing: &Drawing, colors: &[Color32]) {
    let heights: Vec<f32> = drawing.rows.iter().map(row_height).collect();
    let size = vec2(ui.available_width(), heights.iter().sum());
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let places = places(ui, rect, drawing);
    let ground = Rect::from_x_y_ranges(places.left..=places.right, rect.y_range());
    ui.painter().rect_filled(ground, 2.0, ui.visuals().faint_bg_color);
    curve::grid(ui, ground, drawing.end_ns.ceil() as u64);
    steps_down(ui, rect.top(), &places, drawing);
    let mut top = rect.top();
    for (row, height) in drawing.rows.iter().zip(&heights) {
        self::row(ui, rect.left(), top, &places, row, colors);
        top += height;
    }
    let (rect, _) = ui.allocate_exact_size(vec2(size.x, AXIS), Sense::hover());
    let plot = Rect::from_x_y_ranges(places.left..=places.right, rect.y_range().expand(-2.0));
    curve::labels(ui, plot, drawing.end_ns.ceil() as u64);
}

fn places(ui: &Ui, rect: Rect, drawing: &Drawing) -> Places {
    let bars = || drawing.rows.iter().flat_map(|row| &row.bars);
    let width = |text: &str| small(ui, text, Color32::WHITE, f32::INFINITY).size().x;
    let names = bars().map(|bar| width(&bar.name)).fold(0.0, f32::max);
    let labels = bars().map(|bar| width(&beside(bar))).fold(0.0, f32::max);
    let left = rect.left() + (names + 10.0).min(rect.width() * 0.3);
    let right = (rect.right() - (labels + 8.0).min(rect.width() * 0.5)).max(left + 1.0);
    Places { left, right, end: rect.right(), end_ns: drawing.end_ns }
}

fn row_height(row: &Row) -> f32 {
    NAME + row.bars.len() as f32 * (BAR + BETWEEN) - BETWEEN + APART
}

/// A thin line from the end of each bar to the beginning of the setting's next one.
fn steps_down(ui: &Ui, top: f32, places: &Places, drawing: &Drawing) {
    let mut ends: Vec<(usize, f32, f32)> = Vec::new();
    let stroke = Stroke::new(1.0, ui.visuals().weak_text_color().gamma_multiply(0.7));
    let mut top = top;
    for row in drawing.rows.iter().rev().skip(1).rev() {
        for (at, bar) in row.bars.iter().enumerate() {
            let bar_top = top + NAME + at as f32 * (BAR + BETWEEN);
            if let Some((_, x, end)) = ends.iter().find(|(setting, ..)| *setting == bar.setting) {
                ui.painter().vline(*x, *end..=bar_top, stroke);
            }
            ends.retain(|(setting, ..)| *setting != bar.setting);
            ends.push((bar.setting, places.x(bar.ends().1), bar_top + BAR));
        }
        top += row_height(row);
    }
}

fn row(ui: &Ui, left: f32, top: f32, places: &Places, row: &Row, colors: &[Color32]) {
    let name = small(ui, row.name, ui.visuals().strong_text_color(), f32::INFINITY);
    let mut x = left + name.size().x + 14.0;
    ui.painter().galley(pos2(left, top), name, Color32::WHITE);
    for (color, word) in &row.kinds {
        x += kind(ui, pos2(x, top), *color, word);
    }
    for (at, bar) in row.bars.iter().enumerate() {
        let top = top + NAME + at as f32 * (BAR + BETWEEN);
        let line = Rect::from_min_max(pos2(left, top), pos2(places.end, top + BAR));
        let color = colors.get(bar.setting).copied().unwrap_or(ui.visuals().text_color());
        self::bar(ui, line, places, bar, color);
        let id = ui.scope_id().with(("waterfall", row.name, bar.setting));
        let response = ui.interact(line.expand2(vec2(0.0, BETWEEN / 2.0)), id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, spoken(bar)));
        response.on_hover_text_at_pointer(spoken(bar));
    }
}

/// The width of a swatch and its word.
fn kind(ui: &Ui, at: eframe::egui::Pos2, color: Rgb, word: &str) -> f32 {
    let swatch = Rect::from_min_size(at + vec2(0.0, 3.0), vec2(9.0, 9.0));
    sample(ui, swatch, (color, 1.0), palette::pattern(color));
    let galley = small(ui, word, ui.visuals().weak_text_color(), f32::INFINITY);
    let width = galley.size().x;
    ui.painter().galley(at + vec2(13.0, 0.0), galley, Color32::WHITE);
    13.0 + width + 12.0
}

fn bar(ui: &Ui, line: Rect, places: &Places, bar: &Bar, color: Color32) {
    let middle = |galley: &Galley| line.center().y - galley.size().y / 2.0;
    let name = small(ui, &bar.name, theme::line(color, ui.visuals()), places.left - line.left() - 8.0);
    let at = pos2(line.left(), middle(&name));
    ui.painter().galley(at, name, Color32::WHITE);
    for piece in bar.pieces.iter().filter(|piece| piece.to_ns > piece.from_ns) {
        let strength = if piece.pale { PALE } else { 1.0 };
        sample(ui, part(line, places, piece), (piece.color, strength), palette::pattern(piece.color));
    }
    let (from, to) = bar.ends();
    let x = places.x(to).max(places.x(from) + LEAST) + 6.0;
    let value = small(ui, &bar.value, ui.visuals().strong_text_color(), f32::INFINITY);
    let apart = bar.apart.as_deref().unwrap_or_default();
    let gap = if apart.is_empty() { 0.0 } else { 8.0 };
    let room = (places.end - x - value.size().x - gap).max(8.0);
    let apart = small(ui, apart, ui.visuals().weak_text_color(), room);
    // The lines of other bars and of the axis end at the text.
    let texts = Rect::from_min_size(pos2(x - 2.0, line.top()), vec2(value.size().x + gap + apart.size().x + 4.0, BAR));
    let ground = texts.intersect(Rect::from_x_y_ranges(places.left..=places.right, line.y_range()));
    if ground.is_positive() {
        ui.painter().rect_filled(ground, 0.0, ui.visuals().extreme_bg_color);
        ui.painter().rect_filled(ground, 0.0, ui.visuals().faint_bg_color);
    }
    let apart_at = pos2(x + value.size().x + gap, middle(&apart));
    ui.painter().galley(pos2(x, middle(&value)), value, Color32::WHITE);
    ui.painter().galley(apart_at, apart, Color32::WHITE);
}

fn part(line: Rect, places: &Places, piece: &Piece) -> Rect {
    let from = places.x(piece.from_ns);
    let to = places.x(piece.to_ns).max(from + LEAST);
    Rect::from_x_y_ranges(from..=to, line.y_range())
}

/// Shows the memory of each setting.
pub fn memory(ui: &mut Ui, bars: &[MemoryBar], colors: &[Color32]) {
    let most = bars.iter().map(|bar| bar.bytes).fold(1.0, f64::max);
    let width = |text: &str| small(ui, text, Color32::WHITE, f32::INFINITY).size().x;
    let names = bars.iter().map(|bar| width(&bar.name)).fold(0.0, f32::max);
    let texts = bars.iter().map(|bar| width(&bar.text)).fold(0.0, f32::max);
    for bar in bars {
        let (line, response) = ui.allocate_exact_size(vec2(ui.available_width(), BAR), Sense::hover());
        let words = format!("Memory, {}: {}", bar.name, bar.text);
        response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, &words));
        let color = colors.get(bar.setting).copied().unwrap_or(ui.visuals().text_color());
        let left = line.left() + (names + 10.0).min(line.width() * 0.3);
        let room = line.right() - left;
        let length = (bar.bytes / most) as f32 * (room - texts - 8.0).max(room * 0.15);
        let middle = |galley: &Galley| line.center().y - galley.size().y / 2.0;
        let name = small(ui, &bar.name, theme::line(color, ui.visuals()), left - line.left() - 8.0);
        ui.painter().galley(pos2(line.left(), middle(&name)), name, Color32::WHITE);
        let filled = Rect::from_min_size(pos2(left, line.top()), vec2(length.max(LEAST), BAR));
        ui.painter().rect_filled(filled, 0.0, color);
        let text = small(ui, &bar.text, ui.visuals().text_color(), (room - length - 8.0).max(8.0));
        ui.painter().galley(pos2(filled.right() + 6.0, middle(&text)), text, Color32::WHITE);
        response.on_hover_text_at_pointer(words);
    }
}

/// All that is known of a bar.
fn spoken(bar: &Bar) -> String {
    match &bar.apart {
        Some(apart) => format!("{} · {apart}", bar.details),
        None => bar.details.clone(),
    }
}

/// All that stands beside a bar.
fn beside(bar: &Bar) -> String {
    bar.apart.as_ref().map_or_else(|| bar.value.clone(), |apart| format!("{}    {apart}", bar.value))
}

/// A small text in one line, cut where there is no room.
fn small(ui: &Ui, text: &str, color: Color32, most: f32) -> Arc<Galley> {
    let font: FontId = TextStyle::Small.resolve(ui.style());
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(most);
    ui.painter().layout_job(job)
}
