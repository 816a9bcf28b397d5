//! Who was on which core: a row for each core, in columns of half a unit.

use super::{
    axis::{TimeAxis, ground},
    bars::{self, RowStrip},
};
use crate::picture::{Anchor, Area, Paint, Picture, Style};
use crate::{
    palette,
    timeline::{
        BarPlace, ViewRect,
        core_rows::{CoreItem, Migration, Own, core_rows, source_text},
    },
};
use model::{Run, SlicesSource};

const CAPTION: f64 = 20.0;
/// Columns in a unit of width.
const FOLD: f32 = 2.0;
/// The most height of all rows together, where there are very many cores.
const MOST: f64 = 360.0;
/// The strength of a helper's colour between its stripes, in hundredths.
const PALE: f64 = 40.0;
/// The size of a lane's number.
const NUMBER: f64 = 11.0;
/// The least width of a slice.
const LEAST: f64 = 0.1;
/// The least width of the edge between a slice and the one before; at least one column.
const EDGE: f64 = 0.6;
/// Rows of at least this height have lines between them.
const LINED: f64 = 5.0;
/// The least width and height of an outline, which marks even a stretch too small to see.
const LEAST_OUTLINE: f64 = 6.0;

/// The style of a lane's number on its slices, whose colours are all pale.
fn number() -> Style {
    Style::new(NUMBER, palette::ink(palette::LANES[0])).at(Anchor::Middle)
}

/// The height of a run's block; 0 where the run has no slices.
pub fn height(run: &Run) -> f64 {
    let (cores, pitch) = grid(run);
    if cores == 0 { 0.0 } else { CAPTION + cores as f64 * pitch }
}

/// The number of cores, and the height of each.
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
    bars::names(picture, axis, &strip, cores, "core");
    picture.close();
}

/// Rows of cores that fill an area.
pub struct CoreRows<'a> {
    /// The axis, as wide as the area.
    pub axis: &'a TimeAxis,
    /// The rows.
    pub strip: RowStrip,
    /// Columns in a unit of width.
    pub fold: f32,
}

impl CoreRows<'_> {
    fn ground(&self, picture: &mut Picture) {
        let (pitch, below, area) = (self.strip.pitch(), self.strip.gap.1, self.strip.area);
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
        let width_px = (self.axis.right - self.axis.left) as f32 * self.fold;
        let view = ViewRect { width_px, ..self.strip.view(self.axis, f64::from(self.fold)) };
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
        [drawn.bars, drawn.stripes, drawn.edges].into_iter().for_each(|rects| picture.rects("", rects));
        for (x, middle, text) in &drawn.lanes {
            picture.text(*x, middle + NUMBER * 0.36, number(), text);
        }
    }

    /// The place of an item within the area.
    fn place(&self, item: &CoreItem) -> Area {
        let x = |px: f32| (self.axis.left + f64::from(px / self.fold)).min(self.axis.right);
        let (top, foot) = self.strip.whole(item.row, item.rows);
        let (y, foot) = self.strip.clip((top, foot.max(top + 1.0)));
        Area { x: x(item.from_px), y, w: x(item.to_px) - x(item.from_px), h: foot - y }
    }

    /// Draws lines above the first core and between cores, so that an idle core is visible.
    pub fn lines(&self, picture: &mut Picture, cores: u32) {
        let (strip, grid) = (&self.strip, picture.theme.grid);
        let between = strip.rows(cores + 1).filter(|_| strip.pitch() >= LINED).map(|core| strip.y(f64::from(core)));
        for y in [strip.area.y].into_iter().chain(between.filter(|y| *y > strip.area.y)) {
            picture.line((self.axis.left, y), (self.axis.right, y), grid, 1.0);
        }
    }

    /// Outlines an execution's stretches, with thin lines from where it left a core to where it went on.
    pub fn own(&self, picture: &mut Picture, own: &Own, width: f64) {
        for stretch in &own.stretches {
            let place = BarPlace { row: stretch.core, from_ns: stretch.from_ns, to_ns: stretch.to_ns };
            outline(picture, self.axis, &self.strip, place, width);
        }
        for Migration { from, left_ns, to, came_ns } in &own.migrations {
            let (a, b) = (self.strip.whole(*from, 1), self.strip.whole(*to, 1));
            let ends = if to > from { (a.1, b.0) } else { (a.0, b.1) };
            let inside = |y: f64| y.max(self.strip.area.y).min(self.strip.area.y + self.strip.area.h);
            let line = [(*left_ns, ends.0), (*came_ns, ends.1)].map(|(ns, y)| (self.axis.beyond(ns as f64), inside(y)));
            for (width, colour) in [(3.0, picture.theme.paper), (1.25, picture.theme.ink)] {
                picture.line(line[0], line[1], colour, width);
            }
        }
    }
}

/// Outlines the part of a place on a row that is in view.
pub fn outline(picture: &mut Picture, axis: &TimeAxis, rows: &RowStrip, place: BarPlace, width: f64) {
    if let Some(Area { x, y, w, h }) = rows.place(axis, place) {
        let [right, down] = [w, h].map(|size| (LEAST_OUTLINE - size).max(0.0));
        picture.outline(Area { x: x - right / 2.0, y: y - down / 2.0, w: w + right, h: h + down }, width);
    }
}

fn goes_on(last: &CoreItem, item: &CoreItem) -> bool {
    let touches = last.row == item.row && (item.from_px - last.to_px).abs() < 0.01;
    touches && !item.edge && (last.who, last.lane, percent(last)) == (item.who, item.lane, percent(item))
}

/// The share in hundredths; at least 8, so that any slice is visible.
fn percent(item: &CoreItem) -> u8 {
    (item.share * 100.0).round().max(8.0) as u8
}

/// The rectangles and numbers to draw, from the lowest to the topmost.
#[derive(Default)]
struct Drawn {
    bars: Vec<(Area, Paint)>,
    stripes: Vec<(Area, Paint)>,
    edges: Vec<(Area, Paint)>,
    /// The middle of each slice that is wide enough for its lane's number, and the number.
    lanes: Vec<(f64, f64, String)>,
}

impl Drawn {
    fn add(&mut self, rows: &CoreRows<'_>, picture: &Picture, item: &CoreItem) {
        let (area, colour, percent) = (rows.place(item), item.who.colour(), percent(item));
        if area.w <= 0.0 || area.h <= 0.0 {
            return;
        }
        // Any slice is visible, however short.
        let area = Area { w: area.w.max(LEAST), ..area };
        if item.who.is_helper() {
            let pale = (f64::from(percent) * PALE / 100.0).max(1.0) as u8;
            self.bars.push((area, Paint::percent(colour, pale)));
            let seventh = area.h / 7.0;
            for stripe in 0..3 {
                let middle = area.y + seventh * (1.5 + 2.0 * f64::from(stripe));
                let h = seventh.max(0.5);
                self.stripes.push((Area { y: middle - h / 2.0, h, ..area }, Paint::percent(colour, percent)));
            }
        } else {
            self.bars.push((area, Paint::percent(colour, percent)));
        }
        if let Some(lane) = item.lane.filter(|_| area.h >= NUMBER) {
            let (text, style) = (lane.to_string(), number());
            if picture.text_width(style, &text) + 4.0 <= area.w {
                self.lanes.push((area.x + area.w / 2.0, area.y + area.h / 2.0, text));
            }
        }
        if item.edge {
            self.edges.push((Area { w: EDGE.max(1.0 / f64::from(rows.fold)), ..area }, Paint::of(picture.theme.row)));
        }
    }
}
