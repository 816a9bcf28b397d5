//! CPU usage by core in two layers, the machine's below the run's own: a step area for each core, or a strip of shades
//! where there are many.

use super::{
    axis::{TimeAxis, ground},
    bars::{self, RowStrip},
};
use crate::{
    core_use::{MACHINE, NO_SAMPLES, OwnSource, OwnUse, own_use},
    palette::{self, Rgb},
    picture::{Area, Paint, Picture, Rib, Stroke, Style, mix},
    timeline::cores::{Column, columns},
};
use model::{Run, State};
use std::ops::Range;

/// Up to this many cores, each has a step area.
const MOST_AREAS: usize = 8;
const CAPTION: f64 = 20.0;
/// The gap between rows that are high enough.
const GAP: f64 = 3.0;
/// The width of a column of the run's own use.
const COLUMN: f64 = 1.5;
/// The most rows of shades; with more cores a row shows the mean of several.
const MOST_ROWS: usize = 90;
/// The least height of a row of shades.
const LEAST_ROW: f64 = 2.0;
/// The most columns of all rows together, which keeps the picture small.
const MOST_CELLS: usize = 9_000;
/// The shade of an idle core, in hundredths, which tells it from a gap.
const IDLE: u8 = 4;
/// The number of shades.
const SHADES: f64 = 10.0;

/// A stretch of one core, in places on the axis.
struct Step {
    x: f64,
    end: f64,
    busy: f64,
}

/// The cores of a run's machine.
pub struct Cores<'a> {
    run: &'a Run,
    count: usize,
}

impl<'a> Cores<'a> {
    /// The cores of a run on a machine with `cores` cores.
    pub fn new(run: &'a Run, cores: usize) -> Self {
        let sampled = run.cores.iter().map(|sample| sample.busy.len()).max().unwrap_or(0);
        let known = sampled > 0 || crate::core_use::own_source(run).is_some();
        let count = if known { cores.max(sampled).max(run.slices.cores().len()) } else { 0 };
        Self { run, count }
    }

    /// The height of the block.
    pub fn height(&self) -> f64 {
        CAPTION + self.rows() as f64 * self.pitch()
    }

    /// The number of rows: one for each core, or for several.
    fn rows(&self) -> usize {
        self.count.min(MOST_ROWS)
    }

    fn pitch(&self) -> f64 {
        match self.count {
            0..=4 => 30.0,
            5..=MOST_AREAS => 22.0,
            _ => (180.0 / self.rows() as f64).floor().clamp(2.0, 12.0),
        }
    }

    /// Draws the block from `y` on.
    pub fn draw(&self, picture: &mut Picture, axis: &TimeAxis, y: f64) {
        let most = if self.count > MOST_AREAS { MOST_CELLS / self.rows() } else { usize::MAX };
        let columns = (((axis.right - axis.left) / COLUMN).max(1.0) as usize).min(most);
        let own = own_use(self.run, self.count, 0, axis.end_ns as u64, columns).filter(|_| self.count > 0);
        self.caption(picture, axis, y, own.as_ref());
        let top = y + CAPTION;
        if self.count > 0 {
            let area = Area { x: axis.left, y: top, w: axis.right - axis.left, h: self.rows() as f64 * self.pitch() };
            let layers = Layers { run: self.run, cores: self.count, own: own.as_ref(), area };
            layers.grounds(picture, axis);
            layers.draw(picture, axis);
            let strip = RowStrip { area, first: 0.0, last: self.rows() as f64, gap: (0.0, GAP) };
            bars::names(picture, axis, &strip, self.count, "core");
        }
    }

    /// The caption, with a key of the layers.
    fn caption(&self, picture: &mut Picture, axis: &TimeAxis, y: f64, own: Option<&OwnUse>) {
        let muted = Style::new(13.0, picture.theme.muted);
        let mut text = match self.count {
            0 => "CPU per core: no samples were taken in this run",
            1..=MOST_AREAS => "CPU, each core from 0 to 100 %",
            _ => "CPU, each core from 0 % (pale) to 100 % (full)",
        };
        let own = own.map(|own| own.source);
        let width =
            key_items(self.run, own).iter().map(|(words, _)| picture.text_width(muted, words) + 40.0).sum::<f64>();
        if self.count > 0 && picture.text_width(muted, text) + width > axis.right - axis.left {
            text = "CPU";
        }
        picture.text(axis.left, y + 14.0, muted, text);
        if self.count > 0 {
            let x = axis.left + picture.text_width(muted, text) + 20.0;
            key(picture, (x, y + 14.0), muted.size, self.run, own);
        }
    }
}

/// How an entry of the key is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Layer {
    Own,
    Machine,
    Nothing,
}

fn key_items(run: &Run, own: Option<OwnSource>) -> Vec<(&'static str, Layer)> {
    // While the run goes on, samples may still come.
    let sampled = !run.cores.is_empty() || run.end.is_none();
    let machine = if sampled { (MACHINE, Layer::Machine) } else { (NO_SAMPLES, Layer::Nothing) };
    own.map(|own| (own.words(), Layer::Own)).into_iter().chain([machine]).collect()
}

/// Draws the key of the layers from a place on, in one line of texts.
pub fn key(picture: &mut Picture, (mut x, y): (f64, f64), size: f64, run: &Run, own: Option<OwnSource>) {
    let (style, (pale, line)) = (Style::new(size, picture.theme.muted), machine_colours(picture));
    for (words, layer) in key_items(run, own) {
        let side = 0.85 * size;
        let swatch = Area { x, y: y - 0.78 * size, w: side, h: side };
        match layer {
            Layer::Own => picture.rect(swatch, own_colour()),
            Layer::Machine => {
                picture.rect(swatch, pale);
                picture.frame(swatch, line, 1.0);
            }
            Layer::Nothing => {}
        }
        x += if layer == Layer::Nothing { 0.0 } else { side + 6.0 };
        picture.text(x, y, style, words);
        x += picture.text_width(style, words) + 1.5 * size;
    }
}

/// The machine's use and the run's own, in rows that fill an area.
pub struct Layers<'a> {
    /// The run.
    pub run: &'a Run,
    /// How many cores there are.
    pub cores: usize,
    /// The run's own use, in columns; absent where it is unknown.
    pub own: Option<&'a OwnUse>,
    /// The area of all rows.
    pub area: Area,
}

impl Layers<'_> {
    /// The number of rows: one for each core, or for several where there are so many that rows would be too low.
    fn rows(&self) -> usize {
        if self.cores <= MOST_AREAS { self.cores } else { self.cores.min((self.area.h / LEAST_ROW) as usize).max(1) }
    }

    fn row(&self, row: usize) -> Area {
        let pitch = self.area.h / self.rows() as f64;
        let gap = if self.cores <= MOST_AREAS || pitch >= 10.0 { GAP } else { 0.0 };
        Area { y: self.area.y + row as f64 * pitch, h: (pitch - gap).max(1.0), ..self.area }
    }

    /// The cores of a row.
    fn of_row(&self, row: usize) -> Range<usize> {
        let rows = self.rows();
        row * self.cores / rows..(row + 1) * self.cores / rows
    }

    /// Draws the background of the rows.
    fn grounds(&self, picture: &mut Picture, axis: &TimeAxis) {
        if self.cores > MOST_AREAS {
            return ground(picture, axis, self.area.y, self.area.h);
        }
        for area in (0..self.rows()).map(|row| self.row(row)) {
            ground(picture, axis, area.y, area.h);
            axis.grid(picture, area.y, area.y + area.h);
        }
    }

    /// Draws lines between cores with step areas, so that an idle core is visible.
    pub fn lines(&self, picture: &mut Picture) {
        let Area { x, y, w, h } = self.area;
        for core in (1..self.cores).filter(|_| self.cores <= MOST_AREAS) {
            let y = y + h * core as f64 / self.cores as f64;
            picture.line((x, y), (x + w, y), picture.theme.grid, 1.0);
        }
    }

    /// Draws both layers: a step area for each core, or shades of many.
    pub fn draw(&self, picture: &mut Picture, axis: &TimeAxis) {
        let unit_ns = (axis.end_ns - axis.from_ns) / (axis.right - axis.left);
        let end_ns = axis.end_ns.min(self.run.length_ns() as f64);
        let machine = columns(&self.run.cores, axis.from_ns.max(0.0), end_ns, 2.0 * unit_ns);
        let of_row = |row: usize| {
            let own = self.own.map(|own| own_steps(axis, own, self.of_row(row)));
            (self.row(row), steps(axis, &machine, self.of_row(row)), own.unwrap_or_default())
        };
        let rows = (0..self.rows()).map(of_row);
        if self.cores <= MOST_AREAS {
            return rows.for_each(|(area, machine, own)| areas(picture, area, &machine, &own));
        }
        let (mut all, mut of_run) = (Vec::new(), Vec::new());
        for (area, machine, own) in rows {
            shades(&mut all, (picture.theme.muted, IDLE), area, &machine);
            shades(&mut of_run, (own_colour(), 0), area, &own);
        }
        picture.rects("core", all);
        picture.rects("own", of_run);
    }
}

/// The run's own use has the colour of *on a CPU*.
fn own_colour() -> Rgb {
    palette::state(State::OnCpu)
}

/// The colours of the machine's area and of its outline.
fn machine_colours(picture: &Picture) -> (Rgb, Rgb) {
    (mix(picture.theme.row, picture.theme.muted, 0.3), mix(picture.theme.row, picture.theme.muted, 0.8))
}

/// The machine's mean use of some cores, in steps.
fn steps(axis: &TimeAxis, columns: &[Column], cores: Range<usize>) -> Vec<Step> {
    let step = |column: &Column| {
        let busy = mean(column.busy.get(cores.clone()))?;
        Some(Step { x: axis.x(column.from_ns), end: axis.x(column.to_ns), busy })
    };
    columns.iter().filter_map(step).filter(|step| step.end > step.x).collect()
}

fn mean(busy: Option<&[f32]>) -> Option<f64> {
    let busy = busy.filter(|busy| !busy.is_empty())?;
    Some(busy.iter().map(|share| f64::from(share.clamp(0.0, 1.0))).sum::<f64>() / busy.len() as f64)
}

/// The run's own mean use of some cores, in steps; neighbours of one level are merged.
fn own_steps(axis: &TimeAxis, own: &OwnUse, cores: Range<usize>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let Some(of) = own.busy.get(cores).filter(|of| !of.is_empty()) else { return steps };
    for column in 0..of[0].len() {
        let (from_ns, to_ns) = own.edges(column);
        let busy = of.iter().map(|core| f64::from(core[column])).sum::<f64>() / of.len() as f64;
        let (x, end) = (axis.x(from_ns), axis.x(to_ns));
        match steps.last_mut() {
            _ if end <= x => {}
            Some(step) if (step.busy - busy).abs() < 0.005 => step.end = end,
            _ => steps.push(Step { x, end, busy }),
        }
    }
    steps
}

/// Draws the machine's area, the run's own over it, and the machine's outline over both: so the estimate is visible
/// also where it lies below the exact figure.
fn areas(picture: &mut Picture, row: Area, machine: &[Step], own: &[Step]) {
    let (pale, line) = machine_colours(picture);
    let joined = || machine.chunk_by(|a, b| b.x - a.end < 0.01);
    picture.bands("core", joined().map(|steps| band(row, steps)).collect(), Paint::of(pale));
    let own = own.chunk_by(|a, b| a.busy > 0.0 && b.busy > 0.0).filter(|steps| steps[0].busy > 0.0);
    picture.bands("own", own.map(|steps| band(row, steps)).collect(), Paint::of(own_colour()));
    for steps in joined() {
        let places = band(row, steps).iter().map(|rib| (rib.x, rib.upper)).collect();
        picture.lines("", places, Stroke::new(line, 1.3));
    }
}

/// The area below steps that follow each other.
fn band(row: Area, steps: &[Step]) -> Vec<Rib> {
    let lower = row.y + row.h;
    let mut x = steps[0].x;
    let mut ribs = Vec::with_capacity(2 * steps.len());
    for step in steps {
        let upper = lower - step.busy * (row.h - 1.0);
        ribs.extend([x, step.end].map(|x| Rib { x, upper, lower }));
        x = step.end;
    }
    ribs
}

/// Adds the cells of a row by their shade; `least` is the palest, in hundredths.
fn shades(rects: &mut Vec<(Area, Paint)>, (colour, least): (Rgb, u8), row: Area, steps: &[Step]) {
    let shade = |step: &Step| (step.busy * SHADES).round() as u8;
    for cells in steps.chunk_by(|a, b| shade(a) == shade(b) && b.x - a.end < 0.01) {
        let percent = (f64::from(shade(&cells[0])) / SHADES * 100.0).round().max(f64::from(least)) as u8;
        if percent > 0 {
            let (x, end) = (cells[0].x, cells[cells.len() - 1].end);
            rects.push((Area { x, w: end - x, ..row }, Paint::percent(colour, percent)));
        }
    }
}
