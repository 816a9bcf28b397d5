//! What an execution costs from launch to join. Each step is a row with a bar for each setting; the bar begins where
//! the setting's step before ended. Below them is the memory.

use super::axis::TimeAxis;
use crate::{
    palette,
    picture::{Area, Picture, Style, mix},
    waterfall::{Bar, BarPart, Drawing, MemoryBar, StepRow},
};
use model::Setting;

/// The heights of a row's name and of a bar, and the gaps between bars and between rows.
const NAME: f64 = 24.0;
const BAR: f64 = 20.0;
const BETWEEN: f64 = 4.0;
const APART: f64 = 12.0;
/// The strength of a pale bar's colour.
const PALE: f64 = 0.4;
/// The size of texts beside bars.
const TEXT: f64 = 15.0;
/// The least width of a bar, so that every step is visible.
const LEAST: f64 = 2.0;

/// A waterfall between two edges of a picture.
pub struct WaterfallChart<'a> {
    picture: &'a mut Picture,
    edges: (f64, f64),
    axis: TimeAxis,
    settings: &'a [Setting],
}

impl<'a> WaterfallChart<'a> {
    /// A chart to be drawn; `settings` are those of its bars.
    pub fn new(picture: &'a mut Picture, edges: (f64, f64), drawing: &Drawing, settings: &'a [Setting]) -> Self {
        let style = Style::new(TEXT, picture.theme.ink);
        let widest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max);
        let bars = || drawing.rows.iter().flat_map(|row| &row.bars);
        let names = widest(&mut bars().map(|bar| picture.text_width(style, &bar.name)));
        let labels = widest(&mut bars().map(|bar| picture.text_width(style, &beside(bar))));
        let most = edges.1 - edges.0;
        let left = edges.0 + (names + 12.0).min(most * 0.3);
        let right = edges.1 - (labels + 10.0).min(most * 0.5);
        let axis = TimeAxis::new(drawing.end_ns.ceil() as u64, left, right);
        Self { picture, edges, axis, settings }
    }

    /// Draws the rows of steps and their axis; returns the lower end.
    pub fn steps(&mut self, y: f64, drawing: &Drawing) -> f64 {
        let heights: Vec<f64> = drawing.rows.iter().map(row_height).collect();
        let bottom = y + heights.iter().sum::<f64>();
        self.ground(y, bottom);
        self.axis.grid(self.picture, y, bottom);
        self.steps_down(y, drawing);
        let mut top = y;
        for (row, height) in drawing.rows.iter().zip(&heights) {
            self.row(top, row);
            top += height;
        }
        self.axis.draw_as(self.picture, bottom, "time since the launch call, on average")
    }

    fn ground(&mut self, top: f64, bottom: f64) {
        let ground = Area { x: self.axis.left, y: top, w: self.axis.right - self.axis.left, h: bottom - top };
        self.picture.rect(ground, self.picture.theme.row);
    }

    /// Draws a thin line from the end of each bar to the beginning of the setting's next bar.
    fn steps_down(&mut self, y: f64, drawing: &Drawing) {
        let mut ends: Vec<Option<(f64, f64)>> = vec![None; self.settings.len()];
        let colour = mix(self.picture.theme.muted, self.picture.theme.row, 0.35);
        let mut top = y;
        let steps = drawing.rows.len().saturating_sub(1);
        for row in &drawing.rows[..steps] {
            for (at, bar) in row.bars.iter().enumerate() {
                let (from, to) = bar.ends();
                let bar_top = top + NAME + at as f64 * (BAR + BETWEEN);
                if let Some((x, end)) = ends[bar.setting] {
                    self.picture.line((x, end), (x, bar_top), colour, 1.0);
                }
                let x = self.axis.x(to).max(self.axis.x(from));
                ends[bar.setting] = Some((x, bar_top + BAR));
            }
            top += row_height(row);
        }
    }

    fn row(&mut self, y: f64, row: &StepRow) {
        self.picture.open("step", Some(row.name));
        // The step's name begins at the left edge, above the names of settings and the bars.
        let bold = Style::new(16.0, self.picture.theme.ink).bold();
        self.picture.text(self.edges.0, y + 17.0, bold, row.name);
        self.kinds(self.edges.0 + self.picture.text_width(bold, row.name) + 18.0, y + 17.0, row);
        for (at, bar) in row.bars.iter().enumerate() {
            let top = y + NAME + at as f64 * (BAR + BETWEEN);
            self.picture.open("bar", Some(&told(bar)));
            self.name(top, bar.setting, &bar.name);
            bar.pieces.iter().for_each(|piece| self.piece(top, piece));
            let (from, to) = bar.ends();
            self.label(self.axis.x(to).max(self.axis.x(from) + LEAST) + 8.0, top, bar);
            self.picture.close();
        }
        self.picture.close();
    }

    /// Draws the meanings of the colours of a row's parts.
    fn kinds(&mut self, mut x: f64, baseline: f64, row: &StepRow) {
        let style = Style::new(14.0, self.picture.theme.muted);
        for (colour, word) in &row.kinds {
            self.picture.rect(Area { x, y: baseline - 10.0, w: 10.0, h: 10.0 }, *colour);
            self.picture.text(x + 15.0, baseline, style, word);
            x += 15.0 + self.picture.text_width(style, word) + 16.0;
        }
    }

    fn name(&mut self, top: f64, setting: usize, name: &str) {
        let accent = self.settings.get(setting).map_or(palette::GREY, |setting| palette::accent(setting.mode));
        let style = Style::new(TEXT, self.picture.theme.readable(accent));
        let name = self.picture.ruler.fit(name, TEXT, false, self.axis.left - self.edges.0 - 8.0);
        self.picture.text(self.edges.0, top + 15.0, style, &name);
    }

    fn piece(&mut self, top: f64, piece: &BarPart) {
        // A step that took no time has no bar.
        if piece.to_ns <= piece.from_ns {
            return;
        }
        let (from, to) = (self.axis.x(piece.from_ns), self.axis.x(piece.to_ns));
        let area = Area { x: from, y: top, w: (to - from).max(LEAST), h: BAR };
        self.picture.marked(area, piece.color, if piece.pale { PALE } else { 1.0 });
    }

    fn label(&mut self, x: f64, top: f64, bar: &Bar) {
        let ink = Style::new(TEXT, self.picture.theme.ink);
        // Keeps the lines of other bars and of the axis off the text.
        let ground = Area { x: x - 3.0, y: top, w: self.picture.text_width(ink, &beside(bar)) + 6.0, h: BAR };
        let ground = Area { w: ground.w.min(self.axis.right - ground.x).max(0.0), ..ground };
        self.picture.rect(ground, self.picture.theme.row);
        self.picture.text(x, top + 15.0, ink, &bar.value);
        if let Some(apart) = &bar.apart {
            let x = x + self.picture.text_width(ink, &bar.value) + 10.0;
            let room = (self.edges.1 - x).max(0.0);
            let apart = self.picture.ruler.fit(apart, TEXT, false, room);
            self.picture.text(x, top + 15.0, Style::new(TEXT, self.picture.theme.muted), &apart);
        }
    }

    /// Draws the memory of each setting; returns the lower end.
    pub fn memory(&mut self, y: f64, bars: &[MemoryBar]) -> f64 {
        let most = bars.iter().map(|bar| bar.bytes).fold(1.0, f64::max);
        let style = Style::new(TEXT, self.picture.theme.ink);
        let texts = bars.iter().map(|bar| self.picture.text_width(style, &bar.text)).fold(0.0, f64::max);
        let room = self.edges.1 - self.axis.left;
        let scale = (room - texts - 12.0).max(room * 0.15);
        self.picture.open("memory", None);
        let mut top = y;
        for bar in bars {
            self.picture.open("bar", Some(&format!("Memory, {}: {}", bar.name, bar.text)));
            self.name(top, bar.setting, &bar.name);
            let width = (bar.bytes / most * scale).max(LEAST);
            let accent = self.settings.get(bar.setting).map_or(palette::GREY, |setting| palette::accent(setting.mode));
            self.picture.rect(Area { x: self.axis.left, y: top, w: width, h: BAR }, accent);
            let text = self.picture.ruler.fit(&bar.text, TEXT, false, (room - width - 8.0).max(0.0));
            self.picture.text(self.axis.left + width + 8.0, top + 15.0, style, &text);
            self.picture.close();
            top += BAR + BETWEEN;
        }
        self.picture.close();
        top + 8.0
    }
}

fn row_height(row: &StepRow) -> f64 {
    NAME + row.bars.len() as f64 * (BAR + BETWEEN) - BETWEEN + APART
}

/// Everything known of a bar, in words.
fn told(bar: &Bar) -> String {
    bar.apart.as_ref().map_or_else(|| bar.details.clone(), |apart| format!("{} · {apart}", bar.details))
}

/// The text beside a bar.
fn beside(bar: &Bar) -> String {
    // The blanks are about as wide as the gap between the two texts.
    bar.apart.as_ref().map_or_else(|| bar.value.clone(), |apart| format!("{}    {apart}", bar.value))
}
