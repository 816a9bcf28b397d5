//! Who was on which core: a row for each, folded to half a unit.

use super::{
    axis::{TimeAxis, ground},
    bars::RowStrip,
    stacked::Stacked,
};
use crate::picture::{Anchor, Area, Paint, Picture, Style};
use crate::{
    palette,
    timeline::{
        ViewRect,
        core_rows::{CoreItem, core_rows, source_text},
    },
};
use model::{Run, SlicesSource};

const CAPTION: f64 = 20.0;
/// Columns of a unit.
const FOLD: f32 = 2.0;
/// The most height of all rows, where cores are very many.
const MOST: f64 = 360.0;
/// How strong the colour of a helper is between its stripes, in hundredths.
const PALE: f64 = 40.0;
/// Size of the number of a lane.
const NUMBER: f64 = 11.0;
/// The least width of a slice.
const LEAST: f64 = 0.1;
/// The width of what parts a slice from the one before.
const EDGE: f64 = 0.6;

/// How the number of a lane is written on its slices, whose colours are all pale.
fn number() -> Style {
    Style::new(NUMBER, palette::ink(palette::LANES[0])).at(Anchor::Middle)
}

/// Height of the block for a run; 0 where it has no slices.
pub fn height(run: &Run) -> f64 {
    let (cores, pitch) = grid(run);
    if cores == 0 { 0.0 } else { CAPTION + cores as f64 * pitch }
}

/// How many cores there are, and the height of each.
fn grid(run: &Run) -> (usize, f64) {
    if run.slices.is_empty() {
        return (0, 0.0);
    }
    let sampled = run.cores.iter().map(|sample| sample.busy.len()).max().unwrap_or(0);
    let cores = run.slices.cores().len().max(sampled);
    let pitch = match cores {
        0..=4 => 24.0,
        5..=8 => 18.0,
        _ => (180.0 / cores as f64).floor().clamp(2.0, 12.0).min(MOST / cores as f64),
    };
    (cores, pitch)
}

/// Draws the block from `y` on.
pub fn draw(picture: &mut Picture, axis: &TimeAxis, run: &Run, y: f64) {
    let (cores, pitch) = grid(run);
    if cores == 0 {
        return;
    }
    let how = match run.slices_source {
        Some(SlicesSource::SwitchRecords) => format!("exact {}", source_text(run)),
        _ => source_text(run),
    };
    let caption = format!("Who was on which core, {how}, in the colour of the lane; its number where there is room");
    picture.open("slices", Some(&caption));
    picture.text(axis.left, y + 14.0, Style::new(13.0, picture.theme.muted), &caption);
    let top = y + CAPTION;
    let area = Area { x: axis.left, y: top, w: axis.right - axis.left, h: cores as f64 * pitch };
    let gap = if pitch >= 10.0 { 3.0 } else { 0.0 };
    let strip = RowStrip { area, first: 0.0, last: cores as f64, gap: (0.0, gap) };
    let rows = CoreRows { axis, strip, fold: FOLD };
    rows.ground(picture);
    rows.draw(picture, run);
    rows.labels(picture, cores);
    picture.close();
}

/// Rows of cores that fill an area.
pub struct CoreRows<'a> {
    /// The axis over the area's width.
    pub axis: &'a TimeAxis,
    /// The rows.
    pub strip: RowStrip,
    /// Columns in a unit of width.
    pub fold: f32,
}

impl CoreRows<'_> {
    fn pitch(&self) -> f64 {
        self.strip.area.h / (self.strip.last - self.strip.first)
    }

    fn ground(&self, picture: &mut Picture) {
        let (pitch, below, area) = (self.pitch(), self.strip.gap.1, self.strip.area);
        if below == 0.0 {
            ground(picture, self.axis, area.y, area.h);
        } else {
            (0..self.strip.last as usize)
                .for_each(|core| ground(picture, self.axis, area.y + core as f64 * pitch, pitch - below));
        }
        self.axis.grid(picture, area.y, area.y + area.h - below);
    }

    /// Draws who was on which core.
    pub fn draw(&self, picture: &mut Picture, run: &Run) {
        let view = ViewRect {
            first_row: self.strip.first,
            last_row: self.strip.last,
            width_px: (self.axis.right - self.axis.left) as f32 * self.fold,
            height_px: self.strip.area.h as f32 * self.fold,
            ..self.axis.view()
        };
        let mut drawn = Drawn::default();
        let mut open: Option<CoreItem> = None;
        core_rows(run, &view, |item| match &mut open {
            Some(last) if goes_on(last, &item) => last.to_px = item.to_px,
            _ => {
                if let Some(item) = open.replace(item) {
                    drawn.add(self, picture, &item);
                }
            }
        });
        if let Some(item) = open {
            drawn.add(self, picture, &item);
        }
        drawn.bars.draw(picture, "");
        drawn.stripes.draw(picture, "");
        drawn.edges.draw(picture, "");
        for (x, middle, text) in &drawn.lanes {
            picture.text(*x, middle + NUMBER * 0.36, number(), text);
        }
    }

    /// Where an item is, as far as it is in the area.
    fn place(&self, item: &CoreItem) -> Area {
        let x = |px: f32| (self.axis.left + f64::from(px / self.fold)).min(self.axis.right);
        let (top, foot) = self.strip.whole(item.row, item.rows);
        let (y, foot) = self.strip.clip((top, foot.max(top + 1.0)));
        Area { x: x(item.from_px), y, w: x(item.to_px) - x(item.from_px), h: foot - y }
    }

    fn labels(&self, picture: &mut Picture, cores: usize) {
        let style = Style::new(13.0, picture.theme.muted).at(Anchor::End);
        let (x, pitch) = (self.axis.left - 10.0, self.pitch());
        if pitch >= 15.0 {
            for core in 0..cores {
                let y = self.strip.area.y + (core as f64 + 0.5) * pitch + 3.0;
                picture.text(x, y, style, &format!("core {core}"));
            }
        } else {
            picture.text(x, self.strip.area.y + self.strip.area.h / 2.0 + 4.5, style, &format!("{cores} cores"));
        }
    }
}

fn goes_on(last: &CoreItem, item: &CoreItem) -> bool {
    let touches = last.row == item.row && (item.from_px - last.to_px).abs() < 0.01;
    touches && !item.edge && (last.who, last.lane, percent(last)) == (item.who, item.lane, percent(item))
}

/// The share in hundredths; what is there shows at least a little.
fn percent(item: &CoreItem) -> u8 {
    (item.share * 100.0).round().max(8.0) as u8
}

/// What is drawn, by height.
#[derive(Default)]
struct Drawn {
    bars: Stacked,
    stripes: Stacked,
    edges: Stacked,
    /// The lanes of slices that are wide enough, and where their middles are.
    lanes: Vec<(f64, f64, String)>,
}

impl Drawn {
    fn add(&mut self, rows: &CoreRows<'_>, picture: &Picture, item: &CoreItem) {
        let (area, colour, percent) = (rows.place(item), item.who.colour(), percent(item));
        if area.w <= 0.0 || area.h <= 0.0 {
            return;
        }
        // What is there shows, however short it is.
        let area = Area { w: area.w.max(LEAST), ..area };
        let paint = |percent: u8| Paint { opacity: f64::from(percent) / 100.0, ..Paint::of(colour) };
        if item.who.is_helper() {
            let pale = (f64::from(percent) * PALE / 100.0).max(1.0) as u8;
            self.bars.add_paint(paint(pale), area);
            let seventh = area.h / 7.0;
            for stripe in 0..3 {
                let middle = area.y + seventh * (1.5 + 2.0 * f64::from(stripe));
                let h = seventh.max(0.5);
                self.stripes.add_paint(paint(percent), Area { y: middle - h / 2.0, h, ..area });
            }
        } else {
            self.bars.add_paint(paint(percent), area);
        }
        if let Some(lane) = item.lane.filter(|_| area.h >= NUMBER) {
            let (text, style) = (lane.to_string(), number());
            if picture.text_width(style, &text) + 4.0 <= area.w {
                self.lanes.push((area.x + area.w / 2.0, area.y + area.h / 2.0, text));
            }
        }
        if item.edge {
            self.edges.add_paint(Paint::of(picture.theme.row), Area { w: EDGE, ..area });
        }
    }
}
