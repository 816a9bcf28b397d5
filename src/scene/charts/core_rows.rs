//! Who was on which core: a row for each, folded to half a unit.

use super::{
    axis::{TimeAxis, ground},
    density::Strips,
};
use crate::picture::{Anchor, Area, Picture, Style};
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
    let block = Block { axis, pitch, top, gap: if pitch >= 10.0 { 3.0 } else { 0.0 } };
    block.ground(picture, cores);
    block.rows(picture, run, cores);
    block.labels(picture, cores);
    picture.close();
}

/// Where the rows are.
struct Block<'a> {
    axis: &'a TimeAxis,
    pitch: f64,
    top: f64,
    gap: f64,
}

impl Block<'_> {
    fn ground(&self, picture: &mut Picture, cores: usize) {
        if self.gap == 0.0 {
            ground(picture, self.axis, self.top, cores as f64 * self.pitch);
        } else {
            (0..cores).for_each(|core| {
                ground(picture, self.axis, self.top + core as f64 * self.pitch, self.pitch - self.gap);
            });
        }
        self.axis.grid(picture, self.top, self.top + cores as f64 * self.pitch - self.gap);
    }

    fn rows(&self, picture: &mut Picture, run: &Run, cores: usize) {
        let view = ViewRect {
            from_ns: 0.0,
            to_ns: self.axis.end_ns,
            first_row: 0.0,
            last_row: cores as f64,
            width_px: (self.axis.right - self.axis.left) as f32 * FOLD,
            height_px: (cores as f64 * self.pitch) as f32,
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
        let thick = if open.is_some_and(|item| item.rows > 1) { 2.0 } else { 1.0 };
        let bar = (self.pitch * thick - self.gap).max(1.0);
        drawn.bars.draw(picture, "", bar);
        drawn.stripes.draw(picture, "", (bar / 7.0).max(0.5));
        drawn.edges.draw(picture, "", bar);
        for (x, middle, text) in &drawn.lanes {
            picture.text(*x, middle + NUMBER * 0.36, number(), text);
        }
    }

    /// Left edge, middle and width of an item.
    fn place(&self, item: &CoreItem) -> Area {
        let x = |px: f32| (self.axis.left + f64::from(px / FOLD)).min(self.axis.right);
        let h = f64::from(item.rows) * self.pitch - self.gap;
        Area {
            x: x(item.from_px),
            y: self.top + f64::from(item.row) * self.pitch,
            w: x(item.to_px) - x(item.from_px),
            h,
        }
    }

    fn labels(&self, picture: &mut Picture, cores: usize) {
        let style = Style::new(13.0, picture.theme.muted).at(Anchor::End);
        let x = self.axis.left - 10.0;
        if self.pitch >= 15.0 {
            for core in 0..cores {
                let y = self.top + (core as f64 + 0.5) * self.pitch + 3.0;
                picture.text(x, y, style, &format!("core {core}"));
            }
        } else {
            picture.text(x, self.top + cores as f64 * self.pitch / 2.0 + 4.5, style, &format!("{cores} cores"));
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
    bars: Strips,
    stripes: Strips,
    edges: Strips,
    /// The lanes of slices that are wide enough, and where their middles are.
    lanes: Vec<(f64, f64, String)>,
}

impl Drawn {
    fn add(&mut self, block: &Block, picture: &Picture, item: &CoreItem) {
        let (area, colour, percent) = (block.place(item), item.who.colour(), percent(item));
        let middle = area.y + area.h / 2.0;
        if area.w <= 0.0 {
            return;
        }
        if item.who.is_helper() {
            let pale = (f64::from(percent) * PALE / 100.0).max(1.0) as u8;
            self.bars.add(colour, pale, area.x, middle, area.w);
            for stripe in 0..3 {
                let y = area.y + area.h * (1.5 + 2.0 * f64::from(stripe)) / 7.0;
                self.stripes.add(colour, percent, area.x, y, area.w);
            }
        } else {
            self.bars.add(colour, percent, area.x, middle, area.w);
        }
        if let Some(lane) = item.lane.filter(|_| area.h >= NUMBER) {
            let (text, style) = (lane.to_string(), number());
            if picture.text_width(style, &text) + 4.0 <= area.w {
                self.lanes.push((area.x + area.w / 2.0, middle, text));
            }
        }
        if item.edge {
            self.edges.add(picture.theme.row, 100, area.x, middle, EDGE);
        }
    }
}
